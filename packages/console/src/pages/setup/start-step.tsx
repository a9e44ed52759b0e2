import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconLock, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { checkConfiguration, useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts } from '../../texts/apps.ts';
import { rolloutTexts } from '../../texts/rollout.ts';
import { setupTexts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';
import { DrillView } from '../drill/drill-view.tsx';
import { RunDrill } from '../drill/run-drill.tsx';
import { PilotUsers } from '../rollout/pilot-users.tsx';
import { RolloutCommands } from '../rollout/rollout-commands.tsx';
import { rolloutQuery, rolloutsQuery } from '../rollout/rollout-queries.ts';
import { StageRail } from '../rollout/stage-rail.tsx';
import classes from './setup-page.module.css';
import type { Step } from './steps.ts';
import { useReadiness } from './use-readiness.ts';

const texts = setupTexts.start;

/** What will and what will not happen; then the way in: drill, pilot, start. */
export function StartStep({ app, steps }: { app: App; steps: readonly Step[] }) {
  const { can } = useSession();
  const newest = useNewestConfiguration(app.name);
  const ready = steps.every(({ name, state }) => name === 'start' || state === 'done');
  const effect = useQuery({
    queryKey: ['effect', app.name, newest.data?.version],
    queryFn: ({ signal }) => checkConfiguration(app.name, newest.data?.configuration ?? { mapping: [] }, signal),
    enabled: ready && newest.data != null && can('apps:write'),
    retry: false,
  });
  const headline = effect.data?.effect?.headline;
  const open = steps.filter(({ name, state }) => name !== 'start' && state !== 'done');
  return (
    <>
      <Panel
        title={texts.lead}
        actions={
          newest.data ? (
            <LinkButton to="/apps/$app/plans" params={{ app: app.name }} size="xs">
              {texts.plan}
            </LinkButton>
          ) : undefined
        }
      >
        <div className="stack">
          {app.state === 'active' ? <Notice tone="ok">{texts.active}</Notice> : null}
          {open.map(({ name, summary }) => (
            <Notice
              key={name}
              tone="wait"
              title={setupTexts.steps[name]}
              actions={
                <LinkButton to="/apps/$app/setup" params={{ app: app.name }} search={{ step: name }} size="xs">
                  {setupTexts.next}
                </LinkButton>
              }
            >
              <p>{summary}</p>
            </Notice>
          ))}
          {headline ? <Notice tone="busy" icon={IconUsers} title={headline} /> : null}
          <WillAndWillNot
            app={app}
            adoption={newest.data?.configuration.correlation?.adoption ?? 'link and update'}
            steps={steps}
          />
        </div>
      </Panel>
      {newest.data ? <WayIn app={app} version={newest.data.version} /> : null}
      {app.state === 'draft' && ready && can('apps:write') ? (
        <Panel title={texts.atOnceTitle}>
          <div className="row">
            <span className="grow dim">{texts.atOnceBody}</span>
            <AtOnce app={app} headline={headline} />
          </div>
        </Panel>
      ) : null}
    </>
  );
}

const MARKS = { done: IconCheck, todo: IconCircleDashed, closed: IconLock };

interface PartProps {
  state: keyof typeof MARKS;
  title: string;
  body: string;
  children?: React.ReactNode;
}

function Part({ state, title, body, children }: PartProps) {
  const Mark = MARKS[state];
  return (
    <li>
      <span className={classes['mark']} data-state={state}>
        <Mark size={15} stroke={2.2} aria-hidden />
        <span className="only-screen-reader">{setupTexts.states[state]}:</span>
      </span>
      <div className={classes['part']}>
        <h3>{title}</h3>
        <p>{body}</p>
        {children}
      </div>
    </li>
  );
}

const LIVING = new Set(['planned', 'running', 'paused', 'halted', 'completed']);
const EVERY_MS = 3_000;

/** Matching report, drill, pilot, start: in this order, each with what it waits for. */
function WayIn({ app, version }: { app: App; version: number }) {
  const path = { path: { app: app.name } };
  const rollouts = useQuery({ ...rolloutsQuery(app.name), refetchInterval: EVERY_MS });
  const drills = useQuery({
    ...read('/api/v1/apps/{app}/drills', { params: path }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'running' || one.state === 'waiting') ? EVERY_MS : false,
  });
  const reports = useQuery(read('/api/v1/apps/{app}/matching-reports', { params: path }));
  const readiness = useReadiness(app);
  const rollout = rollouts.data?.items.find(({ state, version: of }) => LIVING.has(state) && of === version);
  const drill = drills.data?.items[0];
  const trial = readiness.data?.pieces.find(({ piece }) => piece === 'trial');
  const drilled = trial?.checks.some(({ check, ok }) => check === 'drill' && ok) ?? false;
  const lacking = [...(drilled ? [] : [texts.parts.drill]), ...(rollout ? [] : [texts.parts.pilot])];
  const started = rollout !== undefined && rollout.state !== 'planned';
  return (
    <Panel title={texts.title}>
      <ol className={classes['parts']}>
        <Part
          state={(reports.data?.items.length ?? 0) > 0 ? 'done' : 'todo'}
          title={texts.parts.matching}
          body={texts.parts.matchingBody}
        >
          <LinkButton to="/apps/$app/matching" params={{ app: app.name }} size="xs">
            {texts.parts.matchingGo}
          </LinkButton>
        </Part>
        <Part state={drilled ? 'done' : 'todo'} title={texts.parts.drill} body={texts.parts.drillBody}>
          <div className="stack">
            <div className="row">
              {drill ? <StatePill family="drill" state={drill.state} /> : null}
              <RunDrill app={app} onBegan={() => void readiness.refetch()} />
              {drill ? (
                <LinkButton to="/apps/$app/drills" params={{ app: app.name }} search={{ drill: drill.id }} size="xs">
                  {texts.parts.drillAll}
                </LinkButton>
              ) : null}
            </div>
            {drill && !drilled ? <DrillProgress app={app} id={drill.id} state={drill.state} /> : null}
          </div>
        </Part>
        <Part state={rollout ? 'done' : 'todo'} title={texts.parts.pilot} body={texts.parts.pilotBody}>
          {rollout ? null : <PilotForm app={app} version={version} />}
        </Part>
        <Part
          state={started ? 'done' : lacking.length > 0 ? 'closed' : 'todo'}
          title={texts.parts.begin}
          body={lacking.length > 0 && !started ? texts.parts.notYet(lacking) : texts.parts.beginBody}
        >
          {rollout ? <Begin app={app} id={rollout.id} /> : null}
        </Part>
      </ol>
    </Panel>
  );
}

/** Looks at readiness anew once the drill is over. */
function DrillProgress({ app, id, state }: { app: App; id: string; state: string }) {
  const readiness = useReadiness(app);
  const { refetch } = readiness;
  const seen = useRef(state);
  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    void refetch();
  }, [state, refetch]);
  return <DrillView app={app.name} id={id} />;
}

