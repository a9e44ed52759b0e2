import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { properties, runFuzz } from './run-fuzz.ts';

/** What was found once, and is tried for ever: the property, the seed and the runs that it took. */
const seeds = JSON.parse(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8')) as {
  property: string;
  seed: number;
  runs: number;
  found: string;
}[];
const RUNS = 1_000;

for (const property of properties) {
  describe(`whatever comes: ${property.name}`, () => {
    const attempt = async (seed: number, runs: number) => assert.equal(await runFuzz(property, seed, runs), undefined);
    it('holds for a fresh seed', () => attempt(Math.floor(Math.random() * 2 ** 31), RUNS));
    for (const { seed, runs, found } of seeds.filter((kept) => kept.property === property.name)) {
      it(`holds for seed ${seed}, which once found: ${found}`, () => attempt(seed, runs));
    }
  });
}
