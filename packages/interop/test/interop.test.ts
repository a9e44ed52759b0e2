import assert from 'node:assert/strict';
import { it } from 'node:test';
import { everydayPage, readPage, runPage } from './main.ts';
import { smallSizes } from './run-scenarios.ts';

it('the library passes every scenario on every peer as docs/interop.md says', async (context) => {
  const text = await runPage(everydayPage, smallSizes, (line) => context.diagnostic(line));
  assert.equal(
    text,
    readPage(everydayPage.file),
    'run "npm run interop --workspace packages/interop" and look at the difference',
  );
});
