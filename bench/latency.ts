import { inTransaction } from '../packages/server/src/db/index.ts';
import { markUsers } from '../packages/server/src/marking/index.ts';
import { type Figure, percentile } from './figure.ts';
import { type Bench, userId } from './ground.ts';
import type { BenchTarget } from './target.ts';

interface Seen {
  method: string;
  url: string;
  requestBody: string;
  arrivedAtMs: number;
}

/** Changes one user as the directory does. Gives the moment after the commit, on the clock of all processes. */
async function change(bench: Bench, id: string, set: string): Promise<number> {
  await inTransaction(bench.store.pool, async (db) => {
    await db.query(`update directory_user set ${set} where id = $1`, [id]);
    await markUsers(db, new Date(), [id]);
  });
  return Date.now();
}

/** Change committed → request received by the target, with nothing else to do. */
export async function benchIdleLatency(bench: Bench, target: BenchTarget, samples: number): Promise<Figure[]> {
  await bench.addUsers(10);
  const appId = await bench.addApp('latency', target.url);
  await bench.startPumps();
  await bench.untilQuiet(appId);
  const took: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const title = `"idle-${sample}"`;
    const committedAt = await change(bench, userId(1 + (sample % 10)), `fields = fields || '{"Title": ${title}}'`);
    await bench.untilQuiet(appId);
    const seen = (await target.exchanges()).find(({ requestBody }) => requestBody.includes(title)) as Seen;
    took.push(seen.arrivedAtMs - committedAt);
  }
  return [
    { name: 'latency idle p50', value: percentile(took, 0.5), unit: 'ms', goal: '< 30' },
    { name: 'latency idle p99', value: percentile(took, 0.99), unit: 'ms', goal: '< 100' },
  ];
}

/** A deactivation behind a backlog: commit → received, unthrottled; and the requests before it at 25 a second. */
export async function benchUrgentLatency(
  bench: Bench,
  target: BenchTarget,
  options: { backlog: number; samples: number; perSecond: number | null },
): Promise<Figure[]> {
  const { backlog, samples, perSecond } = options;
  await bench.addUsers(samples);
  const set = `max_concurrency = 32, deactivation_limit_count = 1000000, deactivation_limit_percent = 100`;
  const appId = await bench.addApp(`urgent${perSecond ?? ''}`, target.url, { set });
  // The other half of the population keeps the guard's "half of everybody" away from the samples.
  await bench.addUsers(3 * samples, { from: 5_000_000 });
  await bench.markApp(appId);
  await bench.startPumps();
  await bench.untilQuiet(appId);
  await bench.stopPumps();
  await bench.store.pool.query('update connected_app set max_per_second = $2 where id = $1', [appId, perSecond]);
  await bench.addUsers(backlog, { from: 1_000_000 });
  await bench.markApp(appId);
  await bench.startPumps();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const took: number[] = [];
  const before: number[] = [];
  for (let sample = 1; sample <= samples; sample += 1) {
    const committedAt = await change(bench, userId(sample), 'is_active = false');
    const seen = await arrival(target, committedAt);
    took.push(seen.tookMs);
    before.push(seen.before);
  }
  await bench.stopPumps();
  if (perSecond !== null) {
    const name = `deactivation at ${perSecond}/s behind ${backlog}: requests before it, worst`;
    return [{ name, value: Math.max(...before), unit: 'requests', goal: '<= 32' }];
  }
  return [
    { name: `latency of a deactivation behind ${backlog} p50`, value: percentile(took, 0.5), unit: 'ms' },
    {
      name: `latency of a deactivation behind ${backlog} p99`,
      value: percentile(took, 0.99),
      unit: 'ms',
      goal: '< 500',
    },
  ];
}

async function arrival(target: BenchTarget, committedAt: number): Promise<{ tookMs: number; before: number }> {
  for (;;) {
    const seen = (await target.exchanges()).filter(({ arrivedAtMs }) => arrivedAtMs >= committedAt);
    const index = seen.findIndex(({ method, requestBody }) => method === 'PATCH' && requestBody.includes('"active"'));
    const found = seen[index];
    if (found) return { tookMs: found.arrivedAtMs - committedAt, before: index };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
