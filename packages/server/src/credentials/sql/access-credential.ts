import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** The row of the credential in force, where it is an access token. */
export interface AccessCredential {
  readonly sealed: string;
  readonly keyId: string;
  /** The origins that the authorization was made for. */
  readonly origins: string[];
}

const FIND = statement<AccessCredential>(
  'access-credential-find',
  `select sealed, key_id as "keyId", origins from app_credential where app_id = $1 and kind = 'oauth'`,
);
const SAVE = statement(
  'access-credential-save',
  `insert into app_credential (app_id, kind, sealed, key_id, origins, created_at, updated_at)
   values ($1, 'oauth', $2, $3, $4, $5, $5)
   on conflict (app_id) do update set kind = 'oauth', sealed = excluded.sealed, key_id = excluded.key_id,
     origins = excluded.origins, updated_at = excluded.updated_at`,
);
const FORGET = statement('access-credential-forget', `delete from app_credential where app_id = $1 and kind = 'oauth'`);

export function findAccessCredential(db: Queryable, appId: number): Promise<AccessCredential | undefined> {
  return FIND.find(db, [appId]);
}

/** Makes an access token the credential in force of an app, instead of any other. */
export async function putAccessCredential(
  db: Queryable,
  appId: number,
  row: AccessCredential,
  now: Date,
): Promise<void> {
  await SAVE.run(db, [appId, row.sealed, row.keyId, row.origins, now]);
}

export async function forgetAccessCredential(db: Queryable, appId: number): Promise<boolean> {
  return (await FORGET.run(db, [appId])) === 1;
}
