import { arrayLiteral, textArrayLiteral, timeArrayLiteral } from '../../db/array-literal.ts';
import { inTransaction, type Pool, type Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { PlannedChange } from '../../planning/index.ts';
import type { Exchange } from '../../transport/index.ts';
import { LeaseLostError } from '../lease-lost-error.ts';
import type { NewHold, Outcome } from '../outcome.ts';

interface PumpIdentity {
  appId: number;
  epoch: number;
  now: Date;
}

type Literal = (outcomes: readonly Outcome[]) => string;

const plain =
  (read: (outcome: Outcome) => string | number | boolean | null | undefined): Literal =>
  (outcomes) =>
    arrayLiteral(outcomes.map(read));
const text =
  (read: (outcome: Outcome) => string | null | undefined): Literal =>
  (outcomes) =>
    textArrayLiteral(outcomes.map(read));
const time =
  (read: (outcome: Outcome) => Date | null | undefined): Literal =>
  (outcomes) =>
    timeArrayLiteral(outcomes.map(read));

/** What is small goes in by columns, an array each: a parameter a value would cost either side more than the value. */
const COLUMNS: readonly [name: string, type: string, literal: Literal][] = [
  ['user_id', 'uuid', plain((o) => o.userId)],
  ['kind', 'text', text((o) => o.kind)],
  ['rev', 'bigint', plain((o) => o.claimedRev)],
  ['done', 'bool', plain((o) => o.done)],
  ['next_due_at', 'timestamptz', time((o) => o.nextDueAt)],
  ['attempts', 'smallint', plain((o) => o.attempts)],
  ['read_first', 'bool', plain((o) => o.readFirst)],
  ['has_link', 'bool', plain((o) => o.link !== null)],
  ['remote_id', 'text', text((o) => o.link?.remoteId)],
  ['account_state', 'text', text((o) => o.link?.accountState)],
  ['version', 'int', plain((o) => o.link?.version)],
  ['observed_version', 'text', text((o) => o.link?.observedVersion)],
  ['remote_username', 'text', text((o) => o.link?.remoteUsername)],
  ['standing', 'text', text((o) => o.link?.standing)],
  ['reason', 'json', text((o) => o.link?.reason && JSON.stringify(o.link.reason))],
  ['open_request_id', 'uuid', plain((o) => o.link?.openRequest?.id)],
  ['open_request_created_at', 'timestamptz', time((o) => o.link?.openRequest?.createdAt)],
  ['delete_at', 'timestamptz', time((o) => o.link?.deleteAt)],
  ['recreated_at', 'timestamptz', time((o) => o.link?.recreatedAt)],
  ['linked_at', 'timestamptz', time((o) => o.link?.linkedAt)],
  ['unverified', 'bool', plain((o) => o.link?.unverified ?? false)],
  ['request_id', 'uuid', plain((o) => o.request?.id)],
  ['request_created_at', 'timestamptz', time((o) => o.request?.createdAt)],
  ['operation', 'text', text((o) => o.request?.operation)],
  ['state', 'text', text((o) => o.request?.state)],
  ['cause', 'text', text((o) => o.request?.cause)],
  ['request_version', 'int', plain((o) => o.request?.version)],
  ['retry_at', 'timestamptz', time((o) => o.request?.retryAt)],
  ['parent_id', 'uuid', plain((o) => o.request?.parentId)],
  ['attempt', 'smallint', plain((o) => o.log?.attempt)],
  ['message', 'text', text((o) => o.log?.message)],
];

/** Documents go in by rows, the cheapest way for JSON by a factor of three. */
const DOCUMENTS = ['applied', 'observed', 'changes', 'exchanges', 'is_answer'] as const;

function toDocuments({ link, request, log }: Outcome): (string | boolean | null)[] {
  const applied = link?.applied === undefined ? null : JSON.stringify(link.applied);
  const observed = link?.observed === undefined ? null : JSON.stringify(link.observed);
  const exchanges = log?.exchanges ?? null;
  const shortened = exchanges && observed && withoutAnswer(exchanges, observed);
  const kept = shortened ?? exchanges;
  return [
    applied,
    observed,
    request?.changes ? formatChanges(request.changes) : null,
    kept && JSON.stringify(kept),
    Boolean(shortened),
  ];
}

/**
 * The exchanges without the body of the last answer, where that is the account as it is kept anyway: it goes to the
 * database once, and `listLogOfRequest` puts it back.
 */
function withoutAnswer(exchanges: readonly Exchange[], observed: string): Exchange[] | null {
  const last = exchanges.at(-1);
  if (last?.responseBody !== observed || last.error) return null;
  return [...exchanges.slice(0, -1), { ...last, responseBody: undefined }];
}

/** Changes of an account that had nothing are kept as its values alone; see `parseChanges`. */
function formatChanges(changes: readonly PlannedChange[]): string {
  const isNew = changes.length > 1 && changes.every(({ before }) => before === null);
  return JSON.stringify(isNew ? Object.fromEntries(changes.map(({ path, after }) => [path, after])) : changes);
}

/** Parameters before the documents: app, epoch, now, and a column each. */
const FIRST = 3 + COLUMNS.length;

function documents(rows: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const cells = DOCUMENTS.map((name, column) => {
      const parameter = `$${FIRST + row * DOCUMENTS.length + column + 1}`;
      return row > 0 ? parameter : `${parameter}::${name === 'is_answer' ? 'bool' : 'json'}`;
    });
    return `(${row + 1}, ${cells.join(', ')})`;
  }).join(', ');
}

