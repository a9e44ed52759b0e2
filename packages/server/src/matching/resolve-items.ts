import type { AppGround, ConnectedApp } from '../apps/index.ts';
import { findAppById } from '../apps/index.ts';
import { type Actor, type AuditEntry, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { markUsersOfApp } from '../marking/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { Category, Decision, ItemFilter, MatchingItem, MatchingReport, Resolution } from './matching-report.ts';
import { type DecidedItem, decideItems, findItem, lockItem, lockItems } from './sql/items.ts';
import { findUsername, heedAccounts, ignoreAccounts, type LinkedUser, linkAccounts } from './sql/linking.ts';
import { advanceResolution, finishResolution, insertResolution } from './sql/resolutions.ts';

const BATCH = 500;

export interface ItemDecision {
  decision: Decision | 'undecided';
  /** Whose the account is, where the report does not say or a person knows better. */
  userId?: string | undefined;
  note?: string | undefined;
}

type DecisionGround = Pick<AppGround, 'pool' | 'clock'>;

/** Decides one line; refused with the reason when it cannot be carried out. Nothing is written to the target. */
export async function resolveItem(
  ground: DecisionGround,
  actor: Actor,
  report: MatchingReport,
  itemId: number,
  { decision, userId, note }: ItemDecision,
): Promise<MatchingItem> {
  assertReady(report);
  const { pool, clock } = ground;
  await inTransaction(pool, async (db) => {
    const item = await lockItem(db, report.id, itemId);
    if (!item) throw new Refusal('not_found', `The report has no line ${itemId}.`);
    const app = await lockedApp(db, report);
    if (userId !== undefined && decision !== 'link') {
      throw refuseField('invalid_request', 'user', `does not go with "${decision}"`, 'Leave it out.');
    }
    const named = userId === undefined ? undefined : await nameUser(db, userId);
    const by: By = { actor, now: clock.now(), note: note ?? null, standing: 'any' };
    const [decided] = await decide(db, app, report, [named ? { ...item, ...named } : item], decision, by, named);
    if (decided?.refusal) {
      const fix = 'Look at the line again: the report may be older than the links.';
      throw new Refusal('conflict', `It cannot be done: ${decided.refusal}.`, [
        { field: 'decision', problem: decided.refusal, fix },
      ]);
    }
  });
  const after = await findItem(pool, report.id, itemId);
  if (!after) throw new Refusal('not_found', `The report has no line ${itemId} any more.`);
  return after;
}

async function nameUser(db: PoolClient, userId: string): Promise<{ userId: string; username: string }> {
  const username = await findUsername(db, userId);
  if (username !== undefined) return { userId, username };
  throw refuseField('invalid_value', 'user', 'does not exist, or was deleted', 'Give the id or Username of a user.');
}

async function lockedApp(db: PoolClient, report: MatchingReport): Promise<ConnectedApp> {
  const app = await findAppById(db, report.appId);
  if (!app) throw new Refusal('not_found', 'The app was deleted meanwhile.');
  if (app.baseUrl !== report.baseUrl || app.connector !== report.connector) {
    throw new Refusal('conflict', `${app.name} is at another target now than this report. Make a new one.`);
  }
  return app;
}

function assertReady({ state }: MatchingReport): void {
  if (state !== 'ready') throw new Refusal('conflict', `The report is ${state}. Wait until it is ready.`);
}

/** Asks for a decision on everything that a filter picks; a runner carries it out. */
export async function resolveByFilter(
  { pool, clock }: DecisionGround,
  actor: Actor,
  report: MatchingReport,
  request: { decision: Resolution['decision']; filter: ItemFilter; note?: string | undefined },
): Promise<string> {
  assertReady(report);
  const id = clock.uuid();
  const { decision, filter, note = null } = request;
  await inTransaction(pool, async (db) => {
    const now = clock.now();
    await insertResolution(db, { id, reportId: report.id, decision, filter, note, createdAt: now }, actor);
    await writeAudit(db, now, actor, [
      {
        ...{ action: 'matching.resolved', entityKind: 'app', entityId: String(report.appId), appId: report.appId },
        ...{ after: { report: report.id, decision, filter }, reason: note ?? undefined },
      },
    ]);
  });
  return id;
}

/** Carries out a decision in batches, each in one commit with how far it is. */
export async function runResolution(
  { pool, clock }: DecisionGround,
  report: MatchingReport,
  resolution: Resolution & { actor: Actor },
  signal: AbortSignal,
): Promise<void> {
  let after = resolution.atItem;
  for (;;) {
    if (signal.aborted) return;
    const isLast = await inTransaction(pool, async (db) => {
      const app = await lockedApp(db, report);
      const items = await lockItems(db, report.id, resolution.filter, { limit: BATCH, after });
      const { actor, note, filter } = resolution;
      const by: By = { actor, now: clock.now(), note, standing: filter.standing };
      const decided = await decide(db, app, report, items, resolution.decision, by);
      const refused = decided.filter(({ refusal }) => refusal !== null).length;
      after = items.at(-1)?.id ?? after;
      const step = { atItem: after, done: decided.length - refused, refused };
      return !(await advanceResolution(db, resolution.id, step)) || items.length < BATCH;
    });
    if (isLast) break;
  }
  await finishResolution(pool, resolution.id, { state: 'done', now: clock.now() });
}

interface By {
  actor: Actor;
  now: Date;
  note: string | null;
  /** Whose accounts may be linked though they shall have none: those of the one user that a person looks at, or of a standing that was named. */
  standing: 'any' | MatchingItem['standing'] | undefined;
}

async function decide(
  db: PoolClient,
  app: ConnectedApp,
  report: MatchingReport,
  items: readonly MatchingItem[],
  decision: Resolution['decision'],
  by: By,
  named?: { userId: string; username: string },
): Promise<DecidedItem[]> {
  const decided =
    decision === 'link'
      ? await link(db, app, report, items, by, named)
      : await setIgnored(db, app, items, decision === 'ignore', by);
  await decideItems(db, report.id, decided, { now: by.now, name: by.actor.name, note: by.note });
  return decided;
}

/** Links what can be linked, and marks the users of an app that works. */
async function link(
  db: PoolClient,
  app: ConnectedApp,
  report: MatchingReport,
  items: readonly MatchingItem[],
  by: By,
  named: { userId: string; username: string } | undefined,
): Promise<DecidedItem[]> {
  const refusals = new Map(items.map((item) => [item.id, whyNotLinked(item, named !== undefined, by.standing)]));
  const wanted = items.flatMap(({ id, remoteId, userId, accountName, active }) =>
    refusals.get(id) === undefined && remoteId !== null && userId !== null
      ? [{ item: id, remoteId, userId, accountName, active }]
      : [],
  );
  const results = new Map<string, LinkedUser>();
  for (const result of wanted.length > 0 ? await linkAccounts(db, app.id, wanted, by.now) : []) {
    results.set(result.userId, result);
  }
  const linked = wanted.filter(({ userId }) => results.get(userId)?.problem === null);
  await writeAudit(
    db,
    by.now,
    by.actor,
    linked.map((each) => describeLink(app, report, each, by)),
  );
  if (app.state !== 'draft' && linked.length > 0) {
    const userIds = linked.map(({ userId }) => userId);
    await markUsersOfApp(db, by.now, app.id, userIds);
  }
  return items.map((item) => {
    const refusal = refusals.get(item.id) ?? results.get(item.userId ?? '')?.problem ?? null;
    return {
      id: item.id,
      decision: refusal === null ? 'link' : item.decision,
      refusal,
      ...(refusal === null ? named : {}),
    };
  });
}

/** Why a line cannot be linked as it stands; undefined: it can be tried. */
function whyNotLinked(
  { category, remoteId, userId, linked, decision, standing }: MatchingItem,
  isNamed: boolean,
  allowed: By['standing'],
): string | undefined {
  if (remoteId === null || category === 'missing') return 'there is no account to link';
  if (linked && !isNamed) return 'it is linked already';
  if (decision === 'link' && !isNamed) return 'it was linked already';
  if (isNamed) return undefined;
  if (category === 'ambiguous') return 'it is ambiguous: name the user whose it is';
  if (category === 'duplicate') return 'the user has another account: name whom this one belongs to, or ignore it';
  if (userId === null) return 'nobody matches it: name the user whose it is';
  // A linked account of somebody who shall have none is taken away as soon as the app works.
  if (standing === 'entitled' || allowed === 'any' || allowed === standing) return undefined;
  return `the user shall have no account (${standing}), so that linking it would take it away: name that standing in the filter if it is wanted`;
}

function describeLink(
  app: ConnectedApp,
  report: MatchingReport,
  { userId, remoteId }: { userId: string; remoteId: string },
  { note }: By,
): AuditEntry {
  return {
    ...{ action: 'link.made', entityKind: 'link', entityId: `${app.name}/${userId}`, appId: app.id, userId },
    ...{ before: { remoteId: null }, after: { remoteId, report: report.id }, reason: note ?? undefined },
  };
}

/** The engine adopts a match by itself; only what it leaves alone can be left alone for good. */
const CAN_BE_IGNORED: readonly Category[] = ['orphaned', 'duplicate', 'ambiguous'];

async function setIgnored(
  db: PoolClient,
  app: ConnectedApp,
  items: readonly MatchingItem[],
  ignored: boolean,
  by: By,
): Promise<DecidedItem[]> {
  const able = items.filter(
    ({ category, decision, remoteId }) =>
      remoteId !== null && (ignored ? CAN_BE_IGNORED.includes(category) && decision !== 'link' : decision === 'ignore'),
  );
  const remoteIds = able.map(({ remoteId }) => remoteId as string);
  if (ignored) await ignoreAccounts(db, app.id, remoteIds, { now: by.now, name: by.actor.name, note: by.note });
  else await heedAccounts(db, app.id, remoteIds);
  const done = new Set(able);
  return items.map((item) => {
    if (done.has(item)) return { id: item.id, decision: ignored ? 'ignore' : null, refusal: null };
    return { id: item.id, decision: item.decision, refusal: ignored ? whyNotIgnored(item) : 'it is not ignored' };
  });
}

function whyNotIgnored({ category, decision }: MatchingItem): string {
  if (decision === 'link') return 'it was linked: unlink it first';
  if (category === 'missing') return 'there is no account to ignore';
  return 'it matches a user and is adopted when that user is provisioned: change the matching, or take the grant away';
}
