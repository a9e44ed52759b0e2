import { parseArgs } from 'node:util';
import { benchBacklog } from './backlog.ts';
import { benchConnector } from './connector.ts';
import { benchFanOut } from './fan-out.ts';
import type { Figure } from './figure.ts';
import { Bench } from './ground.ts';
import { benchIdleLatency, benchUrgentLatency } from './latency.ts';
import { benchLanguage, benchPlan } from './mapping.ts';
import { benchMemory } from './memory.ts';
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
      smoke ? { users: 500, rounds: 1, seconds: 1 } : { users: 10_000, rounds: 5, seconds: 2 },
    ),
  ),
  connector: withTarget((bench, target) =>
    benchConnector(
      bench,
      target,
      smoke
        ? { users: 1_000, throttledUsers: 1_000, rounds: 1, repeats: 20 }
        : { users: 10_000, throttledUsers: 5_000, rounds: 5, repeats: 100 },
    ),
  ),
  latency: withTarget((bench, target) => benchIdleLatency(bench, target, smoke ? 20 : 200), true),
  urgent: withTarget(
    (bench, target) =>
      benchUrgentLatency(bench, target, { backlog: smoke ? 2_000 : 100_000, samples: smoke ? 5 : 50, perSecond: null }),
    true,
  ),
  'urgent throttled': withTarget(
    (bench, target) =>
      benchUrgentLatency(bench, target, { backlog: smoke ? 500 : 100_000, samples: smoke ? 3 : 20, perSecond: 25 }),
    true,
  ),
  'fan-out': withTarget((bench, target) => benchFanOut(bench, target, smoke ? 2_000 : 100_000)),
  backlog: async () => {
    const bench = await Bench.open();
    try {
      return await benchBacklog(bench, smoke ? 20_000 : 1_000_000);
    } finally {
      await bench.close();
    }
  },
  mapping: () => benchLanguage(smoke ? 10_000 : 1_000_000),
  plan: withTarget((bench, target) => benchPlan(bench, target, smoke ? 5_000 : 100_000)),
  memory: () => (smoke ? benchMemory(500, 2_000) : benchMemory(20_000, 500_000)),
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

for (const [name, run] of Object.entries(PARTS)) {
  if (values.only && name !== values.only) continue;
  for (const figure of await run()) print(figure);
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
  process.stdout.write(
    `${name.padEnd(44)} ${String(rounded).padStart(12)} ${unit.padEnd(12)} ${ratioText.padEnd(12)} ${goal ?? ''}\n`,
  );
}
