import type { Rollout, Stage } from './rollout.ts';

/** How far the work of one stage is, each of its users counted once. */
export interface StageWork {
  reached: number;
  /** Worked, and in order. */
  done: number;
  /** On their way: not worked since they were reached. */
  pending: number;
  /** Failed, and tried again. */
  retrying: number;
  /** Needs a person, through this version; also what failed three times and is tried again. */
  failed: number;
  /** Stopped by a guard. */
  held: number;
  /** Nothing is sent on purpose: a trigger, a policy, no grant. No failure, and nothing to wait for. */
  waiting: number;
  /** Parked before this version came, and still for the same reason. */
  failedBefore: number;
}

export const NO_WORK: StageWork = {
  reached: 0,
  done: 0,
  pending: 0,
  retrying: 0,
  failed: 0,
  held: 0,
  waiting: 0,
  failedBefore: 0,
};

export const GATES = ['readiness', 'work', 'soak', 'failures', 'holds'] as const;
export type GateName = (typeof GATES)[number];

export interface Gate {
  gate: GateName;
  open: boolean;
  /** What it sees, in words. */
  message: string;
  /** What opens it; null when it is open. */
  fix: string | null;
}

/** What stands in the way of readiness, as the check of the app's pieces found it. */
export interface Blocker {
  piece: string;
  problem: string;
  fix: string;
}

export interface GateFacts {
  work: StageWork;
  /** How long the stage was watched until now. */
  soakedMs: number;
  blockers: readonly Blocker[];
}

/** The gates between a stage and the next one, or between the last stage and the end. Pure. */
export function checkGates(
  { settings }: Pick<Rollout, 'settings'>,
  stage: Pick<Stage, 'kind'>,
  facts: GateFacts,
): Gate[] {
  const { work } = facts;
  const onTheWay = work.pending + work.retrying;
  const share = failureShare(work);
  const { percent } = settings.failureLimit;
  const soakMs = settings.soakHours * 3_600_000;
  const leftMs = Math.max(0, soakMs - facts.soakedMs);
  return [
    readinessGate(facts.blockers),
    gate(
      'work',
      onTheWay === 0 && (work.reached > 0 || stage.kind !== 'pilot'),
      work.reached === 0 ? 'Nobody was reached' : `${work.reached - onTheWay} of ${work.reached} users are worked`,
      work.reached === 0 ? 'Name somebody in the pilot who is granted the app.' : 'Wait until they all are.',
    ),
    gate(
      'soak',
      leftMs === 0,
      leftMs === 0 ? `Watched for ${describeHours(facts.soakedMs)}` : `${describeHours(leftMs)} of watching are left`,
      'Wait, and watch the log meanwhile.',
    ),
    gate(
      'failures',
      share <= percent,
      `${work.failed} failed of ${workedOf(work)} (${formatPercent(share)} %, ${formatPercent(percent)} % are allowed)`,
      'Look at the failures, correct their cause, and retry them.',
    ),
    gate(
      'holds',
      work.held === 0,
      work.held === 0 ? 'Nothing is held' : `${work.held} ${work.held === 1 ? 'change is' : 'changes are'} held`,
      'Release or reject the holds.',
    ),
  ];
}

export function readinessGate(blockers: readonly Blocker[]): Gate {
  const message = blockers.length === 0 ? 'Every piece is ready' : blockers.map(describeBlocker).join('; ');
  return gate('readiness', blockers.length === 0, message, blockers.map(({ fix }) => fix).join(' '));
}

function describeBlocker({ piece, problem }: Blocker): string {
  return `${piece}: ${problem}`;
}

/** Whether the failures of a stage pass its limit: more than the number, and more than the share of what was worked. */
export function isOverFailureLimit({ settings }: Pick<Rollout, 'settings'>, work: StageWork): boolean {
  const { count, percent } = settings.failureLimit;
  return work.failed > count && failureShare(work) > percent;
}

/** How many more failures in a row, with nothing else worked, would pass the limit. At least one, for it is not passed yet. */
export function countFailuresLeft({ settings }: Pick<Rollout, 'settings'>, work: StageWork): number {
  const { count, percent } = settings.failureLimit;
  if (percent >= 100) return Number.POSITIVE_INFINITY;
  const share = percent / 100;
  const byShare = (share * workedOf(work) - work.failed) / (1 - share);
  return Math.max(1, Math.floor(Math.max(count - work.failed, byShare)) + 1);
}

/** Failures among those whose outcome is known, in percent. */
function failureShare(work: StageWork): number {
  const worked = workedOf(work);
  return worked === 0 ? 0 : (100 * work.failed) / worked;
}

function workedOf({ done, failed, held, waiting }: StageWork): number {
  return done + failed + held + waiting;
}

function gate(name: GateName, open: boolean, message: string, fix: string): Gate {
  return { gate: name, open, message, fix: open ? null : fix };
}

function formatPercent(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function describeHours(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 60) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  const hours = Math.round(minutes / 6) / 10;
  return `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}
