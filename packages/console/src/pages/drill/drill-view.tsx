import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed, IconLoader, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { type Exchange, ExchangeView } from '../../parts/exchange.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { StatePill, TonePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { drillTexts as texts } from '../../texts/drill.ts';
import classes from './drill.module.css';

type Drill = Answer<'/api/v1/apps/{app}/drills/{drill}'>;

const EVERY_MS = 1_500;
export const WORKING = new Set(['waiting', 'running']);

/** One drill, step by step with its evidence. */
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
