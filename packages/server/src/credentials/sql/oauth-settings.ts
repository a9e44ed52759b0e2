import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { OAuthSettings } from '../oauth-settings.ts';

/** The second pair of a rotation: one that is to come, or the one that was replaced. */
export interface StagedConsumer {
  readonly key: string;
  readonly state: 'staged' | 'rotated';
  readonly at: Date;
  readonly by: string;
  readonly expiresAt: Date;
  /** It was accepted while the present pair was not. */
  readonly workedAt: Date | null;
}

export type ConsumerSource = 'generated' | 'entered' | 'registered';

/** How an app is known to its target's authorization server, as stored; without any secret. */
export interface StoredOAuth {
  readonly settings: OAuthSettings;
  readonly consumerKey: string | null;
  readonly consumerSource: ConsumerSource | null;
  readonly consumerSecretExpiresAt: Date | null;
  readonly staged: StagedConsumer | null;
  readonly registration: { readonly uri?: string | undefined } | null;
  readonly updatedAt: Date;
}

interface Row {
  document: OAuthSettings;
  consumer_key: string | null;
  consumer_source: ConsumerSource | null;
  consumer_secret_expires_at: Date | null;
  staged_key: string | null;
  staged_state: StagedConsumer['state'] | null;
  staged_at: Date | null;
  staged_by: string | null;
  staged_expires_at: Date | null;
  staged_worked_at: Date | null;
  registration: { uri?: string } | null;
  updated_at: Date;
}

const FIND = statement<Row>('oauth-find', 'select * from oauth_settings where app_id = $1');
const HAVE = statement<{ appId: number }>(
  'oauth-of-apps',
  'select app_id as "appId" from oauth_settings where app_id = any ($1::int[])',
);
const SAVE_SETTINGS = statement(
  'oauth-save-settings',
  `insert into oauth_settings (app_id, document, created_at, updated_at) values ($1, $2, $3, $3)
   on conflict (app_id) do update set document = excluded.document, updated_at = excluded.updated_at`,
);
const SAVE_CONSUMER = statement(
  'oauth-save-consumer',
  `update oauth_settings set consumer_key = $2, consumer_source = $3, consumer_secret_expires_at = $4, registration = $5,
     updated_at = $6 where app_id = $1`,
);
const SAVE_STAGED = statement(
  'oauth-save-staged',
  `update oauth_settings set staged_key = $2, staged_state = $3, staged_at = $4, staged_by = $5, staged_expires_at = $6,
     staged_worked_at = null, updated_at = $7 where app_id = $1`,
);
const STAGED_WORKED = statement(
  'oauth-staged-worked',
  'update oauth_settings set staged_worked_at = $2 where app_id = $1 and staged_worked_at is null',
);
const EXPIRED_STAGED = statement<{ appId: number }>(
  'oauth-expired-staged',
  'select app_id as "appId" from oauth_settings where staged_expires_at <= $1 for update skip locked',
);
const DELETE = statement('oauth-delete', 'delete from oauth_settings where app_id = $1');

export async function findOAuth(db: Queryable, appId: number): Promise<StoredOAuth | undefined> {
  const row = await FIND.find(db, [appId]);
  if (!row) return undefined;
  return {
    settings: row.document,
    consumerKey: row.consumer_key,
    consumerSource: row.consumer_source,
    consumerSecretExpiresAt: row.consumer_secret_expires_at,
    staged: toStaged(row),
    registration: row.registration,
    updatedAt: row.updated_at,
  };
}

/** Which of these apps have OAuth settings. */
export async function listAppsWithOAuth(db: Queryable, appIds: number[]): Promise<Set<number>> {
  return new Set((await HAVE.rows(db, [appIds])).map(({ appId }) => appId));
}

function toStaged(row: Row): StagedConsumer | null {
  const { staged_key: key, staged_state: state, staged_at: at, staged_by: by, staged_expires_at: expiresAt } = row;
  if (key === null || state === null || at === null || by === null || expiresAt === null) return null;
  return { key, state, at, by, expiresAt, workedAt: row.staged_worked_at };
}

export async function saveSettings(db: Queryable, appId: number, settings: OAuthSettings, now: Date): Promise<void> {
  await SAVE_SETTINGS.run(db, [appId, JSON.stringify(settings), now]);
}

export interface NewConsumer {
  readonly key: string | null;
  readonly source: ConsumerSource | null;
  readonly secretExpiresAt: Date | null;
  readonly registration: StoredOAuth['registration'];
}

export async function saveConsumer(db: Queryable, appId: number, consumer: NewConsumer, now: Date): Promise<void> {
  const { key, source, secretExpiresAt, registration } = consumer;
  const kept = registration && JSON.stringify(registration);
  await SAVE_CONSUMER.run(db, [appId, key, source, secretExpiresAt, kept, now]);
}

export async function saveStaged(
  db: Queryable,
  appId: number,
  staged: Omit<StagedConsumer, 'workedAt'> | null,
  now: Date,
): Promise<void> {
  const { key, state, at, by, expiresAt } = staged ?? { key: null, state: null, at: null, by: null, expiresAt: null };
  await SAVE_STAGED.run(db, [appId, key, state, at, by, expiresAt, now]);
}

export async function noteStagedWorked(db: Queryable, appId: number, now: Date): Promise<void> {
  await STAGED_WORKED.run(db, [appId, now]);
}

export async function listExpiredStaged(db: Queryable, now: Date): Promise<number[]> {
  return (await EXPIRED_STAGED.rows(db, [now])).map(({ appId }) => appId);
}

export async function deleteOAuth(db: Queryable, appId: number): Promise<void> {
  await DELETE.run(db, [appId]);
}
