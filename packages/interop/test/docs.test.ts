import assert from 'node:assert/strict';
import { it } from 'node:test';
import { writeDialectPage } from './dialect-page.ts';
import { dialectPage } from './docs.ts';
import { readPage } from './main.ts';

it('docs/dialects.md is what the dialects and the code that sends make', async () => {
  assert.equal(await writeDialectPage(), readPage(dialectPage), 'run "npm run docs --workspace packages/interop"');
});
