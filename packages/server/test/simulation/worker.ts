import { simulate } from './simulate.ts';
import { openSimulationDatabase } from './simulation-database.ts';

/** Simulates every so many-th seed of a range and tells the parent of each. */
const [from = 1, until = 2, step = 1] = process.argv.slice(2, 5).map(Number);
const wholeTrace = process.argv[5] === 'true';
const database = await openSimulationDatabase();
try {
  for (let seed = from; seed < until; seed += step) {
    const { trace, ...report } = await simulate(database.client, seed);
    process.send?.({ ...report, trace: wholeTrace ? trace : report.found.length > 0 ? trace.slice(-200) : [] });
  }
} finally {
  await database.close();
  process.disconnect?.();
}
