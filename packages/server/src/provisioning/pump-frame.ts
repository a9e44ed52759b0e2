import type { AppRuntime } from '../apps/index.ts';
import { isCommitOutcomeUnknown, isRetryable, isSerializationFailure } from '../db/sqlstate.ts';
import type { LeaseDeadline } from './lease-deadline.ts';
import type { LinksInHand } from './links-in-hand.ts';
import type { PumpGround } from './pump-ground.ts';
import type { Lease } from './sql/lease.ts';

/** A connection may be cut without a word: what has no answer by then never gets one, and a fresh pump asks anew. */
const ANSWER_LIMIT_MS = 20_000;
const MOST_LOST_DEADLOCKS = 5;
/** Why a wait ends that is needed no more. Of its own, since the usual reason is an error made anew with its stack. */
export const NEEDLESS = 'The wait is needed no more';

/** What the stages of one pump share. */
export interface PumpFrame {
  readonly ground: PumpGround;
  readonly lease: Lease;
  readonly deadline: LeaseDeadline;
  readonly hand: LinksInHand;
  /** Replaced when another revision of the app is in force. */
  readonly runtime: AppRuntime;
  /** Looks soon at what can begin now. */
  wake(): void;
  wakeIn(ms: number): void;
  /** Runs work in the background; work of the same name is never run beside itself. */
  begin(name: string, work: () => Promise<unknown>): void;
  /** So many changes need a person, or failed often: their rollout may be about to be halted. */
  countFailures(count: number): void;
  /** Ends the pump: nothing is lost, since all of it is still due. */
  fail(error: unknown, stage: string): void;
}

/** Whose statements these are: each names the epoch, so that a pump that has lost its lease writes nothing. */
export function signatureOf({ ground, lease }: PumpFrame): { appId: number; epoch: number; now: Date } {
  return { appId: lease.appId, epoch: lease.epoch, now: ground.clock.now() };
}

/**
 * Runs a statement that may be repeated: a deadlock with somebody's change undid it, or the database went away for a
 * moment. The lease says how long that can be borne; the epoch in every statement keeps a repeat from being late.
 */
export async function persist<T>(frame: PumpFrame, run: (again: boolean) => Promise<T>): Promise<T> {
  const { clock } = frame.ground;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withinLimit(frame, run(attempt > 1));
    } catch (error) {
      const passes = isRetryable(error) || isCommitOutcomeUnknown(error);
      const isBorne = isSerializationFailure(error) ? attempt < MOST_LOST_DEADLOCKS : frame.deadline.leftMs > 0;
      if (!passes || !isBorne) throw error;
      await clock.sleep(Math.min(50 * attempt, 500));
    }
  }
}

async function withinLimit<T>({ ground }: PumpFrame, answer: Promise<T>): Promise<T> {
  const answered = new AbortController();
  const late = ground.clock.sleep(ANSWER_LIMIT_MS, answered.signal).then(
    () => Promise.reject(new Error(`The database has not answered for ${ANSWER_LIMIT_MS} ms`)),
    () => answer,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort(NEEDLESS);
  }
}
