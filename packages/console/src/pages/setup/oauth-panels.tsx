import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { CopyText } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { oauthTexts as texts } from '../../texts/oauth.ts';
import { type App, changeOf } from '../app/use-app.ts';
import { AuthorizationPanel } from './authorization-panel.tsx';
import { OAuthSettingsForm } from './oauth-settings-form.tsx';
import classes from './setup-page.module.css';
import { type OAuth, type Shown, useOAuth } from './use-oauth.ts';

/** Everything about OAuth of one app, in the order in which it is done: settings, being known, authorization, rotation. */
export default function OAuthPanels({ app }: { app: App }) {
  const oauth = useOAuth(app);
  const [shown, setShown] = useState<Shown>();
  return (
    <Loaded query={oauth} skeleton={<Lines count={6} />}>
      {(found) => (
        <>
          <Panel title={texts.settings} actions={found ? <Forget app={app} /> : undefined}>
            <OAuthSettingsForm key={found?.updatedAt ?? 'first'} app={app} oauth={found} />
          </Panel>
          {found ? (
            <>
              <ConsumerPanel app={app} oauth={found} onShown={setShown} />
              {found.consumerKey === null ? null : <AuthorizationPanel app={app} oauth={found} />}
              {found.consumerKey === null ? null : <RotationPanel app={app} oauth={found} onShown={setShown} />}
            </>
          ) : null}
          <ShownOnce
            title={texts.shownTitle}
            body={texts.shownBody(shown?.consumerKey ?? '')}
            value={shown?.consumerSecret ?? undefined}
            copy={texts.copySecret}
            stored={texts.stored}
            onStored={() => setShown(undefined)}
          />
        </>
      )}
    </Loaded>
  );
}

const REFRESH = { refresh: ['/api/v1/apps', '/api/v1/credentials'] };

function Forget({ app }: { app: App }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, REFRESH);
  if (!can('apps:write')) return null;
  return (
    <ActButton
      label={texts.forget}
      size="xs"
      confirm={{
        title: texts.forgetTitle,
        effect: texts.forgetEffect(app.label),
        verb: texts.forgetVerb,
        danger: true,
        onConfirm: async () => {
          await api.DELETE('/api/v1/apps/{app}/oauth', changeOf(app));
          tellDone(texts.forgotten);
          await refresh.run(undefined);
        },
      }}
    />
  );
}

interface OAuthPanelProps {
  app: App;
  oauth: OAuth;
  onShown: (shown: Shown | undefined) => void;
}

function ConsumerPanel({ app, oauth, onShown }: OAuthPanelProps) {
  const { can } = useSession();
  const [entering, setEntering] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const register = useAct(
    async () =>
      (await api.POST('/api/v1/apps/{app}/oauth/register', { params: { path: { app: app.name } }, body: {} })).data,
    // The secret of a registration is sealed here; nobody needs it.
    { ...REFRESH, done: () => texts.registered, failed: setFailure },
  );
  const refresh = useAct(async () => {}, REFRESH);
  const may = can('apps:write');
  const { consumerKey, consumerSource, hasConsumerSecret, consumerSecretExpiresAt } = oauth;
  return (
    <Panel title={texts.consumer}>
      <div className="stack">
        {consumerKey === null ? (
          <Notice tone="wait">{texts.consumerNone}</Notice>
        ) : (
          <Facts
            facts={[
              [
                texts.consumerKey,
                <span key="key">
                  <code className="mono break">{consumerKey}</code>{' '}
                  <span className="dim">{consumerSource ? texts.sources[consumerSource] : ''}</span>
                </span>,
              ],
              hasConsumerSecret ? [texts.consumerSecret, texts.hasSecret] : undefined,
              consumerSecretExpiresAt
                ? [texts.secretEnds, <Time key="ends" at={consumerSecretExpiresAt} show="both" focusable />]
                : undefined,
              oauth.callbackUrl
                ? [
                    texts.callback,
                    <code key="callback" className="mono break">
                      {oauth.callbackUrl}
                    </code>,
                  ]
                : undefined,
            ]}
          />
        )}
        {failure === undefined ? null : (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        )}
        {may ? (
          <div className="row">
            {oauth.endpoints['registration'] ? (
              <Button
                size="xs"
                variant={consumerKey === null ? 'filled' : 'default'}
                loading={register.busy}
                onClick={() => {
                  setFailure(undefined);
                  void register.run(undefined);
                }}
              >
                {texts.register}
              </Button>
            ) : null}
            <Button size="xs" onClick={() => setEntering(!entering)} aria-expanded={entering}>
              {texts.enter}
            </Button>
            <ActButton
              label={texts.generate}
              size="xs"
              confirm={{
                title: texts.generateTitle,
                effect: texts.generateEffect,
                verb: texts.generateVerb,
                onConfirm: async () => {
                  onShown((await api.POST('/api/v1/apps/{app}/oauth/consumer', changeOf(app))).data);
                  await refresh.run(undefined);
                },
              }}
            />
          </div>
        ) : null}
        {entering && may ? <EnterConsumer app={app} onEntered={() => setEntering(false)} /> : null}
        <HandOver app={app} />
      </div>
    </Panel>
  );
}

