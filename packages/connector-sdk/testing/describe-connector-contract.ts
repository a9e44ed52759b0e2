import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Attributes } from '../src/index.ts';
import type { ConnectorContract, ContractGround, ContractTarget } from './connector-contract.ts';
import { describeFailures } from './describe-failures.ts';
import { describeGroups } from './describe-groups.ts';
import { describeWays } from './describe-ways.ts';
import { createTestContext } from './test-context.ts';

/**
 * Declares the tests that every connector must pass, as one `describe` of node:test: the life of an account, what is
 * reported when things go wrong, paging, and how requests are made. Call it once at the top of a test file, once for
 * each set of options that matters. The accounts that it makes stay in the target if it cannot delete.
 */
export function describeConnectorContract<Options>(contract: ConnectorContract<Options>): void {
  const { connector, options = {} as Options } = contract;
  describe(`the contract of ${connector.id}`, () => {
    let target: ContractTarget;
    let last = 0;
    before(async () => {
      target = await contract.start();
    });
    after(() => target?.stop());
    const ground: ContractGround<Options> = {
      ...contract,
      target: () => target,
      accounts: (view = (http) => http) =>
        connector.connect(createTestContext(view(target.http), options, { paths: Object.keys(contract.account(1)) }))
          .accounts,
      nextNumber: () => ++last,
    };
    describeLife(ground);
    describeFailures(ground);
    describeWays(ground);
    describeGroups(ground);
  });
}

function describeLife<Options>(ground: ContractGround<Options>): void {
  const { matchingAttribute, update, clear } = ground;
  const make = async () => {
    const attributes: Attributes = { ...ground.account(ground.nextNumber()), active: true };
    const { account } = await ground.accounts().create({ attributes });
    return { attributes, remoteId: account.remoteId, account };
  };
  const get = async (remoteId: string) => {
    const got = await ground.accounts().get({ remoteId });
    assert.ok(got.found, `the account ${remoteId} is to be found by its remote id`);
    return got.account;
  };

  it('creates an account with every attribute, and reads it back', async () => {
    const { attributes, remoteId, account } = await make();
    assert.ok(typeof remoteId === 'string' && remoteId !== '', 'the remote id is a text');
    const got = await get(remoteId);
    assert.equal(got.remoteId, remoteId);
    assert.notEqual(account.active, false, 'an account created as active is not inactive');
    const { read } = ground.accounts();
    for (const [path, value] of Object.entries(attributes)) {
      if (path !== 'active') assert.deepEqual(read(got, path), value, `${path} is as it was created`);
    }
    assert.equal(read(got, 'noSuchAttribute'), undefined, 'a path that is not there reads undefined');
  });

  it('finds by the matching attribute only the accounts that carry the value', async () => {
    const { attributes, remoteId } = await make();
    await make();
    const value = String(attributes[matchingAttribute]);
    const { accounts } = await ground.accounts().find({ path: matchingAttribute, value });
    assert.deepEqual(
      accounts.map((account) => account.remoteId),
      [remoteId],
    );
    for (const nobody of ['nobody-has-this', 'a" or "1" eq "1', "o'x & y=1 # % + ? \\ é ()*"]) {
      const found = await ground.accounts().find({ path: matchingAttribute, value: nobody });
      assert.deepEqual(found.accounts, [], `nothing is found for ${nobody}`);
    }
  });

  it('updates what changed and leaves the rest', async () => {
    const { attributes, remoteId } = await make();
    const desired = { ...attributes, [update.path]: update.value };
    const changes = [{ path: update.path, operation: 'set', value: update.value } as const];
    const result = await ground.accounts().update({ remoteId, changes, desired });
    const got = await get(remoteId);
    const { read } = ground.accounts();
    for (const [path, value] of Object.entries(desired)) {
      if (path !== 'active') assert.deepEqual(read(got, path), value, path);
    }
    if (result.account) assert.equal(result.account.remoteId, remoteId);
    await ground.accounts().update({ remoteId, changes, desired });
  });

  if (clear !== undefined) {
    it(`clears ${clear}`, async () => {
      const { attributes, remoteId } = await make();
      const { [clear]: _cleared, ...desired } = attributes;
      await ground.accounts().update({ remoteId, changes: [{ path: clear, operation: 'clear' }], desired });
      const got = await get(remoteId);
      assert.equal(ground.accounts().read(got, clear), undefined);
      assert.deepEqual(ground.accounts().read(got, matchingAttribute), attributes[matchingAttribute]);
    });
  }

  it('deactivates and reactivates', async () => {
    const { attributes, remoteId } = await make();
    const accounts = ground.accounts();
    const turn = (active: boolean) => ({
      remoteId,
      changes: [{ path: 'active', operation: 'set', value: active } as const],
      desired: { ...attributes, active },
    });
    for (let time = 0; time < 2; time++) {
      if (accounts.deactivate) await accounts.deactivate({ remoteId, desired: { ...attributes, active: false } });
      else await accounts.update(turn(false));
      assert.equal((await get(remoteId)).active, false, 'it is inactive, also when it was before');
    }
    if (accounts.reactivate) await accounts.reactivate(turn(true));
    else await accounts.update(turn(true));
    assert.notEqual((await get(remoteId)).active, false);
  });
}
