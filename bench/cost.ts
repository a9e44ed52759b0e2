import { join } from 'node:path';
import { inTransaction } from '../packages/server/src/db/index.ts';
import { markApp } from '../packages/server/src/marking/index.ts';
import type { Figure } from './figure.ts';
import type { Bench } from './ground.ts';
import { type ProcessorTime, readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

/**
 * Processor time of one change: what a busy machine cannot falsify as it does a rate. The second of two apps is measured,
 * so that code is compiled and tables are warm.
 */
export async function benchCost(bench: Bench, target: BenchTarget, users: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  const dataDir = join(bench.folder, 'data');
  await bench.addUsers(users);
  for (const round of [0, 1]) {
    await target.reset();
    const appId = await bench.addApp(`cost${round}`, target.url);
    const say = async (what: string, run: () => Promise<unknown>) => {
      const before = readProcessorTime(dataDir);
      const startedMs = performance.now();
      await run();
      const seconds = (performance.now() - startedMs) / 1000;
      if (round === 1) figures.push(...toFigures(what, since(before, dataDir), users, seconds));
    };
    const converge = async () => {
      await bench.startPumps();
      await bench.untilQuiet(appId);
      await bench.stopPumps();
    };
    await say('a create', converge);
    await inTransaction(bench.store.pool, async (db) => {
      await db.query(`update directory_user set fields = fields || jsonb_build_object('Title', $1::text)`, [
        `Title ${round}`,
      ]);
      await markApp(db, new Date(), appId);
    });
    await say('an update', converge);
    await say('marking a link', () => bench.markApp(appId));
    await say('settling a link', converge);
    await bench.store.pool.query(`update connected_app set state = 'paused' where id = $1`, [appId]);
  }
  return figures;
}

function toFigures(what: string, spent: ProcessorTime, users: number, seconds: number): Figure[] {
  return [
    { name: `processor time of ${what}, node`, value: spent.nodeUs / users, unit: 'us' },
    { name: `processor time of ${what}, database`, value: spent.databaseUs / users, unit: 'us' },
    { name: `rate of ${what}`, value: users / seconds, unit: '1/s' },
  ];
}
