import { Button, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { failureMessage } from '../../parts/tell.ts';
import { isCancelled, type SignInStep, signInByPasskey } from '../../session/sign-in.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';

type Method = SignInStep['methods'][number];

interface SecondStepProps {
  methods: readonly Method[];
  onStep: (step: SignInStep) => void;
}

/** The second step of a sign-in: by passkey, app or recovery code, whichever the person has. */
export function SecondStep({ methods, onStep }: SecondStepProps) {
  const [method, setMethod] = useState<Method>(methods.includes('totp') ? 'totp' : (methods[0] ?? 'totp'));
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<SignInStep>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      onStep(await act());
    } catch (error) {
      setProblem(isCancelled(error) ? texts.passkeyEnded : await failureMessage(error));
      setCode('');
    } finally {
      setBusy(false);
    }
  };
  const byCode = async () => {
    const path = method === 'totp' ? '/api/v1/session/totp' : '/api/v1/session/recovery-code';
    const { data } = await api.POST(path, { body: { code: code.trim() } });
    return data as SignInStep;
  };
  const others = methods.filter((other) => other !== method);
  const names = { totp: texts.useTotp, 'recovery code': texts.useRecovery, passkey: texts.usePasskey };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void run(method === 'passkey' ? signInByPasskey : byCode);
      }}
    >
      {method === 'passkey' ? (
        <Button type="submit" variant="filled" leftSection={<IconFingerprint size={18} />} loading={busy}>
          {texts.usePasskey}
        </Button>
      ) : (
        <>
          <TextInput
            key={method}
            label={method === 'totp' ? texts.totp : texts.recovery}
            description={method === 'totp' ? undefined : texts.recoveryHint}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            inputMode={method === 'totp' ? 'numeric' : 'text'}
            autoComplete="one-time-code"
            autoFocus
            required
          />
          <Button type="submit" variant="filled" loading={busy}>
            {texts.go}
          </Button>
        </>
      )}
      {problem === undefined ? null : (
        <p role="alert" style={{ color: 'var(--u-bad)' }}>
          {problem}
        </p>
      )}
      {others.map((other) => (
        <Button key={other} variant="subtle" size="xs" onClick={() => setMethod(other)}>
          {names[other]}
        </Button>
      ))}
    </form>
  );
}
