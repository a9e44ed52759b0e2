import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, MAPPING, type World } from '../mapping/world.ts';
import { ask, inactive, people, startWorld, writes } from './guard-world.ts';

let world: World;
let ids: string[];
before(async () => {
  world = await startWorld();
  await world.addApp('Target');
  ids = await world.addUsers(people(20));
  await world.quiet();
});
after(() => world.stop());

const id = (n: number) => ids[n] ?? '';
const turn = (triggers: object) => ask(world, 'PUT', '/apps/Target/triggers', triggers);
const undone = async (trigger?: string): Promise<Json[]> =>
  (await ask(world, 'GET', `/apps/Target/undone${trigger ? `?trigger=${trigger}` : ''}`)).items;
const switchOf = async (trigger: string): Promise<Json> =>
  (await ask(world, 'GET', '/apps/Target/switches')).items.find((found: Json) => found.trigger === trigger);
const dismiss = (body: object) => ask(world, 'POST', '/apps/Target/undone/dismiss', { reason: 'a test', ...body });
const title = (n: number) => world.account(id(n))?.['title'];
const retitle = (some: string[], to: string) => world.change(some, `fields = fields || '{"Title": "${to}"}'`);

describe('a trigger that is off', () => {
  test('names its effect, and lists what it left undone, with the change that would be sent', async () => {
    await turn({ update: false, deactivate: false });
    await retitle([id(0), id(1)], 'New');
    await world.change([id(2)], 'is_active = false');
    await world.quiet();
    assert.deepEqual(await switchOf('deactivate'), {
      ...{
        trigger: 'deactivate',
        on: false,
        effect: 'Leavers keep access',
        otherwise: 'Leavers lose access',
        undone: 1,
      },
    });
    assert.equal((await switchOf('update')).undone, 2);
    assert.equal((await switchOf('create')).effect, 'New users get an account');
    const [leaver] = await undone('deactivate');
    assert.deepEqual([leaver.username, leaver.operation], ['user2@example.com', 'deactivate']);
    assert.deepEqual(leaver.changes, [{ path: 'active', before: true, after: false }]);
    const updates = await undone('update');
    assert.deepEqual(
      updates.map(({ changes }) => changes[0].after),
      ['New', 'New'],
    );
    assert.equal(title(0), 'Title 0');
  });

  test('pages through all of it', async () => {
    const first = await ask(world, 'GET', '/apps/Target/undone?limit=2');
    const second = await ask(world, 'GET', `/apps/Target/undone?limit=2&cursor=${first.nextCursor}`);
    assert.deepEqual([first.items.length, second.items.length, second.nextCursor], [2, 1, null]);
  });

  test('catches up when it is turned on', async () => {
    await turn({ update: true });
    await world.quiet();
    assert.deepEqual([title(0), title(1)], ['New', 'New']);
    assert.equal(world.account(id(2))?.['active'], true);
    assert.equal((await undone()).length, 1);
  });
});

describe('what is dismissed', () => {
  test('of updates, becomes the baseline from which only later differences are sent', async () => {
    await turn({ update: false });
    await world.change([id(4), id(5)], `fields = fields || '{"Title": "Wrong", "LastName": "Changed"}'`);
    await world.quiet();
    const before = writes(world);
    const done = await dismiss({ trigger: 'update', users: ['user4@example.com', 'user6@example.com'] });
    assert.deepEqual(done, { dismissed: 1, passedOver: 1, isComplete: true });
    assert.deepEqual(
      (await undone('update')).map(({ username }) => username),
      ['user5@example.com'],
    );
    await turn({ update: true });
    await world.quiet();
    assert.deepEqual([title(4), title(5)], ['Title 4', 'Wrong']);
    assert.equal(writes(world), before + 1, 'only the one that was not dismissed is caught up');
    await world.change([id(4)], `fields = fields || '{"LastName": "Later"}'`);
    await world.quiet();
    assert.equal(world.account(id(4)).name.familyName, 'Later');
    assert.equal(title(4), 'Title 4', 'what was dismissed stays as it is');
    const sent = JSON.stringify(world.lastWrite()?.requestBody ?? world.lastWrite());
    assert.ok(!sent.includes('Wrong'), 'nor does it ride along');
  });

  test('can be taken back, and is sent then', async () => {
    const { items } = await ask(world, 'GET', '/apps/Target/dismissals');
    assert.deepEqual(
      [items.length, items[0].operation, items[0].reason, items[0].by],
      [1, 'update', 'a test', 'admin'],
    );
    assert.equal((await world.send('POST', `/apps/Target/dismissals/${items[0].id}/take-back`)).status, 204);
    await world.quiet();
    assert.equal(title(4), 'Wrong');
    const again = await world.send('POST', `/apps/Target/dismissals/${items[0].id}/take-back`);
    assert.equal(again.status, 409, again.text);
    assert.equal((await world.send('POST', '/apps/Target/dismissals/999/take-back')).status, 404);
  });

  test('of a deactivation, is left so while the user is gone, and no longer', async () => {
    assert.deepEqual(await dismiss({ trigger: 'deactivate' }), { dismissed: 1, passedOver: 0, isComplete: true });
    await turn({ deactivate: true });
    await world.quiet();
    assert.equal(world.account(id(2))?.['active'], true);
    const why = await ask(world, 'GET', `/apps/Target/users/${id(2)}/why`);
    assert.equal(why.reason.code, 'dismissed');
    await world.change([id(2)], 'is_active = true');
    await world.quiet();
    await world.change([id(2)], 'is_active = false');
    await world.quiet();
    assert.equal(world.account(id(2))?.['active'], false, 'who leaves again is deactivated');
  });

  test('of a new account, makes none when the trigger is on', async () => {
    await turn({ create: false });
    const [late = ''] = await world.addUsers([{ username: 'late@example.com' }]);
    await world.quiet();
    await dismiss({ trigger: 'create' });
    await turn({ create: true });
    await world.change([late], `fields = fields || '{"Title": "x"}'`);
    await world.quiet();
    assert.equal(world.account(late), undefined);
    const { items } = await ask(world, 'GET', '/apps/Target/dismissals?limit=1');
    await ask(world, 'POST', `/apps/Target/dismissals/${items[0].id}/take-back`);
    await world.quiet();
    assert.equal(world.account(late)?.['userName'], 'late@example.com');
  });

  test('is refused while the trigger is on, and needs a reason; every one is in the audit', async () => {
    const on = await world.send('POST', '/apps/Target/undone/dismiss', { trigger: 'update', reason: 'x' });
    assert.deepEqual([on.status, on.json.errors[0].field], [409, 'trigger']);
    const without = await world.send('POST', '/apps/Target/undone/dismiss', { trigger: 'update', reason: ' ' });
    assert.equal(without.status, 400);
    const { rows } = await world.ground.pool.query(
      `select action, count(*)::int as n from audit_event where action like 'link.dismiss%' group by 1 order by 1`,
    );
    assert.deepEqual(rows, [
      { action: 'link.dismissal_taken_back', n: 2 },
      { action: 'link.dismissed', n: 3 },
    ]);
  });
});

