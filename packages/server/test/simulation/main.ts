import { parseArgs } from 'node:util';
import { runSeeds } from './run-seeds.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const one = values.seed === undefined ? undefined : Number(values.seed);
const failed = await runSeeds({
  from: one ?? Number(values.from),
  count: one === undefined ? Number(values.seeds) : 1,
  workers: one === undefined ? Number(values.workers) : 1,
  wholeTrace: one !== undefined,
});
process.exitCode = failed.length > 0 ? 1 : 0;
