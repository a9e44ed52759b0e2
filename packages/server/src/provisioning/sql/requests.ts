import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { Operation, PlannedChange } from '../../planning/index.ts';
import type { Exchange } from '../../transport/index.ts';

export interface RequestView {
  id: string;
  createdAt: Date;
  app: string;
  userId: string;
  username: string;
  operation: Operation;
  state: 'New' | 'Requested' | 'Completed' | 'Failed' | 'Retried' | 'Manually Completed';
  cause: string;
  version: number | null;
  attempts: number;
  outcome: string | null;
  reasonCode: string | null;
  reason: string | null;
  nextStep: string | null;
  retryAt: Date | null;
  parentId: string | null;
  completedAt: Date | null;
  completedBy: string | null;
  note: string | null;
}

export interface RequestFilter {
  appId?: number | undefined;
  userId?: string | undefined;
  operation?: string | undefined;
  state?: string | undefined;
  reasonCode?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Requests are listed from the newest; this is the last one of the page before. */
export interface RequestCursor {
  createdAt: Date;
  id: string;
}

const COLUMNS = `r.id, r.created_at as "createdAt", a.name as app, r.user_id as "userId", u.username, r.operation, r.state,
  r.cause, r.version, r.attempts, r.outcome, r.reason_code as "reasonCode", r.reason, r.next_step as "nextStep",
  r.retry_at as "retryAt", r.parent_id as "parentId", r.completed_at as "completedAt", r.completed_by as "completedBy", r.note`;
const FROM = `from provisioning_request r
  join connected_app a on a.id = r.app_id
  join directory_user u on u.id = r.user_id`;

function conditionsOf(filter: RequestFilter): { text: string; values: unknown[] } {
  const wanted: [condition: string, value: unknown][] = [
    ['r.app_id = ?', filter.appId],
    ['r.user_id = ?', filter.userId],
    ['r.operation = ?', filter.operation],
    ['r.state = ?', filter.state],
    ['r.reason_code = ?', filter.reasonCode],
    ['r.created_at >= ?', filter.from],
    ['r.created_at < ?', filter.to],
  ];
  const values: unknown[] = [];
  const parts = wanted
    .filter(([, value]) => value !== undefined)
    .map(([condition, value]) => condition.replace('?', `$${values.push(value)}`));
  return { text: parts.length > 0 ? `where ${parts.join(' and ')}` : '', values };
}

export async function listRequests(
  db: Queryable,
  filter: RequestFilter,
  page: { limit: number; after?: RequestCursor | undefined },
): Promise<RequestView[]> {
  const { text, values } = conditionsOf(filter);
  const after = page.after
    ? `${text ? 'and' : 'where'} (r.created_at, r.id) < ($${values.push(page.after.createdAt)}, $${values.push(page.after.id)})`
    : '';
  const limit = `$${values.push(page.limit)}`;
  const { rows } = await db.query<RequestView>(
    `select ${COLUMNS} ${FROM} ${text} ${after} order by r.created_at desc, r.id desc limit ${limit}`,
    values,
  );
  return rows;
}

export interface CauseCount {
  app: string;
  reasonCode: string;
  operation: string;
  requests: number;
  users: number;
  /** Users whose request failed for it and was not taken up again. */
  failedUsers: number;
  firstAt: Date;
  lastAt: Date;
  example: string | null;
  nextStep: string | null;
}

/** Requests under the key they share: app, reason and operation. */
export async function countByCause(db: Queryable, filter: RequestFilter): Promise<CauseCount[]> {
  const { text, values } = conditionsOf(filter);
  // Grouped by what an index holds; only the newest of each group is read whole.
  const { rows } = await db.query<CauseCount>(
    `select a.name as app, g."reasonCode", g.operation, g.requests, g.users, g."failedUsers", g."firstAt", g."lastAt",
       n.reason as example, n.next_step as "nextStep"
     from (
       select r.app_id, r.reason_code as "reasonCode", r.operation, count(*)::int as requests,
         count(distinct r.user_id)::int as users,
         (count(distinct r.user_id) filter (where r.state = 'Failed'))::int as "failedUsers",
         min(r.created_at) as "firstAt", max(r.created_at) as "lastAt"
       from provisioning_request r ${text} ${text ? 'and' : 'where'} r.reason_code is not null
       group by r.app_id, r.reason_code, r.operation order by requests desc, r.app_id, r.reason_code limit 200
     ) g
     join connected_app a on a.id = g.app_id
     cross join lateral (
       select reason, next_step from provisioning_request
       where created_at = g."lastAt" and app_id = g.app_id and reason_code = g."reasonCode" and operation = g.operation limit 1
     ) n
     order by g.requests desc, a.name, g."reasonCode"`,
    values,
  );
  return rows;
}

type StoredChanges = PlannedChange[] | Record<string, PlannedChange['after']> | null;

/** Changes as they are kept: those of an account that had nothing are its values alone. */
export function parseChanges(stored: StoredChanges): PlannedChange[] | null {
  if (stored === null || Array.isArray(stored)) return stored;
  return Object.entries(stored).map(([path, after]) => ({ path, before: null, after }));
}

const BY_ID = statement<RequestView & { appId: number; changes: StoredChanges }>(
  'request-by-id',
  `select ${COLUMNS}, r.app_id as "appId", r.changes ${FROM} where r.id = $1`,
);

export async function findRequest(
  db: Queryable,
  id: string,
): Promise<(RequestView & { appId: number; changes: PlannedChange[] | null }) | undefined> {
  const row = await BY_ID.find(db, [id]);
  return row && { ...row, changes: parseChanges(row.changes) };
}

export interface LogView {
  id: number;
  at: Date;
  attempt: number;
  operation: string;
  outcome: string;
  reasonCode: string | null;
  message: string;
  nextStep: string | null;
  exchanges: Exchange[] | null;
}

const LOG = statement<LogView & { answer: string | null }>(
  'log-of-request',
  `select id, at, attempt, operation, outcome, reason_code as "reasonCode", message, next_step as "nextStep", exchanges,
     answer::text as answer
   from provisioning_log where request_id = $1 order by id`,
);

/** The lines of a request in order. The body of a last answer that is kept as the account's is put back. */
export async function listLogOfRequest(db: Queryable, requestId: string): Promise<LogView[]> {
  const rows = await LOG.rows(db, [requestId]);
  return rows.map(({ answer, ...line }) => {
    const last = line.exchanges?.at(-1);
    if (answer === null || !line.exchanges || !last) return line;
    return { ...line, exchanges: [...line.exchanges.slice(0, -1), { ...last, responseBody: answer }] };
  });
}

const FAILED_USERS = statement<{ user_id: string }>(
  'users-of-failed-cause',
  `select distinct user_id from provisioning_request
   where app_id = $1 and state = 'Failed' and reason_code = $2 and ($3::text is null or operation = $3) limit 100000`,
);

/** Whose requests failed for this cause and were not taken up again. */
export async function listUsersOfCause(
  db: Queryable,
  appId: number,
  reasonCode: string,
  operation?: string,
): Promise<string[]> {
  return (await FAILED_USERS.rows(db, [appId, reasonCode, operation ?? null])).map((row) => row.user_id);
}

const COMPLETE = statement(
  'request-complete-manually',
  `with done as (
     update provisioning_request set state = 'Manually Completed', completed_at = $3, completed_by = $4, note = $5
     where id = $1 and created_at = $2 and state = 'Failed' returning app_id, user_id, id
   ), link as (
     update account_link l set standing = 'waiting', request_id = null, request_created_at = null, updated_at = $3
     from done d where l.app_id = d.app_id and l.user_id = d.user_id and l.request_id = d.id
   )
   select 1 from done`,
);

/** False when the request was not failed any more. */
export async function completeManually(
  db: Queryable,
  request: { id: string; createdAt: Date; now: Date; by: string; note: string },
): Promise<boolean> {
  return (await COMPLETE.run(db, [request.id, request.createdAt, request.now, request.by, request.note])) === 1;
}

export interface LogEvent {
  tx: string;
  id: number;
  at: Date;
  app: string;
  userId: string;
  username: string;
  requestId: string;
  attempt: number;
  operation: string;
  outcome: string;
  reasonCode: string | null;
  message: string;
  nextStep: string | null;
}

const FOLLOW = statement<LogEvent>(
  'log-follow',
  `select l.tx::text as tx, l.id, l.at, a.name as app, l.user_id as "userId", u.username, l.request_id as "requestId",
     l.attempt, l.operation, l.outcome, l.reason_code as "reasonCode", l.message, l.next_step as "nextStep"
   from provisioning_log l
   join connected_app a on a.id = l.app_id
   join directory_user u on u.id = l.user_id
   where (l.tx, l.id) > ($1::xid8, $2::bigint) and l.tx < pg_snapshot_xmin(pg_current_snapshot())
     and ($3::int is null or l.app_id = $3) and ($4::uuid is null or l.user_id = $4)
   order by l.tx, l.id limit $5`,
);
const LOG_HEAD = statement<{ tx: string }>('log-head', 'select pg_snapshot_xmin(pg_current_snapshot())::text as tx');

/** Log lines after a position, in an order in which none can appear later in front of one that was read. */
export function followLog(
  db: Queryable,
  after: { tx: string; id: number },
  filter: { appId?: number | undefined; userId?: string | undefined; limit: number },
): Promise<LogEvent[]> {
  return FOLLOW.rows(db, [after.tx, after.id, filter.appId ?? null, filter.userId ?? null, filter.limit]);
}

/** The position from which only what comes later is read. */
export async function findLogHead(db: Queryable): Promise<{ tx: string; id: number }> {
  return { tx: (await LOG_HEAD.find(db))?.tx ?? '0', id: -1 };
}