function EnterConsumer({ app, onEntered }: { app: App; onEntered: () => void }) {
  const [consumerKey, setKey] = useState('');
  const [consumerSecret, setSecret] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const enter = useAct(
    async () =>
      api.PUT('/api/v1/apps/{app}/oauth/consumer', {
        ...changeOf(app),
        body: { consumerKey, ...(consumerSecret === '' ? {} : { consumerSecret }) },
      }),
    { ...REFRESH, done: () => texts.entered, failed: setFailure, after: onEntered },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <form
      className={classes['form']}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void enter.run(undefined);
      }}
    >
      <TextInput
        label={texts.consumerKey}
        value={consumerKey}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={refusal?.fieldText('consumerKey')}
        required
      />
      <PasswordInput
        label={texts.consumerSecret}
        value={consumerSecret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        error={refusal?.fieldText('consumerSecret')}
        autoComplete="off"
      />
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row">
        <Button type="submit" variant="filled" loading={enter.busy}>
          {texts.enterVerb}
        </Button>
      </div>
    </form>
  );
}

function HandOver({ app }: { app: App }) {
  const [opened, setOpened] = useState(false);
  const sheet = useQuery({
    ...read('/api/v1/apps/{app}/oauth/hand-over', { params: { path: { app: app.name } } }),
    enabled: opened,
    retry: false,
  });
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{texts.handOver}</summary>
      <div className="stack" style={{ marginTop: '0.5rem' }}>
        <p className={classes['lead']}>{texts.handOverLead}</p>
        {opened ? (
          <Loaded query={sheet}>
            {({ markdown }) => (
              <>
                <div className="row">
                  <CopyText value={markdown} label={texts.copySheet} />
                </div>
                <pre className={classes['sheet']}>{markdown}</pre>
              </>
            )}
          </Loaded>
        ) : null}
      </div>
    </details>
  );
}

function RotationPanel({ app, oauth, onShown }: OAuthPanelProps) {
  const { can } = useSession();
  const [staging, setStaging] = useState(false);
  const apply = useAct(async () => api.POST('/api/v1/apps/{app}/oauth/staged/apply', changeOf(app)), {
    ...REFRESH,
    done: () => texts.applied,
  });
  const refresh = useAct(async () => {}, REFRESH);
  const { staged } = oauth;
  const may = can('apps:write');
  return (
    <Panel title={texts.rotation}>
      <div className="stack">
        <p className={classes['lead']}>{texts.rotationLead}</p>
        {staged ? (
          <>
            <Notice tone={staged.workedAt ? 'ok' : 'wait'}>
              <p className="break">
                <strong>{staged.consumerKey}</strong>: {staged.state === 'staged' ? texts.stagedAt : texts.rotatedAt}{' '}
                <Time at={staged.at} focusable />, {texts.by(staged.by)}; {texts.stagedEnds}{' '}
                <Time at={staged.expiresAt} focusable />. {staged.workedAt ? texts.worked : ''}
              </p>
            </Notice>
            {may ? (
              <div className="row">
                {staged.state === 'staged' ? (
                  <Button size="xs" variant="filled" onClick={() => void apply.run(undefined)} loading={apply.busy}>
                    {texts.apply}
                  </Button>
                ) : null}
                <ActButton
                  label={texts.discard}
                  size="xs"
                  confirm={{
                    title: texts.discardTitle,
                    effect: texts.discardEffect,
                    verb: texts.discardVerb,
                    danger: true,
                    onConfirm: async () => {
                      await api.DELETE('/api/v1/apps/{app}/oauth/staged', changeOf(app));
                      tellDone(texts.discarded);
                      await refresh.run(undefined);
                    },
                  }}
                />
              </div>
            ) : null}
          </>
        ) : may ? (
          <div className="row">
            <Button size="xs" onClick={() => setStaging(!staging)} aria-expanded={staging}>
              {texts.stage}
            </Button>
          </div>
        ) : null}
        {staging && !staged ? (
          <StageForm
            app={app}
            onStaged={(shown) => {
              setStaging(false);
              onShown(shown);
            }}
          />
        ) : null}
      </div>
    </Panel>
  );
}

function StageForm({ app, onStaged }: { app: App; onStaged: (shown: Shown | undefined) => void }) {
  const [consumerKey, setKey] = useState('');
  const [consumerSecret, setSecret] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const stage = useAct(
    async () =>
      (
        await api.POST('/api/v1/apps/{app}/oauth/staged', {
          ...changeOf(app),
          body: {
            ...(consumerKey === '' ? {} : { consumerKey }),
            ...(consumerSecret === '' ? {} : { consumerSecret }),
          },
        })
      ).data,
    {
      ...REFRESH,
      done: () => texts.staged,
      failed: setFailure,
      // Who entered the secret has it already.
      after: (shown) => onStaged(consumerSecret === '' ? shown : undefined),
    },
  );
  return (
    <form
      className={classes['form']}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void stage.run(undefined);
      }}
    >
      <TextInput label={texts.stageKey} value={consumerKey} onChange={(event) => setKey(event.currentTarget.value)} />
      <PasswordInput
        label={texts.stageSecret}
        value={consumerSecret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        autoComplete="off"
      />
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row">
        <Button type="submit" variant="filled" loading={stage.busy}>
          {texts.stageVerb}
        </Button>
      </div>
    </form>
  );
}
