import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** A credential as it is stored: nothing of it can be used without the master key. */
export interface SealedCredential {
  kind: string;
  sealed: string;
  keyId: string;
  /** The origins that it was entered for. */
  origins: string[];
  createdAt: Date;
  updatedAt: Date;
}

interface Row {
  kind: string;
  sealed: string;
  key_id: string;
  origins: string[];
  created_at: Date;
  updated_at: Date;
}

const FIND = statement<Row>(
  'credential-find',
  'select kind, sealed, key_id, origins, created_at, updated_at from app_credential where app_id = $1',
);
const OF_APPS = statement<{ appId: number; kind: string; origins: string[]; enteredAt: Date }>(
  'credentials-of-apps',
  `select app_id as "appId", kind, origins, updated_at as "enteredAt" from app_credential where app_id = any ($1::int[])`,
);
const SAVE = statement(
  'credential-save',
  `insert into app_credential (app_id, kind, sealed, key_id, origins, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)
   on conflict (app_id) do update
     set kind = excluded.kind, sealed = excluded.sealed, key_id = excluded.key_id, origins = excluded.origins,
         updated_at = excluded.updated_at`,
);
const FORGET = statement('credential-forget', 'delete from app_credential where app_id = $1');

export async function findCredential(db: Queryable, appId: number): Promise<SealedCredential | undefined> {
  const row = await FIND.find(db, [appId]);
  return (
    row && {
      kind: row.kind,
      sealed: row.sealed,
      keyId: row.key_id,
      origins: row.origins,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  );
}

/** What may be shown of the credentials of these apps, by app id. */
export async function listCredentials(
  db: Queryable,
  appIds: number[],
): Promise<Map<number, { kind: string; origins: string[]; enteredAt: Date }>> {
  const rows = await OF_APPS.rows(db, [appIds]);
  return new Map(rows.map(({ appId, ...shown }) => [appId, shown]));
}

export async function saveCredential(
  db: Queryable,
  appId: number,
  now: Date,
  credential: Pick<SealedCredential, 'kind' | 'sealed' | 'keyId' | 'origins'>,
): Promise<void> {
  const { kind, sealed, keyId, origins } = credential;
  await SAVE.run(db, [appId, kind, sealed, keyId, origins, now]);
}

/** False: there was none. */
export async function forgetCredential(db: Queryable, appId: number): Promise<boolean> {
  return (await FORGET.run(db, [appId])) === 1;
}
