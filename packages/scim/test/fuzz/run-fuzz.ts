import fc from 'fast-check';
import { filters } from './filters.ts';
import type { FuzzProperty } from './fuzz-property.ts';
import { hostileAnswers } from './hostile-answers.ts';
import { lenientReading } from './lenient-reading.ts';
import { patches } from './patches.ts';

export const properties: readonly FuzzProperty[] = [hostileAnswers, lenientReading, filters, patches];

/** Tries a property. Undefined: it holds; else what was found, with the seed that finds it again. */
export async function runFuzz({ check }: FuzzProperty, seed: number, runs: number): Promise<string | undefined> {
  const details = await check({ seed, numRuns: runs });
  return details.failed ? fc.defaultReportMessage(details as fc.RunDetails<unknown>) : undefined;
}
