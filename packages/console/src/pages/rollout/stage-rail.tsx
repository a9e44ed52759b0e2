import { IconCheck, IconCircleDashed, IconLoader, IconPlayerPause } from '@tabler/icons-react';
import { Time } from '../../parts/time.tsx';
import { useNow } from '../../session/now.ts';
import { number } from '../../texts/format.ts';
import { rolloutTexts as texts } from '../../texts/rollout.ts';
import classes from './rollout.module.css';
import type { Rollout } from './rollout-queries.ts';

type Stage = Rollout['stages'][number];
type StageState = 'done' | 'here' | 'still' | 'ahead';

const MARKS = { done: IconCheck, here: IconLoader, still: IconPlayerPause, ahead: IconCircleDashed };
const PARTS = ['done', 'pending', 'retrying', 'held', 'waiting', 'failed', 'failedBefore'] as const;

function stateOf(rollout: Rollout, stage: Stage): StageState {
  if (rollout.state === 'completed') return 'done';
  if (stage.startedAt === null) return 'ahead';
  if (stage.ordinal < rollout.stage) return 'done';
  return rollout.state === 'running' ? 'here' : 'still';
}

/** The stages in their order, each with its people, its clock and its trouble. `readAtMs`: when the server said so. */
export function StageRail({ rollout, readAtMs }: { rollout: Rollout; readAtMs: number }) {
  return (
    <ol className={classes['rail']} aria-label={texts.title}>
      {rollout.stages.map((stage) => {
        const state = stateOf(rollout, stage);
        const Mark = MARKS[state];
        return (
          <li
            key={stage.ordinal}
            className={classes['stage']}
            data-state={state}
            aria-current={state === 'here' || state === 'still' ? 'step' : undefined}
          >
            <span className={classes['mark']} data-state={state}>
              <Mark size={14} aria-hidden />
            </span>
            <p className={classes['name']}>{stage.name}</p>
            {stage.startedAt === null ? (
              <p className="dim" style={{ margin: 0 }}>
                {texts.notBegun}
              </p>
            ) : (
              <StageBody rollout={rollout} stage={stage} readAtMs={readAtMs} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

function StageBody({ rollout, stage, readAtMs }: { rollout: Rollout; stage: Stage; readAtMs: number }) {
  const { work, startedAt, startedBy, latency, changedAttributes } = stage;
  const others = PARTS.filter((part) => part !== 'done' && work[part] > 0);
  return (
    <div className={classes['lines']}>
      <div className={classes['bar']} aria-hidden>
        {PARTS.map((part) =>
          work[part] === 0 ? null : (
            <span key={part} data-work={part} style={{ width: `${(work[part] / Math.max(1, work.reached)) * 100}%` }} />
          ),
        )}
      </div>
      <p>{texts.of(work.done, work.reached)}</p>
      {others.length > 0 ? (
        <p className="dim">{others.map((part) => `${number(work[part])} ${texts.work[part]}`).join(', ')}</p>
      ) : null}
      <Soak rollout={rollout} stage={stage} readAtMs={readAtMs} />
      {latency.p50Ms !== null && latency.p95Ms !== null ? (
        <p className="dim">{texts.latency(Math.round(latency.p50Ms), Math.round(latency.p95Ms))}</p>
      ) : null}
      {changedAttributes.length > 0 ? (
        <details>
          <summary>{texts.changedAttributes}</summary>
          {changedAttributes.map(({ path, count }) => (
            <p key={path}>
              {path}: {number(count)}
            </p>
          ))}
        </details>
      ) : null}
      {startedAt ? (
        <p className="dim">
          {texts.begun} <Time at={startedAt} />
          {startedBy ? ` ${texts.by(startedBy)}` : ''}
        </p>
      ) : null}
      {stage.overrideReason ? (
        <p>
          {texts.overridden}: {stage.overrideReason}
        </p>
      ) : null}
    </div>
  );
}

/** The server says how long is left; here the time only goes on. */
function Soak({ rollout, stage, readAtMs }: { rollout: Rollout; stage: Stage; readAtMs: number }) {
  const now = useNow();
  if (stage.soakLeftMs === null || stage.ordinal !== rollout.stage) {
    return stage.soakedMs > 0 ? <p className="dim">{texts.soaked(stage.soakedMs)}</p> : null;
  }
  const runs = rollout.state === 'running' && rollout.phase !== 'working';
  const left = Math.max(0, stage.soakLeftMs - (runs ? Math.max(0, now.getTime() - readAtMs) : 0));
  return <p>{left === 0 ? texts.soakOver : texts.soakLeft(left)}</p>;
}
