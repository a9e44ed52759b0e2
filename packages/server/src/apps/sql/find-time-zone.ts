import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

const TIME_ZONE = statement<{ value: unknown }>(
  'apps-time-zone',
  `select value from instance_setting where name = 'time_zone'`,
);

/** The organization's zone, an IANA name: it decides the day of TODAY(). */
export async function findTimeZone(db: Queryable): Promise<string> {
  const value = (await TIME_ZONE.find(db))?.value;
  return typeof value === 'string' && value !== '' ? value : 'UTC';
}
