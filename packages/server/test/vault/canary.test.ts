import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createChannel } from '../../src/alerts/index.ts';
import { findOAuth, secretOriginsOf } from '../../src/credentials/index.ts';
import { backUp } from '../../src/db/index.ts';
import { openSecret, ownerOfApp } from '../../src/vault/index.ts';
import { CONSUMER, createOAuthFixture, type OAuthFixture } from '../credentials/oauth-fixture.ts';

let fixture: OAuthFixture;
let folder: string;
before(async () => {
  fixture = await createOAuthFixture();
  folder = mkdtempSync(join(tmpdir(), 'usher-canary-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fixture.close();
});

/** Every secret that passed, in every form in which it might be found. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64'), bytes.toString('hex'), encodeURIComponent(secret)];
}

it('no secret is in the database, the logs, the errors, a backup, an export or any answer of the API', {
  timeout: 120_000,
}, async () => {
  const { makeApp, authorize, change, send, ground, server, log, database } = fixture;
  const canaries = {
    bearer: 'canary-static-bearer-0123456789',
    password: 'canary-password-0123456789',
    header: 'canary-header-0123456789',
  };
  const answers: string[] = [];
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await change(method, 'Chat', path, body === undefined ? {} : { body });
    answers.push(answer.text, JSON.stringify(answer.headers));
    return answer;
  };
  await makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
  await call('PUT', '/credential', { kind: 'bearer', token: canaries.bearer });
  await call('PUT', '/credential', { kind: 'basic', username: 'u', password: canaries.password });
  await call('PUT', '/credential', { kind: 'header', name: 'X-Key', value: canaries.header });
  await call('PUT', '/credential', { kind: 'bearer', token: canaries.bearer, wrong: 1 });
  await authorize('Chat');
  await call('POST', '/authorization/refresh');
  await call('POST', '/authorization/verify');
  await call('POST', '/test');
  // Failures too: what is told of them is written at the worst moment.
  for (const fault of [
    { kind: 'answer', status: 400, body: '{"error":"invalid_request"}' },
    { kind: 'answer', status: 500, body: 'x' },
  ] as const) {
    server.setTokenFault(() => fault);
    await call('POST', '/authorization/refresh');
  }
  server.setTokenFault(({ params }) => ({
    kind: 'answer',
    status: 400,
    body: JSON.stringify({ error: 'invalid_request', seen: params['refresh_token'] }),
  }));
  await call('POST', '/authorization/refresh');
  server.setTokenFault(undefined);
  await call('POST', '/authorization/refresh');
  await createChannel(
    ground,
    { kind: 'system', name: 'test' },
    {
      ...{ name: 'Mail', kinds: [], enabled: true },
      config: {
        kind: 'email',
        host: '127.0.0.1',
        port: 25,
        tls: 'none',
        username: 'u',
        password: 'canary-smtp-0123456789',
        from: 'a@b.c',
        to: ['d@e.f'],
      },
    },
  );
  const stored = await findOAuth(ground.pool, 1);
  assert.ok(stored);
  const refreshToken = await openSecret(ground.pool, ground.vault, {
    owner: ownerOfApp(1),
    field: 'refresh_token',
    origins: secretOriginsOf(stored.settings),
  });
  assert.ok(refreshToken);
  const secrets = [
    ...Object.values(canaries),
    'canary-smtp-0123456789',
    CONSUMER.secret,
    refreshToken.reveal(),
    ...server.tokenRequests.flatMap(({ params }) => [params['refresh_token'], params['code_verifier'], params['code']]),
  ].filter((secret): secret is string => secret !== undefined && secret.length >= 16);
  assert.ok(secrets.length >= 9);

  for (const path of ['', '/oauth', '/oauth/hand-over', '/authorization', '/configurations', '/presentation']) {
    answers.push((await send('GET', `/api/v1/apps/Chat${path}`)).text);
  }
  for (const path of ['/audit', '/alerts', '/alert-channels', '/credentials/forecast', '/apps', '/vault']) {
    const answer = await send('GET', `/api/v1${path}`);
    assert.equal(answer.status, 200, path);
    answers.push(answer.text);
  }
  const exports: string[] = [];
  for (const format of ['csv', 'jsonl']) {
    const answer = await send('GET', `/api/v1/audit/export?format=${format}`);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.text.includes('app.authorized'), format);
    exports.push(answer.text);
  }
  const tables = await ground.pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const found = await ground.pool.query<{ text: string }>(
      `select coalesce(string_agg(t::text, E'\\n'), '') as text from ${name} t`,
    );
    rows.push(found.rows[0]?.text ?? '');
  }
  // Whether tables can be put into an order is the backup's own test; here they only have to be written.
  await ground.pool.query('alter table connected_app drop constraint if exists connected_app_rollout_id_fkey');
  const path = join(folder, 'backup.gz');
  await backUp({ url: database.url, path, now: ground.clock.now() });
  const places: Record<string, string> = {
    database: rows.join('\n'),
    logs: JSON.stringify(log.entries),
    'answers of the API': answers.join('\n'),
    'the exports of the audit': exports.join('\n'),
    'a backup': gunzipSync(readFileSync(path)).toString('utf8'),
    'what is printed of the vault': inspect({ vault: ground.vault, refreshToken }, { depth: 9, showHidden: true }),
  };
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 10, place);
    for (const secret of secrets)
      for (const form of formsOf(secret)) assert.ok(!text.includes(form), `${place} holds ${secret.slice(0, 12)}…`);
  }
});
