import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { read } from '../../api/read.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { number } from '../../texts/format.ts';
import { causeTexts, reasonText } from '../../texts/log.ts';
import { rolloutTexts } from '../../texts/rollout.ts';
import { operations } from '../../texts/states.ts';
import { rolloutQuery, rolloutsQuery } from '../rollout/rollout-queries.ts';
import { StageRail } from '../rollout/stage-rail.tsx';
import classes from './app-overview.module.css';
import { Grants } from './grants.tsx';
import { type App, useApp } from './use-app.ts';

const LiveCharts = lazy(() => import('./live-charts.tsx'));

/** How an app is doing now. */
export function AppOverview() {
  const app = useApp();
  const { can } = useSession();
  return (
    <>
      <Figures app={app} />
      <LiveRollout app={app} />
      {can('provisioning:read') ? (
        <Suspense fallback={<div className={classes['chartsPlace']} />}>
          <LiveCharts app={app.name} />
        </Suspense>
      ) : null}
      <div className={classes['columns']}>
        {can('provisioning:read') ? <Causes app={app} /> : null}
        <Grants app={app} />
      </div>
    </>
  );
}

const LIVING = new Set(['running', 'paused', 'halted']);
const ROLLOUT_EVERY_MS = 5_000;

/** How far the version is that is being brought to people. */
function LiveRollout({ app }: { app: App }) {
  const rollouts = useQuery({ ...rolloutsQuery(app.name), refetchInterval: ROLLOUT_EVERY_MS });
  const id = rollouts.data?.items.find(({ state, withoutRollout }) => LIVING.has(state) && withoutRollout === null)?.id;
  const rollout = useQuery({
    ...rolloutQuery(app.name, id ?? 0),
    refetchInterval: ROLLOUT_EVERY_MS,
    enabled: id !== undefined,
  });
  if (!rollout.data) return null;
  return (
    <Panel
      title={rolloutTexts.rolloutOf(rollout.data.version)}
      beside={<StatePill family="rollout" state={rollout.data.state} />}
      actions={
        <LinkButton
          to="/apps/$app/rollouts/$rollout"
          params={{ app: app.name, rollout: String(rollout.data.id) }}
          size="xs"
        >
          {rolloutTexts.open}
        </LinkButton>
      }
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{rollout.data.halt?.why ?? rollout.data.sentence}</p>
        <StageRail rollout={rollout.data} readAtMs={rollout.dataUpdatedAt} />
      </div>
    </Panel>
  );
}

function Figures({ app }: { app: App }) {
  const { counts } = app;
  const figures = [
    [texts.accounts, counts.active, undefined],
    [texts.due, counts.due, undefined],
    [texts.retrying, counts.retrying, undefined],
    [texts.held, counts.held, '/apps/$app/holds'],
    [texts.parked, counts.parked, '/apps/$app/log'],
  ] as const;
  return (
    <dl className={classes['figures']}>
      {figures.map(([name, value, to]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {to && value > 0 ? (
              <Link to={to} params={{ app: app.name }}>
                {number(value)}
              </Link>
            ) : (
              number(value)
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const WEEK_MS = 7 * 86_400_000;
const EVERY_MS = 10_000;

function Causes({ app }: { app: App }) {
  // The hour is enough: a new moment at each drawing would ask again and again.
  const from = useMemo(() => new Date(Math.floor((Date.now() - WEEK_MS) / 3_600_000) * 3_600_000).toISOString(), []);
  const causes = useQuery({
    ...read('/api/v1/requests/causes', { params: { query: { app: app.name, state: 'Failed', from } } }),
    refetchInterval: EVERY_MS,
  });
  return (
    <Panel title={texts.causes}>
      <Loaded query={causes}>
        {({ items }) =>
          items.length === 0 ? (
            <span className="dim">{texts.causesNone}</span>
          ) : (
            <ul className={classes['causes']}>
              {items.map(({ reasonCode, operation, users, lastAt }) => (
                <li key={`${reasonCode} ${operation}`}>
                  <Link to="/apps/$app/log" params={{ app: app.name }} search={{ cause: reasonCode, state: 'Failed' }}>
                    {causeTexts.headline(users, reasonText(reasonCode))}
                  </Link>
                  <span className="dim">
                    {operations[operation] ?? operation}, <Time at={lastAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