describe('delayed deletions', () => {
  const days = async (): Promise<Json[]> => (await ask(world, 'GET', '/deletions/days?app=Target')).items;
  const gone = (n: number) => world.account(id(n)) === undefined;

  test('wait in an inbox that says how many go when', async () => {
    const rule = { action: 'deactivate', deleteAfterDays: 3 };
    const deprovisioning = { 'user deactivated': rule, 'user deleted': rule, 'assignment lost': rule };
    await world.save('Target', { mapping: MAPPING, deprovisioning });
    await world.change(ids.slice(10, 14), 'is_active = false');
    await world.quiet();
    const [day] = await days();
    // The one who left before is to be deleted too, by the policy as it is now.
    assert.deepEqual([day.days, day.accounts, day.sentence], [3, 5, 'Target: 5 accounts will be deleted in 3 days']);
    const { items } = await ask(world, 'GET', '/deletions?app=Target&limit=2');
    assert.equal(items.length, 2);
    assert.equal(inactive(world), 5);
  });

  test('are kept, and stay kept', async () => {
    const wrong = await world.send('POST', '/apps/Target/deletions/keep', { reason: 'x', expected: 4 });
    assert.deepEqual([wrong.status, wrong.json.errors[0].field], [409, 'expected']);
    const body = { users: ['user10@example.com', 'user2@example.com'], reason: 'a lawsuit', expected: 2 };
    assert.deepEqual(await ask(world, 'POST', '/apps/Target/deletions/keep', body), { decided: 2 });
    await world.quiet();
    assert.equal((await days())[0].accounts, 3);
    const why = await ask(world, 'GET', `/apps/Target/users/${id(10)}/why`);
    assert.equal(why.reason.code, 'dismissed');
    await world.change([id(10)], `fields = fields || '{"Title": "still gone"}'`);
    await world.quiet();
    assert.equal((await days())[0].accounts, 3);
  });

  test('are done now where somebody says so', async () => {
    const body = { users: ['user11@example.com'], reason: 'asked for' };
    assert.deepEqual(await ask(world, 'POST', '/apps/Target/deletions/now', body), { decided: 1 });
    await world.quiet();
    assert.ok(gone(11));
    assert.equal((await days())[0].accounts, 2);
  });

  test('do not happen to who returns, and happen to the others on their day', async () => {
    await world.change([id(12)], 'is_active = true');
    await world.quiet();
    await world.ground.pool.query(
      `with l as (update account_link set delete_at = now() - interval '1 minute' where delete_at is not null returning app_id, user_id)
       update link_schedule s set next_due_at = now() from l where s.app_id = l.app_id and s.user_id = l.user_id`,
    );
    await ask(world, 'POST', '/apps/Target/pause', {});
    await ask(world, 'POST', '/apps/Target/resume');
    await world.quiet();
    assert.ok(gone(13));
    assert.equal(world.account(id(12))?.['active'], true);
    assert.equal(world.account(id(10))?.['active'], false, 'the kept one is still there');
    assert.deepEqual(await days(), []);
  });
});
