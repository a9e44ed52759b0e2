import type { Quarantine } from '../../apps/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/*
 * The pump's own findings: they are no change of the app by anybody, so its revision stays. A quarantine has its audit
 * row all the same, for it stops the work of a whole app.
 */
const STOP = statement('app-stop-until', 'update connected_app set stopped_until = $2 where id = $1');
const OPEN = statement(
  'quarantine-open',
  `with opened as (
     update connected_app set quarantined_at = $2, quarantine_cause = $3, quarantine_detail = $4, probe_at = $5, probe_attempts = 0
     where id = $1 returning id, name
   )
   insert into audit_event (at, actor_kind, actor, action, entity_kind, entity_id, app_id, after)
   select $2, 'system', 'pump', 'app.quarantined', 'app', name, id, $4 from opened`,
);
const CLOSE = statement(
  'quarantine-close',
  `with closed as (
     update connected_app set quarantined_at = null, quarantine_cause = null, quarantine_detail = null, probe_at = null, probe_attempts = 0
     where id = $1 and quarantined_at is not null returning id, name
   )
   insert into audit_event (at, actor_kind, actor, action, entity_kind, entity_id, app_id)
   select $2, 'system', 'pump', 'app.quarantine_ended', 'app', name, id from closed`,
);
const POSTPONE = statement(
  'probe-postpone',
  'update connected_app set probe_at = $2, probe_attempts = $3 where id = $1',
);

const WAITING = statement<{ links: number }>(
  'app-waiting-links',
  `select count(*)::int as links from link_schedule where app_id = $1 and (wanted_rev <> done_rev or next_due_at <= $2)`,
);

/** Links of an app that are due. */
export async function countWaiting(db: Queryable, appId: number, now: Date): Promise<number> {
  return (await WAITING.find(db, [appId, now]))?.links ?? 0;
}

const REVISION = statement<{ revision: number | bigint }>(
  'app-revision',
  'select revision from connected_app where id = $1',
);

/** The revision that the app is at; undefined when it is gone. */
export async function findAppRevision(db: Queryable, appId: number): Promise<number | undefined> {
  const row = await REVISION.find(db, [appId]);
  return row && Number(row.revision);
}

export async function stopAppUntil(db: Queryable, appId: number, until: Date): Promise<void> {
  await STOP.run(db, [appId, until]);
}

export async function openQuarantine(db: Queryable, appId: number, quarantine: Quarantine): Promise<void> {
  const { since, cause, detail, probeAt } = quarantine;
  await OPEN.run(db, [appId, since, cause, JSON.stringify(detail), probeAt]);
}

export async function closeQuarantine(db: Queryable, appId: number, now: Date): Promise<void> {
  await CLOSE.run(db, [appId, now]);
}

export async function postponeProbe(db: Queryable, appId: number, probeAt: Date, attempts: number): Promise<void> {
  await POSTPONE.run(db, [appId, probeAt, attempts]);
}
