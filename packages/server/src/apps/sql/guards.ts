import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../../guards/index.ts';

const FIND = statement<{ document: GuardSettings }>('app-guards', 'select document from app_guards where app_id = $1');
const SAVE = statement(
  'app-guards-save',
  `insert into app_guards (app_id, document, updated_at, updated_by) values ($1, $2, $3, $4)
   on conflict (app_id) do update
   set document = excluded.document, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
);

/** The guard limits of an app: those that somebody chose, or the defaults. */
export async function findGuards(db: Queryable, appId: number): Promise<GuardSettings> {
  const row = await FIND.find(db, [appId]);
  return { ...DEFAULT_GUARDS, ...row?.document };
}

export async function saveGuards(
  db: Queryable,
  appId: number,
  settings: GuardSettings,
  now: Date,
  by: string,
): Promise<void> {
  await SAVE.run(db, [appId, JSON.stringify(settings), now, by]);
}