function PilotForm({ app, version }: { app: App; version: number }) {
  const { can } = useSession();
  const [users, setUsers] = useState<string[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const plan = useAct(
    async () =>
      api.POST('/api/v1/apps/{app}/rollouts', {
        params: { path: { app: app.name } },
        body: { version, pilot: { users } },
      } as never),
    { done: () => rolloutTexts.form.planned, failed: setFailure, refresh: ['/api/v1/apps'] },
  );
  if (!can('apps:write')) return null;
  return (
    <div className={classes['form']}>
      <PilotUsers users={users} onChange={setUsers} />
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row">
        <Button
          variant="filled"
          size="xs"
          disabled={users.length === 0}
          loading={plan.busy}
          onClick={() => void plan.run(undefined)}
        >
          {texts.parts.pilotPlan}
        </Button>
        <LinkButton to="/apps/$app/rollouts" params={{ app: app.name }} search={{ plan: 'new' }} size="xs">
          {texts.parts.pilotMore}
        </LinkButton>
      </div>
    </div>
  );
}

function Begin({ app, id }: { app: App; id: number }) {
  const rollout = useQuery({ ...rolloutQuery(app.name, id), refetchInterval: EVERY_MS });
  if (!rollout.data) return null;
  return (
    <div className="stack">
      {rollout.data.state === 'planned' ? null : <p style={{ margin: 0 }}>{rollout.data.sentence}</p>}
      {rollout.data.startedAt ? <StageRail rollout={rollout.data} readAtMs={rollout.dataUpdatedAt} /> : null}
      <div className="row">
        {rollout.data.state === 'planned' ? <RolloutCommands app={app.name} rollout={rollout.data} /> : null}
        <LinkButton
          to="/apps/$app/rollouts/$rollout"
          params={{ app: app.name, rollout: String(id) }}
          size={rollout.data.state === 'planned' ? 'sm' : 'xs'}
        >
          {texts.parts.open}
        </LinkButton>
      </div>
    </div>
  );
}

function AtOnce({ app, headline }: { app: App; headline: string | undefined }) {
  const refresh = useAct(async () => {}, {});
  return (
    <ActButton
      label={texts.everyone}
      size="xs"
      confirm={{
        title: texts.everyoneTitle(app.label),
        effect: texts.everyoneEffect(headline ? `${headline}.` : ''),
        verb: texts.everyoneVerb,
        danger: true,
        reason: 'required',
        onConfirm: async (reason) => {
          const { data } = await api.POST('/api/v1/apps/{app}/activate', {
            params: { path: { app: app.name } },
            body: reason === undefined ? {} : { withoutRollout: reason },
          });
          tellDone(texts.activated(data?.links ?? 0));
          await refresh.run(undefined);
        },
      }}
    />
  );
}

type Adoption = keyof typeof texts.adopts;

function WillAndWillNot({ app, adoption, steps }: { app: App; adoption: Adoption; steps: readonly Step[] }) {
  const { triggers, deactivationLimit } = app;
  const names = Object.keys(triggers) as (keyof typeof triggers)[];
  const granted = steps.find(({ name }) => name === 'policies')?.state === 'done';
  const will = [
    ...names.filter((name) => triggers[name]).map((name) => appTexts.triggerOn[name]),
    ...(triggers.create ? [texts.creates, texts.adopts[adoption]] : []),
    texts.guard(deactivationLimit.count),
  ];
  const willNot = [
    ...(granted ? [] : [texts.nobody]),
    ...names.filter((name) => !triggers[name]).map((name) => appTexts.triggerOff[name]),
    texts.unmapped,
    texts.leaversOnly,
  ];
  return (
    <div className={classes['lists']}>
      {(
        [
          [texts.will, will],
          [texts.willNot, willNot],
        ] as const
      ).map(([title, lines]) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