/*
 * Everything an outcome means, in one commit: the schedule, the link, the request, the log. The lease row is locked
 * for share, so that a takeover waits for this commit or this commit sees the takeover. A revision raised during the
 * call leaves the link due. SQL's null keeps a snapshot, JSON's null empties it.
 */
const OUTCOMES = (rows: number) => `
with lease as materialized (select 1 from pump_lease where app_id = $1 and epoch = $2 for share),
o as materialized (
  select c.*, d.*
  from lease, unnest(${COLUMNS.map(([, type], column) => `$${column + 4}::${type}[]`).join(', ')})
      with ordinality c (${COLUMNS.map(([name]) => name).join(', ')}, place)
    join (values ${documents(rows)}) d (document_place, ${DOCUMENTS.join(', ')}) on d.document_place = c.place
  order by c.place
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
      -- What was dismissed stays so until something else comes of the link.
      dismissed = case when excluded.standing = 'retrying' or excluded.reason ->> 'code' = 'dismissed' then l.dismissed end,
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
    (at, app_id, user_id, request_id, attempt, operation, outcome, reason_code, message, next_step, exchanges, answer)
  select $3, $1, user_id, request_id, attempt, operation, kind, reason ->> 'code', message, reason ->> 'nextStep', exchanges, case when is_answer then observed end
  from o where request_id is not null and message is not null
  returning 1
)
select (select count(*) from schedule)::int as written, case when exists (select 1 from log) then pg_notify('usher_log', '') end`;

/** Rows of documents that a statement has; those it does not need are blank. */
const BATCH_SIZES = [1, 4, 16, 64];
const LARGEST_BATCH = 64;
const STATEMENTS = BATCH_SIZES.map((size) => ({
  size,
  statement: statement<{ written: number }>(`write-outcomes-${size}`, OUTCOMES(size)),
}));

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
  const sorted = [...outcomes].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  for (let from = 0; from < sorted.length; from += LARGEST_BATCH) {
    const batch = sorted.slice(from, from + LARGEST_BATCH);
    const fitting = STATEMENTS.find(({ size }) => size >= batch.length);
    if (!fitting) throw new Error(`No statement writes ${batch.length} outcomes`);
    const parameters: unknown[] = [pump.appId, pump.epoch, pump.now, ...COLUMNS.map(([, , literal]) => literal(batch))];
    for (const outcome of batch) parameters.push(...toDocuments(outcome));
    parameters.length = FIRST + fitting.size * DOCUMENTS.length;
    const row = await fitting.statement.find(db, parameters);
    if (row?.written !== batch.length) throw new LeaseLostError(pump.appId);
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
         attempts = 0
     from unnest($4::uuid[], $5::bigint[], $6::timestamptz[]) as o (user_id, rev, next_due_at), lease
     where s.app_id = $1 and s.user_id = o.user_id
     returning 1
   )
   select count(*)::int as written from settled`,
);

/** Links for which nothing is to be done, nor was before: nothing but their schedule is written. */
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
    arrayLiteral(links.map((link) => link.userId)),
    arrayLiteral(links.map((link) => link.claimedRev)),
    timeArrayLiteral(links.map((link) => link.wakeAt)),
  ]);
  if (row?.written !== links.length) throw new LeaseLostError(pump.appId);
}

const INSERT_HOLDS = statement(
  'insert-holds',
  `insert into hold (app_id, user_id, guard, cause, approvers, passed, operation, change_hash, reason, changes, request_id,
     request_created_at, opened_at, next_alert_at)
   select $1, h."userId", h.guard, h.cause, h.approvers, array(select json_array_elements_text(h.passed)), h.operation, h.hash,
     h.reason, h.changes, h."requestId", h."requestCreatedAt", $2, $2
   from json_to_recordset($3) as h ("userId" uuid, guard text, cause text, approvers json, passed json, operation text,
     hash text, reason text, changes json, "requestId" uuid, "requestCreatedAt" timestamptz)
   on conflict (app_id, user_id) where state in ('open', 'released', 'rejected') do nothing`,
);
const CLOSE_HOLDS = statement(
  'close-holds',
  `update hold set state = 'closed', decided_at = $2, note = coalesce(note, $3)
   where id = any ($1::bigint[]) and state in ('open', 'released', 'rejected')`,
);

/** What ends and what begins to be held together with outcomes. */
export interface HoldChanges {
  holds: NewHold[];
  closedHoldIds: number[];
  /** Kept with the holds that end. */
  note: string;
}

/**
 * Outcomes whose changes a guard holds, or whose holds have lost their cause, in one commit: a crash between them would
 * leave a hold that nobody closes. May be repeated after a commit whose answer was lost.
 */
export async function writeHolds(
  pool: Pool,
  pump: PumpIdentity,
  outcomes: Outcome[],
  { holds, closedHoldIds, note }: HoldChanges,
): Promise<void> {
  await inTransaction(pool, async (db) => {
    await writeOutcomes(db, pump, outcomes);
    await closeHolds(db, closedHoldIds, pump.now, note);
    if (holds.length > 0) await INSERT_HOLDS.run(db, [pump.appId, pump.now, JSON.stringify(holds)]);
  });
}

/** Holds whose change is no longer planned close themselves; to be called in the transaction that makes it so. */
export async function closeHolds(db: Queryable, ids: number[], now: Date, note: string): Promise<void> {
  if (ids.length > 0) await CLOSE_HOLDS.run(db, [ids, now, note]);
}
