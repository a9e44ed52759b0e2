import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { keepSession } from '../../session/session.tsx';
import type { SignInStep } from '../../session/sign-in.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';
import { AccessCard } from './access-card.tsx';
import { SecondStep } from './second-step.tsx';

/** The token stands behind #, which browsers send to nobody; it is taken out of the address at once. */
function takeToken(): string {
  const token = window.location.hash.slice(1);
  if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}

/** A one-time link: of the first administrator, of an invitation, or for a new password. */
export function UseLinkPage() {
  const [token] = useState(takeToken);
  const link = useQuery({
    queryKey: ['one-time link', token],
    queryFn: async () => (await api.POST('/api/v1/session/link', { body: { token } })).data,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (link.error) {
    return (
      <AccessCard title={texts.linkBad}>
        <Notice tone="bad" live>
          <FailureText error={link.error} />
        </Notice>
      </AccessCard>
    );
  }
  if (!link.data) return <AccessCard title={texts.title}>{<Lines count={4} />}</AccessCard>;
  return <AcceptLink token={token} link={link.data} />;
}

interface Link {
  kind: 'administrator' | 'invitation' | 'reset';
  email: string | null;
  name: string | null;
  role: string;
  expiresAt: string;
}

function AcceptLink({ token, link }: { token: string; link: Link }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [email, setEmail] = useState(link.email ?? '');
  const [name, setName] = useState(link.name ?? '');
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<SignInStep>();
  const [failure, setFailure] = useState<unknown>();
  const onStep = (made: SignInStep) => {
    if (!made.session) return setStep(made);
    keepSession(queries, made.session);
    void navigate({ to: made.next === 'set up a second factor' ? '/second-factor' : '/', replace: true });
  };
  const accept = useAct(
    async () => {
      const own =
        link.kind === 'administrator' ? { email: email.trim(), name } : link.kind === 'invitation' ? { name } : {};
      const { data } = await api.POST('/api/v1/session/link/accept', { body: { token, password, ...own } });
      return data as SignInStep;
    },
    { after: onStep, failed: setFailure, refresh: [] },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  if (step) {
    return (
      <AccessCard title={texts.secondTitle}>
        <SecondStep methods={step.methods} onStep={onStep} />
      </AccessCard>
    );
  }
  return (
    <AccessCard title={texts.linkTitles[link.kind]}>
      {link.kind === 'invitation' ? <p>{texts.linkFor(link.role)}</p> : null}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setFailure(undefined);
          void accept.run(undefined);
        }}
      >
        <TextInput
          label={texts.email}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          type="email"
          autoComplete="username"
          readOnly={link.kind !== 'administrator'}
          error={refusal?.fieldText('email')}
          required
        />
        {link.kind === 'reset' ? null : (
          <TextInput
            label={texts.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="name"
            error={refusal?.fieldText('name')}
            required
          />
        )}
        <PasswordInput
          label={texts.newPassword}
          description={texts.newPasswordHint}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          error={refusal?.fieldText('password')}
          required
        />
        {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        ) : null}
        <Button type="submit" variant="filled" loading={accept.busy}>
          {texts.accept}
        </Button>
      </form>
      <p className="dim">
        {texts.linkEnds} <Time at={link.expiresAt} />
      </p>
    </AccessCard>
  );
}
