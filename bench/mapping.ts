import { join } from 'node:path';
import { benchFormula } from '../packages/formula/bench.ts';
import { CONFIGURATION_INPUT, findAppById } from '../packages/server/src/apps/index.ts';
import { createPlan, getPlan, PlanRunner } from '../packages/server/src/plans/index.ts';
import type { Figure } from './figure.ts';
import { type Bench, MAPPING } from './ground.ts';
import { readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;

/** The language itself: against closures by hand, the cost of compiling, and a mapping over many users. */
export async function benchLanguage(users: number): Promise<Figure[]> {
  const measured = await benchFormula();
  const find = (name: string) => {
    const found = measured.find((figure) => figure.name.startsWith(name));
    if (!found) throw new Error(`The bench of formulas measures no "${name}"`);
    return found.value;
  };
  return [
    { name: 'evaluate, times a closure by hand', value: find('evaluate, against'), unit: 'times', goal: '<= 3' },
    { name: 'compile a formula', value: find('compile'), unit: 'µs', goal: '< 100' },
    {
      name: `map ${users} users, 12 attributes`,
      value: (find('map a user') * users) / 1e6,
      unit: 's',
      goal: '< 10 for 1,000,000',
    },
  ];
}

/**
 * A plan of so many users with before and after: everybody has an account, and the new configuration changes one
 * attribute of all, so that there is a row for each.
 */
export async function benchPlan(bench: Bench, target: BenchTarget, users: number): Promise<Figure[]> {
  const { ground } = bench;
  await bench.addUsers(users);
  const appId = await bench.addApp('plan', target.url);
  await bench.pretendConverged(appId);
  const app = await findAppById(ground.pool, appId);
  if (!app) throw new Error('The app of the bench is gone');
  const mapping = MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule));
  const configuration = CONFIGURATION_INPUT.parse({ mapping });
  const runner = new PlanRunner(ground);
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, process.memoryUsage().rss / 2 ** 20);
  }, 10);
  // What is still needed in the middle of the way and at its end: the difference is what grows with the users. The peak
  // does not tell, for V8 lets a heap grow while there is memory.
  const kept: number[] = [];
  const dataDir = join(bench.folder, 'data');
  const before = readProcessorTime(dataDir);
  const startedMs = performance.now();
  const { id } = await createPlan(ground, ACTOR, app.name, { configuration });
  runner.start();
  let plan = await getPlan(ground, app, id);
  while (plan.state === 'waiting' || plan.state === 'running') {
    await ground.clock.sleep(20);
    plan = await getPlan(ground, app, id);
    if (kept.length === 0 && plan.done * 2 > users) kept.push(measureKeptMiB());
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { nodeUs, databaseUs } = since(before, dataDir);
  clearInterval(watch);
  kept.push(measureKeptMiB());
  await runner.stop();
  if (plan.state !== 'ready' || plan.counts.byOperation.update !== users) {
    throw new Error(`The plan is ${plan.state} with ${JSON.stringify(plan.counts)}: ${plan.problem}`);
  }
  const [middle = 0, end = middle] = kept;
  return [
    { name: `plan of ${users} users, before and after`, value: seconds, unit: 's', goal: '< 10 for 100,000' },
    // The two run at once, so that on an idle machine the plan lasts about as long as the longer.
    { name: 'processor time of that plan, server', value: nodeUs / 1e6, unit: 's', goal: '< 10 for 100,000' },
    { name: 'processor time of that plan, database', value: databaseUs / 1e6, unit: 's', goal: '< 10 for 100,000' },
    { name: 'memory of that plan, at its peak', value: peakMiB, unit: 'MiB' },
    ...(globalThis.gc
      ? [{ name: 'memory that its second half keeps', value: Math.max(0, end - middle), unit: 'MiB', goal: '< 32' }]
      : []),
  ];
}

/** Tells nothing without `--expose-gc`, with which `npm run bench` starts. */
function measureKeptMiB(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
