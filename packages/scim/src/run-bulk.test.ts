import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FaultTarget, startFaultTarget } from '../testing/index.ts';
import {
  type BulkOperation,
  type BulkResult,
  buildDialect,
  createScimClient,
  type DialectOverrides,
  enterpriseUserUrn,
  type JsonObject,
  ScimError,
  type ScimRequest,
  type ScimResponse,
  standardDialect,
} from './index.ts';

const bulk = { supported: true, maxOperations: 1000, maxPayloadBytes: 1_000_000 };
const manager = `${enterpriseUserUrn}:manager.value`;

function connect(target: FaultTarget, overrides: DialectOverrides = {}) {
  const sent: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      async request(request) {
        sent.push(request);
        const { method, path, headers = {}, body } = request;
        const response = await fetch(`${target.url}/${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          signal: AbortSignal.timeout(5000),
        });
        return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
      },
    },
    now: () => new Date(),
    dialect: buildDialect(standardDialect, { bulk, ...overrides }),
  });
  return { client, lines: () => sent.map(({ method, path }) => `${method} ${path.replace(/\/.*/, '/:id')}`), sent };
}

/** Answers in order; an error is thrown instead of being answered. */
function script(answers: (Partial<ScimResponse> | Error)[], overrides: DialectOverrides = {}) {
  const sent: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      async request(request) {
        const answer = answers[sent.push(request) - 1];
        if (answer === undefined) throw new Error(`${request.method} ${request.path} was not expected`);
        if (answer instanceof Error) throw answer;
        return { status: 200, headers: {}, body: '', ...answer };
      },
    },
    now: () => new Date(),
    dialect: buildDialect(standardDialect, { bulk, ...overrides }),
  });
  return { client, lines: () => sent.map(({ method, path }) => `${method} ${path}`), sent };
}

const person = (index: number): BulkOperation => ({
  operation: 'create',
  attributes: { userName: `user${index}@example.com`, externalId: `005-${index}`, 'name.familyName': `N${index}` },
});
const deletions = (...ids: string[]): BulkOperation[] => ids.map((id) => ({ operation: 'delete', id }));
const show = (results: BulkResult[]) =>
  results.map((result) => (result.outcome === 'failed' ? result.error.kind : result.outcome)).join(' ');
const answer = (...operations: object[]) => ({ body: JSON.stringify({ Operations: operations }) });
const gone = (id: string, status: unknown = '204') => ({ method: 'DELETE', location: `/v2/Users/${id}`, status });

describe('bulk', () => {
  it('creates, changes and deletes many accounts with few requests, in order', async () => {
    await using target = await startFaultTarget();
    const { client, lines } = connect(target);
    const created = await client.bulk(Array.from({ length: 120 }, (_, index) => person(index)));
    assert.equal(show(created), Array(120).fill('done').join(' '));
    assert.deepEqual(lines(), ['POST Bulk']);
    const ids = created.map((result) => (result.outcome === 'done' ? result.id : ''));
    assert.deepEqual(ids, [...target.accounts().keys()]);
    const [one = '', two = ''] = ids;
    const results = await client.bulk([
      { operation: 'update', id: one, changes: [{ path: 'active', operation: 'set', value: false }] },
      { operation: 'delete', id: two },
      person(1),
      { operation: 'delete', id: 'nobody' },
      person(2),
    ]);
    assert.equal(show(results), 'done done done not_found already_exists');
    assert.equal(target.getAccount('user0@example.com').active, false);
    assert.deepEqual(target.violations(), []);
  });

  it('lets an operation refer to a create before it, also across requests and one by one', async () => {
    const family: BulkOperation[] = [
      { ...person(1), bulkId: 'boss' } as BulkOperation,
      {
        operation: 'create',
        bulkId: 'report',
        attributes: { userName: 'report@example.com', [manager]: 'bulkId:boss' },
      },
      { kind: 'Group', operation: 'create', bulkId: 'team', attributes: { displayName: 'Team' } },
      {
        operation: 'update',
        id: 'bulkId:report',
        changes: [{ path: 'title', operation: 'set', value: 'Engineer' }],
      },
    ];
    for (const [overrides, expected] of [
      [{}, ['POST Bulk', 'PATCH Users/:id']],
      [{ bulk: { ...bulk, maxOperations: 2 } }, ['POST Bulk', 'POST Bulk']],
      [{ bulk: { ...bulk, supported: false } }, ['POST Users', 'POST Users', 'POST Groups', 'PATCH Users/:id']],
    ] as const) {
      await using target = await startFaultTarget();
      const { client, lines } = connect(target, overrides);
      assert.equal(show(await client.bulk(family)), 'done done done done');
      assert.deepEqual(lines(), expected);
      const extension = target.getAccount('report@example.com').attributes[enterpriseUserUrn] as JsonObject;
      assert.deepEqual((extension['manager'] as JsonObject)['value'], target.getAccount('user1@example.com').id);
      assert.equal(target.getAccount('report@example.com').attributes['title'], 'Engineer');
      assert.deepEqual(target.violations(), []);
    }
  });

  it('keeps to maxOperations and maxPayloadSize', async () => {
    await using target = await startFaultTarget({
      profile: { bulk: { maxOperations: 10, maxPayloadSize: 1500 } },
    });
    const { client, sent } = connect(target, { bulk: { supported: true, maxOperations: 10, maxPayloadBytes: 1500 } });
    const results = await client.bulk([...Array(25).keys()].map(person));
    assert.equal(show(results), Array(25).fill('done').join(' '));
    assert.ok(sent.length > 3 && sent.length < 12, `${sent.length} requests`);
    for (const { body = '' } of sent) assert.ok(Buffer.byteLength(body) <= 1500);
  });

  it('halves a request that is too large in spite of what the target says of itself', async () => {
    await using target = await startFaultTarget({ profile: { bulk: { maxOperations: 3, maxPayloadSize: 100_000 } } });
    const { client, lines } = connect(target);
    assert.equal(show(await client.bulk([...Array(10).keys()].map(person))), Array(10).fill('done').join(' '));
    assert.equal(target.accounts().size, 10);
    assert.ok(lines().length < 10);
  });

  it('goes on one by one where there is no bulk, and remembers it', async () => {
    for (const refusedVerbStatus of [404, 405, 501] as const) {
      await using target = await startFaultTarget({ profile: { bulk: undefined, refusedVerbStatus } });
      const { client, lines } = connect(target);
      assert.equal(show(await client.bulk([person(1), person(2), person(1)])), 'done done already_exists');
      assert.equal(show(await client.bulk([person(3), person(4)])), 'done done');
      assert.equal(lines().filter((line) => line === 'POST Bulk').length, 1);
    }
  });

  it('stops at the number of failures that is allowed', async () => {
    await using target = await startFaultTarget();
    for (const supported of [true, false]) {
      const { client } = connect(target, { bulk: { ...bulk, supported } });
      const wanted = [...deletions('a', 'b'), person(supported ? 1 : 2)];
      assert.equal(show(await client.bulk(wanted, { failOnErrors: 2 })), 'not_found not_found not_tried');
      assert.equal(show(await client.bulk(wanted)), 'not_found not_found done');
    }
  });

  it('reads a status as text, as a number and as SCIM 1.1 has it, in any order', async () => {
    const failed = { description: 'no such user', code: '404' };
    const { client } = script([answer(gone('c', failed), gone('b', 204), gone('a', '204'))]);
    const results = await client.bulk(deletions('a', 'b', 'c'));
    assert.equal(show(results), 'done done not_found');
    assert.match(results[2]?.outcome === 'failed' ? (results[2].error.detail ?? '') : '', /no such user/);
  });

  it('takes answers without location by their place, and reports what has none', async () => {
    const plain = { method: 'DELETE', status: '204' };
    const inPlace = script([answer(plain, { ...plain, status: '404' })]);
    assert.equal(show(await inPlace.client.bulk(deletions('a', 'b'))), 'done not_found');
    const short = script([answer(gone('b'))]);
    assert.equal(show(await short.client.bulk(deletions('a', 'b'))), 'ambiguous done');
    const nameless = script([answer({ method: 'POST', bulkId: 'operation-1', status: '201' }, gone('a'))]);
    assert.equal(show(await nameless.client.bulk([person(1), ...deletions('a')])), 'ambiguous done');
    const dots = { method: 'POST', bulkId: 'operation-1', status: '201', location: '/v2/Users/..' };
    assert.equal(
      show(await script([answer(dots, gone('a'))]).client.bulk([person(1), ...deletions('a')])),
      'ambiguous done',
    );
  });

  it('mends a value path that selects nothing by a single update', async () => {
    await using target = await startFaultTarget();
    const { client, lines } = connect(target);
    const [made] = await client.bulk([person(1)]);
    const id = made?.outcome === 'done' ? made.id : '';
    const home = 'emails[type eq "home"].value';
    const results = await client.bulk([
      { operation: 'update', id, changes: [{ path: home, operation: 'set', value: 'a@home.example' }] },
      { operation: 'update', id, changes: [{ path: 'title', operation: 'set', value: 'x' }] },
    ]);
    assert.equal(show(results), 'done done');
    const account = await client.users.get(id);
    assert.equal(client.users.read(account?.representation ?? {}, home), 'a@home.example');
    assert.ok(lines().filter((line) => line === 'POST Bulk').length === 1);
  });

  const endings: [string, Partial<ScimResponse> | Error, string][] = [
    ['an answer that is cut', { body: '{"Operations":[' }, 'ambiguous ambiguous not_tried'],
    ['500', { status: 500 }, 'ambiguous ambiguous not_tried'],
    ['429', { status: 429 }, 'rate_limited rate_limited not_tried'],
    ['401', { status: 401 }, 'unauthorized unauthorized not_tried'],
  ];
  for (const [name, ending, expected] of endings) {
    it(`ends at ${name}, saying what is not known and what was not tried`, async () => {
      const { client, lines } = script([ending], { bulk: { ...bulk, maxOperations: 2 } });
      assert.equal(show(await client.bulk(deletions('a', 'b', 'c'))), expected);
      assert.deepEqual(lines(), ['POST Bulk']);
    });
  }

  it('rejects as the transport does while nothing was sent, and keeps what was done afterwards', async () => {
    const lost = new Error('no connection');
    await assert.rejects(script([lost]).client.bulk(deletions('a', 'b')), lost);
    const later = script([answer(gone('a'), gone('b')), lost], { bulk: { ...bulk, maxOperations: 2 } });
    assert.equal(
      show(await later.client.bulk(deletions('a', 'b', 'c', 'd', 'e'))),
      'done done ambiguous ambiguous not_tried',
    );
  });

  it('goes on one by one when the request is refused as a whole', async () => {
    const { client, lines } = script([{ status: 400 }, { status: 204 }, { status: 404 }]);
    assert.equal(show(await client.bulk(deletions('a', 'b'))), 'done not_found');
    assert.deepEqual(lines(), ['POST Bulk', 'DELETE Users/a', 'DELETE Users/b']);
  });

  it('refuses what refers to nothing, and what the dialect does not take, before sending it', async () => {
    const long = { userName: 'x'.repeat(30) };
    const { client, lines } = script([{ status: 204 }], { attributes: { maxLength: { userName: 20 } } });
    const results = await client.bulk([
      { operation: 'create', attributes: { userName: 'a', [manager]: 'bulkId:nobody' } },
      { operation: 'create', attributes: long },
      ...deletions('a'),
    ]);
    assert.equal(show(results), 'invalid_request invalid_request done');
    assert.ok(results[0]?.outcome === 'failed' && results[0].error instanceof ScimError);
    assert.match(results[0].error.message, /nobody/);
    assert.deepEqual(lines(), ['DELETE Users/a']);
  });

  it('speaks SCIM 1.1', async () => {
    const created = {
      method: 'POST',
      bulkId: 'operation-1',
      location: 'https://x/v1/Users/7',
      status: { code: '201' },
    };
    const { client, sent } = script([answer(created, gone('a', { code: 200 }))], { scimVersion: '1.1' });
    const results = await client.bulk([person(1), ...deletions('a')]);
    assert.deepEqual(results[0], { outcome: 'done', id: '7', resource: undefined });
    assert.equal(show(results), 'done done');
    const { schemas, Operations } = JSON.parse(sent[0]?.body ?? '{}');
    assert.deepEqual(schemas, ['urn:scim:schemas:core:1.0']);
    assert.deepEqual(Operations[0].data.schemas, ['urn:scim:schemas:core:1.0']);
  });

  it('sends nothing for nothing', async () => assert.deepEqual(await script([]).client.bulk([]), []));
});
