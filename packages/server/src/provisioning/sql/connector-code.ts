import { type Queryable, statement } from '../../db/index.ts';

const NOTE = statement<{ before: string | null; changed: boolean }>(
  'connector-code-note',
  `with before as (select value #>> '{}' as hash from instance_setting where name = $1),
   written as (
     insert into instance_setting as i (name, value, updated_at) values ($1, to_jsonb($2::text), $3)
     on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at
       where i.value is distinct from excluded.value
     returning 1
   )
   select (select hash from before) as before, exists (select from written) as changed`,
);
const BROKEN = statement<{ appId: number; userIds: string[] }>(
  'connector-code-broken',
  `select l.app_id as "appId", array_agg(l.user_id) as "userIds"
   from account_link l join connected_app a on a.id = l.app_id
   where a.connector = $1 and l.standing = 'parked' and l.reason ->> 'code' = 'connector_failed'
   group by l.app_id`,
);

/** Notes which code of a connector runs. True: another one did before, and whoever is told this is the first to note it. */
export async function noteConnectorCode(db: Queryable, connector: string, hash: string, now: Date): Promise<boolean> {
  const noted = await NOTE.find(db, [`connector_code ${connector}`, hash, now]);
  return noted !== undefined && noted.changed && noted.before !== null;
}

/** Whom the connector failed for so that they were parked, by app. */
export function listBrokenByConnector(
  db: Queryable,
  connector: string,
): Promise<{ appId: number; userIds: string[] }[]> {
  return BROKEN.rows(db, [connector]);
}
