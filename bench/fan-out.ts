import { inTransaction } from '../packages/server/src/db/index.ts';
import { markHoldersOfPermissionSet } from '../packages/server/src/marking/index.ts';
import type { Figure } from './figure.ts';
import type { Bench } from './ground.ts';
import type { BenchTarget } from './target.ts';

/** A change of a permission set group that touches every link: the commit, and settling the links that need no call. */
export async function benchFanOut(bench: Bench, target: BenchTarget, links: number): Promise<Figure[]> {
  const { pool } = bench.store;
  await bench.addUsers(links);
  await pool.query(
    `insert into permission_set_group (name, label, created_at, updated_at) values ('everybody', 'Everybody', now(), now())`,
  );
  await pool.query(
    `insert into permission_set (name, label, created_at, updated_at) values ('extra', 'Extra', now(), now())`,
  );
  await pool.query(
    `insert into permission_set_assignment (user_id, permission_set_group_id, created_at)
     select u.id, g.id, now() from directory_user u, permission_set_group g where g.name = 'everybody'`,
  );
  await pool.query('analyze');
  const appId = await bench.addApp('fanout', target.url);
  await bench.pretendConverged(appId);
  const { rows } = await pool.query<{ id: number }>(`select id from permission_set where name = 'extra'`);
  const startedAt = performance.now();
  let marked = 0;
  await inTransaction(pool, async (db) => {
    await db.query(
      `insert into permission_set_group_component (permission_set_group_id, permission_set_id)
       select g.id, s.id from permission_set_group g, permission_set s where g.name = 'everybody' and s.name = 'extra'`,
    );
    marked = await markHoldersOfPermissionSet(db, new Date(), rows[0]?.id ?? 0);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (marked !== links) throw new Error(`${marked} of ${links} links were marked`);
  await bench.startPumps();
  const settled = await bench.untilQuiet(appId);
  await bench.stopPumps();
  return [
    { name: `fan-out of a group change to ${links} links`, value: seconds, unit: 's', goal: '< 2' },
    { name: `settling ${links} links that need no call`, value: links / settled, unit: 'links/s', goal: '>= 20000' },
  ];
}
