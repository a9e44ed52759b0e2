import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { setConfirmation } from '../../api/credentials.ts';
import { keepSession, useSession } from '../../session/session.tsx';
import type { SignInStep } from '../../session/sign-in.ts';
import { common } from '../../texts/common.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';
import { PasswordStep } from './password-step.tsx';
import { SecondStep } from './second-step.tsx';

/** Asks again who one is where the server demands it, and lets the refused call go on; no form is lost. */
export default function ConfirmIdentity() {
  const queries = useQueryClient();
  const { person } = useSession();
  const [opened, setOpened] = useState(false);
  const [step, setStep] = useState<SignInStep>();
  const answer = useRef<(proved: boolean) => void>(undefined);
  useEffect(() => {
    setConfirmation(
      () =>
        new Promise<boolean>((resolve) => {
          answer.current = resolve;
          setStep(undefined);
          setOpened(true);
        }),
    );
    return () => setConfirmation(undefined);
  }, []);
  const end = (proved: boolean) => {
    setOpened(false);
    answer.current?.(proved);
  };
  const onStep = (made: SignInStep) => {
    if (!made.session) return setStep(made);
    keepSession(queries, made.session);
    end(true);
  };
  return (
    <Modal
      opened={opened}
      onClose={() => end(false)}
      title={texts.confirmTitle}
      zIndex={300}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{texts.confirmBody}</p>
        {step ? (
          <SecondStep methods={step.methods} onStep={onStep} />
        ) : (
          <PasswordStep email={person?.email} verb={texts.confirm} onStep={onStep} />
        )}
      </div>
    </Modal>
  );
}
