import { join } from 'node:path';
import { findAppById } from '../packages/server/src/apps/index.ts';
import { createReport, getReport, MatchingRunner } from '../packages/server/src/matching/index.ts';
import type { Figure } from './figure.ts';
import type { Bench } from './ground.ts';
import { readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;
/** As in the wild: most accounts are somebody's, some nobody's. */
const OWNED = 0.8;

/** A matching report of so many accounts, read 200 a page from a target in a process of its own. */
export async function benchMatching(bench: Bench, target: BenchTarget, accounts: number): Promise<Figure[]> {
  const { ground } = bench;
  await bench.addUsers(Math.round(accounts * OWNED));
  const appId = await bench.addApp('matching', target.url);
  // Nobody works beside the report, and what the target has was there before.
  await ground.pool.query(`update connected_app set state = 'paused' where id = $1`, [appId]);
  await fill(target, accounts);
  const app = await findAppById(ground.pool, appId);
  if (!app) throw new Error('The app of the bench is gone');
  const runner = new MatchingRunner(ground);
  const peaks = [0, 0];
  let isSecondHalf = false;
  const watch = setInterval(() => {
    const half = isSecondHalf ? 1 : 0;
    peaks[half] = Math.max(peaks[half] ?? 0, process.memoryUsage().rss);
  }, 20);
  const dataDir = join(bench.folder, 'data');
  const before = readProcessorTime(dataDir);
  const startedMs = performance.now();
  const id = await createReport(ground, ACTOR, app.name, {});
  runner.start();
  let report = await getReport(ground, app, id);
  while (['waiting', 'reading', 'matching'].includes(report.state)) {
    await ground.clock.sleep(50);
    report = await getReport(ground, app, id);
    isSecondHalf = report.accounts * 2 > accounts;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { nodeUs, databaseUs } = since(before, dataDir);
  clearInterval(watch);
  await runner.stop();
  const { matched, orphaned } = report.counts?.byCategory ?? {};
  if (report.state !== 'ready' || (matched ?? 0) + (orphaned ?? 0) !== accounts) {
    throw new Error(`The report is ${report.state} with ${JSON.stringify(report.counts)}: ${report.problem}`);
  }
  const [first = 0, second = 0] = peaks.map((bytes) => bytes / 2 ** 20);
  return [
    { name: `matching report of ${accounts} accounts`, value: seconds, unit: 's', goal: '< 300 for 250,000' },
    { name: 'processor time of that report, server', value: nodeUs / 1e6, unit: 's' },
    { name: 'processor time of that report, database', value: databaseUs / 1e6, unit: 's' },
    { name: 'memory of that report', value: Math.max(first, second), unit: 'MiB' },
    { name: 'memory growth in its second half', value: Math.max(0, second - first), unit: 'MiB', goal: '< 32' },
  ];
}

async function fill(target: BenchTarget, accounts: number): Promise<void> {
  const batch = 5_000;
  for (let from = 1; from <= accounts; from += batch) {
    const part = Array.from({ length: Math.min(batch, accounts - from + 1) }, (_, index) =>
      buildAccount(from + index, accounts),
    );
    await target.addAccounts(part);
  }
}

function buildAccount(n: number, accounts: number): Record<string, unknown> {
  const name = n <= accounts * OWNED ? `user${n}@example.com` : `stranger${n}@elsewhere.com`;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: name,
    name: { givenName: `Given${n}`, familyName: `Family${n}` },
    displayName: `Given${n} Family${n}`,
    emails: [{ type: 'work', value: name, primary: true }],
    title: 'Engineer',
    active: true,
  };
}
