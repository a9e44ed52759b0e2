import { type AppCommand, type AppRuntime, changeApp } from '../apps/index.ts';
import { writeAudit } from '../audit/index.ts';
import type { PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markUsersOfApp } from '../marking/index.ts';
import {
  type Change,
  codeOfTriggerOff,
  REASON_CODES,
  type Reason,
  TRIGGER_EFFECTS,
  type TriggerName,
} from '../planning/index.ts';
import { Refusal } from '../refusal.ts';
import { planUndone } from './plan-undone.ts';
import {
  type DismissedLink,
  findDismissal,
  listUndoneRows,
  lockApplied,
  takeBackRow,
  wantAgain,
  writeApplied,
  writeDismissed,
} from './sql/undone.ts';

/** So many users are dismissed in one transaction, which locks their links. */
export const MOST_DISMISSED = 10_000;
const BATCH = 500;

export interface DismissalWanted {
  trigger: TriggerName;
  /** Undefined: everybody for whom it is undone. */
  userIds: string[] | undefined;
  reason: string;
}

export interface DismissalResult {
  dismissed: number;
  /** Users among those named for whom nothing of the kind is undone any more. */
  passedOver: number;
  /** There may be more than one request takes. */
  isComplete: boolean;
}

/**
 * Decides that what an off trigger left undone stays so. Of an update, the values that are wanted today become the
 * baseline: only what differs from them later is sent. Anything else is left until the user leaves or returns.
 */
export async function dismissUndone(
  ground: Ground,
  command: AppCommand,
  runtime: AppRuntime,
  { trigger, userIds, reason }: DismissalWanted,
): Promise<DismissalResult> {
  return changeApp(ground, command, async ({ db, app, now, author }) => {
    // Locked with the app: the trigger stays off, and no pump plans a call of the kind meanwhile.
    if (app.triggers[trigger]) throw refuseOn(app.name, trigger);
    if (app.revision !== runtime.app.revision) {
      throw new Refusal('conflict', `${app.name} was changed while this was looked at. Try again.`);
    }
    const result: DismissalResult = { dismissed: 0, passedOver: 0, isComplete: true };
    let after: string | undefined;
    for (let seen = 0; ; ) {
      const rows = await listUndoneRows(db, app.id, [codeOfTriggerOff(trigger)], { limit: BATCH, after, userIds });
      const ids = rows.map(({ userId }) => userId);
      const changes = await planUndone(db, { ...runtime, app }, ids, now);
      const links = ids.flatMap((userId) => toDismissed(userId, trigger, changes.get(userId)) ?? []);
      const written = await writeDismissed(db, app.id, links, { reason, now, by: author });
      await writeAudit(
        db,
        now,
        command.actor,
        written.map((userId) => ({
          action: 'link.dismissed',
          entityKind: 'link',
          entityId: `${app.name}/${userId}`,
          appId: app.id,
          userId,
          after: { operation: trigger },
          reason,
        })),
      );
      await markUsersOfApp(db, now, app.id, ids);
      result.dismissed += written.length;
      seen += rows.length;
      after = ids.at(-1);
      if (rows.length < BATCH) break;
      if (seen >= MOST_DISMISSED) {
        result.isComplete = false;
        break;
      }
    }
    result.passedOver = userIds ? new Set(userIds).size - result.dismissed : 0;
    return result;
  });
}

function refuseOn(app: string, trigger: TriggerName): Refusal {
  const problem = `is on: ${TRIGGER_EFFECTS[trigger].on.toLowerCase()}, and nothing is left undone`;
  return new Refusal('conflict', `The ${trigger} trigger of ${app} ${problem}.`, [
    { field: 'trigger', problem, fix: 'Turn it off first, or wait for what is under way.' },
  ]);
}

function toDismissed(userId: string, trigger: TriggerName, change: Change | undefined): DismissedLink | undefined {
  // The user has changed since: what is wanted now is planned by the pump.
  if (change?.operation !== trigger) return undefined;
  const { changes } = change;
  const base = { userId, operation: trigger, changes };
  if (trigger === 'update') return { ...base, applied: change.desired, dismissed: null, reason: null };
  return { ...base, applied: null, dismissed: trigger, reason: reasonOf(trigger) };
}

/** As the engine gives it when it plans the link again. */
export function reasonOf(operation: string): Reason {
  const nextStep = 'Nothing to do: it is looked at again when the user leaves or returns';
  return { code: 'dismissed', message: REASON_CODES.dismissed, nextStep, detail: `${operation} was dismissed` };
}

/** Takes a dismissal back: what it was about is wanted again, and sent when its trigger is on. */
export async function takeBackDismissal(ground: Ground, command: AppCommand, id: number): Promise<void> {
  await changeApp(ground, command, async ({ db, app, now, author }) => {
    const taken = await takeBackRow(db, app.id, id, { now, by: author });
    if (!taken) throw await refuseTakingBack(db, app, id);
    const { userId, operation, changes } = taken;
    if (operation === 'update') {
      const applied = { ...(await lockApplied(db, app.id, userId)) };
      for (const { path, before } of changes ?? []) {
        if (before === null) delete applied[path];
        else applied[path] = before;
      }
      await writeApplied(db, app.id, userId, applied, now);
    } else await wantAgain(db, app.id, userId, operation, now);
    await writeAudit(db, now, command.actor, [
      {
        action: 'link.dismissal_taken_back',
        entityKind: 'link',
        entityId: `${app.name}/${userId}`,
        appId: app.id,
        userId,
        before: { operation, dismissal: id },
      },
    ]);
    await markUsersOfApp(db, now, app.id, [userId]);
  });
}

async function refuseTakingBack(db: PoolClient, app: { id: number; name: string }, id: number): Promise<Refusal> {
  const found = await findDismissal(db, app.id, id);
  if (!found) return new Refusal('not_found', `${app.name} has no dismissal ${id}.`);
  return new Refusal('conflict', `Dismissal ${id} was taken back already, by ${found.undoneBy}.`);
}
