import { parseArgs } from 'node:util';
import { properties, runFuzz } from './run-fuzz.ts';

/*
 * The long run: `node packages/scim/test/fuzz/main.ts --runs 100000 --seed 1 [--only patches]`, in pieces, each with a seed of its own.
 * What it finds goes into seeds.json, which every test run tries again.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    piece: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});
const [runs, firstSeed, piece] = [Number(values.runs), Number(values.seed), Number(values.piece)];
for (const property of properties) {
  if (values.only !== undefined && values.only !== property.name) continue;
  const startedAt = performance.now();
  let done = 0;
  let found: string | undefined;
  for (let seed = firstSeed; done < runs && found === undefined; seed++) {
    found = await runFuzz(property, seed, Math.min(piece, runs - done));
    if (found === undefined) done += Math.min(piece, runs - done);
    else console.log(`${property.name}: seed ${seed} fails\n${found}`);
  }
  const tookS = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(
    `${property.name}: ${done} runs from seed ${firstSeed} in ${tookS} s, ${found === undefined ? 'nothing found' : 'stopped at a failure'}`,
  );
  if (found !== undefined) process.exitCode = 1;
}
