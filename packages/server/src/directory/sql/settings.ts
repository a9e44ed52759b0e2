import { type Queryable, statement } from '../../db/index.ts';

const LOAD = statement<{ value: unknown }>('load-setting', 'select value from instance_setting where name = $1');
const LOCK = statement('lock-setting', 'select pg_advisory_xact_lock(1970497650, hashtext($1))');
const SAVE = statement(
  'save-setting',
  `insert into instance_setting (name, value, updated_at) values ($1, $2, $3)
   on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`,
);

export async function loadSetting(db: Queryable, name: string): Promise<unknown> {
  return (await LOAD.find(db, [name]))?.value;
}

/** One at a time changes a setting, also one that has no row yet. */
export async function lockSetting(db: Queryable, name: string): Promise<void> {
  await LOCK.run(db, [name]);
}

export async function saveSetting(db: Queryable, now: Date, name: string, value: unknown): Promise<void> {
  await SAVE.run(db, [name, JSON.stringify(value), now]);
}
