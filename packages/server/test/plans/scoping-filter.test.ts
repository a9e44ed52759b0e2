import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { beginDay } from '../../src/apps/index.ts';
import { changeOrganization } from '../../src/directory/index.ts';
import { type Json, MAPPING, World } from '../mapping/world.ts';

describe('a scoping filter', () => {
  let world: World;
  let sales: string[] = [];
  let finance: string[] = [];
  before(async () => {
    world = await World.start();
    await world.ground.pool.query(
      `insert into custom_field (name, label, type, required, created_at, updated_at)
       values ('Level__c', 'Level', 'number', false, now(), now()), ('EndDate__c', 'End', 'date', false, now(), now())`,
    );
    await world.addApp('Target', MAPPING, {
      more: { scopingFilter: 'Department = "Sales" || Department = "Finance"' },
    });
    const users = (department: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        username: `${department.toLowerCase()}${i}@example.com`,
        fields: { Department: department, Level__c: i },
      }));
    sales = await world.addUsers(users('Sales', 3));
    finance = await world.addUsers(users('Finance', 2));
    await world.addUsers(users('Legal', 2));
    await world.quiet();
  });
  after(() => world.stop());

  const why = async (user: string): Promise<Json> => (await world.send('GET', `/apps/Target/users/${user}/why`)).json;
  const isActive = (user: string) => world.account(user)?.active;

  test('gives the app to those whom it keeps, and does not even look for the others', async () => {
    assert.equal(world.target.accounts().size, 5);
    const left = await why('legal0@example.com');
    assert.equal(left.state, 'waiting');
    assert.equal(left.reason.code, 'out_of_scope');
    assert.ok(!world.target.exchanges().some(({ url }) => url.includes('legal')));
  });

  test('tells who enters and who leaves before it is saved', async () => {
    const plan = await world.plan('Target', { scopingFilter: 'Department = "Sales" || Department = "Legal"' });
    assert.equal(plan.state, 'ready', plan.problem);
    assert.deepEqual([plan.enters, plan.leaves], [2, 2]);
    assert.deepEqual(plan.byCause, { configuration: 2, 'out of scope': 2 });
    const path = `/apps/Target/plans/${plan.id}/changes`;
    const leaves = await world.send('GET', `${path}?movement=leaves&limit=1`);
    assert.match(leaves.json.items[0].username, /^finance/);
    assert.ok(leaves.json.nextCursor);
    const rest = await world.send('GET', `${path}?movement=leaves&limit=1&cursor=${leaves.json.nextCursor}`);
    assert.equal(rest.json.items.length, 1);
    assert.equal(rest.json.nextCursor, null);
    const everybody = await world.plan('Target', { scopingFilter: null });
    assert.deepEqual([everybody.enters, everybody.leaves], [2, 0]);
    const wrong = await world.send('POST', '/apps/Target/plans', { scopingFilter: 'Department' });
    assert.equal(wrong.status, 422);
    assert.equal(wrong.json.errors[0].field, 'scopingFilter');
    assert.equal(isActive(finance[0] ?? ''), true);
  });

  test('takes the account of whom it leaves out, and gives it back', async () => {
    const [user = ''] = finance;
    await world.change([user], `fields = fields || '{"Department": "Legal"}'`);
    await world.quiet();
    assert.equal(isActive(user), false);
    assert.equal((await why(user)).reason.code, 'out_of_scope');
    await world.change([user], `fields = fields || '{"Department": "Finance"}'`);
    await world.quiet();
    assert.equal(isActive(user), true);
  });

  test('takes nothing away where it cannot say', async () => {
    const [user = '', other = ''] = sales;
    await world.save('Target', { mapping: MAPPING, scopingFilter: 'Level__c >= 0' });
    await world.quiet();
    assert.equal(world.target.accounts().size, 7, 'those who were left out before are in now');
    await world.change([user], `fields = fields - 'Level__c'`);
    await world.quiet();
    assert.equal(isActive(user), true);
    const parked = await why(user);
    assert.deepEqual([parked.state, parked.reason.code], ['parked', 'filter_blank']);
    assert.match(parked.sentence, /Level__c may be blank/);
    await world.change([user], `fields = fields || '{"Level__c": -1}'`);
    await world.quiet();
    assert.equal(isActive(user), false);
    assert.equal(isActive(other), true);
  });

  test('looks at everybody again when a day begins', async () => {
    const [, user = ''] = sales;
    await world.save('Target', { mapping: MAPPING, scopingFilter: 'ISBLANK(EndDate__c) || EndDate__c >= TODAY()' });
    await world.change([user], `fields = fields || jsonb_build_object('EndDate__c', to_char(now(), 'YYYY-MM-DD'))`);
    await world.quiet();
    await beginDay(world.ground);
    await world.ground.pool.query('update link_schedule set next_due_at = null');
    assert.equal(isActive(user), true);
    await beginDay(world.ground);
    const due = async () =>
      (await world.ground.pool.query('select count(*)::int as n from link_schedule where next_due_at is not null'))
        .rows[0].n;
    assert.equal(await due(), 0, 'once a day is enough');
    const later = {
      ...world.ground,
      clock: { ...world.ground.clock, now: () => new Date(Date.now() + 26 * 3_600_000) },
    };
    await beginDay(later);
    assert.equal(await due(), 7);
    const { rows } = await world.ground.pool.query(
      `select extract(epoch from max(next_due_at) - min(next_due_at)) as spread from link_schedule`,
    );
    assert.ok(Number(rows[0].spread) > 1 && Number(rows[0].spread) <= 300, `spread over ${rows[0].spread} s`);
  });

  test('looks at everybody again when the organization moves to another time zone', async () => {
    const dayIn = (timeZone: string) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
    const [, user = ''] = sales;
    // Never the same day: 25 hours lie between them.
    for (const TimeZoneSidKey of ['Pacific/Pago_Pago', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const actor = { kind: 'person', name: 'ada' } as const;
      await changeOrganization(world.ground, actor, { expected: 'any', values: { TimeZoneSidKey } });
      const mapping = [...MAPPING, { target: 'nickName', formula: 'TEXT(TODAY())' }];
      if (world.account(user)?.['nickName'] === undefined) await world.save('Target', { mapping });
      await world.until(() => world.account(user)?.['nickName'] === dayIn(TimeZoneSidKey));
      const { rows } = await world.ground.pool.query('select day_marked::text from connected_app');
      assert.deepEqual(rows, [{ day_marked: dayIn(TimeZoneSidKey) }]);
    }
  });
});
