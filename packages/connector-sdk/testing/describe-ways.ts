import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Attributes, HttpRequest, HttpTransport } from '../src/index.ts';
import type { ContractGround } from './connector-contract.ts';
import { answerAlways, listBadAnswers } from './protocol-answers.ts';
import { createTestContext } from './test-context.ts';

const MOST_PAGES = 500;

/** How a connector goes to its target: requests, effects, paging, joining, and what it says of itself. */
export function describeWays<Options>(ground: ContractGround<Options>): void {
  const { connector, options = {} as Options } = ground;

  it('does nothing when it is joined', async () => {
    const requests: HttpRequest[] = [];
    const connection = connector.connect(createTestContext(record(ground.target().http, requests), options));
    assert.equal(typeof (connection as { then?: unknown }).then, 'undefined', 'connect gives no promise');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(requests, [], 'connect makes no request');
    assert.equal(typeof connection.test, 'function');
  });

  it('describes itself by plain values', () => {
    const { id, version, label, description, optionsSchema, credentialKinds } = connector;
    assert.match(id, /^[a-z][a-z0-9-]{0,63}$/, 'the id is of small letters, digits and -');
    for (const text of [version, label, description]) assert.ok(typeof text === 'string' && text.trim() !== '');
    assert.equal(optionsSchema['type'], 'object', 'the options schema is that of an object');
    assert.deepEqual(JSON.parse(JSON.stringify(optionsSchema)), optionsSchema, 'the options schema is JSON');
    assert.ok(credentialKinds.length > 0, 'at least one kind of credential is accepted');
  });

  it('says of every request whether it reads or writes', async () => {
    const requests: HttpRequest[] = [];
    const accounts = ground.accounts((http) => record(http, requests));
    const effectsOf = async (call: () => Promise<unknown> | undefined) => {
      requests.length = 0;
      await call();
      return requests.map(({ effect }) => effect);
    };
    const n = ground.nextNumber();
    const attributes: Attributes = { ...ground.account(n), active: true };
    let remoteId = '';
    const created = await effectsOf(async () => {
      remoteId = (await accounts.create({ attributes })).account.remoteId;
    });
    assert.ok(created.includes('write'), 'create writes');
    const value = String(attributes[ground.matchingAttribute]);
    const reads: [string, () => Promise<unknown> | undefined][] = [
      ['find', () => accounts.find({ path: ground.matchingAttribute, value })],
      ['get', () => accounts.get({ remoteId })],
      ['list', () => accounts.list?.({ limit: 2 })],
      ['schema', () => accounts.schema?.()],
      ['test', () => connector.connect(createTestContext(record(ground.target().http, requests), options)).test()],
    ];
    for (const [name, call] of reads) {
      assert.equal((await effectsOf(call)).includes('write'), false, `${name} only reads`);
    }
    const changes = [{ path: ground.update.path, operation: 'set', value: ground.update.value } as const];
    const updated = await effectsOf(() => accounts.update({ remoteId, changes, desired: attributes }));
    assert.ok(updated.includes('write'), 'update writes');
    if (accounts.delete) {
      assert.ok((await effectsOf(() => accounts.delete?.({ remoteId }))).includes('write'), 'delete writes');
    }
  });

  it('stops at the first write of a dry run, and lets it be seen', async () => {
    class DryRunEnd extends Error {}
    const view = (http: HttpTransport): HttpTransport => ({
      async request(request) {
        if (request.effect === 'read') return http.request(request);
        throw new DryRunEnd(request.path);
      },
    });
    const attributes: Attributes = { ...ground.account(ground.nextNumber()), active: true };
    await assert.rejects(ground.accounts(view).create({ attributes }), DryRunEnd);
    const value = String(attributes[ground.matchingAttribute]);
    assert.deepEqual((await ground.accounts().find({ path: ground.matchingAttribute, value })).accounts, []);
  });

  it('lists every account once, by cursors that carry everything', async (test) => {
    if (!ground.accounts().list) return test.diagnostic('the target cannot list');
    const made = new Set<string>();
    for (let index = 0; index < 5; index++) {
      const attributes = { ...ground.account(ground.nextNumber()), active: true };
      made.add((await ground.accounts().create({ attributes })).account.remoteId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page++) {
      assert.ok(page < MOST_PAGES, 'the list comes to an end');
      // A connection of its own for each page, as after a restart.
      const result = await ground.accounts().list?.({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...(result?.accounts ?? []).map(({ remoteId }) => remoteId));
      const next = result?.nextCursor;
      if (next === undefined) break;
      assert.ok(typeof next === 'string' && next !== '', 'a cursor is a text');
      assert.notEqual(next, cursor, 'the next page is another one');
      cursor = next;
    }
    assert.equal(new Set(seen).size, seen.length, 'no account comes twice');
    for (const remoteId of made) assert.ok(seen.includes(remoteId), `${remoteId} is listed`);
  });

  it('has a schema with the attributes that it takes', async (test) => {
    const schema = await ground.accounts().schema?.();
    if (!schema) return test.diagnostic('the connector has no schema: the administrator types it in');
    assert.ok(['target', 'connector', 'administrator', 'default'].includes(schema.source));
    const paths = new Map(schema.attributes.map((attribute) => [attribute.path, attribute]));
    assert.equal(paths.size, schema.attributes.length, 'each path is there once');
    for (const path of Object.keys(ground.account(1))) {
      assert.ok(paths.has(path), `${path} is in the schema`);
      assert.notEqual(paths.get(path)?.mutability, 'readOnly', `${path} can be written`);
    }
  });

  it('tests a connection in words, whatever comes back', async () => {
    const good = await connector.connect(createTestContext(ground.target().http, options)).test();
    assert.ok(good.steps.length > 0 && good.steps.every(({ ok }) => ok), JSON.stringify(good.steps));
    for (const answer of listBadAnswers(connector.protocol ?? 'http')) {
      const { steps } = await connector.connect(createTestContext(answerAlways(answer), options)).test();
      const last = steps.at(-1);
      assert.ok(last && !last.ok && last.message.trim() !== '', `${answer.body} fails a step, with a message`);
    }
  });
}

function record(http: HttpTransport, requests: HttpRequest[]): HttpTransport {
  return {
    request(request) {
      requests.push(request);
      return http.request(request);
    },
  };
}
