import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAccess, ensureAdminKey } from '../../src/access/index.ts';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

let http: HttpFixture;
before(async () => {
  http = await createHttpFixture();
});
after(() => http.close());

test('The first start makes one key that may do everything, also when replicas start together', async () => {
  const again = await Promise.all([1, 2, 3].map(() => ensureAdminKey(http.ground, undefined)));
  assert.deepEqual(again, [{}, {}, {}]);
  const { json } = await http.send('GET', '/api/v1/me');
  assert.deepEqual(
    { name: json.name, scopes: json.scopes, expiresAt: json.expiresAt },
    { name: 'admin', scopes: ['all'], expiresAt: null },
  );
});

test('Only the hash of a key is in the database', async () => {
  const { key } = await http.makeKey(['audit:read']);
  assert.match(key, /^ush_[A-Za-z0-9_-]{43}$/);
  const { rows } = await http.database.pool.query(
    `select (select json_agg(k) from api_key k)::text || (select json_agg(a) from audit_event a)::text as everything`,
  );
  assert.ok(!rows[0].everything.includes(key.slice(8)), 'the key itself is stored somewhere');
  const listed = await http.send('GET', '/api/v1/keys');
  assert.ok(!listed.text.includes(key.slice(8)));
  assert.ok(!JSON.stringify(http.log.entries).includes(key.slice(8)));
});

test('A chosen admin key is stored once, and stays revoked once it was', async () => {
  const chosen = 'a-chosen-admin-key-of-some-length';
  assert.deepEqual(await ensureAdminKey(http.ground, chosen), {});
  assert.deepEqual(await ensureAdminKey(http.ground, chosen), {});
  const me = await http.send('GET', '/api/v1/me', { key: chosen });
  assert.equal(me.status, 200);
  assert.equal((await http.send('DELETE', `/api/v1/keys/${me.json.id}`)).status, 200);
  await ensureAdminKey(http.ground, chosen);
  assert.equal((await http.send('GET', '/api/v1/me', { key: chosen })).status, 401);
});

test('A key ends at its expiry', async () => {
  const expiresAt = new Date(http.clock.now().getTime() + 3_600_000).toISOString();
  const { key } = await http.makeKey(['apps:read'], { expiresAt });
  assert.equal((await http.send('GET', '/api/v1/me', { key })).status, 200);
  await http.clock.advance(3_600_000);
  const late = await http.send('GET', '/api/v1/me', { key });
  assert.equal(late.status, 401);
  assert.match(late.json.detail, /expired/);
});

test('A revoked key is refused at its next request, by every replica', async () => {
  const { id, key } = await http.makeKey(['apps:read']);
  const other = createAccess(http.ground);
  assert.equal((await other.authenticate(`Bearer ${key}`, '127.0.0.9')).kind, 'caller');
  const revoked = await http.send('DELETE', `/api/v1/keys/${id}`);
  assert.equal(revoked.json.revokedAt, http.clock.now().toISOString());
  assert.equal((await http.send('GET', '/api/v1/me', { key })).status, 401);
  assert.equal((await http.send('GET', '/api/v1/me', { key })).status, 401);
  const { rows } = await http.database.pool.query(`select action from audit_event where entity_id = $1 order by id`, [
    id,
  ]);
  assert.deepEqual(
    rows.map((row) => row.action),
    ['key.created', 'key.revoked', 'key.refused'],
    'a dead key in use is audited once',
  );
  assert.deepEqual(await other.authenticate(`Bearer ${key}`, '127.0.0.9'), { kind: 'refused', why: 'revoked' });
  assert.equal((await other.authenticate(`Bearer ${key}`, '127.0.0.9')).kind, 'refused');
});

