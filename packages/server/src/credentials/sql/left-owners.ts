import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface LeftOwner {
  readonly appId: number;
  readonly app: string;
  readonly generation: number;
  readonly userId: string;
}

const LIST = statement<LeftOwner>(
  'credential-left-owners',
  `select h.app_id as "appId", a.name as app, h.generation, h.owner_user_id as "userId"
   from credential_health h
   join connected_app a on a.id = h.app_id
   join directory_user u on u.id = h.owner_user_id
   where h.state = 'live' and (u.deleted_at is not null or not u.is_active)`,
);

/** Authorizations that people gave who have left since. */
export function listLeftOwners(db: Queryable): Promise<LeftOwner[]> {
  return LIST.rows(db);
}
