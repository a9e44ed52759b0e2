import assert from 'node:assert/strict';
import { type BulkOperation, enterpriseUserUrn, planMembers, readMembers } from '@usher/scim';
import { describePerson } from './account-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { readBody, readIds, type Stage } from './stage.ts';

const parallel = 8;

/** Remote ids of the crowd, by peer: made by the list's scenario, the members of the group's. */
const crowds = new WeakMap<Stage['client']['learned'], string[]>();

async function createCrowd(stage: Stage): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < stage.sizes.users; index = next++) {
      ids[index] = (await stage.client.users.create(describePerson(`crowd-${index}`))).id;
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  crowds.set(stage.client.learned, ids);
  return ids;
}

function crowdOf(stage: Stage): string[] {
  const ids = crowds.get(stage.client.learned);
  assert.ok(ids, 'the crowd was made before');
  return ids;
}

const patchOf = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

async function readGroup(stage: Stage, id: string): Promise<Set<string>> {
  const group = await stage.client.groups.get(id);
  assert.ok(group);
  return readMembers(group.representation);
}

export const listScenarios: readonly Scenario[] = [
  {
    name: 'list in pages',
    promise: 'Every account is read once, page by page, and the reading ends.',
    sized: 'users',
    async run(stage) {
      const { users } = stage.client;
      const wanted = new Set(await createCrowd(stage));
      const read: string[] = [];
      for await (const { id } of users.iterate()) {
        if (read.length === stage.client.dialect.paging.pageSize) stage.prove('exchange');
        read.push(id);
      }
      assert.equal(new Set(read).size, read.length, 'no account comes twice');
      assert.deepEqual(
        [...wanted].filter((id) => !read.includes(id)),
        [],
        'none is left out',
      );
      const first = await stage.send('GET', 'Users?startIndex=1&count=10');
      stage.note(
        'ignores startIndex in the address and gives the first page for ever; the client searches by POST instead',
        await stage.send('GET', 'Users?startIndex=11&count=10'),
        (seen) => readIds(seen)[0] === readIds(first)[0],
      );
      stage.note(
        'gives accounts past the end of the list; the client stops at what it has seen',
        await stage.send('GET', 'Users?startIndex=1000001&count=2'),
        (seen) => readIds(seen).length > 0,
      );
    },
  },
];

export const groupScenarios: readonly Scenario[] = [
  {
    name: 'bulk',
    promise:
      'Many operations go in one request where the target takes it, later ones referring to earlier creates, and one by one where not.',
    async run(stage) {
      const { client } = stage;
      const create = (bulkId: string, more: Record<string, string> = {}): BulkOperation => ({
        operation: 'create',
        bulkId,
        attributes: { ...describePerson(`bulk-${bulkId}`), ...more },
      });
      const manager = `${enterpriseUserUrn}:manager.value`;
      const results = await client.bulk([
        create('boss'),
        create('report', { [manager]: 'bulkId:boss' }),
        { kind: 'Group', operation: 'create', bulkId: 'team', attributes: { displayName: 'Bulk team' } },
        { operation: 'delete', id: 'no-such-account' },
        create('last'),
      ]);
      if (stage.lastWrite?.path === 'Bulk') stage.prove();
      const ids = results.map((result) => (result.outcome === 'done' ? result.id : ''));
      assert.deepEqual(
        results.map((result) => (result.outcome === 'failed' ? result.error.kind : result.outcome)),
        ['done', 'done', 'done', 'not_found', 'done'],
      );
      const [boss = '', report = '', team = '', , last = ''] = ids;
      const read = await client.users.get(report);
      stage.keeps(client.users.read(read?.representation ?? {}, manager), boss, 'the manager that was created with it');
      const deleted = await client.bulk([
        ...[report, boss, last].map((id): BulkOperation => ({ operation: 'delete', id })),
        { kind: 'Group', operation: 'delete', id: team },
      ]);
      assert.ok(deleted.every(({ outcome }) => outcome === 'done'));
      stage.prove();
    },
  },
  {
    name: 'group with churn',
    promise: 'A group is filled, a third of it exchanged and all of it emptied, in batches, each member once.',
    sized: 'members',
    async run(stage) {
      const { groups, dialect } = stage.client;
      const people = crowdOf(stage).slice(0, stage.sizes.members);
      const { id } = await groups.create({ displayName: 'Engines', externalId: 'group-engines' });
      const ledger = new Set<string>();
      const become = async (wanted: string[]) => {
        const shown = await readGroup(stage, id);
        const plan = planMembers(
          wanted.map((member) => ({ id: member })),
          ledger,
          shown,
          dialect,
        );
        const outcome = await groups.changeMembers(id, plan);
        assert.equal(outcome.failure, undefined);
        assert.deepEqual(outcome.refused, []);
        for (const member of outcome.added) ledger.add(member);
        for (const member of outcome.removed) ledger.delete(member);
        assert.deepEqual([...ledger].sort(), [...wanted].sort());
        if (dialect.members.readsComplete) {
          assert.deepEqual([...(await readGroup(stage, id))].sort(), [...wanted].sort());
        }
      };
      const third = Math.floor(people.length / 3);
      await become(people.slice(0, people.length - third));
      stage.prove();
      await become(people.slice(third));
      await become([]);
      stage.prove();
      await groups.delete(id);
      assert.equal(await groups.get(id), undefined);
    },
  },
  {
    name: 'group oddities',
    promise:
      'A member that is there is not added again, one that the target refuses is named, and the others are added.',
    async run(stage) {
      const { groups, dialect } = stage.client;
      const [one = '', two = '', three = ''] = crowdOf(stage);
      const { id } = await groups.create({ displayName: 'Oddities' });
      const path = `Groups/${encodeURIComponent(id)}`;
      await groups.changeMembers(id, { add: [{ id: one }], remove: [] });
      stage.prove();
      const shown = await readGroup(stage, id);
      stage.note(
        'shows no members; the caller’s ledger knows them',
        await stage.send('GET', path),
        () => !shown.has(one),
      );
      await stage.send('PATCH', path, patchOf({ op: 'add', path: 'members', value: [{ value: one }] }));
      stage.note(
        'stores a member twice that is added again; the client adds only who is missing',
        await stage.send('GET', path),
        (seen) => ((readBody(seen)['members'] as unknown[] | undefined) ?? []).length > 1,
      );
      const plan = planMembers([{ id: one }], new Set([one]), await readGroup(stage, id), dialect);
      assert.deepEqual(plan, { add: [], remove: [] });
      const outcome = await groups.changeMembers(id, {
        add: [{ id: two }, { id: 'no-such-account' }, { id: three }],
        remove: [],
      });
      assert.equal(outcome.failure, undefined);
      assert.ok(outcome.added.includes(two) && outcome.added.includes(three));
      if (outcome.refused.length > 0) {
        assert.deepEqual(
          outcome.refused.map((refused) => refused.id),
          ['no-such-account'],
        );
        stage.defects.push({
          text: 'refuses a whole batch for one unknown member; the client finds out which one, and adds the others',
          exchange: await stage.send(
            'PATCH',
            path,
            patchOf({ op: 'add', path: 'members', value: [{ value: 'nobody' }] }),
          ),
        });
      }
      await groups.update({ id, changes: [{ path: 'displayName', operation: 'set', value: 'Oddities, renamed' }] });
      stage.prove();
      const renamed = await groups.get(id);
      assert.equal(groups.read(renamed?.representation ?? {}, 'displayName'), 'Oddities, renamed');
      if (dialect.members.readsComplete) assert.ok(readMembers(renamed?.representation ?? {}).has(three));
      await groups.delete(id);
    },
  },
];
