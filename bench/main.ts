import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { Bench, startTarget } from './ground.ts';
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
  throughput: async () => {
    const bench = await Bench.open();
    const target = await startTarget();
    try {
      return await benchThroughput(
        bench,
        target,
        smoke ? { users: 500, rounds: 1, seconds: 1 } : { users: 10_000, rounds: 5, seconds: 2 },
      );
    } finally {
      await bench.close();
      await target.stop();
    }
  },
};

for (const [name, run] of Object.entries(PARTS)) {
  if (values.only && !name.startsWith(values.only)) continue;
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
