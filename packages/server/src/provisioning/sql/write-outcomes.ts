import { inTransaction, type Pool, type Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import { LeaseLostError } from '../lease-lost-error.ts';
import type { NewHold, Outcome } from '../outcome.ts';

interface PumpIdentity {
  appId: number;
  epoch: number;
  now: Date;
}

const COLUMNS = [
  ['user_id', 'uuid'],
  ['kind', 'text'],
  ['rev', 'bigint'],
  ['done', 'bool'],
  ['next_due_at', 'timestamptz'],
  ['attempts', 'smallint'],
  ['read_first', 'bool'],
  ['has_link', 'bool'],
  ['remote_id', 'text'],
  ['account_state', 'text'],
  ['version', 'int'],
  ['applied', 'json'],
  ['observed', 'json'],
  ['observed_version', 'text'],
  ['remote_username', 'text'],
  ['standing', 'text'],
  ['reason', 'json'],
  ['open_request_id', 'uuid'],
  ['open_request_created_at', 'timestamptz'],
  ['delete_at', 'timestamptz'],
  ['recreated_at', 'timestamptz'],
  ['linked_at', 'timestamptz'],
  ['unverified', 'bool'],
  ['request_id', 'uuid'],
  ['request_created_at', 'timestamptz'],
  ['operation', 'text'],
  ['state', 'text'],
  ['cause', 'text'],
  ['request_version', 'int'],
  ['changes', 'json'],
  ['retry_at', 'timestamptz'],
  ['parent_id', 'uuid'],
  ['attempt', 'smallint'],
  ['message', 'text'],
  ['exchanges', 'json'],
] as const;

function toRow(outcome: Outcome): unknown[] {
  const { link, request, log } = outcome;
  return [
    outcome.userId,
    outcome.kind,
    outcome.claimedRev,
    outcome.done,
    outcome.nextDueAt,
    outcome.attempts,
    outcome.readFirst,
    link !== null,
    link?.remoteId,
    link?.accountState,
    link?.version,
    link?.applied !== undefined ? JSON.stringify(link.applied) : null,
    link?.observed !== undefined ? JSON.stringify(link.observed) : null,
    link?.observedVersion,
    link?.remoteUsername,
    link?.standing,
    link?.reason && JSON.stringify(link.reason),
    link?.openRequest?.id,
    link?.openRequest?.createdAt,
    link?.deleteAt,
    link?.recreatedAt,
    link?.linkedAt,
    link?.unverified ?? false,
    request?.id,
    request?.createdAt,
    request?.operation,
    request?.state,
    request?.cause,
    request?.version,
    request?.changes && JSON.stringify(request.changes),
    request?.retryAt,
    request?.parentId,
    log?.attempt,
    log?.message,
    log?.exchanges,
  ];
}

/** Parameters before the rows: app, epoch, now. */
const FIRST = 3;

function values(rows: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const cells = COLUMNS.map(([, type], column) => {
      const parameter = `$${FIRST + row * COLUMNS.length + column + 1}`;
      return row === 0 ? `${parameter}::${type}` : parameter;
    });
    return `(${cells.join(', ')})`;
  }).join(', ');
}

/*
 * Everything an outcome means, in one commit: the schedule, the link, the request, the log. The lease row is locked
 * for share, so that a takeover waits for this commit or this commit sees the takeover. A revision raised during the
 * call leaves the link due. SQL's null keeps a snapshot, JSON's null empties it. JSON goes through multi-row VALUES, the cheapest way in by a factor of three.
 */
const OUTCOMES = (rows: number) => `
with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $2 for share),
o as materialized (
  select o.* from (values ${values(rows)}) o (${COLUMNS.map(([name]) => name).join(', ')}), lease
),
schedule as (
  update link_schedule s
  set done_rev = case when o.done then o.rev else s.done_rev end,
      next_due_at = case when o.done and s.wanted_rev > o.rev then least(s.next_due_at, $3) else o.next_due_at end,
      urgency = case when s.wanted_rev > o.rev or not o.done then s.urgency else 2 end,
      attempts = o.attempts, read_first = o.read_first
  from o where s.app_id = $1 and s.user_id = o.user_id
  returning 1
),
link as (
  insert into account_link as l
    (app_id, user_id, remote_id, account_state, version, applied, observed, observed_version, remote_username, standing,
     reason, request_id, request_created_at, delete_at, recreated_at, linked_at, unverified, updated_at)
  select $1, user_id, remote_id, account_state, version, applied, observed, observed_version, remote_username, standing,
    reason, open_request_id, open_request_created_at, delete_at, recreated_at, linked_at, unverified, $3
  from o where has_link
  on conflict (app_id, user_id) do update
  set remote_id = excluded.remote_id, account_state = excluded.account_state, version = excluded.version,
      applied = coalesce(excluded.applied, l.applied), observed = coalesce(excluded.observed, l.observed),
      observed_version = excluded.observed_version, remote_username = excluded.remote_username,
      standing = excluded.standing, reason = excluded.reason, request_id = excluded.request_id,
      request_created_at = excluded.request_created_at, delete_at = excluded.delete_at,
      recreated_at = excluded.recreated_at, linked_at = excluded.linked_at, unverified = excluded.unverified,
      updated_at = excluded.updated_at
  returning 1
),
request as (
  insert into provisioning_request as r
    (id, created_at, app_id, user_id, operation, state, cause, version, attempts, changes, outcome, reason_code, reason,
     next_step, retry_at, parent_id, completed_at)
  select request_id, request_created_at, $1, user_id, operation, state, cause, request_version, coalesce(attempt, 0),
    changes, kind, reason ->> 'code', reason ->> 'message', reason ->> 'nextStep', retry_at,
    parent_id, case when state in ('Completed', 'Failed') then $3::timestamptz end
  from o where request_id is not null
  on conflict (id, created_at) do update
  set state = excluded.state, operation = excluded.operation, changes = coalesce(excluded.changes, r.changes),
      outcome = excluded.outcome, reason_code = excluded.reason_code, reason = excluded.reason,
      next_step = excluded.next_step, retry_at = excluded.retry_at, completed_at = excluded.completed_at,
      attempts = excluded.attempts
  returning 1
),
log as (
  insert into provisioning_log
    (at, app_id, user_id, request_id, attempt, operation, outcome, reason_code, message, next_step, exchanges)
  select $3, $1, user_id, request_id, attempt, operation, kind, reason ->> 'code', message, reason ->> 'nextStep', exchanges
  from o where request_id is not null and message is not null
  returning 1
)
select (select count(*) from schedule)::int as written, case when exists (select 1 from log) then pg_notify('usher_log', '') end`;

