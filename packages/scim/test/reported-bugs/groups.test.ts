import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScimError } from '../../src/index.ts';
import { type JsonObject, planMembers, readMembers, standardDialect } from '../../src/index.ts';
import { type FaultTarget, startFaultTarget } from '../../testing/index.ts';
import { connectClient, isKind, json, scriptClient, set } from '../connect-client.ts';

// As in users.test.ts: reported against other clients, each named by its report.

const member = (id: string) => ({ id });

function createUsers(target: FaultTarget, count: number): string[] {
  return Array.from({ length: count }, (_, index) => target.createAccount({ userName: `user${index}` }).id);
}

function membersOf(target: FaultTarget, id: string): string[] {
  return [...readMembers(JSON.parse(target.groups().get(id)?.text ?? '{}'))].sort();
}

describe('groups, as others got them wrong', () => {
  it('authentik#23798, SCIM-45, vouch#1415: who is taken out is named by a filter, so that a strict target keeps the others', async () => {
    await using target = await startFaultTarget({ profile: { removeWithList: 'empties' } });
    const { client, bodies } = connectClient(target);
    const ids = createUsers(target, 3);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    await client.groups.changeMembers(id, { add: [], remove: ids.slice(0, 1) });
    assert.deepEqual(bodies().at(-1)?.['Operations'], [{ op: 'remove', path: `members[value eq "${ids[0]}"]` }]);
    assert.deepEqual(membersOf(target, id), ids.slice(1).sort());
  });

  it('authentik#25024: the last member is taken out where there is no PATCH', async () => {
    await using target = await startFaultTarget({ profile: 'vcenter' });
    const { client, bodies } = connectClient(target, 'vcenter');
    const ids = createUsers(target, 1);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [], wanted: ids.map(member) });
    assert.deepEqual(membersOf(target, id), ids);
    await client.groups.changeMembers(id, { add: [], remove: ids, wanted: [] });
    assert.deepEqual(bodies().at(-1)?.['members'], []);
    assert.deepEqual(membersOf(target, id), []);
  });

  it('authentik#12321, #20410, keycloak-scim#73, idp-scim-sync#62: AWS gets paths, at most 100 changes, and no replacement', async () => {
    await using target = await startFaultTarget({ profile: 'aws-identity-center' });
    const { client, bodies } = connectClient(target, 'aws-iam-identity-center');
    const ids = createUsers(target, 230);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    const outcome = await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    assert.deepEqual([outcome.added.length, outcome.refused, outcome.failure], [230, [], undefined]);
    await client.groups.update({ id, changes: [set('displayName', 'Engines of all kinds')] });
    for (const { Operations: operations } of bodies().slice(1)) {
      for (const { op, path, value } of operations as JsonObject[]) {
        assert.ok(path !== undefined, 'has a path');
        assert.ok(!(path === 'members' && op === 'replace'));
        assert.ok(!Array.isArray(value) || value.length <= 100);
      }
    }
    assert.equal(membersOf(target, id).length, 230);
  });

  it('authentik#23005: members are taken out of a target that never shows them', async () => {
    await using target = await startFaultTarget({ profile: 'aws-identity-center' });
    const { client } = connectClient(target, 'aws-iam-identity-center');
    const ids = createUsers(target, 3);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    const { added } = await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    const shown = readMembers((await client.groups.get(id))?.representation ?? {});
    assert.equal(shown.size, 0);
    const plan = planMembers(ids.slice(1).map(member), new Set(added), shown, client.dialect);
    assert.deepEqual(plan, { add: [], remove: ids.slice(0, 1) });
    await client.groups.changeMembers(id, plan);
    assert.deepEqual(membersOf(target, id), ids.slice(1).sort());
  });

  it('authentik’s chunks: the limit of bulk operations is not the limit of members', async () => {
    await using target = await startFaultTarget({ profile: { bulk: { maxOperations: 1, maxPayloadSize: 10 } } });
    const { client, lines } = connectClient(target, standardDialect, {
      bulk: { supported: true, maxOperations: 1, maxPayloadBytes: 10 },
    });
    const ids = createUsers(target, 60);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    assert.deepEqual(lines(), ['POST Groups', `PATCH Groups/${id}`]);
  });

  it('scim-for-keycloak#134: one more member is one member on the wire', async () => {
    await using target = await startFaultTarget();
    const { client, bodies } = connectClient(target);
    const ids = createUsers(target, 212);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    const { added } = await client.groups.changeMembers(id, { add: ids.slice(1).map(member), remove: [] });
    const plan = planMembers(ids.map(member), new Set(added), undefined, client.dialect);
    await client.groups.changeMembers(id, plan);
    assert.deepEqual(bodies().at(-1)?.['Operations'], [{ op: 'add', path: 'members', value: [{ value: ids[0] }] }]);
  });

  it('scim-for-keycloak#167, product-is#21904: a group keeps its remote id, and none is addressed without one', async () => {
    const located = scriptClient([
      { status: 201, headers: { location: 'https://target.example/v2/Groups/7' } },
      json({ id: '7', displayName: 'Engines' }),
    ]);
    assert.equal((await located.client.groups.create({ displayName: 'Engines' })).id, '7');
    const taken = scriptClient([{ status: 409 }, json({ Resources: [{ id: '7', displayName: 'engines' }] })]);
    await assert.rejects(taken.client.groups.create({ displayName: 'Engines' }), isKind('already_exists'));
    assert.equal((await taken.client.groups.find('displayName', 'Engines'))[0]?.id, '7');
    const nobody = scriptClient([]);
    await assert.rejects(
      nobody.client.groups.update({ id: '', changes: [set('displayName', 'x')] }),
      isKind('invalid_request'),
    );
    const { failure } = await nobody.client.groups.changeMembers('', { add: [member('1')], remove: [] });
    assert.equal((failure as ScimError).kind, 'invalid_request');
  });

  it('product-is#23773: a group is renamed and deleted', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.update({ id, changes: [set('displayName', 'Machines')] });
    assert.equal(target.groups().get(id)?.attributes['displayName'], 'Machines');
    await client.groups.delete(id);
    assert.equal(target.groups().size, 0);
  });

  it('ssosync#17: whole membership costs one request a page, not one a member', async () => {
    await using target = await startFaultTarget();
    const { client, lines } = connectClient(target);
    const ids = createUsers(target, 40);
    for (let index = 0; index < 20; index++)
      target.createGroup({ displayName: `g${index}`, members: ids.map((value) => ({ value })) });
    let members = 0;
    for await (const { representation } of client.groups.iterate()) members += readMembers(representation).size;
    assert.equal(members, 800);
    assert.equal(lines().length, 2, 'one page, and one that ends the list');
  });

  it('idp-scim-sync#45: what was done before a failure is told', async () => {
    const { client } = scriptClient([{ status: 204 }, { status: 409 }, { status: 503 }], { members: { batchSize: 2 } });
    const outcome = await client.groups.changeMembers('7', { add: ['a', 'b', 'c', 'd'].map(member), remove: [] });
    assert.deepEqual(outcome.added, ['a', 'b']);
    assert.equal((outcome.failure as ScimError).kind, 'transient');
  });

  it('SCIM-SDK#757: a group is emptied by removals, not replaced by nothing', async () => {
    await using target = await startFaultTarget({ profile: { replaceMembers: false } });
    const { client } = connectClient(target);
    const ids = createUsers(target, 3);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    const { refused, failure } = await client.groups.changeMembers(id, { add: [], remove: ids });
    assert.deepEqual([refused, failure], [[], undefined]);
    assert.deepEqual(membersOf(target, id), []);
  });

  it('metabase#48276: an inactive account is taken out of its group', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const ids = createUsers(target, 2);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    await client.users.update({ id: ids[0] ?? '', changes: [set('active', false)] });
    await client.groups.changeMembers(id, { add: [], remove: ids.slice(0, 1) });
    assert.deepEqual(membersOf(target, id), ids.slice(1));
  });

  it('ConnId’s SCIM 1.1: a member is taken out by operation delete', async () => {
    await using target = await startFaultTarget({ profile: 'scim-1.1' });
    const { client, bodies } = connectClient(target, 'standard-1.1');
    const ids = createUsers(target, 2);
    const { id } = await client.groups.create({ displayName: 'Engines' });
    await client.groups.changeMembers(id, { add: ids.map(member), remove: [] });
    await client.groups.changeMembers(id, { add: [], remove: ids.slice(0, 1) });
    assert.deepEqual(bodies().at(-1)?.['members'], [{ value: ids[0], operation: 'delete' }]);
    assert.deepEqual(membersOf(target, id), ids.slice(1));
  });
});