test('A key gives no other key more than it has, and ends none that has more', async () => {
  const { key } = await http.makeKey(['keys:write', 'apps:read']);
  const more = await http.send('POST', '/api/v1/keys', {
    key,
    body: { name: 'wide', scopes: ['apps:read', 'directory:write'] },
  });
  assert.equal(more.status, 403);
  assert.equal(more.json.errors[0].field, 'scopes');
  const all = await http.send('POST', '/api/v1/keys', { key, body: { name: 'wide', scopes: ['all'] } });
  assert.equal(all.status, 403);
  const same = await http.send('POST', '/api/v1/keys', { key, body: { name: 'same', scopes: ['apps:read'] } });
  assert.equal(same.status, 201);
  const { json: me } = await http.send('GET', '/api/v1/me');
  assert.equal((await http.send('DELETE', `/api/v1/keys/${me.id}`, { key })).status, 403);
});

test('The last key that may do everything stays, also when two revoke each other at once', async () => {
  const { json: me } = await http.send('GET', '/api/v1/me');
  const alone = await http.send('DELETE', `/api/v1/keys/${me.id}`);
  assert.equal(alone.status, 409);
  assert.match(alone.json.detail, /last key/);
  const second = await http.makeKey(['all']);
  const answers = await Promise.all([
    http.send('DELETE', `/api/v1/keys/${me.id}`, { key: second.key }),
    http.send('DELETE', `/api/v1/keys/${second.id}`),
  ]);
  assert.deepEqual(answers.map((answer) => answer.status).filter((status) => status === 200).length, 1);
  const { rows } = await http.database.pool.query(
    `select count(*)::int as n from api_key where 'all' = any (scopes) and revoked_at is null`,
  );
  assert.equal(rows[0].n, 1);
  if (answers[0]?.status === 200) {
    // The first start's key is gone; the others of this file need one that works.
    await http.database.pool.query('update api_key set revoked_at = null where id = $1', [me.id]);
  }
});

test('Wrong requests for a key are refused by their field, and make none', async () => {
  const table: Array<[object | string, number, string]> = [
    [{ scopes: ['apps:read'] }, 400, 'name'],
    [{ name: '  ', scopes: ['apps:read'] }, 400, 'name'],
    [{ name: 'x', scopes: [] }, 400, 'scopes'],
    [{ name: 'x', scopes: ['root'] }, 400, 'scopes[0]'],
    [{ name: 'x', scopes: ['apps:read'], expiresAt: 'tomorrow' }, 400, 'expiresAt'],
    [{ name: 'x', scopes: ['apps:read'], expiresAt: '2001-01-01T00:00:00Z' }, 422, 'expiresAt'],
    [{ name: 'x', scopes: ['apps:read'], userId: 'me' }, 400, 'userId'],
    [{ name: 'ADMIN', scopes: ['apps:read'] }, 409, 'name'],
    ['[]', 400, 'body'],
    ['null', 400, 'body'],
  ];
  const count = async () => (await http.database.pool.query('select count(*)::int as n from api_key')).rows[0].n;
  const beforehand = await count();
  for (const [body, status, field] of table) {
    const answer = await http.send('POST', '/api/v1/keys', { body });
    assert.equal(answer.status, status, `${JSON.stringify(body)}: ${answer.text}`);
    assert.equal(answer.json.errors[0]?.field, field, answer.text);
    assert.ok(answer.json.errors[0].fix.length > 5);
  }
  assert.equal(await count(), beforehand);
});

test('The use of a key is noted, to the minute', async () => {
  const { id, key } = await http.makeKey(['apps:read']);
  const lastUsed = async () =>
    (
      await http.database.pool.query('select last_used_at as at from api_key where id = $1', [id])
    ).rows[0].at?.getTime() ?? null;
  assert.equal(await lastUsed(), null);
  await http.send('GET', '/api/v1/me', { key });
  const first = await lastUsed();
  assert.equal(first, http.clock.now().getTime());
  await http.clock.advance(30_000);
  await http.send('GET', '/api/v1/me', { key });
  assert.equal(await lastUsed(), first);
  await http.clock.advance(31_000);
  await http.send('GET', '/api/v1/me', { key });
  assert.equal(await lastUsed(), http.clock.now().getTime());
});

