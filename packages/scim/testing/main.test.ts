import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from './json.ts';

test('the target runs as its own process, obeys /_control/ and ends with its starter', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--profile', 'plain', '--record', '--token', 't'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, control } = JSON.parse(line) as { url: string; control: string };
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${control}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, value: (await response.json()) as JsonObject & JsonObject[] };
  };
  const post = () =>
    fetch(`${url}/Users`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'ann' }),
    });

  assert.equal(
    (
      await ask('PUT', 'schedule', [
        { id: 'first', match: { method: 'POST', path: '/U*' }, effect: { kind: 'status', status: 503, retryAfter: 1 } },
      ])
    ).status,
    200,
  );
  assert.equal((await ask('POST', 'verify-required')).status, 400);
  assert.deepEqual([(await post()).status, (await post()).status], [503, 201]);
  assert.equal((await ask('POST', 'verify-required')).status, 200);
  assert.equal((await ask('POST', 'accounts', [{ userName: 'stranger' }])).status, 200);
  assert.deepEqual(
    (await ask('GET', 'accounts')).value.map(({ isStranger }) => isStranger),
    [false, true],
  );
  assert.equal((await ask('GET', 'counts')).value['creates'], 1);
  assert.equal((await ask('GET', 'exchanges')).value.length, 2);
  assert.match(JSON.stringify((await ask('GET', 'violations')).value), /schemas must be an array/);
  assert.equal((await ask('GET', 'nothing')).status, 404);
  await ask('POST', 'reset');
  assert.equal((await ask('GET', 'accounts')).value.length, 0);

  child.stdin.end();
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0);
});
