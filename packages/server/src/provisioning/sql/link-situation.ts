import { findAppById } from '../../apps/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { LinkSituation } from '../explain-link.ts';

interface Row {
  username: string;
  is_active: boolean;
  deleted: boolean;
  wanted_rev: number | null;
  done_rev: number | null;
  next_due_at: Date | null;
  remote_id: string | null;
  remote_username: string | null;
  account_state: NonNullable<LinkSituation['link']>['accountState'] | null;
  standing: NonNullable<LinkSituation['link']>['standing'] | null;
  reason: NonNullable<LinkSituation['link']>['reason'];
  delete_at: Date | null;
  updated_at: Date | null;
  request_id: string | null;
}

const SITUATION = statement<Row>(
  'link-situation',
  `select u.username, u.is_active, u.deleted_at is not null as deleted, s.wanted_rev, s.done_rev, s.next_due_at,
     l.remote_id, l.remote_username, l.account_state, l.standing, l.reason, l.delete_at, l.updated_at, l.request_id
   from directory_user u
   left join link_schedule s on s.app_id = $1 and s.user_id = u.id
   left join account_link l on l.app_id = $1 and l.user_id = u.id
   where u.id = $2`,
);
const GRANTS = statement<{ kind: string; name: string; through: string | null; expires_at: Date | null }>(
  'grants-of-user',
  `select kind, name, through, expires_at from effective_grant
   where app_id = $1 and user_id = $2 and (expires_at is null or expires_at > $3) order by kind, name, through`,
);
const USER_ID = statement<{ id: string }>(
  'user-id-by-name',
  `select id from directory_user where lower(username) = lower($1) order by deleted_at nulls first limit 1`,
);
const USER_EXISTS = statement<{ id: string }>('user-id-by-id', 'select id from directory_user where id = $1');

/** The user's id, from an id or a Username; a deleted user's only where nobody else has the name now. */
export async function findUserId(db: Queryable, idOrUsername: string): Promise<string | undefined> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrUsername);
  return (await (isId ? USER_EXISTS : USER_ID).find(db, [idOrUsername]))?.id;
}

export async function findSituation(
  db: Queryable,
  appId: number,
  userId: string,
  now: Date,
): Promise<LinkSituation | undefined> {
  const [app, row, grants] = [
    await findAppById(db, appId),
    await SITUATION.find(db, [appId, userId]),
    await GRANTS.rows(db, [appId, userId, now]),
  ];
  if (!app || !row) return undefined;
  return {
    user: { username: row.username, isActive: row.is_active, isDeleted: row.deleted },
    app: { name: app.name, state: app.state, quarantine: app.quarantine, stoppedUntil: app.stoppedUntil },
    grants: grants.map(({ kind, name, through, expires_at }) => ({ kind, name, through, expiresAt: expires_at })),
    schedule:
      row.wanted_rev === null
        ? null
        : { wantedRev: Number(row.wanted_rev), doneRev: Number(row.done_rev), nextDueAt: row.next_due_at },
    link:
      row.account_state && row.standing && row.updated_at
        ? {
            remoteId: row.remote_id,
            remoteUsername: row.remote_username,
            accountState: row.account_state,
            standing: row.standing,
            reason: row.reason,
            deleteAt: row.delete_at,
            updatedAt: row.updated_at,
            requestId: row.request_id,
          }
        : null,
  };
}

const PROGRESS = statement<{ user_id: string; done: boolean }>(
  'on-demand-progress',
  `select w.user_id, s.done_rev >= w.rev or (l.standing = 'retrying' and l.updated_at >= $4) as done
   from unnest($2::uuid[], $3::bigint[]) w (user_id, rev)
   join link_schedule s on s.app_id = $1 and s.user_id = w.user_id
   left join account_link l on l.app_id = $1 and l.user_id = w.user_id`,
);

/** Of the users who wait for a revision: those for whom it is settled, or known to take longer. */
export async function listAnswered(
  db: Queryable,
  appId: number,
  wanted: Map<string, number>,
  since: Date,
): Promise<string[]> {
  const rows = await PROGRESS.rows(db, [appId, [...wanted.keys()], [...wanted.values()], since]);
  return rows.filter((row) => row.done).map((row) => row.user_id);
}