test('Keys are listed page by page', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await http.send('GET', `/api/v1/keys?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    assert.equal(page.status, 200, page.text);
    seen.push(...page.json.items.map((key: { id: string }) => key.id));
    cursor = page.json.nextCursor;
  } while (cursor);
  const { rows } = await http.database.pool.query('select id from api_key order by id');
  assert.deepEqual(
    seen,
    rows.map((row) => row.id),
  );
  const foreign = Buffer.from(JSON.stringify(['audit', 5])).toString('base64url');
  for (const wrong of ['nonsense', foreign]) {
    const answer = await http.send('GET', `/api/v1/keys?cursor=${wrong}`);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.errors[0].field, 'query.cursor');
  }
});

test('Guesses are slowed by network, the /64 of IPv6 and IPv4 in both writings, and audited once', async () => {
  const guess = (address: string) => http.send('GET', '/api/v1/me', { key: 'ush_0000000000000000000000', address });
  const statuses: number[] = [];
  for (let i = 0; i < 25; i++) statuses.push((await guess(`2001:db8:5:5::${i.toString(16)}`)).status);
  assert.deepEqual(statuses.slice(0, 20), new Array(20).fill(401));
  assert.deepEqual(statuses.slice(20), new Array(5).fill(429));
  const limited = await guess('2001:db8:5:5:ffff::1');
  assert.equal(limited.json.code, 'rate_limited');
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.equal((await guess('2001:db8:5:6::1')).status, 401, 'the next network is not concerned');
  const right = await http.send('GET', '/api/v1/me', { address: '2001:db8:5:5::1' });
  assert.equal(right.status, 429, 'a right key that never worked from there could be a guess');

  await http.send('GET', '/api/v1/me', { address: '198.51.100.4' });
  for (let i = 0; i < 20; i++) await guess(i % 2 ? '198.51.100.4' : '::ffff:198.51.100.4');
  assert.equal((await guess('198.51.100.4')).status, 429);
  assert.equal(
    (await http.send('GET', '/api/v1/me', { address: '198.51.100.4' })).status,
    200,
    'its user is not locked out',
  );
  const { rows } = await http.database.pool.query(
    `select entity_id as network from audit_event where action = 'access.limited' order by id`,
  );
  assert.deepEqual(
    rows.map((row) => row.network),
    ['2001:db8:5:5::/64', '198.51.100.4'],
  );
});

test('The audit lists the newest first, filtered and paged', async () => {
  const { id } = await http.makeKey(['apps:read']);
  await http.send('DELETE', `/api/v1/keys/${id}`);
  const own = await http.send('GET', `/api/v1/audit?entityKind=key&entityId=${id}`);
  assert.equal(own.status, 200, own.text);
  assert.deepEqual(
    own.json.items.map((row: { action: string }) => row.action),
    ['key.revoked', 'key.created'],
  );
  const [revoked] = own.json.items;
  assert.equal(revoked.actor, 'admin');
  assert.equal(revoked.actorKind, 'api key');
  assert.equal(revoked.origin, '127.0.0.1');
  assert.equal(revoked.before.revokedAt, null);
  assert.equal(revoked.after.revokedAt, http.clock.now().toISOString());
  const family = await http.send('GET', '/api/v1/audit?action=key&limit=3');
  assert.ok(family.json.items.every((row: { action: string }) => row.action.startsWith('key.')));
  const next = await http.send('GET', `/api/v1/audit?action=key&limit=3&cursor=${family.json.nextCursor}`);
  assert.ok(next.json.items[0].id < family.json.items[2].id);
  const wild = await http.send('GET', '/api/v1/audit?action=%25');
  assert.deepEqual(wild.json.items, [], 'a percent sign is no wildcard');
  const none = await http.send('GET', `/api/v1/audit?from=${http.clock.now().getTime()}`);
  assert.equal(none.json.errors[0].field, 'query.from');
});
