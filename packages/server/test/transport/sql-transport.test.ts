import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import { ConnectorError, createSqlTransport, type SqlAnswer, type SqlRequest } from '@usher/connector-sdk';
import {
  createPreviewTransport,
  type Exchange,
  originOf,
  PreviewStop,
  recordExchanges,
  type TargetTransport,
} from '../../src/transport/index.ts';
import { openTransport, testAuthority } from './local-target.ts';
import { type LoginDatabase, openLoginDatabase } from './login-database.ts';

let database: LoginDatabase;
before(async () => {
  database = await openLoginDatabase();
  await database.pool.query(`
    create table people (id bigint primary key generated always as identity, name text not null unique,
      big bigint, ratio numeric, ok boolean, tags text[], extra jsonb, at timestamptz, password_hash text)`);
  await database.pool.query('grant select, insert, update, delete on people to legacy');
});
after(() => database?.close());

function open(t: TestContext, more: object = {}, login = [database.user, database.password]): TargetTransport {
  const headers = { authorization: `Basic ${Buffer.from(login.join(':')).toString('base64')}` };
  return openTransport(t, database.baseUrl, {
    authorize: () => headers,
    credentialOrigins: [originOf(database.baseUrl)],
    ...more,
  });
}

const insert = (name: string): SqlRequest => ({
  statement: 'insert into people (name, password_hash) values ($1, $2) returning id, name',
  parameters: [
    { name: 'name', value: name },
    { name: 'password_hash', value: 'canary-hash' },
  ],
  effect: 'write',
});
const select = (statement: string, values: string[] = []): SqlRequest => ({
  statement,
  parameters: values.map((value) => ({ name: 'value', value })),
  effect: 'read',
});
const stateOf = (answer: SqlAnswer) => (answer.ok ? 'ok' : answer.sqlstate);
const kindOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'no error',
    (error: unknown) => (error instanceof ConnectorError ? error.kind : String(error)),
  );

