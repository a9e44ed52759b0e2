import { type Queryable, statement } from '../../db/index.ts';
import type { ApiKey } from '../api-key.ts';
import type { Role } from '../role.ts';

const COLUMNS = `id, name, prefix, scopes, created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt", person_id as "personId"`;

export interface KeyOwner {
  readonly email: string;
  readonly role: Role;
  readonly disabledAt: Date | null;
}

const OWNED = `(select json_build_object('email', p.email, 'role', p.role, 'disabledAt', p.disabled_at) from person p
  where p.id = api_key.person_id) as owner`;
const byHash = statement<ApiKey & { hash: Buffer; owner: KeyOwner | null }>(
  'find-key-by-hash',
  `select ${COLUMNS}, hash, ${OWNED} from api_key where hash = $1`,
);
const byId = statement<ApiKey & { owner: KeyOwner | null }>(
  'find-key',
  `select ${COLUMNS}, ${OWNED} from api_key where id = $1`,
);
const page = statement<ApiKey>(
  'list-keys',
  `select ${COLUMNS} from api_key where ($1::uuid is null or id > $1) and ($3::uuid is null or person_id = $3)
   order by id limit $2`,
);
const insert = statement<ApiKey>(
  'insert-key',
  `insert into api_key (id, name, hash, prefix, scopes, created_at, created_by, expires_at, person_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${COLUMNS}`,
);
const revoke = statement<ApiKey>('revoke-key', `update api_key set revoked_at = $2 where id = $1 returning ${COLUMNS}`);
const used = statement('note-key-used', 'update api_key set last_used_at = $2 where id = $1');
const live = statement<ApiKey>(
  'list-live-keys',
  `select ${COLUMNS} from api_key where revoked_at is null and (expires_at is null or expires_at > $1)`,
);

export function findKeyByHash(
  db: Queryable,
  hash: Buffer,
): Promise<(ApiKey & { hash: Buffer; owner: KeyOwner | null }) | undefined> {
  return byHash.find(db, [hash]);
}

export function findKey(db: Queryable, id: string): Promise<(ApiKey & { owner: KeyOwner | null }) | undefined> {
  return byId.find(db, [id]);
}

/** In the order in which they were made, after a key's id; of one person, or of everybody and the machines. */
export function listKeyRows(
  db: Queryable,
  after: string | undefined,
  limit: number,
  personId?: string,
): Promise<ApiKey[]> {
  return page.rows(db, [after ?? null, limit, personId ?? null]);
}

export function listLiveKeys(db: Queryable, now: Date): Promise<ApiKey[]> {
  return live.rows(db, [now]);
}

export type NewApiKey = Pick<
  ApiKey,
  'id' | 'name' | 'prefix' | 'scopes' | 'createdAt' | 'createdBy' | 'expiresAt' | 'personId'
> & {
  readonly hash: Buffer;
};

export async function insertKey(db: Queryable, key: NewApiKey): Promise<ApiKey> {
  const { id, name, hash, prefix, scopes, createdAt, createdBy, expiresAt, personId } = key;
  const row = await insert.find(db, [id, name, hash, prefix, scopes, createdAt, createdBy, expiresAt, personId]);
  if (!row) throw new Error('insert-key returned no row');
  return row;
}

export async function revokeKeyRow(db: Queryable, id: string, now: Date): Promise<ApiKey> {
  const row = await revoke.find(db, [id, now]);
  if (!row) throw new Error(`The key ${id} vanished under its lock`);
  return row;
}

export async function noteKeyUsed(db: Queryable, id: string, now: Date): Promise<void> {
  await used.run(db, [id, now]);
}

/** Changes of keys wait for each other, so that two of them cannot revoke the last admin key together. Reading goes on. */
export async function lockKeys(db: Queryable): Promise<void> {
  await db.query('lock table api_key in share row exclusive mode');
}
