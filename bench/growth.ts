import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTransaction } from '../packages/server/src/db/index.ts';
import { markUsers } from '../packages/server/src/marking/index.ts';
import { drawGrowth, type GrowthPoint } from './draw-growth.ts';
import type { Figure } from './figure.ts';
import { Bench, userId } from './ground.ts';
import { type ProcessorTime, readProcessorTime, since } from './processor-time.ts';
import { startTarget } from './target.ts';

const CHANGES = 2_000;
const AT_ONCE = 100;
const PICTURE = fileURLToPath(new URL('../docs/growth.svg', import.meta.url));

/** How much there is besides what is changed. */
interface Size {
  users: number;
  apps: number;
  logRows: number;
}

const SIZES: Record<keyof Size, readonly number[]> = {
  users: [10_000, 100_000, 1_000_000],
  apps: [1, 10, 100],
  logRows: [0, 1_000_000, 10_000_000],
};
const SMALL: Size = { users: 10_000, apps: 1, logRows: 0 };

/** The processor time of a change, from the directory to the log, as each of three things grows; drawn into docs/. */
export async function benchGrowth(smoke: boolean): Promise<Figure[]> {
  const points: GrowthPoint[] = [];
  for (const dimension of Object.keys(SIZES) as (keyof Size)[]) {
    for (const size of SIZES[dimension]) {
      const scaled = smoke && dimension !== 'apps' ? Math.ceil(size / 1000) : size;
      points.push({
        dimension,
        size,
        ...(await measure({ ...SMALL, ...(smoke ? { users: 0 } : {}), [dimension]: scaled })),
      });
    }
  }
  if (!smoke) await writeFile(PICTURE, drawGrowth(points));
  return points.flatMap(({ dimension, size, nodeUs, databaseUs }) => [
    { name: `a change with ${size} ${dimension}, node`, value: nodeUs, unit: 'us' },
    { name: `a change with ${size} ${dimension}, database`, value: databaseUs, unit: 'us' },
  ]);
}

async function measure(size: Size): Promise<ProcessorTime> {
  const bench = await Bench.open();
  const target = await startTarget();
  try {
    const users = CHANGES / size.apps;
    await bench.addUsers(users);
    if (size.users > users) await bench.addUsers(size.users - users, { from: 1_000_000, assigned: false });
    if (size.logRows > 0) await fillLog(bench, size.logRows);
    const appIds: number[] = [];
    for (let app = 1; app <= size.apps; app += 1) {
      const appId = await bench.addApp(`growth${app}`, target.url, { set: 'max_concurrency = 8' });
      await bench.pretendConverged(appId);
      appIds.push(appId);
    }
    const dataDir = join(bench.folder, 'data');
    await changeAll(bench, users, 'warm', appIds);
    const before = readProcessorTime(dataDir);
    await changeAll(bench, users, 'measured', appIds);
    const { nodeUs, databaseUs } = since(before, dataDir);
    return { nodeUs: nodeUs / CHANGES, databaseUs: databaseUs / CHANGES };
  } finally {
    await bench.close();
    await target.stop();
  }
}

async function changeAll(bench: Bench, users: number, title: string, appIds: number[]): Promise<void> {
  await bench.startPumps();
  for (let from = 1; from <= users; from += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, users + 1 - from) }, (_, index) => userId(from + index));
    await inTransaction(bench.store.pool, async (db) => {
      const set = `fields = fields || jsonb_build_object('Title', $2::text)`;
      await db.query(`update directory_user set ${set} where id = any ($1::uuid[])`, [ids, title]);
      await markUsers(db, new Date(), ids);
    });
  }
  for (const appId of appIds) await bench.untilQuiet(appId);
  await bench.stopPumps();
}

/** Requests and log of long ago, in this month's partitions, with the bodies forgotten as after their retention; ids ascend, as real ones do. */
async function fillLog({ store: { pool } }: Bench, rows: number): Promise<void> {
  const user = `(lpad(to_hex(n % 100000), 8, '0') || '-0000-7000-8000-000000000000')::uuid`;
  const request = `(lpad(to_hex(n), 8, '0') || '-0000-7000-9000-000000000000')::uuid`;
  await Promise.all([
    pool.query(
      `insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, version, attempts, outcome, completed_at)
       select ${request}, now(), 999, ${user}, 'update', 'Completed', 'directory change', 1, 1, 'applied', now()
       from generate_series(1, $1::int) n`,
      [rows],
    ),
    pool.query(
      `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message)
       select now(), 999, ${user}, ${request}, 1, 'update', 'applied', 'Updated the account' from generate_series(1, $1::int) n`,
      [rows],
    ),
  ]);
  await pool.query('analyze provisioning_request, provisioning_log');
}
