import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PlanRunner } from '../../src/plans/index.ts';
import { type Json, MAPPING, World } from '../mapping/world.ts';

const NEW_TITLE = MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule));

describe('a population plan', () => {
  let world: World;
  let ids: string[] = [];
  before(async () => {
    world = await World.start();
    world.runner.start();
    await world.addApp('Target');
    ids = await world.addUsers(
      ['ann', 'bob', 'cat', 'dan'].map((name, index) => ({
        username: `${name}@example.com`,
        fields: { FirstName: name, LastName: 'Last', Title: index === 0 ? 'CHIEF' : 'clerk' },
      })),
    );
    await world.quiet();
  });
  after(() => world.stop());

  test('of what is in force finds nothing to do after everything was done', async () => {
    const plan = await world.plan('Target');
    assert.equal(plan.state, 'ready');
    assert.equal(plan.headline, '4 people: nothing to do');
    assert.deepEqual(plan.progress, { done: 4, total: 4 });
    assert.equal(plan.unchanged, 4);
  });

  test('counts, shows before and after, and is applied just so', async () => {
    const writes = world.target.exchanges().filter(({ method }) => method !== 'GET').length;
    const plan = await world.plan('Target', { configuration: { mapping: NEW_TITLE }, note: 'Titles in capitals' });
    assert.equal(plan.headline, '4 people: 3 update');
    assert.deepEqual(plan.byAttribute, { title: 3 });
    assert.deepEqual(plan.byCause, { configuration: 3 });
    assert.equal(plan.byConfiguration, 3);
    assert.deepEqual(plan.collisions, { count: 0, items: [] });
    assert.equal(plan.duration.calls, 3);
    const { json: changes } = await world.send('GET', `/apps/Target/plans/${plan.id}/changes?limit=2`);
    assert.equal(changes.items.length, 2);
    assert.deepEqual(changes.items[0].changes, [{ path: 'title', before: 'clerk', after: 'CLERK' }]);
    const { json: rest } = await world.send(
      'GET',
      `/apps/Target/plans/${plan.id}/changes?limit=2&cursor=${changes.nextCursor}`,
    );
    assert.equal(rest.items.length, 1);
    assert.equal(rest.nextCursor, null);
    const { json: none } = await world.send('GET', `/apps/Target/plans/${plan.id}/changes?attribute=userName`);
    assert.deepEqual(none.items, []);
    assert.equal(world.target.exchanges().filter(({ method }) => method !== 'GET').length, writes);

    // Somebody changes meanwhile: they are left out, the others are sent.
    await world.change([ids[1] ?? ''], `fields = fields || '{"Title": "cook"}'::jsonb`);
    await world.quiet();
    const silent = await world.send('POST', `/apps/Target/plans/${plan.id}/apply`, {});
    assert.deepEqual([silent.status, silent.json.errors[0].field], [422, 'note'], 'everyone at once needs a reason');
    const applying = await world.send('POST', `/apps/Target/plans/${plan.id}/apply`, { note: 'a test' });
    assert.equal(applying.status, 202, applying.text);
    const applied = await world.settledPlan('Target', plan.id);
    assert.equal(applied.state, 'applied');
    assert.deepEqual([applied.applied.marked, applied.applied.leftOut, applied.applied.version], [2, 1, 2]);
    await world.quiet();
    assert.deepEqual(
      ids.map((id) => world.account(id)?.title),
      ['CHIEF', 'cook', 'CLERK', 'CLERK'],
    );
    const { json: left } = await world.send('GET', `/apps/Target/plans/${plan.id}/changes?leftOut=true`);
    assert.deepEqual(
      left.items.map(({ username, leftOut }: Json) => [username, leftOut]),
      [['bob@example.com', 'Changed since the plan: now update of title']],
    );
    const { json: versions } = await world.send('GET', '/apps/Target/configurations');
    assert.deepEqual([versions.items[0].version, versions.items[0].note], [2, 'Titles in capitals']);
    const again = await world.send('POST', `/apps/Target/plans/${plan.id}/apply`, { note: 'a test' });
    assert.equal(again.status, 409);
    // Nobody forgets the one who was left out: the next plan has them.
    assert.equal((await world.plan('Target')).headline, '4 people: 1 update');
  });

  test('is not applied after another configuration was put in force', async () => {
    const plan = await world.plan('Target', { configuration: { mapping: MAPPING } });
    await world.save('Target', { mapping: NEW_TITLE });
    await world.quiet();
    const { status, json } = await world.send('POST', `/apps/Target/plans/${plan.id}/apply`, { note: 'a test' });
    assert.equal(status, 409);
    assert.match(json.detail, /has another configuration in force \(3\) than when this was planned \(2\)/);
  });

  test('tells who enters and leaves, who would be parked, and the guard', async () => {
    await world.send('POST', '/apps/Target/pause', {});
    await world.change([ids[3] ?? ''], 'is_active = false');
    await world.addUsers([{ username: 'eve@example.com', fields: { Title: 'x' } }, { username: 'fay@example.com' }]);
    const mapping = NEW_TITLE.map((rule) => (rule.target === 'title' ? { ...rule, required: true } : rule));
    const plan = await world.plan('Target', { configuration: { mapping } });
    assert.equal(plan.headline, '6 people: 1 create, 1 deactivate, 1 parked');
    assert.deepEqual([plan.enters, plan.leaves, plan.guard.wouldHold], [1, 1, false]);
    assert.deepEqual(plan.byCause, { 'due already': 1, 'user deactivated': 1, required_blank: 1 });
    const { json: entering } = await world.send('GET', `/apps/Target/plans/${plan.id}/changes?movement=enters`);
    assert.deepEqual(
      entering.items.map(({ username }: Json) => username),
      ['eve@example.com'],
    );
    const { json: parked } = await world.send('GET', `/apps/Target/plans/${plan.id}/changes?operation=park`);
    assert.match(parked.items[0].reason.message, /title is required/);
    const all = await world.plan('Target', { scope: { users: ['ann@example.com', ids[1]] } });
    assert.equal(all.progress.total, 2);
    await world.change([ids[3] ?? ''], 'is_active = true');
    await world.send('POST', '/apps/Target/resume');
    await world.quiet();
  });

  test('finds two users with one userName, also one who has left', async () => {
    const mapping = MAPPING.map((rule) =>
      rule.target === 'userName' ? { ...rule, formula: 'LastName & "@example.com"' } : rule,
    );
    await world.change([ids[0] ?? ''], 'is_active = false');
    await world.quiet();
    const [gus = ''] = await world.addUsers([{ username: 'gus@example.com', fields: { LastName: 'ANN' } }]);
    await world.quiet();
    const plan = await world.plan('Target', { configuration: { mapping } });
    const found = plan.collisions.items.map(({ value, users }: Json) => [
      value.toLowerCase(),
      users.map(({ username, departed }: Json) => `${username}${departed ? ' (left)' : ''}`).sort(),
    ]);
    assert.deepEqual(found, [
      ['ann@example.com', ['ann@example.com (left)', 'gus@example.com']],
      ['last@example.com', ['bob', 'cat', 'dan', 'eve', 'fay'].map((name) => `${name}@example.com`)],
    ]);
    assert.equal(plan.collisions.count, 2);
    await world.change([gus], 'is_active = false');
    await world.quiet();
  });

  test('is exported without a formula for the spreadsheet', async () => {
    await world.send('POST', '/apps/Target/pause', {});
    await world.addUsers([{ username: 'hal@example.com', fields: { LastName: '=cmd|calc', Title: '@SUM(A1), "x"' } }]);
    const plan = await world.plan('Target');
    const { text: csv } = await world.send('GET', `/apps/Target/plans/${plan.id}/export?operation=create`);
    assert.match(csv, /^userId,username,operation,cause,attribute,before,after,reason,leftOut\r\n/);
    assert.match(csv, /,name.familyName,,"'=cmd\|calc",/);
    assert.match(csv, /,title,,"'@SUM\(A1\), ""X""",/);
    const { text: lines } = await world.send('GET', `/apps/Target/plans/${plan.id}/export?format=ndjson`);
    const rows = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ username, operation }) => [username, operation]),
      [['hal@example.com', 'create']],
    );
    await world.send('POST', '/apps/Target/resume');
    await world.quiet();
  });

  test('goes on where a runner that died left it, and begins anew where that is lost', async () => {
    await world.runner.stop();
    const { pool } = world.ground;
    const [half, lost] = [
      await world.send('POST', '/apps/Target/plans', {}),
      await world.send('POST', '/apps/Target/plans', {}),
    ];
    await pool.query(`insert into population_plan_user select $1, user_id from link_schedule where app_id = 1`, [
      half.json.id,
    ]);
    const interrupted = `update population_plan p set state = 'running', total = 8, done = 2, at_user = $2,
      counts = jsonb_set(p.counts::jsonb, '{unchanged}', '2') where id = $1`;
    for (const { json } of [half, lost]) await pool.query(interrupted, [json.id, ids[1]]);
    const runner = new PlanRunner(world.ground);
    runner.start();
    for (const { json } of [half, lost]) {
      const plan = await world.settledPlan('Target', json.id);
      assert.equal(plan.state, 'ready', plan.problem);
      assert.deepEqual(plan.progress, { done: 8, total: 8 });
      const waiting = Object.values(plan.waiting as Record<string, number>).reduce((sum, count) => sum + count, 0);
      const planned = Object.values(plan.byOperation as Record<string, number>).reduce((sum, count) => sum + count, 0);
      assert.equal(plan.unchanged + waiting + planned, 8);
    }
    await runner.stop();
    const { rows } = await pool.query(
      'select (select count(*) from population_plan_user)::int as people, (select count(*) from population_plan_value)::int as found',
    );
    assert.deepEqual(rows[0], { people: 0, found: 0 });
  });

  test('that nobody works on yet can be cancelled', async () => {
    const asked = await world.send('POST', '/apps/Target/plans', {});
    const cancelled = await world.send('POST', `/apps/Target/plans/${asked.json.id}/cancel`);
    assert.equal(cancelled.json.state, 'cancelled');
    const again = await world.send('POST', `/apps/Target/plans/${asked.json.id}/cancel`);
    assert.equal(again.status, 409);
    const { json } = await world.send('GET', '/apps/Target/plans');
    assert.equal(json.items[0].id, asked.json.id);
  });
});

test('a plan looks for nobody whom the app has looked for', async () => {
  const world = await World.start();
  try {
    world.runner.start();
    await world.addApp('Target');
    const [left = ''] = await world.addUsers([{ username: 'left@example.com', isActive: false }]);
    await world.quiet();
    const after = await world.plan('Target');
    assert.equal(after.headline, '1 person: nothing to do');
    assert.deepEqual(after.waiting, { user_inactive: 1 });
    await world.ground.pool.query('delete from account_link where user_id = $1', [left]);
    const before = await world.plan('Target');
    assert.equal(before.headline, '1 person: 1 look for');
  } finally {
    await world.stop();
  }
});
