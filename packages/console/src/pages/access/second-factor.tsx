import { Button, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/api.ts';
import type { components } from '../../api/generated/openapi.ts';
import { CopyText } from '../../parts/copy.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { failureMessage } from '../../parts/tell.ts';
import { keepSession, useSession } from '../../session/session.tsx';
import { isCancelled, makePasskey } from '../../session/sign-in.ts';
import { signInTexts as texts } from '../../texts/sign-in.ts';
import classes from './access-card.module.css';
import { AccessCard } from './access-card.tsx';

const QrCode = lazy(() => import('../../parts/qr-code.tsx'));

type FactorChange = components['schemas']['FactorChange'];

/** Nobody works here with a password alone: the first sign-in leads here. */
export function SecondFactorPage() {
  const navigate = useNavigate();
  const [codes, setCodes] = useState<string[]>();
  const finish = () => void navigate({ to: '/', replace: true });
  if (codes) {
    return (
      <AccessCard title={texts.codesTitle}>
        <RecoveryCodes codes={codes} onStored={finish} />
      </AccessCard>
    );
  }
  return (
    <AccessCard title={texts.factorTitle} wide>
      <p>{texts.factorLead}</p>
      <SetUpFactor onDone={({ recoveryCodes }) => (recoveryCodes ? setCodes(recoveryCodes) : finish())} />
    </AccessCard>
  );
}

/** The two ways, also used where a further factor is added. */
export function SetUpFactor({ onDone }: { onDone: (change: FactorChange) => void }) {
  const queries = useQueryClient();
  const { signIn } = useSession();
  const done = (change: FactorChange) => {
    keepSession(queries, change.session);
    onDone(change);
  };
  return (
    <>
      <SetUpPasskey possible={signIn.passkey} onDone={done} />
      <SetUpTotp onDone={done} />
    </>
  );
}

function SetUpPasskey({ possible, onDone }: { possible: boolean; onDone: (change: FactorChange) => void }) {
  const [name, setName] = useState('');
  const { problem, busy, run } = useStep();
  const make = () =>
    run(async () => {
      const made = await makePasskey(name.trim() || texts.passkeyTitle);
      if (made) onDone(made);
    });
  return (
    <section className={classes['choice']}>
      <h2>{texts.passkeyTitle}</h2>
      <p className="dim">{possible ? texts.passkeyBody : texts.passkeyNot}</p>
      {possible ? (
        <form
          className="row"
          style={{ alignItems: 'flex-end' }}
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <TextInput
            className="grow"
            label={texts.passkeyName}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
          />
          <Button type="submit" variant="filled" leftSection={<IconFingerprint size={18} />} loading={busy}>
            {texts.passkeyMake}
          </Button>
        </form>
      ) : null}
      <Problem text={problem} />
    </section>
  );
}

function SetUpTotp({ onDone }: { onDone: (change: FactorChange) => void }) {
  const [begun, setBegun] = useState<{ secret: string; uri: string }>();
  const [code, setCode] = useState('');
  const { problem, busy, run } = useStep();
  const begin = () => run(async () => setBegun((await api.POST('/api/v1/session/totp/setup', { body: {} })).data));
  const confirm = () =>
    run(async () => {
      const { data } = await api.POST('/api/v1/session/totp/confirm', { body: { code: code.trim() } });
      if (data) onDone(data);
    });
  return (
    <section className={classes['choice']}>
      <h2>{texts.totpTitle}</h2>
      <p className="dim">{texts.totpBody}</p>
      {begun ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <div className={classes['scan']}>
            <Suspense fallback={<div className={classes['scanWait']} />}>
              <QrCode text={begun.uri} label={texts.totpQr} />
            </Suspense>
            <div className="stack-tight grow">
              <p>{texts.totpScan}</p>
              <TextInput
                label={texts.totpSecret}
                value={inFours(begun.secret)}
                readOnly
                classNames={{ input: 'mono' }}
              />
              <div className="row">
                <CopyText value={begun.secret} label={texts.totpCopy} />
                <a href={begun.uri}>{texts.totpOpen}</a>
              </div>
            </div>
          </div>
          <TextInput
            label={texts.totpCode}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
          />
          <div className="row">
            <Button type="submit" variant="filled" loading={busy}>
              {texts.totpConfirm}
            </Button>
          </div>
        </form>
      ) : (
        <div className="row">
          <Button onClick={() => void begin()} loading={busy}>
            {texts.totpBegin}
          </Button>
        </div>
      )}
      <Problem text={problem} />
    </section>
  );
}

function Problem({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <p role="alert" style={{ color: 'var(--u-bad)' }}>
      {text}
    </p>
  );
}

function useStep() {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(isCancelled(error) ? texts.passkeyEnded : await failureMessage(error));
    } finally {
      setBusy(false);
    }
  };
  return { problem, busy, run };
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}

/** Shown once: one goes on only by saying that they were stored. */
export function RecoveryCodes({ codes, onStored }: { codes: readonly string[]; onStored: () => void }) {
  const text = codes.join('\n');
  return (
    <>
      <p>{texts.codesBody}</p>
      <ul className={classes['codes']}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row">
        <CopyText value={text} label={texts.codesCopy} />
        <Button size="xs" onClick={() => saveFile('usher-recovery-codes.txt', 'text/plain', `${text}\n`)}>
          {texts.codesSave}
        </Button>
      </div>
      <Button variant="filled" onClick={onStored}>
        {texts.codesStored}
      </Button>
    </>
  );
}
