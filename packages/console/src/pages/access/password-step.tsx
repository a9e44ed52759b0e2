import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { failureMessage } from '../../parts/tell.ts';
import type { SignInStep } from '../../session/sign-in.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';

interface PasswordStepProps {
  /** Known already, where one only proves again who one is. */
  email?: string | undefined;
  verb: string;
  onStep: (step: SignInStep) => void;
}

/** The first step of a sign-in by password. */
export function PasswordStep({ email: known, verb, onStep }: PasswordStepProps) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { data } = await api.POST('/api/v1/session/password', { body: { email: email.trim(), password } });
      onStep(data as SignInStep);
    } catch (error) {
      setProblem(await failureMessage(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextInput
        label={texts.email}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        type="email"
        autoComplete="username"
        readOnly={known !== undefined}
        autoFocus={known === undefined}
        required
      />
      <PasswordInput
        label={texts.password}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
        autoFocus={known !== undefined}
        error={problem}
        required
      />
      <Button type="submit" variant="filled" loading={busy}>
        {verb}
      </Button>
    </form>
  );
}
