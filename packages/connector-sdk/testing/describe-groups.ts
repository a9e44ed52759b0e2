import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { GroupOperations, HttpTransport } from '../src/index.ts';
import type { ContractGround } from './connector-contract.ts';
import { failsAs } from './describe-failures.ts';
import { createTestContext } from './test-context.ts';

/** The life of a group and its members, and operations by the batch, of connectors that have them. */
export function describeGroups<Options>(ground: ContractGround<Options>): void {
  const { connector, options = {} as Options, groups: contract } = ground;
  if (!contract) return;
  const connect = (view = (http: HttpTransport) => http) =>
    connector.connect(createTestContext(view(ground.target().http), options));
  const groupsOf = (view?: (http: HttpTransport) => HttpTransport): GroupOperations => {
    const { groups } = connect(view);
    assert.ok(groups, 'a connector whose contract names groups has them');
    return groups;
  };
  const make = async () => (await groupsOf().create({ name: contract.name(ground.nextNumber()) })).group;
  const makeAccount = async () => {
    const attributes = { ...ground.account(ground.nextNumber()), active: true };
    return (await ground.accounts().create({ attributes })).account.remoteId;
  };
  const membersOf = async (remoteId: string) => {
    const { remoteIds, isComplete } = await groupsOf().members({ remoteId });
    return isComplete ? remoteIds.sort() : undefined;
  };

  it('creates a group, finds it by its exact name only, and renames it', async () => {
    const group = await make();
    const name = group.name ?? '';
    const found = async (wanted: string) => {
      const { groups } = await groupsOf().find({ name: wanted });
      return groups.map(({ remoteId }) => remoteId);
    };
    assert.deepEqual(await found(name), [group.remoteId]);
    assert.deepEqual(await found(`${name}" or "1" eq "1`), []);
    const renamed = contract.name(ground.nextNumber());
    await groupsOf().rename({ remoteId: group.remoteId, name: renamed });
    assert.deepEqual([await found(renamed), await found(name)], [[group.remoteId], []]);
  });

  it('changes members by differences, one and all, and leaves the others', async () => {
    const { remoteId } = await make();
    const accounts = [await makeAccount(), await makeAccount(), await makeAccount()];
    const [first = '', second = '', third = ''] = accounts;
    const change = (add: string[], remove: string[], wanted: string[]) =>
      groupsOf().changeMembers({
        remoteId,
        add: add.map((id) => ({ remoteId: id })),
        remove,
        wanted: wanted.map((id) => ({ remoteId: id })),
      });
    const added = await change([first, second], [], [first, second]);
    assert.deepEqual(added.added.toSorted(), [first, second].sort());
    assert.deepEqual([added.removed, added.refused, added.failure], [[], [], undefined]);
    const changed = await change([third], [first], [second, third]);
    assert.deepEqual([changed.added, changed.removed], [[third], [first]]);
    const shown = await membersOf(remoteId);
    if (shown) assert.deepEqual(shown, [second, third].sort());
    const emptied = await change([], [second, third], []);
    assert.deepEqual(emptied.removed.toSorted(), [second, third].sort());
    const left = await membersOf(remoteId);
    if (left) assert.deepEqual(left, [], 'the last member can be taken out');
  });

  it('reports a group that is gone as not found', async () => {
    const groups = groupsOf();
    const { remoteId } = await make();
    if (!groups.delete) return;
    await groups.delete({ remoteId });
    assert.deepEqual(await groups.get({ remoteId }), { found: false });
    await assert.rejects(groups.delete({ remoteId }), failsAs('not_found'));
    await assert.rejects(groups.rename({ remoteId, name: contract.name(ground.nextNumber()) }), failsAs('not_found'));
    const { failure } = await groups.changeMembers({ remoteId, add: [{ remoteId: await makeAccount() }], remove: [] });
    assert.equal(failure?.kind, 'not_found');
  });

  it('says of every request to a group whether it reads or writes', async () => {
    const { remoteId, name } = await make();
    const member = await makeAccount();
    class DryRunEnd extends Error {}
    const dry = (http: HttpTransport): HttpTransport => ({
      async request(request) {
        if (request.effect === 'read') return http.request(request);
        throw new DryRunEnd(request.path);
      },
    });
    const groups = groupsOf(dry);
    await groups.find({ name: name ?? '' });
    await groups.members({ remoteId });
    await groups.list?.({ limit: 5 });
    await assert.rejects(groups.changeMembers({ remoteId, add: [{ remoteId: member }], remove: [] }), DryRunEnd);
    await assert.rejects(groups.create({ name: contract.name(ground.nextNumber()) }), DryRunEnd);
    await assert.rejects(groups.rename({ remoteId, name: 'x' }), DryRunEnd);
  });

  it('carries out a batch, and fails no operation for another', async (test) => {
    const { batch } = connect();
    if (!batch) return test.diagnostic('the connector has no batches');
    const attributes = () => ({ ...ground.account(ground.nextNumber()), active: true });
    const [taken, fresh] = [attributes(), attributes()];
    const { account } = await ground.accounts().create({ attributes: taken });
    const { remoteId } = account;
    const { results } = await batch({
      operations: [
        { operation: 'create', attributes: fresh },
        { operation: 'create', attributes: taken },
        { operation: 'deactivate', remoteId, desired: { ...taken, active: false } },
      ],
    });
    assert.deepEqual(
      results.map((result) => (result.outcome === 'failed' ? result.failure.kind : result.outcome)),
      ['done', 'already_exists', 'done'],
    );
    const got = await ground.accounts().get({ remoteId });
    assert.equal(got.found && got.account.active, false);
  });
}
