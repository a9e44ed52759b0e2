import { findGuards } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import type { PoolClient } from '../db/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import {
  APPROVAL_GUARD,
  type ApprovalRule,
  checkApprover,
  findApproval,
  type GuardSettings,
  UNLINKED_GUARD,
} from '../guards/index.ts';
import { markUsers } from '../marking/index.ts';
import { type FieldProblem, Refusal, refuseField } from '../refusal.ts';
import {
  decideHolds,
  findHold,
  type HoldUnderDecision,
  type HoldView,
  listOpenHoldIds,
  listUnderDecision,
  type OpenHolds,
  snoozeHoldRow,
} from './sql/holds.ts';

export interface HoldDecision {
  state: 'released' | 'rejected';
  note: string | null;
}

/** Which open holds of an app are decided, and how many the person saw. */
export interface HoldsWanted extends OpenHolds {
  /** Refused where others came meanwhile: nobody decides what they have not seen. */
  expected?: number | undefined;
}

export interface HoldsDecided {
  decided: number;
  /** Left open: somebody else must agree to these. */
  refused: { holds: number; who: string }[];
}

/** Decides one open hold. A released change is planned anew and sent only if it is still the same. */
export async function decideHold(ground: Ground, actor: Actor, id: number, decision: HoldDecision): Promise<HoldView> {
  const { decided, refused } = await inTransaction(ground.pool, (db) => decideAll(db, ground, actor, [id], decision));
  const hold = await findHold(ground.pool, id);
  if (!hold) throw new Refusal('not_found', `There is no hold ${id}`);
  const [other] = refused;
  if (other) throw refuseApprover([other]);
  if (decided === 0) {
    const by = hold.decidedBy ? ` by ${hold.decidedBy}` : '';
    throw new Refusal('conflict', `Hold ${id} is ${hold.state}${by} already: only an open hold can be decided`);
  }
  return hold;
}

const DAY_MS = 86_400_000;
/** A hold may leave a leaver inside: nobody is left without a word of it for longer. */
const LONGEST_SNOOZE_DAYS = 7;

/** Leaves an open hold as it is, and reminds nobody of it before `until`. */
export async function snoozeHold(
  ground: Ground,
  actor: Actor,
  id: number,
  { until, note }: { until: Date; note: string | null },
): Promise<HoldView> {
  const now = ground.clock.now();
  const days = (until.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0 || days > LONGEST_SNOOZE_DAYS) {
    const problem = days <= 0 ? 'is over already' : `is further away than ${LONGEST_SNOOZE_DAYS} days`;
    const fix = `Give a time within the next ${LONGEST_SNOOZE_DAYS} days.`;
    throw refuseField('invalid_value', 'until', problem, fix);
  }
  await inTransaction(ground.pool, async (db) => {
    const snoozed = await snoozeHoldRow(db, id, until);
    if (!snoozed) return;
    const { app_id: appId, user_id: userId } = snoozed;
    const entry = { action: 'hold.snoozed', entityKind: 'hold', entityId: String(id), appId, userId };
    await writeAudit(db, now, actor, [{ ...entry, after: { until }, reason: note ?? undefined }]);
  });
  const hold = await findHold(ground.pool, id);
  if (!hold) throw new Refusal('not_found', `There is no hold ${id}`);
  if (hold.state !== 'open')
    throw new Refusal('conflict', `Hold ${id} is ${hold.state}: nobody is reminded of it any more`);
  return hold;
}

/** Decides every open hold of an app, or those of one guard, cause or operation. What asks for somebody else stays open. */
export async function decideHoldsOfApp(
  ground: Ground,
  actor: Actor,
  appId: number,
  wanted: HoldsWanted | undefined,
  decision: HoldDecision,
): Promise<HoldsDecided> {
  const result = await inTransaction(ground.pool, async (db) => {
    const { expected, ...filter } = wanted ?? {};
    const ids = await listOpenHoldIds(db, appId, filter);
    if (expected !== undefined && expected !== ids.length) throw refuseOthers(ids.length, expected);
    return decideAll(db, ground, actor, ids, decision);
  });
  if (result.decided === 0 && result.refused.length > 0) throw refuseApprover(result.refused);
  return result;
}

