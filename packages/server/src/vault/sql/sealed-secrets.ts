import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** A secret as it is stored: nothing of it can be used without the master key. */
export interface SealedSecret {
  readonly sealed: string;
  readonly keyId: string;
  /** The origins that it may be sent to. */
  readonly origins: string[];
  readonly updatedAt: Date;
}

const FIND = statement<SealedSecret>(
  'secret-find',
  `select sealed, key_id as "keyId", origins, updated_at as "updatedAt" from sealed_secret where owner = $1 and field = $2`,
);
const SAVE = statement(
  'secret-save',
  `insert into sealed_secret (owner, field, app_id, sealed, key_id, origins, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)
   on conflict (owner, field) do update
     set sealed = excluded.sealed, key_id = excluded.key_id, origins = excluded.origins, updated_at = excluded.updated_at`,
);
const FORGET = statement('secret-forget', 'delete from sealed_secret where owner = $1 and field = any ($2::text[])');
const FORGET_OWNER = statement('secret-forget-owner', 'delete from sealed_secret where owner = $1');

export function findSecret(db: Queryable, owner: string, field: string): Promise<SealedSecret | undefined> {
  return FIND.find(db, [owner, field]);
}

export interface SecretRow {
  readonly owner: string;
  readonly field: string;
  readonly appId: number | null;
  readonly sealed: string;
  readonly keyId: string;
  readonly origins: readonly string[];
}

export async function saveSecret(db: Queryable, row: SecretRow, now: Date): Promise<void> {
  await SAVE.run(db, [row.owner, row.field, row.appId, row.sealed, row.keyId, row.origins, now]);
}

export async function forgetSecrets(db: Queryable, owner: string, fields: readonly string[]): Promise<void> {
  await FORGET.run(db, [owner, fields]);
}

export async function forgetOwner(db: Queryable, owner: string): Promise<void> {
  await FORGET_OWNER.run(db, [owner]);
}
