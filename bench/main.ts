import { parseArgs } from 'node:util';
import { benchBacklog } from './backlog.ts';
import { benchConnector } from './connector.ts';
import { benchLiveLog, measureConsoleSize } from './console.ts';
import { benchCost } from './cost.ts';
import { benchFanOut } from './fan-out.ts';
import { type Figure, isMet } from './figure.ts';
import { Bench } from './ground.ts';
import { benchGrowth } from './growth.ts';
import { benchGuards } from './guards.ts';
import { benchImport } from './import.ts';
import { benchIdleLatency, benchUrgentLatency } from './latency.ts';
import { benchLog } from './log.ts';
import { benchLanguage, benchPlan } from './mapping.ts';
import { benchMatching } from './matching.ts';
import { benchMemory } from './memory.ts';
import { benchRefresh } from './refresh.ts';
import { benchRollout } from './rollout.ts';
import { benchSearch } from './search.ts';
import { benchStart } from './start.ts';
import { type BenchTarget, startTarget } from './target.ts';
import { benchThroughput } from './throughput.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const smoke = values.smoke;

/** Each part has its own database and target, so that none sees what another left behind. */
const PARTS: Record<string, () => Promise<Figure[]>> = {
  throughput: withTarget((bench, target) =>
    benchThroughput(
      bench,
      target,
      smoke ? { users: 200, rounds: 1, seconds: 0.2 } : { users: 10_000, rounds: 5, seconds: 2 },
    ),
  ),
  rollout: withTarget((bench, target) =>
    benchRollout(bench, target, smoke ? { users: 200, rounds: 1 } : { users: 5_000, rounds: 12 }),
  ),
  cost: withTarget((bench, target) => benchCost(bench, target, smoke ? 100 : 10_000)),
  guards: withTarget((bench, target) =>
    benchGuards(bench, target, smoke ? { users: 200, rounds: 1 } : { users: 5_000, rounds: 12 }),
  ),
  connector: withTarget((bench, target) =>
    benchConnector(
      bench,
      target,
      smoke
        ? { users: 100, throttledUsers: 50, rounds: 1, repeats: 5 }
        : { users: 10_000, throttledUsers: 2_000, rounds: 2, repeats: 100 },
    ),
  ),
  latency: withTarget((bench, target) => benchIdleLatency(bench, target, smoke ? 5 : 200), true),
  urgent: withTarget(
    (bench, target) =>
      benchUrgentLatency(bench, target, { backlog: smoke ? 300 : 100_000, samples: smoke ? 2 : 50, perSecond: null }),
    true,
  ),
  'urgent throttled': withTarget(
    (bench, target) =>
      benchUrgentLatency(bench, target, { backlog: smoke ? 200 : 100_000, samples: smoke ? 2 : 20, perSecond: 25 }),
    true,
  ),
  import: withTarget((bench) => benchImport(bench, smoke ? 500 : 50_000)),
  'fan-out': withTarget((bench, target) => benchFanOut(bench, target, smoke ? 500 : 100_000)),
  backlog: async () => {
    const bench = await Bench.open();
    try {
      return await benchBacklog(bench, smoke ? 5_000 : 1_000_000);
    } finally {
      await bench.close();
    }
  },
  mapping: () => benchLanguage(smoke ? 10_000 : 1_000_000),
  plan: withTarget((bench, target) => benchPlan(bench, target, smoke ? 1_000 : 100_000)),
  matching: withTarget((bench, target) => benchMatching(bench, target, smoke ? 5_000 : 250_000)),
  refresh: () => benchRefresh(smoke ? { refreshes: 20, killEvery: 20 } : { refreshes: 10_000, killEvery: 400 }),
  memory: () => (smoke ? benchMemory(100, 300, 100) : benchMemory(20_000, 500_000, 40_000)),
  start: () => benchStart(smoke ? 1 : 5),
  console: async () => [...measureConsoleSize(), ...(await benchLiveLog({ perSecond: 100, seconds: smoke ? 3 : 10 }))],
  log: async () => {
    const bench = await Bench.open();
    try {
      return await benchLog(bench, smoke ? 2_000 : 1_000_000, smoke ? 1 : 5);
    } finally {
      await bench.close();
    }
  },
  search: async () => {
    const bench = await Bench.open();
    try {
      return await benchSearch(bench, smoke ? 2_000 : 1_000_000, smoke ? 2 : 6);
    } finally {
      await bench.close();
    }
  },
};

/** What takes many minutes runs only when it is named. */
const LONG_PARTS: Record<string, () => Promise<Figure[]>> = {
  growth: () => benchGrowth(smoke),
};

function withTarget(
  run: (bench: Bench, target: BenchTarget) => Promise<Figure[]>,
  record = false,
): () => Promise<Figure[]> {
  return async () => {
    const bench = await Bench.open();
    const target = await startTarget({ record });
    try {
      return await run(bench, target);
    } finally {
      await bench.close();
      await target.stop();
    }
  };
}

const startedMs = performance.now();
const wanted = Object.entries(values.only ? { ...PARTS, ...LONG_PARTS } : PARTS).filter(
  ([name]) => !values.only || name === values.only,
);
/** One at a time, so that nothing is measured beside another; without verdicts that does not matter. */
const waiting = wanted.map(([name, run]) => ({ name, run, result: Promise.withResolvers<Figure[]>() }));
for (const { result } of waiting) result.promise.catch(() => {});
const tookS: string[] = [];
// `npm start` builds the console, which another part reads.
const isOfConsole = ({ name }: { name: string }) => name === 'start' || name === 'console';
const working = smoke
  ? work(
      waiting.filter((part) => !isOfConsole(part)),
      4,
    ).then(() => work(waiting.filter(isOfConsole), 1))
  : work([...waiting], 1);
await Promise.all([working, printAll()]);

async function work(queue: typeof waiting, atOnce: number): Promise<void> {
  const next = async (): Promise<void> => {
    for (let part = queue.shift(); part; part = queue.shift()) {
      const partStartedMs = performance.now();
      const figures = part
        .run()
        .finally(() => tookS.push(`${part.name} ${((performance.now() - partStartedMs) / 1000).toFixed(0)}`));
      await figures.then(part.result.resolve, part.result.reject);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

async function printAll(): Promise<void> {
  for (const { result } of waiting) for (const figure of await result.promise) print(figure);
  if (values.json) return;
  const wholeS = ((performance.now() - startedMs) / 1000).toFixed(0);
  process.stdout.write(`\nIt took ${wholeS} s: ${tookS.join(', ')}.\n`);
}

function print({ name, value, unit, ratio, goal }: Figure): void {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ name, value: rounded, unit, ...(ratio === undefined ? {} : { ratio: Number(ratio.toFixed(3)) }) })}\n`,
    );
    return;
  }
  const ratioText = ratio === undefined ? '' : `ratio ${ratio.toFixed(2)}`;
  // The goals are for the full size.
  const met = smoke
    ? undefined
    : isMet({ name, value, unit, ...(ratio === undefined ? {} : { ratio }), goal: goal ?? '' });
  const verdict = met === undefined ? '' : met ? 'met' : 'MISSED';
  process.stdout.write(
    `${name.padEnd(64)} ${String(rounded).padStart(10)} ${unit.padEnd(10)} ${ratioText.padEnd(11)} ${(goal ?? '').padEnd(26)} ${verdict}\n`,
  );
}
