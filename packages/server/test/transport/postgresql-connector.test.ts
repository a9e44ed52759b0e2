import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AccountOperations, Attributes } from '@usher/connector-sdk';
import { createTestContext, describeConnectorContract } from '@usher/connector-sdk/testing';
import { postgresql } from '@usher/connectors';
import { createTargetTransport, originOf, type TargetTransport } from '../../src/transport/index.ts';
import { openLoopback } from './local-target.ts';
import { type LoginDatabase, openLoginDatabase } from './login-database.ts';

let database: LoginDatabase;
const transports: TargetTransport[] = [];

function openTable(): TargetTransport {
  const authorization = `Basic ${Buffer.from(`${database.user}:${database.password}`).toString('base64')}`;
  const headers = { authorization };
  const { baseUrl } = database;
  const transport = createTargetTransport({
    ...{ baseUrl, policy: openLoopback, concurrency: 4, version: 'x' },
    ...{ authorize: () => headers, credentialOrigins: [originOf(baseUrl)] },
  });
  transports.push(transport);
  return transport;
}

before(async () => {
  database = await openLoginDatabase();
  await database.pool.query(`
    create schema "Legacy ""App""";
    create table public.members (id bigint primary key generated always as identity, "Login" varchar(60) not null unique,
      full_name text, note text, level int, tags text[], status text not null, password_hash text);
    create table "Legacy ""App""".people (key uuid primary key default gen_random_uuid(), email text not null unique,
      note text, left_at timestamptz);
    create table public.secretive (id int primary key, active boolean);
    grant usage on schema "Legacy ""App""" to legacy;
    grant select, insert, update, delete on public.members, "Legacy ""App""".people to legacy`);
});
after(async () => {
  for (const transport of transports) await transport.close();
  await database?.close();
});

const byValue = { table: 'members', activeColumn: 'status', activeValue: 'active', inactiveValue: 'gone' };
const byTime = {
  ...{ schema: 'Legacy "App"', table: 'people', idColumn: 'key', activeColumn: 'left_at', disableBy: 'time' },
} as const;

describe('the PostgreSQL connector at a table whose column says who may use it', () => {
  describeConnectorContract({
    connector: postgresql,
    options: byValue as never,
    start: async () => ({ http: openTable(), stop: async () => {} }),
    account: (n): Attributes => ({
      Login: `login${n}`,
      full_name: `Robert'); DROP TABLE members;-- "${n}" \\ ünï`,
      note: 'a note',
      level: 7,
      tags: ['a', 'b,"c'],
    }),
    matchingAttribute: 'Login',
    update: { path: 'note', value: '$1 || $2; --' },
    clear: 'note',
  });
});

describe('the PostgreSQL connector at a table of odd names, with the time of leaving', () => {
  describeConnectorContract({
    connector: postgresql,
    options: byTime as never,
    start: async () => ({ http: openTable(), stop: async () => {} }),
    account: (n): Attributes => ({ email: `person${n}@example.com`, note: 'x' }),
    matchingAttribute: 'email',
    update: { path: 'note', value: 'y' },
    clear: 'note',
  });

  it('keeps the time of the first leaving', async () => {
    const { accounts } = postgresql.connect(createTestContext(openTable(), byTime as never));
    const { account } = await accounts.create({ attributes: { email: 'leaver@example.com', active: true } });
    const { remoteId } = account;
    const first = await accounts.deactivate?.({ remoteId, desired: {} });
    const again = await accounts.deactivate?.({ remoteId, desired: {} });
    assert.ok(first?.account?.representation['left_at']);
    assert.equal(again?.account?.representation['left_at'], first.account.representation['left_at']);
  });
});

describe('the PostgreSQL connector', () => {
  const connect = (options: object): AccountOperations =>
    postgresql.connect(createTestContext(openTable(), { ...byValue, ...options } as never)).accounts;

  it('makes identifiers of the catalogue’s names only', async () => {
    const accounts = connect({});
    const hostile = [
      'nothing',
      'id; drop table members',
      '"Login"',
      'login',
      'status" = status --',
      '',
      'ctid',
      'x'.repeat(200),
    ];
    for (const path of hostile) {
      await assert.rejects(accounts.find({ path, value: 'x' }), { kind: 'unsupported' }, path);
      await assert.rejects(accounts.create({ attributes: { [path]: 'x' } }), { kind: 'unsupported' }, path);
    }
    for (const options of [
      { table: 'members; drop table members' },
      { schema: 'public"."members' },
      { idColumn: "i'd" },
    ]) {
      await assert.rejects(connect(options).list?.({ limit: 1 }) ?? Promise.resolve(), { kind: 'unsupported' });
    }
    const { rows } = await database.pool.query('select count(*) > 0 as there from members');
    assert.equal(rows[0]?.there, true);
  });

  it('never reads what is secret, and writes it where it is mapped', async () => {
    const accounts = connect({});
    const attributes = { Login: 'secretive', password_hash: 'canary', active: true };
    const { account } = await accounts.create({ attributes });
    assert.equal('password_hash' in account.representation, false);
    const { rows } = await database.pool.query(`select password_hash from members where "Login" = 'secretive'`);
    assert.equal(rows[0]?.password_hash, 'canary');
  });

  it('says which value is missing, refused or taken', async () => {
    const accounts = connect({});
    const create = (attributes: Attributes) => accounts.create({ attributes: { active: true, ...attributes } });
    await assert.rejects(create({ note: 'x' }), { kind: 'invalid_request', attribute: 'Login' });
    await assert.rejects(create({ Login: 'x'.repeat(61) }), { kind: 'invalid_request' });
    await assert.rejects(create({ Login: 'x', level: 'seven' }), { kind: 'invalid_request' });
    await assert.rejects(create({ Login: 'x', id: 5 }), { kind: 'invalid_request', attribute: 'id' });
    await assert.rejects(create({ Login: 'x', status: 'y' }), { kind: 'invalid_request', attribute: 'status' });
    await create({ Login: 'once' });
    await assert.rejects(create({ Login: 'once' }), { kind: 'already_exists' });
    const { account } = await create({ Login: 'another' });
    const changes = [{ path: 'Login', operation: 'set', value: 'once' } as const];
    await assert.rejects(accounts.update({ remoteId: account.remoteId, changes, desired: {} }), {
      kind: 'already_exists',
    });
  });

  it('reads from the catalogue what columns there are', async () => {
    const schema = await connect({}).schema?.();
    const by = new Map(schema?.attributes.map((attribute) => [attribute.path, attribute]));
    assert.deepEqual([...by.keys()], ['active', 'id', 'Login', 'full_name', 'note', 'level', 'tags', 'password_hash']);
    assert.deepEqual([by.get('id')?.mutability, by.get('Login')?.mutability], ['readOnly', 'readWrite']);
    assert.deepEqual([by.get('Login')?.required, by.get('Login')?.uniqueness], [true, 'server']);
    assert.deepEqual([by.get('level')?.type, by.get('tags')?.multiValued], ['number', true]);
    assert.equal(by.get('password_hash')?.mutability, 'writeOnly');
  });

  it('needs a right that was granted', async () => {
    const denied = connect({ table: 'secretive', activeColumn: 'active' });
    await assert.rejects(denied.get({ remoteId: '1' }), { kind: 'unauthorized' });
    const report = await postgresql
      .connect(createTestContext(openTable(), { ...byValue, table: 'none' } as never))
      .test();
    assert.match(report.steps[0]?.message ?? '', /There is no table public.none/);
  });
});
