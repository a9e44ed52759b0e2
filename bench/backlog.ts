import { claimLinks } from '../packages/server/src/provisioning/sql/claim-links.ts';
import { type Figure, median } from './figure.ts';
import type { Bench } from './ground.ts';

const CLAIMS = 30;

/** One claim with a million due and a million paused links, before and after ANALYZE. */
export async function benchBacklog(bench: Bench, links: number): Promise<Figure[]> {
  const { pool } = bench.store;
  for (const [name, state] of [
    ['due', 'active'],
    ['paused', 'paused'],
  ]) {
    await pool.query(
      `with a as (insert into connected_app (name, label, connector, base_url, state, created_at, updated_at)
         values ($1, $1, 'scim2', 'https://localhost', $2, now(), now()) returning id)
       insert into link_schedule (app_id, user_id, next_due_at)
       select a.id, gen_random_uuid(), now() - n * interval '1 millisecond' from a, generate_series(1, $3::int) n`,
      [name, state, links],
    );
  }
  const { rows } = await pool.query<{ id: number }>(`select id from connected_app where name = 'due'`);
  const claim = async () => {
    const inHand: string[] = [];
    const took: number[] = [];
    for (let round = 0; round < CLAIMS; round += 1) {
      const startedAt = performance.now();
      const wanted = { appId: rows[0]?.id ?? 0, now: new Date(), limit: 512, inHand, busy: inHand, urgentOnly: false };
      const { links: claimed } = await claimLinks(pool, wanted);
      took.push(performance.now() - startedAt);
      if (inHand.length < 1024) inHand.push(...claimed.map(({ userId }) => userId));
    }
    return median(took);
  };
  const before = await claim();
  await pool.query('analyze link_schedule');
  const after = await claim();
  return [
    { name: `claim with ${links} due, ${links} paused, before ANALYZE`, value: before, unit: 'ms', goal: '< 5' },
    { name: `claim with ${links} due, ${links} paused, after ANALYZE`, value: after, unit: 'ms', goal: '< 5' },
  ];
}
