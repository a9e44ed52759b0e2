import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Answer, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { CopyIcon } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { FilePick } from '../../parts/file-pick.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useNow } from '../../session/now.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { setupTexts } from '../../texts/setup.ts';
import { type App, changeOf } from '../app/use-app.ts';
import classes from './setup-page.module.css';

const texts = setupTexts.credential.certificate;
const REFRESH = { refresh: ['/api/v1/apps', '/api/v1/credentials', 'connection test'] };
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

type Certificate = Answer<'/api/v1/apps/{app}/client-certificate'>;

/** The certificate that an app shows to its target: entered, looked at, replaced and forgotten. Its key is never shown. */
export default function ClientCertificate({ app }: { app: App }) {
  const { can } = useSession();
  const [entering, setEntering] = useState(false);
  const may = can('apps:write');
  return (
    <Panel title={texts.title}>
      <div className="stack">
        <p className={classes['lead']}>{texts.lead}</p>
        {app.hasClientCertificate ? (
          <Present app={app} onReplace={() => setEntering(true)} />
        ) : (
          <p style={{ margin: 0 }}>{texts.none}</p>
        )}
        {may && !app.hasClientCertificate && !entering ? (
          <div className="row">
            <Button size="xs" onClick={() => setEntering(true)}>
              {texts.set}
            </Button>
          </div>
        ) : null}
        {may && entering ? <Enter app={app} onDone={() => setEntering(false)} /> : null}
      </div>
    </Panel>
  );
}

function Present({ app, onReplace }: { app: App; onReplace: () => void }) {
  const { can } = useSession();
  const certificate = useQuery(read('/api/v1/apps/{app}/client-certificate', { params: { path: { app: app.name } } }));
  const refresh = useAct(async () => {}, REFRESH);
  return (
    <>
      <Loaded query={certificate}>{(found) => <Shown certificate={found} />}</Loaded>
      {can('apps:write') ? (
        <div className="row">
          <Button size="xs" onClick={onReplace}>
            {texts.replace}
          </Button>
          {app.credential?.kind !== 'certificate' && !app.hasOAuth ? (
            <ActButton
              label={texts.alone}
              size="xs"
              confirm={{
                title: texts.aloneTitle,
                effect: texts.aloneEffect(app.credential !== null),
                verb: texts.aloneVerb,
                danger: app.credential !== null,
                onConfirm: async () => {
                  const body = { kind: 'certificate' } as never;
                  await api.PUT('/api/v1/apps/{app}/credential', { ...changeOf(app), body });
                  tellDone(texts.aloneDone);
                  await refresh.run(undefined);
                },
              }}
            />
          ) : null}
          <ActButton
            label={texts.forget}
            size="xs"
            confirm={{
              title: texts.forgetTitle,
              effect: texts.forgetEffect(app.label),
              verb: texts.forgetVerb,
              danger: true,
              onConfirm: async () => {
                await api.DELETE('/api/v1/apps/{app}/client-certificate', changeOf(app));
                tellDone(texts.forgotten);
                await refresh.run(undefined);
              },
            }}
          />
        </div>
      ) : null}
    </>
  );
}

function Shown({ certificate: { subject, issuer, fingerprint, notBefore, notAfter } }: { certificate: Certificate }) {
  const now = useNow();
  const daysLeft = Math.floor((new Date(notAfter).getTime() - now.getTime()) / DAY_MS);
  return (
    <>
      {daysLeft < 0 ? <Notice tone="bad">{texts.ended}</Notice> : null}
      {daysLeft >= 0 && daysLeft < SOON_DAYS ? <Notice tone="wait">{texts.endsSoon(daysLeft)}</Notice> : null}
      <Facts
        facts={[
          [
            texts.subject,
            <span key="subject" className="break">
              {subject}
            </span>,
          ],
          [
            texts.issuer,
            <span key="issuer" className="break">
              {issuer === subject ? texts.selfSigned : issuer}
            </span>,
          ],
          [texts.from, <Time key="from" at={notBefore} show="exact" focusable />],
          [texts.ends, <Time key="ends" at={notAfter} show="both" focusable />],
          [
            texts.fingerprint,
            <span key="fingerprint">
              <code className="mono break">{fingerprint}</code>{' '}
              <CopyIcon value={fingerprint} what={texts.fingerprint} />
            </span>,
          ],
        ]}
      />
    </>
  );
}

function Enter({ app, onDone }: { app: App; onDone: () => void }) {
  const [certificate, setCertificate] = useState('');
  const [privateKey, setPrivateKey] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const seal = useAct(
    async () =>
      api.PUT('/api/v1/apps/{app}/client-certificate', { ...changeOf(app), body: { certificate, privateKey } }),
    { ...REFRESH, done: () => texts.sealed, failed: setFailure, after: onDone },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <form
      className={classes['form']}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void seal.run(undefined);
      }}
    >
      {app.hasClientCertificate ? <p className={classes['lead']}>{texts.replaceHint}</p> : null}
      <PemField
        label={texts.certificate}
        hint={texts.certificateHint}
        value={certificate}
        onChange={setCertificate}
        error={refusal?.fieldText('certificate')}
      />
      <PemField
        label={texts.privateKey}
        hint={texts.privateKeyHint}
        value={privateKey}
        onChange={setPrivateKey}
        error={refusal?.fieldText('privateKey')}
      />
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row">
        <Button type="submit" variant="filled" loading={seal.busy}>
          {texts.seal}
        </Button>
        <Button onClick={onDone}>{common.cancel}</Button>
      </div>
    </form>
  );
}

interface PemFieldProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** Pasted, or read from a file on this machine; nothing but its text is sent. */
function PemField({ label, hint, value, onChange, error }: PemFieldProps) {
  const [from, setFrom] = useState('');
  return (
    <div className="stack-tight">
      <Textarea
        label={label}
        description={hint}
        value={value}
        onChange={(event) => {
          setFrom('');
          onChange(event.currentTarget.value);
        }}
        error={error}
        classNames={{ input: 'mono' }}
        minRows={3}
        maxRows={6}
        spellCheck={false}
        autoComplete="off"
        required
      />
      <div className="row">
        <FilePick
          label={`${texts.choose}: ${label}`}
          text={texts.choose}
          accept=".pem,.crt,.cer,.key,text/plain"
          onPick={async (file) => {
            onChange(await file.text());
            setFrom(file.name);
          }}
        />
        {from === '' ? null : <span className="dim break">{texts.chosen(from)}</span>}
      </div>
    </div>
  );
}
