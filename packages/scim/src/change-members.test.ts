import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FaultTarget, startFaultTarget } from '../testing/index.ts';
import {
  buildDialect,
  createScimClient,
  type DialectOverrides,
  planMembers,
  readMembers,
  type ScimRequest,
  standardDialect,
} from './index.ts';
import type { ScimError } from './scim-error.ts';

function connect(target: FaultTarget, overrides: DialectOverrides = {}) {
  const requests: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      async request(request) {
        requests.push(request);
        const { method, path, headers = {}, body } = request;
        const response = await fetch(`${target.url}/${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        });
        return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
      },
    },
    now: () => new Date(),
    dialect: buildDialect(standardDialect, overrides),
  });
  const membersOf = (id: string) => readMembers(target.groups().get(id)?.attributes as never);
  return { client, requests, membersOf };
}

function createUsers(target: FaultTarget, count: number): string[] {
  return Array.from({ length: count }, (_, index) => target.createAccount({ userName: `user${index}` }).id);
}

const member = (id: string) => ({ id });

describe('changeMembers', () => {
  it('takes a group of 250 through churn in batches', async () => {
    await using target = await startFaultTarget();
    const { client, requests, membersOf } = connect(target);
    const ids = createUsers(target, 260);
    const group = await client.groups.create({ displayName: 'Engines' });
    const first = await client.groups.changeMembers(group.id, { add: ids.slice(0, 250).map(member), remove: [] });
    assert.deepEqual([first.added.length, first.refused.length, first.failure], [250, 0, undefined]);
    assert.equal(requests.filter(({ method }) => method === 'PATCH').length, 3);
    await client.groups.changeMembers(group.id, { add: ids.slice(250).map(member), remove: ids.slice(0, 20) });
    assert.deepEqual([...membersOf(group.id)].sort(), ids.slice(20).sort());
    await client.groups.changeMembers(group.id, { add: [], remove: ids.slice(20) });
    assert.equal(membersOf(group.id).size, 0);
    assert.deepEqual(target.violations(), []);
  });

  it('halves a batch until it knows whom the target refuses, and does the others', async () => {
    await using target = await startFaultTarget();
    const { client, membersOf } = connect(target);
    const ids = createUsers(target, 9);
    const group = await client.groups.create({ displayName: 'Engines' });
    const outcome = await client.groups.changeMembers(group.id, { add: [...ids, 'nobody'].map(member), remove: [] });
    assert.deepEqual(
      outcome.refused.map(({ id }) => id),
      ['nobody'],
    );
    assert.deepEqual([...membersOf(group.id)].sort(), ids.sort());
    assert.deepEqual(outcome.added.sort(), ids);
  });

  it('takes members out of a target that wants Entra’s list, and of one by SCIM 1.1', async () => {
    for (const [profile, overrides] of [
      ['entra-shaped', { members: { remove: 'valueList' } }],
      ['scim-1.1', { scimVersion: '1.1', contentType: 'application/json' }],
    ] as const) {
      await using target = await startFaultTarget({ profile });
      const { client, membersOf } = connect(target, overrides);
      const ids = createUsers(target, 3);
      const group = await client.groups.create({ displayName: 'Engines' });
      await client.groups.changeMembers(group.id, { add: ids.map(member), remove: [] });
      await client.groups.changeMembers(group.id, { add: [], remove: ids.slice(0, 1) });
      assert.deepEqual([...membersOf(group.id)].sort(), ids.slice(1).sort());
      const violations = target.violations().filter((violation) => !/remove takes no value/.test(violation));
      assert.deepEqual(violations, []);
    }
  });

  it('puts the whole list where PATCH is off, down to the last member', async () => {
    await using target = await startFaultTarget({ profile: 'vcenter' });
    const { client, membersOf } = connect(target, { groups: { patch: false } });
    const ids = createUsers(target, 2);
    const group = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(group.id, { add: ids.map(member), remove: [], wanted: ids.map(member) });
    assert.equal(membersOf(group.id).size, 2);
    await client.groups.changeMembers(group.id, { add: [], remove: ids, wanted: [] });
    assert.equal(membersOf(group.id).size, 0);
    const refused = await client.groups.changeMembers(group.id, { add: ids.map(member), remove: [] });
    assert.equal((refused.failure as ScimError).kind, 'unsupported');
  });

  it('says what was done before a failure', async () => {
    await using target = await startFaultTarget();
    const { client } = connect(target, { members: { batchSize: 2 } });
    const ids = createUsers(target, 3);
    const group = await client.groups.create({ displayName: 'Engines' });
    await client.groups.delete(group.id);
    const outcome = await client.groups.changeMembers(group.id, { add: ids.map(member), remove: [] });
    assert.deepEqual([outcome.added, (outcome.failure as ScimError).kind], [[], 'not_found']);
  });
});

describe('planMembers', () => {
  const wanted = ['a', 'b', 'b'].map(member);
  const table: [string, string[], string[] | undefined, boolean, string[], string[]][] = [
    ['everything at first', [], [], true, ['a', 'b'], []],
    ['nothing that is there', ['a', 'b'], ['a', 'b'], true, [], []],
    ['what somebody took out', ['a', 'b'], ['a'], true, ['b'], []],
    ['nobody that somebody else put in', ['a', 'b'], ['a', 'b', 'theirs'], true, [], []],
    ['out what we put in', ['a', 'b', 'old'], ['a', 'b', 'old'], true, [], ['old']],
    ['by the ledger where reads show nothing', ['a', 'old'], [], false, ['b'], ['old']],
    ['by the ledger without a read', ['a', 'old'], undefined, true, ['b'], ['old']],
  ];
  for (const [name, written, read, readsComplete, add, remove] of table) {
    it(`plans ${name}`, () => {
      const dialect = buildDialect(standardDialect, { members: { readsComplete } });
      const plan = planMembers(wanted, new Set(written), read && new Set(read), dialect);
      assert.deepEqual({ add: plan.add.map(({ id }) => id), remove: plan.remove }, { add, remove });
    });
  }
});
