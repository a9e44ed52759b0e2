import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

const IN_USE = statement<{ linked: number; pumped: boolean }>(
  'app-delete-check',
  `select (select count(*)::int from account_link where app_id = $1 and remote_id is not null) as linked,
     exists (select from pump_lease where app_id = $1 and expires_at > clock_timestamp()) as pumped`,
);
/*
 * The tables of the engine have no foreign keys, so the app takes its rows along by name. Requests and their log stay
 * until their retention ends: they tell what was done, also by an app that is gone.
 */
const LINKED_ROWS = ['hold', 'deactivation_ledger', 'guard_ledger', 'dismissal', 'link_schedule', 'account_link'].map(
  (table) => statement(`app-delete-${table}`, `delete from ${table} where app_id = $1`),
);
const REACHED = statement(
  'app-delete-reached',
  `with pointer as (update connected_app set rollout_id = null where id = $1)
   delete from rollout_reach where rollout_id in (select id from rollout where app_id = $1)`,
);
const FINISH_REQUESTS = statement(
  'app-delete-requests',
  `update provisioning_request
   set state = 'Failed', outcome = 'app deleted', reason = 'The connected app was deleted', completed_at = $2
   where app_id = $1 and state in ('New', 'Requested')`,
);
const APP = statement('app-delete', 'delete from connected_app where id = $1');

/** Linked accounts of an app, and whether a pump may still have a call of it under way. */
export async function findAppUse(db: Queryable, appId: number): Promise<{ linked: number; pumped: boolean }> {
  const row = await IN_USE.find(db, [appId]);
  if (!row) throw new Error('A select without a table gives one row');
  return row;
}

/** Deletes an app with its configuration, credential, assignments, links and holds. */
export async function deleteAppRows(db: Queryable, appId: number, now: Date): Promise<void> {
  for (const rows of LINKED_ROWS) await rows.run(db, [appId]);
  await REACHED.run(db, [appId]);
  await FINISH_REQUESTS.run(db, [appId, now]);
  await APP.run(db, [appId]);
}
