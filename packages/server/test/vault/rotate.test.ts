import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createVault, openVault, readMasterKeys, rotateVault } from '../../src/vault/index.ts';
import { createOAuthFixture, type OAuthFixture } from '../credentials/oauth-fixture.ts';

let fixture: OAuthFixture;
let folder: string;
before(async () => {
  fixture = await createOAuthFixture();
  folder = mkdtempSync(join(tmpdir(), 'usher-vault-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fixture.close();
});

const actor = { kind: 'system', name: 'test' } as const;

describe('the vault while it is rotated', { concurrency: 1 }, () => {
  it('makes a key file that only its owner reads, at the first start', async () => {
    const path = join(folder, 'master.key');
    const vault = await openVault({ kind: 'file', path, mustExist: false });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    Object.assign(fixture.ground, { vault });
  });

  it('seals everything anew under a key that was put first, while tokens are refreshed', async () => {
    const { makeApp, authorize, change, ground } = fixture;
    await makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
    await authorize('Chat');
    const path = join(folder, 'master.key');
    const oldText = readFileSync(path, 'utf8');
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n${oldText}`);
    let refreshes = 0;
    let isRotating = true;
    const refreshing = (async () => {
      while (isRotating) {
        assert.equal((await change('POST', 'Chat', '/authorization/refresh')).status, 200);
        refreshes += 1;
      }
    })();
    const rotation = await rotateVault(ground, actor);
    isRotating = false;
    await refreshing;
    assert.ok(refreshes > 0);
    const again = await rotateVault(ground, actor);
    assert.deepEqual([rotation.unopened, again.unopened, again.resealed], [[], [], 0]);
    const [present, older] = again.keys;
    assert.ok(present?.seals && present.values >= 3 && older?.values === 0, JSON.stringify(again.keys));
    writeFileSync(path, readFileSync(path, 'utf8').split('\n')[0] ?? '');
    await ground.vault.reload?.();
    assert.equal((await change('POST', 'Chat', '/authorization/refresh')).status, 200, 'without the old key');
  });

  it('names what it cannot open, and leaves it', async () => {
    const { ground } = fixture;
    const [other] = await readMasterKeys({ kind: 'value', key: randomBytes(32) });
    const foreign = createVault(other ? [other] : []);
    const sealed = foreign.seal('x', { appId: 'app 1', field: 'lost', allowedOrigins: [] });
    await ground.pool.query(
      `insert into sealed_secret (owner, field, sealed, key_id, origins, created_at, updated_at) values ('app 1', 'lost', $1, $2, '{}', now(), now())`,
      [sealed, other?.id],
    );
    const rotation = await rotateVault(ground, actor);
    assert.deepEqual(
      rotation.unopened.map(({ field }) => field),
      ['lost'],
    );
    assert.match(rotation.unopened[0]?.problem ?? '', /which this server was not given/);
  });

  it('takes its keys from a command too', async () => {
    const key = randomBytes(32).toString('base64');
    const vault = await openVault({ kind: 'command', command: `echo ${key}` });
    const context = { appId: '1', field: 'f', allowedOrigins: [] };
    assert.equal(vault.open(vault.seal('secret', context), context).reveal(), 'secret');
  });
});
