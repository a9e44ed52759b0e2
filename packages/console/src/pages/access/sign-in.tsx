import { Button } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { Notice } from '../../parts/notice.tsx';
import { failureMessage } from '../../parts/tell.ts';
import { keepSession, sessionQuery } from '../../session/session.tsx';
import { isCancelled, type SignInStep, signInByPasskey } from '../../session/sign-in.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';
import classes from './access-card.module.css';
import { AccessCard } from './access-card.tsx';
import { PasswordStep } from './password-step.tsx';
import { SecondStep } from './second-step.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next, problem: brought } = route.useSearch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [step, setStep] = useState<SignInStep>();
  const [problem, setProblem] = useState<string>();
  const onStep = (made: SignInStep) => {
    if (!made.session) return setStep(made);
    keepSession(queries, made.session);
    const enrolling = made.next === 'set up a second factor';
    void navigate({ href: enrolling ? '/second-factor' : ownPath(next), replace: true });
  };
  if (step?.next === 'second factor') {
    return (
      <AccessCard title={texts.secondTitle}>
        <SecondStep methods={step.methods} onStep={onStep} />
        <Button variant="subtle" size="xs" onClick={() => setStep(undefined)}>
          {texts.startAgain}
        </Button>
      </AccessCard>
    );
  }
  const { passkey, singleSignOn, firstAdministrator } = session.signIn;
  const run = async (act: () => Promise<void>) => {
    setProblem(undefined);
    await act().catch(async (error: unknown) =>
      setProblem(isCancelled(error) ? texts.passkeyEnded : await failureMessage(error)),
    );
  };
  return (
    <AccessCard title={texts.title}>
      {firstAdministrator ? (
        <Notice tone="busy" title={texts.nobodyYet}>
          <p>{texts.nobodyYetBody}</p>
        </Notice>
      ) : null}
      {brought ? (
        <Notice tone="bad" title={texts.ssoFailed}>
          <p>{brought}</p>
        </Notice>
      ) : null}
      <PasswordStep verb={texts.signIn} onStep={onStep} />
      {passkey || singleSignOn ? <div className={classes['or']}>{texts.or}</div> : null}
      {passkey ? (
        <Button
          leftSection={<IconFingerprint size={18} />}
          onClick={() => void run(async () => onStep(await signInByPasskey()))}
        >
          {texts.withPasskey}
        </Button>
      ) : null}
      {singleSignOn ? (
        <Button onClick={() => void run(() => beginSingleSignOn(ownPath(next)))}>
          {texts.with(singleSignOn.label)}
        </Button>
      ) : null}
      {problem === undefined ? null : (
        <p role="alert" style={{ color: 'var(--u-bad)' }}>
          {problem}
        </p>
      )}
    </AccessCard>
  );
}

/** Where the person was going; an address of another origin would be somebody's trap. */
function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';
}

async function beginSingleSignOn(returnTo: string): Promise<void> {
  const call = api.POST as unknown as (path: string, init: object) => Promise<{ data?: { redirectTo: string } }>;
  const { data } = await call('/api/v1/session/single-sign-on', { body: { returnTo } });
  if (data) window.location.assign(data.redirectTo);
}
