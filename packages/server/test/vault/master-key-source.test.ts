import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openVault, readMasterKeys, VaultError } from '../../src/vault/index.ts';

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-vault-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const isUnusable = (says: RegExp) => (error: unknown) =>
  error instanceof VaultError && error.code === 'key_unusable' && says.test(error.message);

const context = { appId: 'app', field: 'credential', allowedOrigins: ['https://a.test'] };
const isPosix = process.platform !== 'win32';

describe('the master key file', () => {
  it('is made at the first start, for its owner alone, and read at the next', async (t) => {
    const path = join(await makeFolder(t), 'new', 'master.key');
    const sealed = (await openVault({ kind: 'file', path, mustExist: false })).seal('x', context);
    if (isPosix) assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await openVault({ kind: 'file', path, mustExist: true })).open(sealed, context).reveal(), 'x');
    assert.deepEqual(await readdir(join(path, '..')), ['master.key']);
  });

  it('is made once by servers that start together', async (t) => {
    const path = join(await makeFolder(t), 'master.key');
    const vaults = await Promise.all(
      Array.from({ length: 8 }, () => openVault({ kind: 'file', path, mustExist: false })),
    );
    assert.equal(new Set(vaults.map((vault) => vault.keyIds.join())).size, 1);
  });

  it('is not made where it must exist', async (t) => {
    const path = join(await makeFolder(t), 'master.key');
    await assert.rejects(
      openVault({ kind: 'file', path, mustExist: true }),
      isUnusable(/does not exist.*new key cannot/),
    );
  });

  it('is refused while others may read or write it', { skip: !isPosix }, async (t) => {
    const path = join(await makeFolder(t), 'master.key');
    await openVault({ kind: 'file', path, mustExist: false });
    for (const mode of [0o640, 0o604, 0o620, 0o610, 0o666]) {
      await chmod(path, mode);
      await assert.rejects(
        openVault({ kind: 'file', path, mustExist: true }),
        isUnusable(/chmod 600/),
        mode.toString(8),
      );
    }
    await chmod(path, 0o400);
    await openVault({ kind: 'file', path, mustExist: true });
  });

  it('with rubbish is refused, and left as it is', async (t) => {
    const path = join(await makeFolder(t), 'master.key');
    await writeFile(path, 'canary-key\n', { mode: 0o600 });
    await assert.rejects(openVault({ kind: 'file', path, mustExist: false }), (error: Error) => {
      assert.match(error.message, /line 1/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
    assert.equal(await readFile(path, 'utf8'), 'canary-key\n');
  });

  it('may be a folder by mistake', async (t) => {
    const path = await makeFolder(t);
    await assert.rejects(openVault({ kind: 'file', path, mustExist: true }), isUnusable(/is not a file/));
    await writeFile(join(path, 'file'), '');
    const below = join(path, 'file', 'master.key');
    await assert.rejects(openVault({ kind: 'file', path: below, mustExist: false }), isUnusable(/cannot be/));
  });
});

describe('the master key command', () => {
  const key = 'mJ3m7sU0n0oV0Hn4iVt3Vd0Jm8m9m2m1m0mZ9Yx8Wv4=';
  it('prints the key', async () => {
    const [read] = await readMasterKeys({ kind: 'command', command: `echo ${key}` });
    assert.equal(read?.bytes.toString('base64'), key);
  });

  it('that fails is told without what it printed', async () => {
    const command = `${JSON.stringify(process.execPath)} -e "console.log('${key}'); process.exit(3)"`;
    await assert.rejects(readMasterKeys({ kind: 'command', command }), (error: Error) => {
      assert.ok(isUnusable(/code 3/)(error));
      assert.ok(!error.message.includes(key));
      return true;
    });
  });

  it('that prints nothing is refused', async () => {
    await assert.rejects(readMasterKeys({ kind: 'command', command: 'echo' }), isUnusable(/holds no key/));
  });
});
