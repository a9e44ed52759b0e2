import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { giveTo } from '../../src/db/embedded/os-user.ts';

/** A running server removes files of its folder while another start looks through it. */
test('files that vanish under the eyes of a start do not stop it', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'usher-vanishing-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const user = { name: 'me', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  for (let round = 0; round < 20; round += 1) {
    const folder = join(root, String(round));
    mkdirSync(folder);
    for (let file = 0; file < 30; file += 1) writeFileSync(join(folder, String(file)), '');
    const given = giveTo(user, folder);
    for (let turns = 0; turns <= round; turns += 1) await turn();
    for (const file of readdirSync(folder).reverse()) rmSync(join(folder, file));
    await given;
  }
  await assert.rejects(giveTo(user, join(root, 'never')), /cannot be given/);
});
