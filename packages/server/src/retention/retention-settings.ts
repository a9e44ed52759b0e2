import { assertExpectedRevision, type ExpectedRevision } from '../assignments/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type Queryable } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { refuseField } from '../refusal.ts';
import { loadStored, lockStored, saveStored } from './sql/retention-rows.ts';

/** How long what was done is remembered. The audit is kept for ever. */
export interface RetentionSettings {
  /** Requests, their log, closed holds. */
  readonly days: number;
  /** The HTTP exchanges in the log; never longer than the log itself. */
  readonly bodyDays: number;
}

export interface StoredRetention extends RetentionSettings {
  readonly revision: number;
}

const SETTING = 'retention';
const BUILT_IN: StoredRetention = { days: 90, bodyDays: 90, revision: 0 };

export async function loadRetention(db: Queryable): Promise<StoredRetention> {
  return { ...BUILT_IN, ...((await loadStored(db, SETTING)) as Partial<StoredRetention> | undefined) };
}

/** Takes effect at the next daily run. */
export async function changeRetention(
  ground: Ground,
  actor: Actor,
  change: { expected: ExpectedRevision; settings: RetentionSettings },
): Promise<StoredRetention> {
  const { days, bodyDays } = change.settings;
  if (bodyDays > days) {
    const problem = `is ${bodyDays}, longer than the log that the bodies are in is kept (${days})`;
    throw refuseField('invalid_value', 'bodyDays', problem, `Give at most ${days}, or raise days.`);
  }
  return await inTransaction(ground.pool, async (tx) => {
    const now = ground.clock.now();
    await lockStored(tx, SETTING);
    const { revision, ...before } = await loadRetention(tx);
    assertExpectedRevision(change.expected, revision, 'The retention');
    if (before.days === days && before.bodyDays === bodyDays) return { ...before, revision };
    const after: StoredRetention = { days, bodyDays, revision: revision + 1 };
    await saveStored(tx, SETTING, after, now);
    await writeAudit(tx, now, actor, [
      { action: 'retention.changed', entityKind: 'retention', entityId: SETTING, before, after: { days, bodyDays } },
    ]);
    return after;
  });
}