function refuseOthers(open: number, expected: number): Refusal {
  const problem = `is ${expected}, and ${open} are open now`;
  return new Refusal('conflict', `Nothing was decided: ${open} holds are open and ${expected} were expected.`, [
    { field: 'expected', problem, fix: 'Look at the holds again, and decide those.' },
  ]);
}

function refuseApprover(refused: HoldsDecided['refused']): Refusal {
  const problems: FieldProblem[] = refused.map(({ holds, who }) => ({
    field: 'hold',
    problem: `${holds === 1 ? 'asks' : `${holds} ask`} for the word of ${who}`,
    fix: 'Let them release it, or change who may approve in the guards of the app.',
  }));
  return new Refusal(
    'forbidden',
    `Not released: it asks for the word of ${refused.map(({ who }) => who).join('; ')}.`,
    problems,
  );
}

async function decideAll(
  db: PoolClient,
  ground: Ground,
  actor: Actor,
  ids: number[],
  decision: HoldDecision,
): Promise<HoldsDecided> {
  const now = ground.clock.now();
  // Whoever refuses a change leaves everything as it is, which needs nobody's word.
  const { allowed, refused } =
    decision.state === 'rejected' ? { allowed: ids, refused: [] } : await sortByApprover(db, actor, ids);
  const decided = await decideHolds(db, allowed, { ...decision, now, by: actor.name });
  const entries = decided.map(({ id, appId, userId, guard }) => ({
    action: `hold.${decision.state}`,
    entityKind: 'hold',
    entityId: String(id),
    appId,
    userId,
    before: { state: 'open', guard },
    after: { state: decision.state },
    reason: decision.note ?? undefined,
  }));
  await writeAudit(db, now, actor, entries);
  await markUsers(db, now, [...new Set(decided.map(({ userId }) => userId))]);
  return { decided: decided.length, refused };
}

/** Which of these holds the actor may release, by the rules of their apps as they are now. */
async function sortByApprover(
  db: PoolClient,
  actor: Actor,
  ids: number[],
): Promise<{ allowed: number[]; refused: HoldsDecided['refused'] }> {
  const guards = new Map<number, GuardSettings>();
  const allowed: number[] = [];
  const refused = new Map<string, number>();
  for (const hold of await listUnderDecision(db, ids)) {
    const settings = guards.get(hold.appId) ?? (await findGuards(db, hold.appId));
    guards.set(hold.appId, settings);
    const who = findMissingApprover(settings, actor, hold);
    if (who === undefined) allowed.push(hold.id);
    else refused.set(who, (refused.get(who) ?? 0) + 1);
  }
  return { allowed, refused: [...refused].map(([who, holds]) => ({ who, holds })) };
}

/** Whose word a hold asks for, if not this actor's. */
function findMissingApprover(settings: GuardSettings, actor: Actor, hold: HoldUnderDecision): string | undefined {
  // A leaver's unlinked account is deactivated by the release itself, with no guard after it.
  if (hold.guard !== APPROVAL_GUARD && hold.guard !== UNLINKED_GUARD) return undefined;
  const rule = findApproval(settings, hold.operation as ApprovalRule['operation']);
  if (!rule) return undefined;
  const names = (...values: (string | null)[]) => values.filter((value) => value !== null);
  const user = {
    names: names(hold.username, hold.email),
    managerNames: names(hold.managerUsername, hold.managerEmail),
  };
  const verdict = checkApprover(rule, { name: actor.name, isPerson: actor.kind === 'person' }, user);
  return verdict.ok ? undefined : verdict.who;
}
