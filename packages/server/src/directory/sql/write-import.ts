import { type Actor, findThrough } from '../../audit/index.ts';
import type { PoolClient } from '../../db/index.ts';
import { INSERT_USERS, UPDATE_USERS } from './user-rows.ts';

/** A stretch of the file's lines: after the first, up to and with the last. */
export interface LineRange {
  readonly after: number;
  readonly last: number;
}

const GOOD = (kind: string) =>
  `(select * from import_row where not bad and kind = '${kind}' and line > $2 and line <= $3)`;
const GOOD_LINES = '(select line from import_row where not bad and line > $2 and line <= $3)';

/** Lets users be written before their managers are, until the transaction ends. */
export async function deferManagers(tx: PoolClient): Promise<void> {
  await tx.query('set constraints directory_user_manager_id_fkey deferred');
}

/** Holds the users that will change, and tells whether all of them are still as they were compared. */
export async function lockComparedUsers(tx: PoolClient, range: LineRange): Promise<boolean> {
  const { rows } = await tx.query({
    name: 'import-lock-users',
    text: `with locked as (
        select u.revision = r.revision and u.deleted_at is null as same
        from directory_user u join import_row r on r.id = u.id
        where not r.bad and r.kind = 'updated' and r.line > $1 and r.line <= $2 order by u.id for no key update of u)
      select coalesce(bool_and(same), true) as same from locked`,
    values: [range.after, range.last],
  });
  return rows[0].same;
}

export async function writeImportedUsers(tx: PoolClient, now: Date, range: LineRange): Promise<void> {
  const values = [now, range.after, range.last];
  await tx.query({ name: 'import-update-users', text: UPDATE_USERS(GOOD('updated')), values });
  await tx.query({ name: 'import-insert-users', text: INSERT_USERS(GOOD('created')), values });
}

export async function writeImportedAssignments(tx: PoolClient, now: Date, range: LineRange): Promise<void> {
  const values = [now, range.after, range.last];
  await tx.query({
    name: 'import-revoke',
    text: `delete from permission_set_assignment a using import_revoke v
      where a.id = v.id and $1::timestamptz is not null and v.line in ${GOOD_LINES}`,
    values,
  });
  await tx.query({
    name: 'import-grant',
    text: `insert into permission_set_assignment (user_id, permission_set_id, permission_set_group_id, created_at)
      select g.user_id, g.permission_set_id, g.permission_set_group_id, $1 from import_grant g
      where g.line in ${GOOD_LINES} order by g.line`,
    values,
  });
}

/** The same rows that single changes leave. */
export async function auditImportedUsers(
  tx: PoolClient,
  now: Date,
  range: LineRange,
  by: { actor: Actor; reason: string },
): Promise<void> {
  const { actor, reason } = by;
  await tx.query({
    name: 'import-audit',
    text: `insert into audit_event
        (at, actor_kind, actor, origin, person_id, role, through, user_agent, request_id, action, entity_kind, entity_id,
         user_id, before, after, reason)
      select $1, $4, $5, $6, $8, $9, $10, $11, $12, 'user.' || r.kind, 'user', r.id::text, r.id, r.before,
        -- One object of two that have no name in common; as jsonb that would cost ten times as much.
        case when r.kind = 'created' and r.fields <> '{}'
          then (left(r.after::text, -1) || ', ' || substr(r.fields::text, 2))::json else r.after end, $7
      from import_row r where not r.bad and r.kind in ('created', 'updated') and r.line > $2 and r.line <= $3
      order by r.line`,
    values: [
      ...[now, range.after, range.last, actor.kind, actor.name, actor.origin ?? null, reason],
      ...[
        actor.personId ?? null,
        actor.role ?? null,
        findThrough(actor),
        actor.userAgent ?? null,
        actor.requestId ?? null,
      ],
    ],
  });
}

/** Who was written in these lines, and whose change their reports' mappings may show. */
export async function listImportedUsers(
  tx: PoolClient,
  range: LineRange,
  kinds: readonly ('created' | 'updated')[],
): Promise<{ userIds: string[]; managerIds: string[] }> {
  const { rows } = await tx.query<{ id: string; visible: boolean }>({
    name: 'import-written',
    text: `select id, visible_to_reports as visible from import_row
      where not bad and kind = any ($3) and line > $1 and line <= $2 order by line`,
    values: [range.after, range.last, kinds],
  });
  return { userIds: rows.map((row) => row.id), managerIds: rows.filter((row) => row.visible).map((row) => row.id) };
}

/**
 * The planner knows nothing yet of tables that were just filled, and people look at them now. Named columns cost a fifth of all;
 * the others and the indexes' expressions are left to autovacuum.
 */
export async function refreshStatistics(tx: PoolClient): Promise<void> {
  await tx.query(`analyze directory_user (id, username, is_active, profile_id, manager_id),
    permission_set_assignment (user_id, permission_set_id, permission_set_group_id)`);
}
