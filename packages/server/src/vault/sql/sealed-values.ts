import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** A sealed value wherever it is stored, with what its seal belongs to. */
export interface SealedValue {
  readonly table: 'app_credential' | 'sealed_secret';
  /** The app's id, or the owner. */
  readonly owner: string;
  readonly field: string;
  readonly sealed: string;
  readonly keyId: string;
  readonly origins: string[];
}

/* What was begun and is over within minutes is not sealed anew. */
const LIST = statement<SealedValue>(
  'vault-values-under-other-keys',
  `select 'app_credential' as table, app_id::text as owner, 'credential' as field, sealed, key_id as "keyId", origins
     from app_credential where key_id <> $1
   union all
   select 'sealed_secret', owner, field, sealed, key_id, origins from sealed_secret where key_id <> $1
   limit $2`,
);
/* Only over what was opened: a refresh may have stored a newer token meanwhile. */
const REPLACE_CREDENTIAL = statement(
  'vault-replace-credential',
  'update app_credential set sealed = $3, key_id = $4 where app_id = $1::int and sealed = $2',
);
const REPLACE_SECRET = statement(
  'vault-replace-secret',
  'update sealed_secret set sealed = $4, key_id = $5 where owner = $1 and field = $2 and sealed = $3',
);
const COUNT = statement<{ keyId: string; count: number }>(
  'vault-count',
  `select key_id as "keyId", count(*)::int as count from (
     select key_id from app_credential union all select key_id from sealed_secret) s
   group by key_id order by key_id`,
);

const TELL_OTHERS = statement('vault-tell-others', `select pg_notify('usher_vault', '')`);

/** Every replica reads its master keys again. */
export async function tellOthers(db: Queryable): Promise<void> {
  await TELL_OTHERS.run(db);
}

/** Values that were sealed under another key than this one. */
export function listValuesUnderOtherKeys(db: Queryable, keyId: string, limit: number): Promise<SealedValue[]> {
  return LIST.rows(db, [keyId, limit]);
}

/** False: the value was changed meanwhile. */
export async function replaceSealed(
  db: Queryable,
  value: SealedValue,
  sealed: string,
  keyId: string,
): Promise<boolean> {
  const { table, owner, field, sealed: before } = value;
  if (table === 'app_credential') return (await REPLACE_CREDENTIAL.run(db, [owner, before, sealed, keyId])) === 1;
  return (await REPLACE_SECRET.run(db, [owner, field, before, sealed, keyId])) === 1;
}

/** How many values are sealed under which key. */
export function countByKey(db: Queryable): Promise<{ keyId: string; count: number }[]> {
  return COUNT.rows(db);
}
