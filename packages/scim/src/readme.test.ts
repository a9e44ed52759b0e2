import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startFaultTarget } from '../testing/index.ts';
import { readReadmeProgram } from '../testing/readme-program.ts';

it('the README’s program runs', async () => {
  const library = new URL('./index.ts', import.meta.url).href;
  const program = (await readReadmeProgram()).replaceAll("'@usher/scim'", `'${library}'`);
  const folder = await mkdtemp(join(tmpdir(), 'scim-readme-'));
  await using target = await startFaultTarget({ token: 'example-token' });
  process.env['SCIM_URL'] = target.url;
  process.env['SCIM_TOKEN'] = 'example-token';
  try {
    await writeFile(join(folder, 'program.mts'), program);
    await import(pathToFileURL(join(folder, 'program.mts')).href);
    assert.deepEqual(target.violations(), []);
    assert.equal(target.accounts().size, 0);
  } finally {
    await rm(folder, { recursive: true });
    delete process.env['SCIM_URL'];
    delete process.env['SCIM_TOKEN'];
  }
});