describe('SQL over an app’s transport', () => {
  it('runs statements with parameters, and gives rows in the types of JSON', async (t) => {
    const sql = createSqlTransport(open(t));
    const hostile = `x'); drop table people; --`;
    assert.equal((await sql.request(insert(hostile))).ok, true);
    const update: SqlRequest = {
      statement: `update people set big = $2, ratio = 1.50, ok = true, tags = $3, extra = $4, at = $5 where name = $1`,
      parameters: [
        { name: 'name', value: hostile },
        { name: 'big', value: '9007199254740993' },
        { name: 'tags', value: ['a', 'b,"c'] },
        { name: 'extra', value: { a: [1] } },
        { name: 'at', value: '2026-01-02T03:04:05Z' },
      ],
      effect: 'write',
    };
    assert.deepEqual(await sql.request(update), { ok: true, rows: [], rowCount: 1 });
    const answer = await sql.request(
      select('select name, big, ratio, ok, tags, extra, id is null as none from people where name = $1', [hostile]),
    );
    const row = { big: '9007199254740993', ratio: '1.50', ok: true, tags: ['a', 'b,"c'], extra: { a: [1] } };
    assert.deepEqual(answer, { ok: true, rows: [{ name: hostile, ...row, none: false }], rowCount: 1 });
  });

  it('answers with the SQLSTATE of what the database refuses, and nothing of it stays', async (t) => {
    const sql = createSqlTransport(open(t));
    await sql.request(insert('twice'));
    const taken = await sql.request(insert('twice'));
    assert.equal(stateOf(taken), '23505');
    assert.equal(!taken.ok && taken.constraint, 'people_name_key');
    assert.equal(stateOf(await sql.request(select('select * from nothing'))), '42P01');
    const missing = await sql.request({
      ...insert('x'),
      statement: 'insert into people (ok) values (true)',
      parameters: [],
    });
    assert.equal(!missing.ok && missing.column, 'name');
    assert.equal(stateOf(await sql.request(select('select count(*) from people'))), 'ok');
  });

  it('lets the database itself refuse a read that writes, and takes one statement at a time', async (t) => {
    const sql = createSqlTransport(open(t));
    const writes = 'with gone as (delete from people returning 1) select count(*) from gone';
    assert.equal(stateOf(await sql.request(select(writes))), '25006');
    assert.equal(stateOf(await sql.request(select(`select 1; delete from people`))), '42601');
    for (const statement of [
      'drop table people',
      'set role postgres',
      'begin',
      'copy people to stdout',
      '/* */ select 1',
    ]) {
      assert.equal(await kindOf(sql.request(select(statement))), 'invalid_request', statement);
      assert.equal(await kindOf(sql.request({ statement, parameters: [], effect: 'write' })), 'invalid_request');
    }
    const transport = open(t);
    const lie = {
      method: 'POST',
      path: '',
      effect: 'read',
      headers: { 'content-type': 'application/vnd.usher.sql+json' },
    } as const;
    assert.equal(await kindOf(transport.request({ ...lie, body: JSON.stringify(insert('lie')) })), 'invalid_request');
  });

  it('shows the statement in a preview and in the log, without what is secret', async (t) => {
    const transport = open(t);
    const preview = createPreviewTransport(transport);
    const dry = createSqlTransport(preview);
    assert.equal((await dry.request(select('select 1'))).ok, true);
    await assert.rejects(dry.request(insert('dry')), PreviewStop);
    assert.deepEqual(preview.captured, {
      method: 'INSERT',
      url: database.baseUrl.replace(/\?.*/, ''),
      headers: { 'signed-in-as': database.user, password: '[redacted]' },
      body: JSON.stringify({
        statement: insert('dry').statement,
        parameters: { '$1 name': 'dry', '$2 password_hash': '[redacted]' },
      }),
    });
    const exchanges: Exchange[] = [];
    const sql = createSqlTransport(recordExchanges(transport, (exchange) => exchanges.push(exchange)));
    assert.deepEqual(
      (await sql.request(select('select count(*)::int as n from people where name = $1', ['dry']))) as object,
      { ok: true, rows: [{ n: 0 }], rowCount: 1 },
    );
    await sql.request(insert('logged'));
    assert.deepEqual(
      exchanges.map(({ method }) => method),
      ['SELECT', 'INSERT'],
    );
    assert.match(exchanges[1]?.responseBody ?? '', /"name":"logged"/);
    assert.doesNotMatch(JSON.stringify(exchanges), new RegExp(`canary-hash|${database.password}`));
  });

  it('says that the login is refused, and that the database is not there', async (t) => {
    const refused = createSqlTransport(open(t, {}, [database.user, 'wrong-password']));
    assert.equal(await kindOf(refused.request(select('select 1'))), 'unauthorized');
    const url = database.baseUrl.replace(/\/[^/?]*\?/, '/no_such_database?');
    const elsewhere = createSqlTransport(open(t, { baseUrl: url }));
    assert.equal(await kindOf(elsewhere.request(select('select 1'))), 'unsupported');
    const other = createSqlTransport(open(t, { credentialOrigins: ['postgresql://db.example.com:5432'] }));
    assert.equal(await kindOf(other.request(select('select 1'))), 'unauthorized');
  });

  it('uses TLS, verifies whose certificate it is, and goes on without it only if the base URL says so', async (t) => {
    const secured = { baseUrl: database.secureUrl, credentialOrigins: [originOf(database.secureUrl)] };
    const trusted = createSqlTransport(open(t, { ...secured, extraCa: testAuthority }));
    assert.equal(stateOf(await trusted.request(select('select 1'))), 'ok');
    await assert.rejects(createSqlTransport(open(t, secured)).request(select('select 1')), /certificate/);
    const sql = createSqlTransport(open(t, { baseUrl: database.baseUrl.replace(/\?.*/, '') }));
    assert.equal(await kindOf(sql.request(select('select 1'))), 'transient');
  });

  it('ends a statement that takes too long, whose outcome is then known', async (t) => {
    const sql = createSqlTransport(open(t, { limits: { totalMs: 2_000 } }));
    const slow = await sql.request({ statement: 'select pg_sleep(20)', parameters: [], effect: 'write' });
    assert.equal(stateOf(slow), '57014');
  });

  it('says that nothing was done when the server ends the connection, and goes on after it', async (t) => {
    const sql = createSqlTransport(open(t));
    for (const effect of ['write', 'read'] as const) {
      const statement = `select pg_sleep(30), '${effect}' as mark`;
      const sleeping = sql.request({ statement, parameters: [], effect });
      await database.cut(`%'${effect}' as mark%`);
      assert.equal(stateOf(await sleeping), '57P01');
      assert.equal(stateOf(await sql.request(select('select 1'))), 'ok');
    }
  });

  it('is ambiguous for a write whose answer never comes, and transient for a login that is not answered', async (t) => {
    const server = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => void server.close());
    const { port } = server.address() as { port: number };
    const baseUrl = `postgresql://127.0.0.1:${port}/x?sslmode=disable`;
    const sql = createSqlTransport(
      open(t, { baseUrl, credentialOrigins: [originOf(baseUrl)], limits: { connectMs: 100 } }),
    );
    assert.equal(await kindOf(sql.request(insert('x'))), 'transient');
    const real = createSqlTransport(open(t, { limits: { totalMs: 400 } }));
    const deaf = { statement: 'select pg_sleep(30)', parameters: [], effect: 'write' } as const;
    // The statement's own time-out is no less than a second, so this side gives up first.
    assert.equal(await kindOf(real.request(deaf)), 'ambiguous');
  });
});
