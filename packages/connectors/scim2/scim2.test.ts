import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  type Connection,
  ConnectorError,
  type ConnectorErrorKind,
  capabilitiesOf,
  type HttpRequest,
  type HttpResponse,
} from '@usher/connector-sdk';
import { type ScimTarget, startScimTarget } from '@usher/sandbox';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ScimOptions } from '../scim/scim-options.ts';
import { scim2 } from './index.ts';

const token = 'sandbox-token';
const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department';
let target: ScimTarget;
let requests: HttpRequest[] = [];
let memory = new Map<string, unknown>();
let now = new Date('2026-03-01T12:00:00Z');

async function send({ method, path, headers = {}, body }: HttpRequest): Promise<HttpResponse> {
  const response = await fetch(`${target.url}/${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(5000),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function connect(
  options: ScimOptions = {},
  answer: (request: HttpRequest) => Promise<HttpResponse> = send,
): Connection {
  const http = {
    request(request: HttpRequest) {
      requests.push(request);
      return answer(request);
    },
  };
  const log = { debug() {}, warn() {} };
  return scim2.connect({ http, options, signal: new AbortController().signal, log, now: () => now, memory });
}

const attributes = {
  userName: 'ada@example.com',
  externalId: '005A',
  active: true,
  'name.familyName': 'Lovelace',
  'emails[type eq "work"].value': 'ada@example.com',
  [department]: 'Engines',
};
const failsAs = (kind: ConnectorErrorKind) => (error: unknown) =>
  error instanceof ConnectorError && error.kind === kind;

describe('the scim2 connector', () => {
  before(async () => {
    target = await startScimTarget({ token });
  });
  after(() => target.stop());
  beforeEach(() => {
    requests = [];
    memory = new Map();
    now = new Date('2026-03-01T12:00:00Z');
  });

  it('takes an account through its life, one request an operation', async () => {
    const { accounts } = connect();
    const { account } = await accounts.create({ attributes });
    const { remoteId } = account;
    for (const [path, value] of Object.entries(attributes)) assert.equal(accounts.read(account, path), value, path);
    const found = await accounts.find({ path: 'externalId', value: '005A' });
    assert.deepEqual(
      found.accounts.map((one) => one.remoteId),
      [remoteId],
    );
    const changes = [
      { path: department, operation: 'clear' } as const,
      { path: 'displayName', operation: 'set', value: 'Ada' } as const,
    ];
    const updated = await accounts.update({ remoteId, changes, desired: attributes });
    assert.equal(updated.account && accounts.read(updated.account, 'displayName'), 'Ada');
    await accounts.deactivate?.({ remoteId, desired: attributes });
    const got = await accounts.get({ remoteId });
    assert.equal(got.found && got.account.active, false);
    await accounts.delete?.({ remoteId });
    assert.deepEqual(await accounts.get({ remoteId }), { found: false });
    await assert.rejects(async () => accounts.delete?.({ remoteId }), failsAs('not_found'));
    const verbs = requests.map(({ method, effect }) => `${method} ${effect}`);
    assert.deepEqual(verbs, [
      'POST write',
      'GET read',
      'PATCH write',
      'PATCH write',
      'GET read',
      'DELETE write',
      'GET read',
      'DELETE write',
    ]);
  });

  it('reports what is taken and what is refused, naming the attribute', async () => {
    const { accounts } = connect();
    await accounts.create({ attributes: { userName: 'taken@example.com' } });
    await assert.rejects(accounts.create({ attributes: { userName: 'taken@example.com', title: 'x' } }), (error) => {
      return failsAs('already_exists')(error) && (error as ConnectorError).attribute === 'userName';
    });
    await assert.rejects(
      accounts.create({ attributes: { userName: 'x', active: 'maybe' } }),
      failsAs('invalid_request'),
    );
  });

  it('lists by opaque cursors', async () => {
    const { accounts } = connect();
    for (let index = 0; index < 5; index++)
      await accounts.create({ attributes: { userName: `list${index}@example.com` } });
    const names = new Set<unknown>();
    let cursor: string | undefined;
    do {
      const page = await accounts.list?.({ cursor, limit: 2 });
      for (const account of page?.accounts ?? []) names.add(account.representation['userName']);
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
    for (let index = 0; index < 5; index++) assert.ok(names.has(`list${index}@example.com`));
  });

  it('gives the schema of the target, asked for once an hour', async () => {
    const first = await connect().accounts.schema?.();
    assert.equal(first?.source, 'target');
    assert.ok(first?.attributes.some(({ path, required }) => path === 'userName' && required));
    const asked = requests.length;
    await connect().accounts.schema?.();
    assert.equal(requests.length, asked);
    now = new Date(now.getTime() + 61 * 60 * 1000);
    await connect().accounts.schema?.();
    assert.equal(requests.length, asked * 2);
  });

  it('gives the schema of the standard where the target has none', async () => {
    const nothing = async (): Promise<HttpResponse> => ({ status: 404, headers: {}, body: '' });
    const schema = await connect({}, nothing).accounts.schema?.();
    assert.equal(schema?.source, 'default');
    const paths = new Set(schema?.attributes.map(({ path }) => path));
    for (const path of Object.keys(attributes)) assert.ok(paths.has(path), path);
  });

  it('tests a connection in words, whatever comes back', async () => {
    const good = await connect().test();
    assert.deepEqual(
      good.steps.map(({ step, ok }) => [step, ok]),
      [
        ['discovery', true],
        ['read', true],
      ],
    );
    const answers: [number, string, boolean[], RegExp][] = [
      [401, '', [false], /credential is not accepted/],
      [404, '', [true, false], /Check the base URL/],
      [200, '<html>', [true, false], /not a list/],
      [500, '', [true, false], /not able to answer/],
    ];
    for (const [status, body, oks, message] of answers) {
      const { steps } = await connect({}, async () => ({ status, headers: {}, body })).test();
      assert.deepEqual(
        steps.map(({ ok }) => ok),
        oks,
      );
      assert.match(steps.at(-1)?.message ?? '', message);
    }
    const unreachable = async () => {
      throw new ConnectorError('transient', 'The target cannot be reached.');
    };
    assert.equal((await connect({}, unreachable).test()).steps.at(-1)?.message, 'The target cannot be reached.');
  });

  it('goes by its options', async () => {
    assert.deepEqual(capabilitiesOf(connect().accounts), ['schema', 'deactivate', 'delete', 'list']);
    assert.deepEqual(capabilitiesOf(connect({ delete: false, list: false }).accounts), ['schema', 'deactivate']);
    const answer = async () => ({ status: 200, headers: {}, body: '{"id":"1"}' });
    const { accounts } = connect({ update: 'put', usersPath: 'v2/People', contentType: 'application/json' }, answer);
    await accounts.update({ remoteId: '1', changes: [{ path: 'title', operation: 'set', value: 'x' }], desired: {} });
    assert.deepEqual(
      requests.map(({ method, path }) => `${method} ${path}`),
      ['GET v2/People/1', 'PUT v2/People/1'],
    );
    assert.equal(requests[1]?.headers?.['content-type'], 'application/json');
  });

  it('remembers for an hour that PATCH is refused', async () => {
    const answer = async ({ method }: HttpRequest) =>
      method === 'PATCH' ? { status: 501, headers: {}, body: '' } : { status: 200, headers: {}, body: '{"id":"1"}' };
    const update = () =>
      connect({}, answer).accounts.update({
        remoteId: '1',
        changes: [{ path: 'title', operation: 'set', value: 'x' }],
        desired: {},
      });
    await update();
    await update();
    assert.deepEqual(
      requests.map(({ method }) => method),
      ['PATCH', 'GET', 'PUT', 'GET', 'PUT'],
    );
    now = new Date(now.getTime() + 61 * 60 * 1000);
    await update();
    assert.equal(requests[5]?.method, 'PATCH');
  });

  it('has an options schema that takes its options and refuses others', () => {
    const check = new Ajv2020({ strict: true, allErrors: true }).compile(scim2.optionsSchema);
    assert.ok(check({}));
    assert.ok(
      check({ update: 'put', pageSize: 50, usersPath: 'v2/Users', etag: true, delete: false }),
      JSON.stringify(check.errors),
    );
    for (const bad of [
      { usersPath: '../x' },
      { usersPath: '/Users' },
      { usersPath: 'https://x' },
      { pageSize: 0 },
      { other: 1 },
    ]) {
      assert.equal(check(bad), false, JSON.stringify(bad));
    }
  });
});
