import { type Queryable, statement } from '../../db/index.ts';

const LOAD = statement<{ value: unknown }>('retention-load', 'select value from instance_setting where name = $1');
const SAVE = statement(
  'retention-save',
  `insert into instance_setting (name, value, updated_at) values ($1, $2, $3)
   on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`,
);
const LOCK = statement('retention-lock', 'select pg_advisory_xact_lock(1970497650, hashtext($1))');

export async function loadStored(db: Queryable, name: string): Promise<unknown> {
  return (await LOAD.find(db, [name]))?.value;
}

export async function saveStored(db: Queryable, name: string, value: unknown, now: Date): Promise<void> {
  await SAVE.run(db, [name, JSON.stringify(value), now]);
}

/** One at a time changes it, also while it has no row yet. */
export async function lockStored(db: Queryable, name: string): Promise<void> {
  await LOCK.run(db, [name]);
}

/** A batch of rows in the order of their ids: how far it went, and what was done. */
export interface Batch<Id> {
  /** Undefined: there was nothing more. */
  readonly last: Id | undefined;
  readonly seen: number;
  readonly changed: number;
}

interface BatchRow<Id> {
  last: Id | null;
  seen: number;
  changed: number;
}

/*
 * Each batch begins after the last id of the one before, so that what was deleted is not walked through again. The time
 * leaves out the partitions that are younger; within one it is in the key's index.
 */
const DELETE_LOG = statement<BatchRow<string>>(
  'retention-delete-log',
  `with batch as materialized (
     select id, at from provisioning_log where at < $1 and id > $2 order by id limit $3
   ), gone as (
     delete from provisioning_log l using batch b where l.id = b.id and l.at = b.at and l.at < $1 returning 1
   )
   select max(id)::text as last, count(*)::int as seen, (select count(*)::int from gone) as changed from batch`,
);
const EMPTY_BODIES = statement<BatchRow<string>>(
  'retention-empty-bodies',
  `with batch as materialized (
     select id, at from provisioning_log
     where at >= $1 and at < $2 and id > $3 and exchanges is not null order by id limit $4
   ), emptied as (
     update provisioning_log l set exchanges = null, answer = null from batch b where l.id = b.id and l.at = b.at returning 1
   )
   select max(id)::text as last, count(*)::int as seen, (select count(*)::int from emptied) as changed from batch`,
);

/** A request is kept while its link, which would go on with it, or a hold that is not closed refers to it. */
const IS_NEEDED = `(
  exists (select from account_link l where l.app_id = r.app_id and l.user_id = r.user_id and l.request_id = r.id)
  or exists (select from hold h where h.app_id = r.app_id and h.user_id = r.user_id and h.request_id = r.id
    and h.state in ('open', 'released', 'rejected')))`;
const DELETE_REQUESTS = statement<BatchRow<string>>(
  'retention-delete-requests',
  `with batch as materialized (
     select id, created_at from provisioning_request where created_at < $1 and id > $2 order by id limit $3
   ), gone as (
     delete from provisioning_request r using batch b
     where r.id = b.id and r.created_at = b.created_at and r.created_at < $1 and not ${IS_NEEDED} returning 1
   )
   select (select id from batch order by id desc limit 1)::text as last, count(*)::int as seen,
     (select count(*)::int from gone) as changed from batch`,
);
const NEEDED = statement<{ id: string }>(
  'retention-needed-requests',
  `select l.request_id as id from account_link l where l.request_created_at >= $1 and l.request_created_at < $2
   union
   select h.request_id from hold h
   where h.state in ('open', 'released', 'rejected') and h.request_created_at >= $1 and h.request_created_at < $2
     and h.request_id is not null
   limit $3`,
);
/* Their log is about to go, and without it they would look as if they were still under way. */
const DELETE_INTENTS = statement(
  'retention-delete-intents',
  `delete from open_intent b where b.written_at < $1 and not exists (
     select from unnest(b.request_ids, b.attempts) as i (id, attempt)
     where not exists (
       select from provisioning_log l where l.request_id = i.id and l.attempt >= i.attempt and l.tx > b.tx))`,
);
const DELETE_LEDGERS = ['deactivation_ledger', 'guard_ledger'].map((table) =>
  statement(
    `retention-delete-${table}`,
    `delete from ${table} where ctid in (select ctid from ${table} where at < $1 limit $2)`,
  ),
);
const DELETE_HOLDS = statement(
  'retention-delete-holds',
  `delete from hold where id in (
     select id from hold where state = 'closed' and coalesce(decided_at, opened_at) < $1 order by id limit $2)`,
);

/* Whom a rollout reached is needed while it serves, and to go back from it: then it tells what accounts were before. */
const DELETE_REACH = statement(
  'retention-delete-reach',
  `delete from rollout_reach where ctid in (
     select rr.ctid from rollout r
     join connected_app a on a.id = r.app_id
     join rollout_reach rr on rr.rollout_id = r.id
     where r.ended_at < $1 and r.state in ('completed', 'rolled back', 'superseded') and a.rollout_id is distinct from r.id
       and not (r.state = 'completed' and r.version = a.active_version)
       and not exists (select from rollback b where b.rollout_id = r.id and b.state <> 'done')
     limit $2)`,
);

function toBatch(row: BatchRow<string> | undefined): Batch<string> {
  return { last: row?.last ?? undefined, seen: row?.seen ?? 0, changed: row?.changed ?? 0 };
}

export async function deleteLog(db: Queryable, before: Date, after: string, limit: number): Promise<Batch<string>> {
  return toBatch(await DELETE_LOG.find(db, [before, after, limit]));
}

export async function emptyBodies(
  db: Queryable,
  span: { from: Date; to: Date },
  after: string,
  limit: number,
): Promise<Batch<string>> {
  return toBatch(await EMPTY_BODIES.find(db, [span.from, span.to, after, limit]));
}

export async function deleteRequests(
  db: Queryable,
  before: Date,
  after: string,
  limit: number,
): Promise<Batch<string>> {
  return toBatch(await DELETE_REQUESTS.find(db, [before, after, limit]));
}

/** Requests of a span that are still needed, at most `limit` of them. */
export async function listNeededRequests(
  db: Queryable,
  span: { from: Date; to: Date },
  limit: number,
): Promise<string[]> {
  return (await NEEDED.rows(db, [span.from, span.to, limit])).map(({ id }) => id);
}

/** Batches of intents of which nothing is open any more. */
export function deleteSettledIntents(db: Queryable, before: Date): Promise<number> {
  return DELETE_INTENTS.run(db, [before]);
}

/** At most so many rows that say whom rollouts reached that ended before. */
export function deleteReach(db: Queryable, before: Date, limit: number): Promise<number> {
  return DELETE_REACH.run(db, [before, limit]);
}

/** At most so many of each ledger. */
export async function deleteLedgers(db: Queryable, before: Date, limit: number): Promise<number> {
  let deleted = 0;
  for (const each of DELETE_LEDGERS) deleted += await each.run(db, [before, limit]);
  return deleted;
}

export function deleteClosedHolds(db: Queryable, before: Date, limit: number): Promise<number> {
  return DELETE_HOLDS.run(db, [before, limit]);
}
