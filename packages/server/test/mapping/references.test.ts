import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENTERPRISE, MAPPING, World } from './world.ts';

const MANAGER = `${ENTERPRISE}:manager.value`;
const WITH_MANAGER = [...MAPPING, { target: MANAGER, formula: 'Manager.RemoteId' }];

describe('the manager of an account', () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());

  const managerOf = (userId: string) => world.account(userId)?.[ENTERPRISE]?.manager?.value;
  const remoteId = async (userId: string) => {
    const { rows } = await world.ground.pool.query('select remote_id from account_link where user_id = $1', [userId]);
    return rows[0]?.remote_id;
  };

  test('follows by itself when the manager gets an account, changes and loses it', async () => {
    const appId = await world.addApp('References', WITH_MANAGER);
    const [boss = ''] = await world.addUsers([{ username: 'boss@example.com', isActive: false }]);
    await world.quiet();
    const [ada = ''] = await world.addUsers([{ username: 'ada@example.com', manager: boss }]);
    await world.quiet();
    assert.equal(managerOf(ada), undefined);

    await world.change([boss], 'is_active = true');
    await world.quiet();
    assert.ok(await remoteId(boss));
    assert.equal(managerOf(ada), await remoteId(boss));

    await world.ground.pool.query(
      `update account_link set remote_id = null, account_state = 'absent', updated_at = now() where app_id = $1 and user_id = $2`,
      [appId, boss],
    );
    await world.quiet();
    assert.equal(managerOf(ada), undefined);
    await world.send('DELETE', '/apps/References?accounts=leave');
  });

  test('is settled in one go when everybody comes at once, and a circle ends', async () => {
    const ids = await world.addUsers([{ username: 'one@example.com' }, { username: 'two@example.com' }]);
    const [one = '', two = ''] = ids;
    await world.ground.pool.query(
      'update directory_user set manager_id = case when id = $1 then $2::uuid else $1::uuid end where id in ($1, $2)',
      [one, two],
    );
    await world.change([one, two], `username = username`);
    await world.quiet();
    assert.equal(managerOf(one), await remoteId(two));
    assert.equal(managerOf(two), await remoteId(one));
  });

  test('parks who requires one that has no account, says so, and lets go by itself', async () => {
    await world.save('References', {
      mapping: [...MAPPING, { target: MANAGER, formula: 'Manager.RemoteId', required: true }],
    });
    const [head = ''] = await world.addUsers([{ username: 'head@example.com', isActive: false }]);
    const [cy = ''] = await world.addUsers([{ username: 'cy@example.com', manager: head }]);
    await world.quiet();
    const { json: why } = await world.send('GET', `/apps/References/users/${cy}/why`);
    assert.equal(why.state, 'parked');
    assert.match(why.sentence, /head@example.com, the manager, has no account at the app/);
    assert.match(why.reason.nextStep, /follows by itself/);

    await world.save('References', { mapping: WITH_MANAGER });
    await world.quiet();
    const { json: preview } = await world.send('POST', '/apps/References/preview', { user: cy });
    const attribute = preview.attributes.find(({ target }: { target: string }) => target === MANAGER);
    assert.equal(attribute.fate, 'nothing to clear');
    assert.match(attribute.note, /head@example.com, the manager, has no account .* is left out until there is one/);
  });

  test('marks nobody for an app whose mapping does not read the manager', async () => {
    const appId = await world.addApp(
      'Plain',
      MAPPING.filter(({ target }) => target !== 'externalId'),
    );
    await world.quiet();
    const [lead = ''] = await world.addUsers([{ username: 'lead@example.com', isActive: false }]);
    const [eve = ''] = await world.addUsers([{ username: 'eve@example.com', manager: lead }]);
    await world.quiet();
    const rev = async () => {
      const text = 'select wanted_rev from link_schedule where app_id = $1 and user_id = $2';
      return (await world.ground.pool.query(text, [appId, eve])).rows[0]?.wanted_rev;
    };
    const before = await rev();
    await world.change([lead], 'is_active = true');
    await world.quiet();
    assert.ok(await remoteId(lead));
    assert.equal(await rev(), before);
  });
});
