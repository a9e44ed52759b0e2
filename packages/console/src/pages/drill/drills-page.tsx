import { Button, Drawer, Modal, Select } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconLoader, IconShieldCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { type Exchange, ExchangeView } from '../../parts/exchange.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill, TonePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { drillTexts as texts } from '../../texts/drill.ts';
import { type App, useApp } from '../app/use-app.ts';
import classes from './drill.module.css';

type Drill = Answer<'/api/v1/apps/{app}/drills/{drill}'>;

const route = getRouteApi('/shell/apps/$app/drills');
const EVERY_MS = 1_500;
const WORKING = new Set(['waiting', 'running']);

/** Whether accounts can be taken away and given back, tried for real on a test user. */
export function DrillsPage() {
  const app = useApp();
  const { drill } = route.useSearch();
  const navigate = useNavigate();
  const show = (id: string | undefined) =>
    void navigate({
      to: '/apps/$app/drills',
      params: { app: app.name },
      search: id === undefined ? {} : { drill: id },
      replace: true,
    });
  return (
    <>
      <Drills app={app} onShow={show} />
      <Drawer
        opened={drill !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="min(44rem, 100%)"
        title={texts.detail}
        closeButtonProps={{ 'aria-label': common.close }}
        transitionProps={{ duration: 120 }}
      >
        {drill === undefined ? null : <DrillView app={app.name} id={drill} />}
      </Drawer>
    </>
  );
}

function Drills({ app, onShow }: { app: App; onShow: (id: string) => void }) {
  const drills = useQuery({
    ...read('/api/v1/apps/{app}/drills', { params: { path: { app: app.name } } }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => WORKING.has(one.state)) ? EVERY_MS : false),
  });
  return (
    <Panel title={texts.title} actions={<RunDrill app={app} onBegan={onShow} />} flush>
      <p className="dim" style={{ margin: 0, padding: '0.75rem 1rem' }}>
        {texts.lead}
      </p>
      <Loaded query={drills}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconShieldCheck} title={texts.none}>
              {texts.noneBody}
            </Empty>
          ) : (
            <SimpleTable
              label={texts.title}
              head={Object.values(texts.columns)}
              keys={items.map(({ id }) => id)}
              rows={items.map((one) => [
                <Link key="at" to="/apps/$app/drills" params={{ app: app.name }} search={{ drill: one.id }}>
                  <Time at={one.createdAt} />
                </Link>,
                <span key="user" className="break">
                  {one.username}
                </span>,
                <span key="state" className="row">
                  <StatePill family="drill" state={one.state} />
                  {one.state === 'passed' ? (
                    <span className="dim">{one.holds ? texts.holds : texts.holdsNot}</span>
                  ) : null}
                </span>,
                one.version,
                one.createdBy,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

/** Asks on whom; the first time, whom to mark for tests. */
export function RunDrill({ app, onBegan }: { app: App; onBegan: (id: string) => void }) {
  const { can } = useSession();
  const [asked, setAsked] = useState(false);
  if (!can('provisioning:write')) return null;
  return (
    <>
      <Button size="xs" variant="filled" onClick={() => setAsked(true)}>
        {texts.run}
      </Button>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={texts.runTitle}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {asked ? (
          <RunForm
            app={app}
            onBegan={(id) => {
              setAsked(false);
              onBegan(id);
            }}
          />
        ) : null}
      </Modal>
    </>
  );
}

function RunForm({ app, onBegan }: { app: App; onBegan: (id: string) => void }) {
  const { can } = useSession();
  const users = useQuery(read('/api/v1/test-users', {}));
  const newest = useQuery(read('/api/v1/apps/{app}/configurations', { params: { path: { app: app.name } } }));
  const [chosen, setChosen] = useState<string | null>(null);
  const [candidate, setCandidate] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>();
  const user = chosen ?? users.data?.items[0]?.username ?? null;
  // A draft has no version in force: the newest is what will be.
  const version = app.activeVersion ?? newest.data?.items[0]?.version;
  const run = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/drills', {
        params: { path: { app: app.name } },
        body: { user: user ?? '', ...(version === undefined ? {} : { version }) },
      });
      return data?.id ?? '';
    },
    { done: () => texts.began, failed: setFailure, after: onBegan, refresh: ['/api/v1/apps'] },
  );
  const mark = useAct(
    async (username: string) =>
      api.PUT('/api/v1/users/{user}/test-user', { params: { path: { user: username } }, body: { isTest: true } }),
    {
      done: (_result, username) => texts.marked(username),
      after: (_result, username) => setChosen(username),
      failed: setFailure,
      refresh: ['/api/v1/test-users', '/api/v1/apps'],
    },
  );
  return (
    <Loaded query={users}>
      {({ items }) => (
        <div className="stack">
          <p style={{ margin: 0 }}>{texts.runEffect(app.label)}</p>
          {items.length === 0 ? (
            <Notice tone="wait" title={texts.noTestUser}>
              <p>{texts.noTestUserBody}</p>
            </Notice>
          ) : (
            <Select
              label={texts.testUser}
              description={texts.testUserHint}
              data={items.map(({ username }) => username)}
              value={user}
              onChange={setChosen}
              allowDeselect={false}
            />
          )}
          {can('directory:write') ? (
            <div className="row" style={{ alignItems: 'flex-end' }}>
              <div className="grow">
                <PersonSelect label={texts.mark} value={candidate} onChange={setCandidate} />
              </div>
              <Button
                disabled={candidate === null}
                loading={mark.busy}
                onClick={() => candidate && void mark.run(candidate)}
              >
                {texts.markVerb}
              </Button>
            </div>
          ) : null}
          {version === undefined ? <Notice tone="wait">{texts.needsMapping}</Notice> : null}
          {failure === undefined ? null : (
            <Notice tone="bad" live>
              <FailureText error={failure} />
            </Notice>
          )}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button
              variant="filled"
              disabled={user === null || version === undefined}
              loading={run.busy}
              onClick={() => {
                setFailure(undefined);
                void run.run(undefined);
              }}
            >
              {texts.runVerb}
            </Button>
          </div>
        </div>
      )}
    </Loaded>
  );
}

