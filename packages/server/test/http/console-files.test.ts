import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

let dir: string;
let http: HttpFixture;
let bare: HttpFixture;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'usher-console-'));
  await mkdir(join(dir, 'dist/assets'), { recursive: true });
  const page = '<!doctype html><meta name="style-nonce" content="__STYLE_NONCE__"><div id="root"></div>';
  await writeFile(join(dir, 'dist/index.html'), page);
  await writeFile(join(dir, 'dist/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(dir, 'dist/.env'), 'SECRET=1');
  await writeFile(join(dir, 'dist/assets/main-abc123.js'), 'console.log(1)');
  await writeFile(join(dir, 'dist/assets/main-abc123.js.br'), brotliCompressSync('console.log(1)'));
  await writeFile(join(dir, 'secret.txt'), 'not yours');
  http = await createHttpFixture(() => [], { consoleDir: join(dir, 'dist') });
  bare = await createHttpFixture(() => [], { consoleDir: join(dir, 'nothing') });
});
after(async () => {
  await http.close();
  await bare.close();
  await rm(dir, { recursive: true });
});

const asPage = { key: null, headers: { accept: 'text/html,application/xhtml+xml' } };

test('Every page of the console is its one page, under a policy that lets nothing else in', async () => {
  const nonces = new Set<string>();
  for (const path of ['/', '/users', '/apps/Sales_Cloud/mapping?draft=7', '/users/anna%40example.com', '/sign-in']) {
    const { status, headers, text } = await http.send('GET', path, asPage);
    assert.equal(status, 200, `${path}: ${text}`);
    const policy = String(headers['content-security-policy']);
    const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
    assert.ok(text.includes(`content="${nonce}"`) && nonce.length >= 22, 'the page bears the nonce of its own policy');
    nonces.add(nonce);
    assert.match(policy, /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-frame-options'], 'DENY');
  }
  assert.equal(nonces.size, 5, 'each answer has a nonce of its own');
  const faults = http.log.entries.filter(({ level }) => level === 'error');
  assert.deepEqual(faults, [], 'a page is answered once');
});

test('Files with a hash are kept for ever, compressed where the browser takes it, and others are asked for anew', async () => {
  const plain = await http.send('GET', '/assets/main-abc123.js', { key: null });
  assert.equal(plain.text, 'console.log(1)');
  assert.match(String(plain.headers['content-type']), /javascript/);
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  const small = await http.send('GET', '/assets/main-abc123.js', { key: null, headers: { 'accept-encoding': 'br' } });
  assert.equal(small.headers['content-encoding'], 'br');
  assert.match(String(small.headers['content-type']), /javascript/);
  const icon = await http.send('GET', '/favicon.svg', { key: null });
  assert.equal(icon.headers['cache-control'], 'public, max-age=0');
});

test('What is not there is not found, and nothing outside the folder is ever sent', async () => {
  for (const path of [
    '/assets/gone.js',
    '/assets/../index.html',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%00',
    '/assets//etc/passwd',
    '/.env',
    '/assets/../.env',
    '/assets/',
  ]) {
    const { status, headers, text } = await http.send('GET', path, { key: null });
    assert.ok([400, 404].includes(status), `${path} gave ${status}`);
    assert.doesNotMatch(text, /not yours|SECRET/);
    assert.equal(headers['cache-control'], 'no-store', path);
  }
});

test('What belongs to the API is never a page, however it is written, and a page takes no change', async () => {
  for (const path of [
    '/api/v1/nothing',
    '/api',
    '/%61pi/v1/keys',
    '//api/v1/keys',
    '/API/v1/keys',
    '/healthz/x',
    '/metrics/',
    '/assets/x',
  ]) {
    const { status, headers } = await http.send('GET', path, asPage);
    assert.ok([400, 401, 404].includes(status), `${path} gave ${status}`);
    assert.doesNotMatch(String(headers['content-type']), /html/);
  }
  assert.equal((await http.send('POST', '/users', { ...asPage, body: {} })).status, 404);
  assert.equal((await http.send('GET', '/users', { key: null })).status, 404, 'a program is told that it is no route');
});

test('Without a build the page tells how to make one', async () => {
  const { status, text, headers } = await bare.send('GET', '/', asPage);
  assert.equal(status, 503);
  assert.match(text, /npm run build/);
  assert.match(String(headers['content-security-policy']), /default-src 'none'/);
});
