import { Button, Modal, PasswordInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { browserName } from '../../parts/browser-name.ts';
import { FailureText } from '../../parts/failure.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { keepSession, type SessionState, useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { roleNames } from '../../texts/people.ts';
import { keyTexts } from '../../texts/settings.ts';
import { signInTexts, meTexts as texts } from '../../texts/sign-in.ts';
import { RecoveryCodes } from '../access/second-factor.tsx';

const MakeKey = lazy(() => import('./keys.tsx').then(({ MakeKey: form }) => ({ default: form })));

/** How one signs in oneself, and where. */
export function MePage() {
  const session = useSession();
  const { person } = session;
  return (
    <div className="stack">
      <Panel title={person?.name ?? ''} beside={<span className="dim">{roleNames[person?.role ?? '']}</span>}>
        <p className="dim break" style={{ margin: 0 }}>
          {person?.email}. {texts.lead}
        </p>
      </Panel>
      <Factors />
      <PasswordPanel />
      <Sessions />
      <OwnKeys />
    </div>
  );
}

function Factors() {
  const session = useSession();
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const passkeys = useQuery(read('/api/v1/session/passkeys', {}));
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/session'] });
  const factor = session.secondFactor;
  const keep = (made: unknown) => {
    const found = made as { session?: SessionState } | undefined;
    if (found?.session) keepSession(queries, found.session);
  };
  return (
    <Panel
      title={texts.factors}
      actions={
        <LinkButton to="/second-factor" size="xs">
          {texts.addFactor}
        </LinkButton>
      }
    >
      <div className="stack">
        <div className="row">
          <span className="grow">
            {texts.totp}: {factor?.totp ? texts.totpOn : texts.totpOff}
          </span>
          {factor?.totp ? (
            <ActButton
              label={texts.remove}
              size="xs"
              confirm={{
                title: texts.removeTotpTitle,
                effect: texts.removeTotpEffect,
                verb: texts.removeVerb,
                danger: true,
                onConfirm: async () => {
                  keep((await api.DELETE('/api/v1/session/totp', {})).data);
                  tellDone(texts.removed);
                },
              }}
            />
          ) : null}
        </div>
        <Loaded query={passkeys}>
          {({ items }) => (
            <>
              {items.length === 0 ? (
                <span>
                  {texts.passkeys}: {texts.noPasskeys}
                </span>
              ) : null}
              {items.map(({ id, name, createdAt, lastUsedAt }) => (
                <div className="row" key={id}>
                  <span className="grow break">
                    {name}{' '}
                    <span className="dim">
                      {texts.made} <Time at={createdAt} />,{' '}
                      {lastUsedAt ? (
                        <>
                          {texts.used} <Time at={lastUsedAt} />
                        </>
                      ) : (
                        texts.neverUsed
                      )}
                    </span>
                  </span>
                  <ActButton
                    label={texts.remove}
                    size="xs"
                    confirm={{
                      title: texts.removePasskeyTitle(name),
                      effect: texts.removePasskeyEffect,
                      verb: texts.removeVerb,
                      danger: true,
                      onConfirm: async () => {
                        keep((await api.DELETE('/api/v1/session/passkeys/{id}', { params: { path: { id } } })).data);
                        tellDone(texts.removed);
                        await refresh.run(undefined);
                      },
                    }}
                  />
                </div>
              ))}
            </>
          )}
        </Loaded>
        <div className="row">
          <span className="grow">{texts.codesLeft(factor?.recoveryCodesLeft ?? 0)}</span>
          <ActButton
            label={texts.renewCodes}
            size="xs"
            confirm={{
              title: texts.renewTitle,
              effect: texts.renewEffect,
              verb: texts.renewVerb,
              onConfirm: async () =>
                setCodes((await api.POST('/api/v1/session/recovery-codes', { body: {} })).data?.recoveryCodes),
            }}
          />
        </div>
      </div>
      <Modal
        opened={codes !== undefined}
        onClose={() => setCodes(undefined)}
        title={signInTexts.codesTitle}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <div className="stack">
          <RecoveryCodes codes={codes ?? []} onStored={() => setCodes(undefined)} />
        </div>
      </Modal>
    </Panel>
  );
}

function PasswordPanel() {
  const session = useSession();
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async () => {
      const body = { next, ...(session.hasPassword ? { current } : {}) };
      return (await api.POST('/api/v1/session/password/change', { body })).data as SessionState;
    },
    {
      failed: setFailure,
      done: () => texts.changed,
      refresh: ['/api/v1/session/sessions'],
      after: (made) => {
        keepSession(queries, made);
        setCurrent('');
        setNext('');
      },
    },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <Panel title={texts.password}>
      <form
        className="stack"
        style={{ maxWidth: '26rem' }}
        onSubmit={(event) => {
          event.preventDefault();
          setFailure(undefined);
          void save.run(undefined);
        }}
      >
        {/* Password managers want to know whose it is. */}
        <input type="text" autoComplete="username" value={session.person?.email ?? ''} readOnly hidden />
        {session.hasPassword ? (
          <PasswordInput
            label={texts.current}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            error={refusal?.fieldText('current')}
            required
          />
        ) : null}
        <PasswordInput
          label={texts.next}
          description={signInTexts.newPasswordHint}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          autoComplete="new-password"
          error={refusal?.fieldText('next')}
          required
        />
        {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        ) : null}
        <div className="row">
          <Button type="submit" loading={save.busy}>
            {texts.change}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Sessions() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const sessions = useQuery(read('/api/v1/session/sessions', {}));
  const end = useAct(async (id: string) => api.DELETE('/api/v1/session/sessions/{id}', { params: { path: { id } } }), {
    done: () => texts.ended,
    refresh: ['/api/v1/session/sessions'],
  });
  const count = sessions.data?.items.length ?? 0;
  return (
    <Panel
      title={texts.sessions}
      actions={
        <ActButton
          label={texts.endAll}
          size="xs"
          confirm={{
            title: texts.endAllTitle,
            effect: texts.endAllEffect(count),
            verb: texts.endAllVerb(count),
            danger: true,
            onConfirm: async () => {
              await api.DELETE('/api/v1/session/sessions', {});
              queries.clear();
              await navigate({ to: '/sign-in', search: {} });
            },
          }}
        />
      }
      flush
    >
      <Loaded query={sessions}>
        {({ items }) => (
          <SimpleTable
            label={texts.sessions}
            head={[texts.browser, texts.seen, <ActsHead key="acts" />]}
            keys={items.map(({ id }) => id)}
            rows={items.map(({ id, current, address, userAgent, lastSeenAt }) => [
              <div key="where">
                <span className="break" title={userAgent}>
                  {browserName(userAgent)}
                </span>{' '}
                {current ? <TonePill tone="ok">{texts.thisOne}</TonePill> : null}
                <div className="dim">{address}</div>
              </div>,
              <span key="seen" className="nowrap">
                <Time at={lastSeenAt} />
              </span>,
              current ? (
                ''
              ) : (
                <Button key="end" size="xs" onClick={() => void end.run(id)}>
                  {texts.end}
                </Button>
              ),
            ])}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function OwnKeys() {
  const keys = useQuery(read('/api/v1/session/keys', {}));
  const [making, setMaking] = useState(false);
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/session/keys'] });
  return (
    <Panel
      title={texts.keys}
      beside={<span className="dim">{texts.keysLead}</span>}
      actions={
        <Button size="xs" onClick={() => setMaking(true)}>
          {keyTexts.make}
        </Button>
      }
      flush
    >
      {making ? (
        <Suspense>
          <MakeKey own opened onClose={() => setMaking(false)} />
        </Suspense>
      ) : null}
      <Loaded query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim" style={{ margin: 0, padding: '1rem' }}>
              {texts.noKeys}
            </p>
          ) : (
            <SimpleTable
              label={texts.keys}
              head={[keyTexts.columns.name, keyTexts.columns.prefix, keyTexts.columns.ends, <ActsHead key="acts" />]}
              keys={items.map(({ id }) => id)}
              rows={items.map(({ id, name, prefix, expiresAt, revokedAt }) => [
                <span key="name" className="break">
                  {name}
                </span>,
                <code key="prefix" className="mono">
                  {prefix}…
                </code>,
                expiresAt ? <Time key="ends" at={expiresAt} /> : common.never,
                revokedAt ? (
                  <TonePill key="state" tone="bad">
                    {keyTexts.revoked}
                  </TonePill>
                ) : (
                  <ActButton
                    key="revoke"
                    label={keyTexts.revoke}
                    size="xs"
                    confirm={{
                      title: keyTexts.revokeTitle(name),
                      effect: keyTexts.revokeEffect(name),
                      verb: keyTexts.revokeVerb,
                      danger: true,
                      onConfirm: async () => {
                        await api.DELETE('/api/v1/session/keys/{id}', { params: { path: { id } } });
                        tellDone(keyTexts.revokedDone);
                        await refresh.run(undefined);
                      },
                    }}
                  />
                ),
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
