import type pg from 'pg';
import { statement } from '../../db/index.ts';
import { markApp } from './mark-links.ts';

/*
 * Another revision makes pumps open the app anew, and keeps what was planned by the zone before from being sent. The day
 * is counted from the new zone on: it may be one that had begun already, and must begin again then.
 */
const APPS = statement<{ id: number }>(
  'time-zone-apps',
  `with apps as materialized (
     select id from connected_app where state <> 'draft' order by id for no key update
   ),
   raised as (
     update connected_app a set revision = revision + 1, day_marked = ($1::timestamptz at time zone $2)::date
     from apps where a.id = apps.id returning a.id
   )
   select r.id, pg_notify('usher_app', r.id::text) from raised r order by r.id`,
);

/** The organization's time zone is another: every link of every app that works is looked at again. Gives how many. */
export async function markTimeZone(db: pg.PoolClient, now: Date, timeZone: string): Promise<number> {
  let links = 0;
  for (const { id } of await APPS.rows(db, [now, timeZone])) links += await markApp(db, now, id);
  return links;
}
