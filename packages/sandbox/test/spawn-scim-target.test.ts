import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { goDead, noFaults, spawnScimTarget } from '../src/index.ts';

const token = 'spawned-token';
const mainPath = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const authorization = `Bearer ${token}`;

function createUser(url: string, userName: string): Promise<Response> {
  return fetch(`${url}/Users`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName }),
  });
}

describe('the SCIM target as a process of its own', () => {
  it('shows its accounts, requests and counts, and takes faults, over its control endpoints', async () => {
    const target = await spawnScimTarget({ token });
    try {
      assert.notEqual(target.pid, process.pid);
      assert.equal((await createUser(target.url, 'own@example.com')).status, 201);
      assert.deepEqual(
        (await target.accounts()).map((account) => account['userName']),
        ['own@example.com'],
      );
      assert.equal((await target.requests())[0]?.path, '/Users');
      assert.deepEqual((await target.counts()).byRoute, { 'POST /Users': 1 });
      assert.deepEqual(await target.groups(), []);
      await target.setFaults({ rules: [goDead] });
      await assert.rejects(createUser(target.url, 'dead@example.com'));
      await target.setFaults(noFaults);
      assert.equal((await createUser(target.url, 'alive@example.com')).status, 201);
      await assert.rejects(target.setFaults({ rules: [{ answer: 'explode' as never }] }), /rules\[0\]\.answer/);
      const withoutToken = await fetch(new URL('/_sandbox/accounts', target.url));
      assert.equal(withoutToken.status, 401);
    } finally {
      await target.stop();
    }
    await assert.rejects(createUser(target.url, 'stopped@example.com'));
  });

  it('can be killed', async () => {
    const target = await spawnScimTarget({ token });
    await target.kill();
    await assert.rejects(createUser(target.url, 'killed@example.com'));
  });

  it('ends when the process that started it is gone', async () => {
    const child = spawn(process.execPath, [mainPath, 'scim', '--token', token], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const exited = once(child, 'exit');
    child.stdin.end();
    assert.deepEqual(await exited, [0, null]);
  });

  it('says how it is used', async () => {
    for (const [args, message] of [
      [['scim'], /--token/],
      [['scim', '--token', 'x', '--port', 'http'], /--port: 'http'/],
      [['ldap', '--token', 'x'], /which sandbox/],
      [['scim', '--token', 'x', '--colour', 'red'], /--colour/],
    ] as [string[], RegExp][]) {
      const child = spawn(process.execPath, [mainPath, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 2, args.join(' '));
      assert.match(errors, message);
    }
  });
});
