import assert from 'node:assert/strict';
import { it } from 'node:test';
import { everydayPage, readPage, runPage } from './main.ts';
import { smallSizes } from './run-scenarios.ts';

it('the library passes every scenario on every peer as docs/interop.md says', async (context) => {
  const text = await runPage(everydayPage, smallSizes, (line) => context.diagnostic(line));
  const present = readPage(everydayPage.file).split('\n');
  const differing = text
    .split('\n')
    .flatMap((line, index) => (line === present[index] ? [] : [`${index + 1}: ${line}`]));
  const remedy = 'Look at these lines, then run "npm run interop --workspace packages/interop"';
  assert.ok(differing.length === 0, `${remedy}:\n${differing.slice(0, 20).join('\n')}`);
  assert.equal(text.split('\n').length, present.length);
});
