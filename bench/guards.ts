import { join } from 'node:path';
import { findAppById, saveGuards } from '../packages/server/src/apps/index.ts';
import { inTransaction } from '../packages/server/src/db/index.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../packages/server/src/guards/index.ts';
import { markApp } from '../packages/server/src/marking/index.ts';
import { type Figure, median } from './figure.ts';
import type { Bench } from './ground.ts';
import { readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

const NONE: GuardSettings = { ...DEFAULT_GUARDS, slowBleed: null, thresholds: [] };
const EVERY = { name: 'every update', operation: 'update', windowMinutes: 60, count: 1_000_000, percent: 0 } as const;
const VARIANTS = {
  none: NONE,
  default: DEFAULT_GUARDS,
  // Each update uses up a budget, so that it is asked about and on the ledger.
  counting: { ...NONE, thresholds: [EVERY] },
} satisfies Record<string, GuardSettings>;

const ORDERS: (keyof typeof VARIANTS)[][] = [
  ['none', 'default', 'counting'],
  ['default', 'none', 'counting'],
  ['counting', 'default', 'none'],
  ['none', 'counting', 'default'],
  ['default', 'counting', 'none'],
  ['counting', 'none', 'default'],
];

/**
 * What guards cost an update, in processor time of node and database: with none, with the defaults, which count no ordinary
 * update, and with one that counts each. The three are measured in turn, round by round.
 */
export async function benchGuards(
  bench: Bench,
  target: BenchTarget,
  { users, rounds }: { users: number; rounds: number },
): Promise<Figure[]> {
  const dataDir = join(bench.folder, 'data');
  const { pool } = bench.store;
  await bench.addUsers(users);
  await target.reset();
  const appId = await bench.addApp('guards', target.url);
  const converge = async () => {
    await bench.startPumps();
    await bench.untilQuiet(appId);
    await bench.stopPumps();
  };
  await converge();
  const spent: Record<string, number[]> = { none: [], default: [], counting: [] };
  for (let round = -1; round < rounds; round += 1) {
    // In every order in turn: each leaves something behind for the next.
    const order = ORDERS[(round + ORDERS.length) % ORDERS.length] ?? [];
    for (const name of order) {
      const guards = VARIANTS[name];
      const app = await findAppById(pool, appId);
      if (!app) throw new Error('The app is gone');
      await saveGuards(pool, appId, guards, new Date(), 'bench');
      await inTransaction(pool, async (db) => {
        await db.query('delete from guard_ledger');
        await db.query(`update directory_user set fields = fields || jsonb_build_object('Title', $1::text)`, [
          `${name} ${round}`,
        ]);
        await markApp(db, new Date(), appId);
      });
      const before = readProcessorTime(dataDir);
      await converge();
      const { nodeUs, databaseUs } = since(before, dataDir);
      if (round >= 0) spent[name]?.push((nodeUs + databaseUs) / users);
    }
  }
  const { none = [], default: byDefault = [], counting = [] } = spent;
  const cost = (of: number[]) => median(of.map((us, round) => us / (none[round] ?? us))) - 1;
  return [
    { name: 'processor time of an update without guards', value: median(none), unit: 'us' },
    {
      name: 'what the default guards add to it',
      value: cost(byDefault),
      unit: 'of it',
      goal: 'value < 0.05',
    },
    { name: 'what a guard that counts each update adds to it', value: cost(counting), unit: 'of it' },
  ];
}
