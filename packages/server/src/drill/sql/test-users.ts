import { type Queryable, statement } from '../../db/index.ts';

export interface TestUser {
  id: string;
  username: string;
  isActive: boolean;
  isTest: boolean;
}

const LOCK = statement<TestUser & { accounts: string[] }>(
  'test-user-lock',
  `select u.id, u.username, u.is_active as "isActive", u.is_test as "isTest", array(
     select a.name from account_link l join connected_app a on a.id = l.app_id
     where l.user_id = u.id and l.remote_id is not null and l.account_state <> 'deleted' order by a.name) as accounts
   from directory_user u where u.id = $1 and u.deleted_at is null for update of u`,
);
const MARK = statement(
  'test-user-mark',
  'update directory_user set is_test = $2, updated_at = $3, revision = revision + 1 where id = $1',
);
const LIST = statement<TestUser>(
  'test-user-list',
  `select id, username, is_active as "isActive", is_test as "isTest" from directory_user
   where is_test and deleted_at is null order by username limit 500`,
);

/** The user, locked, with the names of the apps at which they have an account. */
export function lockTestUser(db: Queryable, id: string): Promise<(TestUser & { accounts: string[] }) | undefined> {
  return LOCK.find(db, [id]);
}

export async function setTestMark(db: Queryable, id: string, isTest: boolean, now: Date): Promise<void> {
  await MARK.run(db, [id, isTest, now]);
}

export function listTestUsers(db: Queryable): Promise<TestUser[]> {
  return LIST.rows(db);
}