const BATCH_SIZES = [64, 32, 16, 8, 4, 2, 1];
const STATEMENTS = new Map(
  BATCH_SIZES.map((size) => [size, statement<{ written: number }>(`write-outcomes-${size}`, OUTCOMES(size))]),
);

const TOLD = statement<{ request_id: string }>(
  'outcomes-told',
  'select request_id from provisioning_log where request_id = any ($1::uuid[]) and at = $2',
);

/**
 * The outcomes for another try after one whose answer was lost: it may have been committed, and no line of the log is
 * to be there twice. Everything else of an outcome may be written again.
 */
export async function withoutToldLines(db: Queryable, { now }: PumpIdentity, outcomes: Outcome[]): Promise<Outcome[]> {
  const rows = await TOLD.rows(db, [outcomes.flatMap((outcome) => outcome.request?.id ?? []), now]);
  const told = new Set(rows.map((row) => row.request_id));
  return outcomes.map((outcome) => (told.has(outcome.request?.id ?? '') ? { ...outcome, log: null } : outcome));
}

/** Writes outcomes in as few commits as their number needs. Throws {@link LeaseLostError} when the lease is lost. */
export async function writeOutcomes(db: Queryable, pump: PumpIdentity, outcomes: Outcome[]): Promise<void> {
  // In the order of the key, as marking locks them.
  let rest = [...outcomes].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  while (rest.length > 0) {
    const size = BATCH_SIZES.find((candidate) => candidate <= rest.length) ?? 1;
    const batch = rest.slice(0, size);
    rest = rest.slice(size);
    const parameters = [pump.appId, pump.epoch, pump.now, ...batch.flatMap(toRow)];
    const row = await STATEMENTS.get(size)?.find(db, parameters);
    if (row?.written !== size) throw new LeaseLostError(pump.appId);
  }
}

const SETTLE = statement<{ written: number }>(
  'settle-links',
  `with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $2 for share),
   settled as (
     update link_schedule s
     set done_rev = o.rev,
         next_due_at = case when s.wanted_rev > o.rev then least(s.next_due_at, $3) else o.next_due_at end,
         urgency = case when s.wanted_rev > o.rev then s.urgency else 2 end,
         attempts = 0, read_first = false
     from unnest($4::uuid[], $5::bigint[], $6::timestamptz[]) as o (user_id, rev, next_due_at), lease
     where s.app_id = $1 and s.user_id = o.user_id
     returning 1
   )
   select count(*)::int as written from settled`,
);

/** Links that are as desired already and were before: nothing but their schedule is written. */
export async function settleLinks(
  db: Queryable,
  pump: PumpIdentity,
  links: { userId: string; claimedRev: number; wakeAt: Date | null }[],
): Promise<void> {
  if (links.length === 0) return;
  links.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const row = await SETTLE.find(db, [
    pump.appId,
    pump.epoch,
    pump.now,
    links.map((link) => link.userId),
    links.map((link) => link.claimedRev),
    links.map((link) => link.wakeAt),
  ]);
  if (row?.written !== links.length) throw new LeaseLostError(pump.appId);
}

const INSERT_HOLDS = statement(
  'insert-holds',
  `insert into hold (app_id, user_id, guard, operation, change_hash, reason, changes, request_id, request_created_at,
     opened_at, next_alert_at)
   select $1, h."userId", h.guard, h.operation, h.hash, h.reason, h.changes, h."requestId", h."requestCreatedAt", $2, $2
   from json_to_recordset($3) as h ("userId" uuid, guard text, operation text, hash text, reason text, changes json,
     "requestId" uuid, "requestCreatedAt" timestamptz)`,
);
const CLOSE_HOLDS = statement(
  'close-holds',
  `update hold set state = 'closed', decided_at = $2, note = coalesce(note, $3)
   where id = any ($1::bigint[]) and state in ('open', 'released', 'rejected')`,
);

/** Outcomes whose changes a guard holds, with their holds, in one commit. */
export async function writeHolds(
  pool: Pool,
  pump: PumpIdentity,
  held: { outcomes: Outcome[]; holds: NewHold[]; closedHoldIds: number[] },
): Promise<void> {
  await inTransaction(pool, async (db) => {
    await writeOutcomes(db, pump, held.outcomes);
    if (held.closedHoldIds.length > 0) {
      await CLOSE_HOLDS.run(db, [held.closedHoldIds, pump.now, 'The change is no longer the one that was held']);
    }
    if (held.holds.length > 0) await INSERT_HOLDS.run(db, [pump.appId, pump.now, JSON.stringify(held.holds)]);
  });
}

/** Holds whose cause has vanished close themselves. */
export async function closeHolds(db: Queryable, ids: number[], now: Date): Promise<void> {
  if (ids.length > 0) await CLOSE_HOLDS.run(db, [ids, now, 'The cause of the hold has vanished']);
}