export function DrillView({ app, id }: { app: string; id: string }) {
  const { can } = useSession();
  const drill = useQuery({
    ...read('/api/v1/apps/{app}/drills/{drill}', { params: { path: { app, drill: id } } }),
    refetchInterval: ({ state }) => (state.data && !WORKING.has(state.data.state) ? false : EVERY_MS),
  });
  const cancel = useAct(
    async () => api.POST('/api/v1/apps/{app}/drills/{drill}/cancel', { params: { path: { app, drill: id } } }),
    { done: () => texts.cancelled, refresh: ['/api/v1/apps'] },
  );
  return (
    <Loaded query={drill}>
      {(found) => (
        <div className="stack">
          <div className="row">
            <StatePill family="drill" state={found.state} />
            {found.state === 'passed' ? (
              <TonePill tone={found.holds ? 'ok' : 'wait'}>{found.holds ? texts.holds : texts.holdsNot}</TonePill>
            ) : null}
            <span className="grow" />
            {WORKING.has(found.state) && can('provisioning:write') ? (
              <Button size="xs" onClick={() => void cancel.run(undefined)} loading={cancel.busy}>
                {texts.cancel}
              </Button>
            ) : null}
          </div>
          {found.problem ? (
            <Notice tone="bad" title={texts.problem} live>
              <p>
                {found.problem} {found.nextStep}
              </p>
            </Notice>
          ) : null}
          <Facts
            facts={[
              [texts.testUser, found.username],
              [texts.columns.at, <Time key="at" at={found.createdAt} show="both" focusable />],
              [texts.columns.by, found.createdBy],
              [texts.columns.version, String(found.version)],
              found.remoteId ? [texts.remote, found.remoteId] : undefined,
            ]}
          />
          <Steps drill={found} />
        </div>
      )}
    </Loaded>
  );
}

const MARKS = { passed: IconCheck, failed: IconX, running: IconLoader, skipped: IconCircleDashed };
const COLORS = { passed: 'var(--u-ok)', failed: 'var(--u-bad)', running: 'var(--u-busy)', skipped: 'var(--u-idle)' };

function Steps({ drill: { steps } }: { drill: Drill }) {
  return (
    <ol className={classes['steps']} aria-label={texts.evidence}>
      {steps.map(({ ordinal, step, state, message, exchanges }) => {
        const Mark = MARKS[state];
        return (
          <li key={ordinal}>
            <Mark size={18} color={COLORS[state]} aria-label={state} />
            <div className={classes['step']}>
              <strong>{texts.steps[step] ?? step}</strong>
              <p>{message}</p>
              {(exchanges as Exchange[]).map((exchange, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they stay in their order
                <ExchangeView key={index} exchange={exchange} />
              ))}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
