import { Button, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { downloadFile } from '../../parts/save-file.ts';
import { StatePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { shortPath } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { duration, number } from '../../texts/format.ts';
import { reasonText } from '../../texts/log.ts';
import { planTexts as texts } from '../../texts/mapping.ts';
import { operations } from '../../texts/states.ts';
import classes from './plan.module.css';
import { PlanChanges } from './plan-changes.tsx';

export type Plan = Answer<'/api/v1/apps/{app}/plans/{plan}'>;

const route = getRouteApi('/shell/apps/$app/plans/$plan');
const EVERY_MS = 1_000;
const WORKING = new Set(['waiting', 'running', 'applying']);

/** One plan: its headline, what must be looked at first, and everybody for whom something would happen. */
export function PlanPage() {
  const { app, plan: id } = route.useParams();
  const plan = useQuery({
    ...read('/api/v1/apps/{app}/plans/{plan}', { params: { path: { app, plan: id } } }),
    refetchInterval: ({ state }) => (state.data && !WORKING.has(state.data.state) ? false : EVERY_MS),
  });
  return (
    <>
      <div>
        <Link to="/apps/$app/plans" params={{ app }}>
          {texts.all}
        </Link>
      </div>
      <Loaded query={plan}>{(found) => <PlanView app={app} plan={found} />}</Loaded>
    </>
  );
}

function PlanView({ app, plan }: { app: string; plan: Plan }) {
  const working = WORKING.has(plan.state);
  return (
    <>
      <Panel
        title={plan.headline}
        beside={<StatePill family="plan" state={plan.state} />}
        actions={<PlanActs app={app} plan={plan} />}
      >
        <div className="stack">
          {working ? (
            <div>
              <Progress
                value={plan.progress.total === 0 ? 0 : (plan.progress.done / plan.progress.total) * 100}
                aria-label={texts.progress(plan.progress.done, plan.progress.total)}
              />
              <p className="dim" style={{ margin: '0.375rem 0 0' }}>
                {texts.progress(plan.progress.done, plan.progress.total)}. {texts.leavePage}
              </p>
            </div>
          ) : null}
          {plan.problem ? <Notice tone="bad">{plan.problem}</Notice> : null}
          {plan.applied ? <Notice tone="ok">{texts.applied(plan.applied.marked, plan.applied.leftOut)}</Notice> : null}
          {plan.guard.wouldHold ? (
            <Notice tone="held">{texts.guard(plan.guard.wanted, plan.guard.limit)}</Notice>
          ) : null}
          {plan.collisions.count > 0 ? <Collisions plan={plan} /> : null}
          <Counts app={app} plan={plan} />
          <p className="dim" style={{ margin: 0 }}>
            {texts.duration(duration(plan.duration.seconds * 1000), plan.duration.calls)}{' '}
            {texts.age(duration(plan.ageSeconds * 1000))}
          </p>
        </div>
      </Panel>
      {working ? null : <PlanChanges app={app} plan={plan} />}
    </>
  );
}

function Collisions({ plan: { collisions } }: { plan: Plan }) {
  return (
    <Notice tone="bad" title={texts.collisionsTitle}>
      <ul>
        {collisions.items.slice(0, 20).map(({ path, value, users }) => (
          <li key={`${path} ${value}`}>
            {shortPath(path)} {value}: {users.map(({ username }) => username).join(', ')}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Counts({ app, plan }: { app: string; plan: Plan }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/apps/$app/plans/$plan', params: { app, plan: plan.id }, search: change, replace: true });
  const groups = [
    [texts.byOperation, plan.byOperation, 'operation', (name: string) => operations[name] ?? name],
    [texts.byAttribute, plan.byAttribute, 'attribute', shortPath],
    [texts.byCause, plan.byCause, 'cause', reasonText],
  ] as const;
  return (
    <>
      <dl className={classes['figures']}>
        {(
          [
            [texts.counts.enters, plan.enters],
            [texts.counts.leaves, plan.leaves],
            [texts.counts.unchanged, plan.unchanged],
            [texts.counts.held, plan.held],
            [texts.counts.byConfiguration, plan.byConfiguration],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {groups.map(([title, counts, member, label]) =>
        Object.keys(counts).length === 0 ? null : (
          <div key={member} className={classes['counts']}>
            <span className="dim">{title}</span>
            {Object.entries(counts)
              .sort(([, a], [, b]) => b - a)
              .slice(0, 24)
              .map(([name, count]) => (
                <Button
                  key={name}
                  size="compact-xs"
                  variant={search[member] === name ? 'filled' : 'default'}
                  aria-pressed={search[member] === name}
                  onClick={() => set(search[member] === name ? {} : { [member]: name })}
                >
                  {label(name)} {number(count)}
                </Button>
              ))}
          </div>
        ),
      )}
    </>
  );
}

function PlanActs({ app, plan }: { app: string; plan: Plan }) {
  const { can } = useSession();
  const path = { params: { path: { app, plan: plan.id } } };
  const cancel = useAct(async () => api.POST('/api/v1/apps/{app}/plans/{plan}/cancel', path), {
    done: () => texts.cancelled,
  });
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  const save = (format: 'csv' | 'ndjson') => {
    const url = `/api/v1/apps/${encodeURIComponent(app)}/plans/${plan.id}/export?format=${format}`;
    downloadFile(url, `plan.${format}`);
  };
  const people = Object.values(plan.byOperation).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <ExportMenu lines="ndjson" onExport={save} />
      {can('apps:write') && (plan.state === 'waiting' || plan.state === 'running') ? (
        <Button size="xs" onClick={() => void cancel.run(undefined)} loading={cancel.busy}>
          {texts.cancel}
        </Button>
      ) : null}
      {can('apps:write') && plan.state === 'ready' ? (
        <ActButton
          label={texts.apply}
          size="xs"
          variant="filled"
          confirm={{
            title: texts.applyTitle,
            effect: texts.applyEffect(plan.headline),
            verb: texts.applyVerb(people),
            danger: true,
            reason: 'required',
            onConfirm: async (note) => {
              const call = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
              await call('/api/v1/apps/{app}/plans/{plan}/apply', {
                ...path,
                body: note === undefined ? {} : { note },
              });
              tellDone(texts.apply);
              await refresh.run(undefined);
            },
          }}
        />
      ) : null}
    </>
  );
}
