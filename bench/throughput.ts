import { join } from 'node:path';
import { inTransaction } from '../packages/server/src/db/index.ts';
import { markApp } from '../packages/server/src/marking/index.ts';
import { type Figure, median } from './figure.ts';
import type { Bench } from './ground.ts';
import { runIdeal } from './ideal.ts';
import { type ProcessorTime, readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

const CONCURRENCY = 32;
const BATCH = 64;

/**
 * Changes a second of the whole engine, against the ideal pipeline in the same rounds and at the same concurrency, batch
 * and target. One call a change on both sides: creates without a search first, then updates.
 */
export async function benchThroughput(
  bench: Bench,
  target: BenchTarget,
  options: { users: number; rounds: number; seconds: number },
): Promise<Figure[]> {
  const creates: number[] = [];
  const updates: number[] = [];
  const intent: number[] = [];
  const full: number[] = [];
  const dataDir = join(bench.folder, 'data');
  const spentByIdeal: number[] = [];
  const spentByEngine: number[] = [];
  await bench.addUsers(options.users);
  const ideal = { concurrency: CONCURRENCY, batch: BATCH, seconds: options.seconds, target: target.url };
  for (let round = -1; round < options.rounds; round += 1) {
    await target.reset();
    let before = readProcessorTime(dataDir);
    const idealIntent = await runIdeal(bench.store.pool, { ...ideal, mode: 'intent' }, round + 1);
    const idealUs = sumUs(since(before, dataDir)) / (idealIntent * options.seconds);
    const idealFull = await runIdeal(bench.store.pool, { ...ideal, mode: 'full' }, round + 2);
    await target.reset();
    const name = `throughput${round + 1}`;
    const appId = await bench.addApp(name, target.url, { set: `max_concurrency = ${CONCURRENCY}` });
    before = readProcessorTime(dataDir);
    await bench.startPumps();
    const created = options.users / (await bench.untilQuiet(appId));
    await inTransaction(bench.store.pool, async (db) => {
      await db.query(`update directory_user set fields = fields || jsonb_build_object('Title', $1::text)`, [name]);
      await markApp(db, new Date(), appId);
    });
    const updated = options.users / (await bench.untilQuiet(appId));
    await bench.stopPumps();
    await bench.store.pool.query(`update connected_app set state = 'paused' where id = $1`, [appId]);
    const engineUs = sumUs(since(before, dataDir)) / (2 * options.users);
    if (round < 0) continue;
    spentByIdeal.push(idealUs);
    spentByEngine.push(engineUs);
    creates.push(created);
    updates.push(updated);
    intent.push(idealIntent);
    full.push(idealFull);
  }
  const both = creates.map((created, round) => 2 / (1 / created + 1 / (updates[round] ?? created)));
  const against = (yardstick: number[]) => median(both.map((perSecond, round) => perSecond / (yardstick[round] ?? 1)));
  return [
    {
      name: 'throughput',
      value: median(both),
      unit: 'changes/s',
      ratio: against(intent),
      goal: 'ratio to intent >= 0.6',
    },
    { name: 'throughput against full', value: median(both), unit: 'changes/s', ratio: against(full) },
    { name: 'throughput of creates', value: median(creates), unit: 'changes/s' },
    { name: 'throughput of updates', value: median(updates), unit: 'changes/s' },
    { name: 'ideal pipeline, intent', value: median(intent), unit: 'changes/s' },
    { name: 'ideal pipeline, full', value: median(full), unit: 'changes/s' },
    {
      name: 'processor time of a change, node and database',
      value: median(spentByEngine),
      unit: 'us',
      ratio: median(spentByEngine.map((us, round) => (spentByIdeal[round] ?? 0) / us)),
    },
    { name: 'processor time of the ideal pipeline, intent', value: median(spentByIdeal), unit: 'us' },
  ];
}

function sumUs({ nodeUs, databaseUs }: ProcessorTime): number {
  return nodeUs + databaseUs;
}
