import { systemClock } from '../../src/clock.ts';
import { inTransaction, type Pool } from '../../src/db/pool.ts';
import { markApp, markUsers } from '../../src/marking/index.ts';

/** Adds users who are granted the app, and marks them, in one transaction, as the directory does. */
export async function addUsers(pool: Pool, usernames: string[], now = systemClock.now()): Promise<string[]> {
  const rows = usernames.map((username) => ({ id: systemClock.uuid(), username }));
  const ids = rows.map((row) => row.id);
  await inTransaction(pool, async (db) => {
    await db.query(
      `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
       select u.id, u.username, true, p.id, '{"FirstName": "Ada", "LastName": "Lovelace", "Title": "New"}', $2, $2
       from json_to_recordset($1) as u (id uuid, username text), profile p`,
      [JSON.stringify(rows), now],
    );
    await db.query(
      `insert into permission_set_assignment (user_id, permission_set_id, created_at)
       select u, s.id, $2 from unnest($1::uuid[]) u, permission_set s`,
      [ids, now],
    );
    await markUsers(db, now, ids);
  });
  return ids;
}

/** Changes users and marks them, in one transaction. */
export async function changeUsers(pool: Pool, ids: string[], set: string, now = systemClock.now()): Promise<void> {
  await inTransaction(pool, async (db) => {
    await db.query(`update directory_user set ${set} where id = any ($1)`, [ids]);
    await markUsers(db, now, ids);
  });
}

export const setTitle = (title: string): string => `fields = fields || '{"Title": "${title}"}'`;

/** Marks everything of the app, as a change of its configuration does. */
export async function markWholeApp(pool: Pool, appId: number, now = systemClock.now()): Promise<void> {
  await inTransaction(pool, (db) => markApp(db, now, appId));
}

/** Fewer than the deactivation threshold would hold. */
const MOST_LEAVERS = 2;

/**
 * Changes the directory at random until told to stop: newcomers, new titles, a few who leave and some who return.
 * Goes on over failures; what then is true is in the directory alone. Gives how many changes were acknowledged.
 */
export async function churn(pool: Pool, random: () => number, stop: AbortSignal, pauseMs = 25): Promise<number> {
  let acknowledged = 0;
  let leavers = 0;
  for (let number = 0; !stop.aborted; number += 1) {
    try {
      const { rows } = await pool.query<{ id: string; is_active: boolean }>('select id, is_active from directory_user');
      const pick = (active: boolean) => {
        const some = rows.filter((row) => row.is_active === active);
        const chosen = some[Math.floor(random() * some.length)];
        return chosen ? [chosen.id] : [];
      };
      const dice = random();
      if (dice < 0.35)
        await addUsers(
          pool,
          [1, 2].map((n) => `n${n}-${systemClock.uuid()}@example.com`),
        );
      else if (dice < 0.8)
        await changeUsers(pool, [...new Set([...pick(true), ...pick(true)])], setTitle(`T${number}`));
      else if (dice < 0.92 && leavers++ < MOST_LEAVERS) await changeUsers(pool, pick(true), 'is_active = false');
      else await changeUsers(pool, pick(false), 'is_active = true');
      acknowledged += 1;
    } catch {
      // The database is away, or we are about to be.
    }
    await systemClock.sleep(pauseMs);
  }
  return acknowledged;
}
