import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import type { Answer } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { listed } from '../../texts/format.ts';
import { oauthTexts as texts } from '../../texts/oauth.ts';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';
import type { OAuth } from './use-oauth.ts';

type Authorization = Answer<'/api/v1/apps/{app}/authorization'>;

const REFRESH = { refresh: ['/api/v1/apps', '/api/v1/credentials', 'connection test'] };
const EVERY_MS = 15_000;

function useAuthorization(app: App) {
  const authorized = app.credential?.kind === 'oauth';
  return useQuery({
    queryKey: ['/api/v1/apps/{app}/authorization', app.name, authorized],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Authorization | null> => {
      if (!authorized) return null;
      const params = { path: { app: app.name } };
      return (await api.GET('/api/v1/apps/{app}/authorization', { params, signal })).data ?? null;
    },
  });
}

/** Whose authorization the app has; begun, renewed and ended here. */
export function AuthorizationPanel({ app, oauth }: { app: App; oauth: OAuth }) {
  const { can } = useSession();
  const found = useAuthorization(app);
  const may = can('apps:write');
  return (
    <Panel title={texts.authorization}>
      <Loaded query={found}>
        {(authorized) => (
          <div className="stack">
            {authorized ? (
              <Present app={app} authorized={authorized} />
            ) : (
              <Notice tone="wait">{texts.notAuthorized}</Notice>
            )}
            {may ? <Authorize app={app} oauth={oauth} again={authorized !== null} /> : null}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function Authorize({ app, oauth, again }: { app: App; oauth: OAuth; again: boolean }) {
  const settings = oauth.settings as { grant: string; scopes: string[] };
  const needsPerson = settings.grant === 'authorization_code';
  const [failure, setFailure] = useState<unknown>();
  const [visit, setVisit] = useState<string>();
  const [answer, setAnswer] = useState('');
  const begin = useAct(
    async (redirect: boolean) => {
      const returnTo = `/apps/${encodeURIComponent(app.name)}/setup?step=credential`;
      const { data } = await api.POST('/api/v1/apps/{app}/authorize', {
        params: { path: { app: app.name } },
        body: redirect ? { returnTo } : {},
      });
      return data;
    },
    {
      ...REFRESH,
      failed: setFailure,
      done: (begun) => (begun?.kind === 'authorized' ? texts.authorized : undefined),
      after: (begun, redirect) => {
        if (begun?.kind !== 'visit' || begun.url === null) return;
        if (redirect) location.assign(begun.url);
        else setVisit(begun.url);
      },
    },
  );
  const take = useAct(
    async () =>
      api.POST('/api/v1/apps/{app}/authorize/answer', { params: { path: { app: app.name } }, body: { answer } }),
    {
      ...REFRESH,
      failed: setFailure,
      done: () => texts.authorized,
      after: () => {
        setVisit(undefined);
        setAnswer('');
      },
    },
  );
  return (
    <>
      <p className={classes['lead']}>
        {needsPerson ? texts.authorizeHint(listed(settings.scopes)) : texts.authorizeByItself}
      </p>
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row">
        <Button
          variant="filled"
          loading={begin.busy}
          onClick={() => {
            setFailure(undefined);
            void begin.run(true);
          }}
        >
          {again ? texts.authorizeAgain : texts.authorize}
        </Button>
      </div>
      {needsPerson ? (
        <details>
          <summary>{texts.paste}</summary>
          <div className={classes['form']} style={{ marginTop: '0.5rem' }}>
            <p className={classes['lead']}>{texts.pasteBody}</p>
            {visit === undefined ? (
              <div className="row">
                <Button size="xs" onClick={() => void begin.run(false)} loading={begin.busy}>
                  {texts.pasteBegin}
                </Button>
              </div>
            ) : (
              <>
                <a href={visit} target="_blank" rel="noreferrer" className="break">
                  {texts.pasteOpen}
                </a>
                <TextInput
                  label={texts.pasteLabel}
                  value={answer}
                  onChange={(event) => setAnswer(event.currentTarget.value)}
                />
                <div className="row">
                  <Button
                    size="xs"
                    disabled={answer === ''}
                    loading={take.busy}
                    onClick={() => void take.run(undefined)}
                  >
                    {texts.pasteVerb}
                  </Button>
                </div>
              </>
            )}
          </div>
        </details>
      ) : null}
    </>
  );
}

function Present({ app, authorized }: { app: App; authorized: Authorization }) {
  const { authorization, warnings } = authorized;
  const { account, scopes, refreshToken, accessToken, problem, earlierLives } = authorization;
  return (
    <>
      <div className="row">
        <TonePill tone={authorization.state === 'live' ? 'ok' : 'bad'}>{texts.states[authorization.state]}</TonePill>
        <span className="grow" />
        <Acts app={app} />
      </div>
      {problem ? (
        <Notice tone="bad" title={problem.message} live>
          <p>
            {problem.nextStep} {problem.targetSaid ? `“${problem.targetSaid}”` : ''}
          </p>
        </Notice>
      ) : null}
      {warnings.map((warning) => (
        <Notice key={warning.problem} tone="wait">
          <p>
            {warning.problem}. {warning.fix}
          </p>
        </Notice>
      ))}
      <Facts
        facts={[
          account ? [texts.account, account.label ?? account.email ?? account.subject ?? '?'] : undefined,
          [texts.scopesGranted, scopes.granted.join(', ')],
          scopes.missing.length > 0 ? [texts.scopesMissing, scopes.missing.join(', ')] : undefined,
          [
            texts.age,
            <span key="age">
              <Time at={authorization.authorizedAt} show="both" focusable /> {texts.by(authorization.authorizedBy)}
            </span>,
          ],
          [texts.refresh, refreshToken.present ? texts.refreshYes : texts.refreshNo],
          [texts.renewals, texts.times(accessToken.refreshes)],
          authorization.lastUsedAt
            ? [texts.lastUsed, <Time key="used" at={authorization.lastUsedAt} focusable />]
            : undefined,
          authorization.predictedDeathAt
            ? [
                texts.predicted,
                <span key="death">
                  <Time at={authorization.predictedDeathAt} show="both" focusable /> {authorization.predictedWhy}
                </span>,
              ]
            : undefined,
        ]}
      />
      {earlierLives[0] ? (
        <p className="dim" style={{ margin: 0 }}>
          {texts.earlier(earlierLives[0].ageSeconds * 1000)} {earlierLives[0].message}
        </p>
      ) : null}
    </>
  );
}

function Acts({ app }: { app: App }) {
  const { can } = useSession();
  const path = { params: { path: { app: app.name } } };
  const verify = useAct(async () => api.POST('/api/v1/apps/{app}/authorization/verify', path), {
    ...REFRESH,
    done: () => texts.verified,
  });
  const renew = useAct(async () => api.POST('/api/v1/apps/{app}/authorization/refresh', path), {
    ...REFRESH,
    done: () => texts.renewed,
  });
  const refresh = useAct(async () => {}, REFRESH);
  if (!can('apps:write')) return null;
  return (
    <>
      <Button size="xs" onClick={() => void verify.run(undefined)} loading={verify.busy}>
        {texts.verify}
      </Button>
      <Button size="xs" onClick={() => void renew.run(undefined)} loading={renew.busy}>
        {texts.renew}
      </Button>
      <ActButton
        label={texts.end}
        size="xs"
        confirm={{
          title: texts.endTitle,
          effect: texts.endEffect(app.label),
          verb: texts.endVerb,
          danger: true,
          onConfirm: async () => {
            const { data } = await api.DELETE('/api/v1/apps/{app}/authorization', path);
            tellDone(data?.endedAtTarget ? texts.ended : texts.endedHere(data?.problem ?? ''));
            await refresh.run(undefined);
          },
        }}
      />
    </>
  );
}
