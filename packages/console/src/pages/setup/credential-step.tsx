import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Failure, FailureText } from '../../parts/failure.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { oauthTexts } from '../../texts/oauth.ts';
import { setupTexts } from '../../texts/setup.ts';
import { type App, appQuery, changeOf } from '../app/use-app.ts';
import classes from './setup-page.module.css';
import type { ConnectionTest } from './steps.ts';
import { useConnectionTest } from './use-target.ts';

const texts = setupTexts.credential;
const OAuthPanels = lazy(() => import('./oauth-panels.tsx'));
const ClientCertificate = lazy(() => import('./client-certificate.tsx'));

/** The credential, sealed at once and never shown, and the ordered test that it works. */
export function CredentialStep({ app }: { app: App }) {
  const { can } = useSession();
  const [replacing, setReplacing] = useState(false);
  const [wantsOAuth, setWantsOAuth] = useState(false);
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const takesOAuth =
    connectors.data?.items.find(({ id }) => id === app.connector)?.credentialKinds.includes('oauth') ?? false;
  const byOAuth = app.credential?.kind === 'oauth' || app.hasOAuth;
  const entering = (app.credential === null && !byOAuth) || replacing;
  return (
    <>
      <Panel title={texts.title}>
        <div className="stack">
          <p className={classes['lead']}>{texts.lead}</p>
          {app.credential ? <Present app={app} onReplace={() => setReplacing(true)} /> : null}
          {byOAuth && !entering ? <p className={classes['lead']}>{texts.oauthGo}</p> : null}
          {entering && can('apps:write') ? <EnterCredential app={app} onEntered={() => setReplacing(false)} /> : null}
          {takesOAuth && !byOAuth && !wantsOAuth && can('apps:write') ? (
            <div className="row">
              <Button size="xs" onClick={() => setWantsOAuth(true)}>
                {oauthTexts.use}
              </Button>
            </div>
          ) : null}
        </div>
      </Panel>
      {byOAuth || wantsOAuth ? (
        <Suspense fallback={<Lines count={6} />}>
          <OAuthPanels app={app} />
        </Suspense>
      ) : null}
      {/* Where HTTP is spoken, a certificate may be shown; that is where OAuth can be too. */}
      {takesOAuth ? (
        <Suspense fallback={<Lines count={4} />}>
          <ClientCertificate app={app} />
        </Suspense>
      ) : null}
      <TestPanel app={app} />
    </>
  );
}

function Present({ app, onReplace }: { app: App; onReplace: () => void }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, {});
  const { credential } = app;
  if (!credential) return null;
  return (
    <div className="row">
      <span className="grow">
        {texts.present(texts.kinds[credential.kind] ?? credential.kind)}{' '}
        <Time at={credential.enteredAt} show="both" focusable />
      </span>
      {can('apps:write') ? (
        <span className="row nowrap">
          <Button size="xs" onClick={onReplace}>
            {texts.replace}
          </Button>
          <ActButton
            label={texts.forget}
            size="xs"
            confirm={{
              title: texts.forgetTitle,
              effect: texts.forgetEffect(app.label),
              verb: texts.forgetVerb,
              danger: true,
              onConfirm: async () => {
                await api.DELETE('/api/v1/apps/{app}/credential', changeOf(app));
                tellDone(texts.forgotten);
                await refresh.run(undefined);
              },
            }}
          />
        </span>
      ) : null}
    </div>
  );
}

const ENTERED_HERE = new Set(['bearer', 'basic', 'header']);

function EnterCredential({ app, onEntered }: { app: App; onEntered: () => void }) {
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const queries = useQueryClient();
  const offered = (connectors.data?.items.find(({ id }) => id === app.connector)?.credentialKinds ?? []).filter(
    (kind) => ENTERED_HERE.has(kind),
  );
  const [chosen, setChosen] = useState<string>();
  const [values, setValues] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<unknown>();
  const kind = chosen ?? offered[0] ?? 'bearer';
  const seal = useAct(
    async () => {
      await api.PUT('/api/v1/apps/{app}/credential', {
        ...changeOf(app),
        body: { kind, ...pick(values, FIELDS[kind] ?? []) },
      });
      // The test that follows needs the app with its new credential.
      await queries.fetchQuery({ ...appQuery(app.name), staleTime: 0 });
    },
    {
      done: () => texts.entered,
      failed: setFailure,
      after: () => {
        setValues({});
        onEntered();
      },
    },
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
      {offered.length > 1 ? (
        <Select
          label={texts.kind}
          data={offered.map((value) => ({ value, label: texts.kinds[value] ?? value }))}
          value={kind}
          onChange={(value) => setChosen(value ?? kind)}
          allowDeselect={false}
        />
      ) : null}
      {(FIELDS[kind] ?? []).map((name) => (
        <SecretField
          key={`${kind} ${name}`}
          name={name}
          kind={kind}
          value={values[name] ?? ''}
          onChange={(value) => setValues({ ...values, [name]: value })}
          error={refusal?.fieldText(name)}
        />
      ))}
      {failure !== undefined ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row">
        <Button type="submit" variant="filled" loading={seal.busy}>
          {texts.enter}
        </Button>
      </div>
    </form>
  );
}

const FIELDS: Record<string, readonly string[]> = {
  bearer: ['token'],
  basic: ['username', 'password'],
  header: ['name', 'value'],
};

function pick(values: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? '']));
}

interface SecretFieldProps {
  name: string;
  kind: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

function SecretField({ name, kind, value, onChange, error }: SecretFieldProps) {
  const labels: Record<string, string> = {
    token: texts.token,
    username: texts.username,
    password: texts.password,
    name: texts.header,
    value: texts.value,
  };
  const shared = { label: labels[name] ?? name, value, error, required: true, autoComplete: 'off' };
  const isSecret = name !== 'username' && !(kind === 'header' && name === 'name');
  return isSecret ? (
    <PasswordInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

function TestPanel({ app }: { app: App }) {
  const { can } = useSession();
  const test = useConnectionTest(app);
  return (
    <Panel
      title={texts.test}
      actions={
        app.credential && can('apps:write') ? (
          <Button size="xs" onClick={() => void test.refetch()} loading={test.isFetching}>
            {test.data ? texts.testAgain : texts.test}
          </Button>
        ) : undefined
      }
    >
      {test.error ? <Failure error={test.error} onRetry={() => void test.refetch()} /> : null}
      {!app.credential ? <p className={classes['lead']}>{texts.notYet}</p> : null}
      {app.credential && !test.data && test.isFetching ? <Lines count={5} /> : null}
      {test.data ? <TestResult test={test.data} atMs={test.dataUpdatedAt} /> : null}
    </Panel>
  );
}

function TestResult({ test, atMs }: { test: ConnectionTest; atMs: number }) {
  return (
    <>
      <ul className={classes['checks']}>
        {test.steps.map(({ step, ok, message, fix, detail }) => (
          <li key={step}>
            <span style={{ color: ok ? 'var(--u-ok)' : 'var(--u-bad)' }}>
              {ok ? <IconCheck size={18} aria-label="✓" /> : <IconX size={18} aria-label="✗" />}
            </span>
            <div>
              <p>
                <strong>{texts.steps[step] ?? step}</strong> {message}
              </p>
              {fix ? (
                <p>
                  {texts.fix}: {fix}
                </p>
              ) : null}
              {detail ? (
                <p className="dim">
                  {texts.targetSaid}: {detail}
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      <p className="dim" style={{ margin: '0.5rem 0 0' }}>
        {texts.tested} <Time at={new Date(atMs)} />
      </p>
    </>
  );
}
