import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { activateApp, unassignApp } from '../../src/apps/index.ts';
import { decideHold, decideHoldsOfApp } from '../../src/provisioning/index.ts';
import type { Json, World } from '../mapping/world.ts';
import { ask, inactive, openHolds, people, startWorld, writes } from './guard-world.ts';

let world: World;
let ids: string[];
before(async () => {
  world = await startWorld();
  await world.addApp('Target');
  ids = await world.addUsers(people(60));
  await world.quiet();
});
after(() => world.stop());

const put = (body: object) => world.send('PUT', '/apps/Target/guards', body, { 'if-match': '*' });
const id = (n: number) => ids[n] ?? '';
/** Makes everybody of these due with another title or none. */
const retitle = (some: string[], title: string | null) =>
  world.change(some, title === null ? `fields = fields - 'Title'` : `fields = fields || '{"Title": "${title}"}'`);

describe('the guards of an app', () => {
  test('are the defaults until somebody chooses, and show how far they are used', async () => {
    const guards = await ask(world, 'GET', '/apps/Target/guards');
    assert.equal(guards.changed, null);
    assert.deepEqual(guards.slowBleed, { hours: 24, count: 50, percent: 10 });
    assert.deepEqual(
      guards.thresholds.map(({ name }: Json) => name),
      ['userName changes', 'cleared values', 'deletions'],
    );
    const hour = guards.usage.find(({ guard }: Json) => guard === 'deactivation threshold');
    assert.deepEqual(hour, {
      ...{ guard: 'deactivation threshold', budget: 'deactivation', during: 'within an hour' },
      ...{ used: 0, limit: 10 },
    });
  });

  for (const [what, body, field] of [
    [
      'an unknown user',
      { protectedUsers: { users: ['nobody@x'], profiles: [], permissionSets: [] } },
      'protectedUsers.users',
    ],
    [
      'two thresholds of one name',
      { thresholds: [1, 2].map(() => ({ name: 'same', windowMinutes: 60, count: 1, percent: 0 })) },
      'thresholds[1].name',
    ],
    [
      'a name that every app has',
      { thresholds: [{ name: 'Slow Bleed', windowMinutes: 60, count: 1, percent: 0 }] },
      'thresholds[0].name',
    ],
    [
      'a threshold that never counts',
      { thresholds: [{ name: 'x', operation: 'create', attribute: 'title', windowMinutes: 60, count: 1, percent: 0 }] },
      'thresholds[0].attribute',
    ],
    ['an approval by nobody', { approvals: [{ operation: 'create', manager: false, named: [] }] }, 'approvals[0]'],
  ] as const) {
    test(`refuse ${what}, and name the field`, async () => {
      const refused = await put(body);
      assert.equal(refused.status, 422, refused.text);
      assert.equal(refused.json.errors[0].field, field);
      assert.ok(refused.json.errors[0].fix.length > 5);
    });
  }

  test('warn of a threshold on an attribute that nothing writes, and are in the audit', async () => {
    const rule = { name: 'titel', attribute: 'titel', operation: 'update', windowMinutes: 60, count: 5, percent: 0 };
    const changed = await put({ thresholds: [rule], deactivation: { count: 7 } });
    assert.equal(changed.status, 200, changed.text);
    assert.equal(changed.json.warnings[0].field, 'thresholds[0].attribute');
    assert.equal(changed.json.deactivation.count, 7);
    assert.equal((await ask(world, 'GET', '/apps/Target')).deactivationLimit.count, 7);
    const { rows } = await world.ground.pool.query(
      `select actor, before -> 'deactivation' ->> 'count' as before, after -> 'deactivation' ->> 'count' as after
       from audit_event where action = 'app.guards_changed'`,
    );
    assert.deepEqual(rows, [{ actor: 'admin', before: '10', after: '7' }]);
    assert.equal((await world.send('PUT', '/apps/Target/guards', {})).status, 428, 'without the ETag that was read');
  });
});

describe('a threshold by attribute', () => {
  test('holds the wave whole, under a name of its own, and lets other attributes pass', async () => {
    const rule = { name: 'titles', attribute: 'title', operation: 'update', windowMinutes: 60, count: 5, percent: 0 };
    assert.equal((await put({ thresholds: [rule] })).status, 200);
    const before = writes(world);
    await retitle(ids.slice(0, 6), 'Same');
    await world.quiet();
    assert.equal(writes(world), before, 'nothing of it was sent');
    const holds = await openHolds(world);
    assert.deepEqual([holds.length, holds[0].guard, holds[0].cause], [6, 'titles', 'titles']);
    assert.match(holds[0].reason, /6 more changes .* would make 6 within an hour, and this app allows 5/);
    await world.change(ids.slice(0, 6), `fields = fields || '{"LastName": "Other"}'`);
    await world.quiet();
    assert.equal((await openHolds(world)).length, 6, 'a change with the title in it is held again as what it is now');
    const causes = (await ask(world, 'GET', '/holds/causes?app=Target')).items;
    assert.deepEqual([causes[0].cause, causes[0].holds], ['titles', 6]);
  });

  test('is released by its cause, and only by whoever saw all of it', async () => {
    const wrong = await world.send('POST', '/apps/Target/holds/release', { cause: 'titles', expected: 5 });
    assert.deepEqual([wrong.status, wrong.json.errors[0].field], [409, 'expected']);
    const none = await ask(world, 'POST', '/apps/Target/holds/release', { cause: 'another cause' });
    assert.deepEqual(none, { decided: 0, refused: [] });
    const done = await ask(world, 'POST', '/apps/Target/holds/release', {
      cause: 'titles',
      expected: 6,
      note: 'right',
    });
    assert.deepEqual(done, { decided: 6, refused: [] });
    await world.quiet();
    assert.equal(world.account(id(0))?.['title'], 'Same');
    assert.equal((await openHolds(world)).length, 0);
    await retitle(ids.slice(6, 11), 'Same');
    await world.quiet();
    assert.equal(world.account(id(6))?.['title'], 'Same', 'what a person released counts in no window');
    await retitle([id(11)], 'Same');
    await world.quiet();
    assert.equal((await openHolds(world)).length, 1, 'five were used up');
    const usage = (await ask(world, 'GET', '/apps/Target/guards')).usage.find(({ guard }: Json) => guard === 'titles');
    assert.deepEqual([usage.used, usage.limit], [5, 5]);
  });

  test('a hold whose cause vanished closes itself', async () => {
    await retitle([id(11)], 'Title 11');
    await world.quiet();
    assert.equal((await openHolds(world)).length, 0);
    assert.equal(world.account(id(11))?.['title'], 'Title 11');
  });

  test('a threshold by operation limits creates', async () => {
    const rule = { name: 'creates', operation: 'create', windowMinutes: 60, count: 3, percent: 0 };
    assert.equal((await put({ thresholds: [rule] })).status, 200);
    const accounts = world.target.accounts().size;
    await world.addUsers(people(4, {}, 100));
    await world.quiet();
    assert.equal(world.target.accounts().size, accounts);
    await ask(world, 'POST', '/apps/Target/holds/reject', { cause: 'creates' });
    await world.quiet();
    assert.equal(world.target.accounts().size, accounts, 'a rejected change stays unsent');
  });
});

describe('slow bleed', () => {
  test('is what the hour lets pass little by little', async () => {
    assert.equal(
      (await put({ deactivation: { count: 5 }, slowBleed: { hours: 24, count: 8, percent: 0 } })).status,
      200,
    );
    for (const from of [20, 25]) {
      await world.change(ids.slice(from, from + 4), 'is_active = false');
      await world.quiet();
      await world.ground.pool.query(`update deactivation_ledger set at = at - interval '2 hours'`);
    }
    assert.equal(inactive(world), 8);
    await world.change([id(30)], 'is_active = false');
    await world.quiet();
    const [hold] = await openHolds(world);
    assert.equal(hold.guard, 'slow bleed');
    assert.match(hold.reason, /would make 9 within a day, and this app allows 8/);
    const why = await ask(world, 'GET', `/apps/Target/users/${id(30)}/why`);
    assert.deepEqual([why.state, why.reason.code], ['held', 'over_deactivation_limit']);
    await ask(world, 'POST', `/holds/${hold.id}/release`, {});
    await world.quiet();
    assert.equal(inactive(world), 9);
  });
});

describe('protected users', () => {
  const protect = (users: string[], permissionSets: string[] = []) =>
    put({ slowBleed: null, deactivation: { count: 1000 }, protectedUsers: { users, profiles: [], permissionSets } });

  test('lose access only by a person’s word, whatever the limits allow', async () => {
    assert.equal((await protect(['user40@example.com'])).status, 200);
    const previewOf = (user: string) => ask(world, 'POST', '/apps/Target/preview', { user, operation: 'deactivate' });
    const preview = await previewOf(id(40));
    assert.match(preview.obstacles.join(), /A guard \(protected user\) would hold it/);
    assert.deepEqual((await previewOf(id(41))).obstacles, []);
    await world.change([id(40), id(41)], 'is_active = false');
    await world.quiet();
    assert.equal(world.account(id(41))?.['active'], false);
    assert.equal(world.account(id(40))?.['active'], true);
    const [hold] = await openHolds(world);
    assert.deepEqual([hold.username, hold.guard], ['user40@example.com', 'protected user']);
    await ask(world, 'POST', `/holds/${hold.id}/release`, { note: 'she has left' });
    await world.quiet();
    assert.equal(world.account(id(40))?.['active'], false);
  });

  test('by a permission set, also after it was renamed', async () => {
    assert.equal((await protect([], ['Access'])).status, 200);
    await world.ground.pool.query(`update permission_set set name = 'Renamed' where name = 'Access'`);
    const guards = await ask(world, 'GET', '/apps/Target/guards');
    assert.deepEqual(guards.protectedUsers.permissionSets[0].name, 'Renamed');
    await world.change([id(42)], 'is_active = false');
    await world.quiet();
    assert.equal(world.account(id(42))?.['active'], true);
    await world.change([id(42)], 'is_active = true');
    await world.quiet();
    assert.equal((await openHolds(world)).length, 0);
    await world.ground.pool.query(`update permission_set set name = 'Access' where name = 'Renamed'`);
    assert.equal((await protect([])).status, 200);
  });
});

describe('an approval', () => {
  const person = (name: string) => ({ kind: 'person', name }) as const;
  const released = { state: 'released', note: null } as const;

  test('is asked of the manager or a named approver, and of nobody else', async () => {
    await world.change([id(50)], `manager_id = '${id(1)}'`);
    const approvals = [{ operation: 'deactivate', manager: true, named: ['carol@example.com'] }];
    assert.equal((await put({ approvals })).status, 200);
    await world.change([id(50), id(51), id(52)], 'is_active = false');
    await world.quiet();
    const holds: Json[] = await openHolds(world);
    const holdOf = (user: string) => holds.find(({ userId }) => userId === user)?.id;
    assert.deepEqual([holds.length, holds[0].guard], [3, 'approval']);
    const refused = await world.send('POST', `/holds/${holdOf(id(50))}/release`, {});
    assert.equal(refused.status, 403, refused.text);
    assert.match(refused.text, /user1@example\.com.* or carol@example\.com/);
    await assert.rejects(decideHold(world.ground, person('user50@example.com'), holdOf(id(50)), released), /word of/);
    await decideHold(world.ground, person('USER1@example.com'), holdOf(id(50)), released);
    await assert.rejects(
      decideHold(world.ground, { kind: 'api key', name: 'user1@example.com' }, holdOf(id(51)), released),
      /word of/,
    );
    const all = await decideHoldsOfApp(world.ground, person('carol@example.com'), 1, {}, released);
    assert.deepEqual(all, { decided: 2, refused: [] });
    await world.quiet();
    for (const n of [50, 51, 52]) assert.equal(world.account(id(n))?.['active'], false);
  });

  test('is asked after the limits, so that a wave is stopped before anybody is bothered', async () => {
    assert.equal((await put({ deactivation: { count: 1 }, slowBleed: null })).status, 200);
    await world.ground.pool.query('delete from deactivation_ledger');
    const some = ids.slice(44, 47);
    await world.change(some, 'is_active = false');
    await world.quiet();
    assert.deepEqual(new Set((await openHolds(world)).map(({ guard }) => guard)), new Set(['deactivation threshold']));
    await ask(world, 'POST', '/apps/Target/holds/release', {});
    await world.quiet();
    assert.deepEqual(new Set((await openHolds(world)).map(({ guard }) => guard)), new Set(['approval']));
    const before = inactive(world);
    await decideHoldsOfApp(world.ground, person('carol@example.com'), 1, { operation: 'deactivate' }, released);
    await world.quiet();
    assert.equal(inactive(world), before + 3);
  });

  test('is not asked for again when what was let go fails on its way', async () => {
    world.target.setSchedule([
      { id: 'fails once', match: { method: 'PATCH' }, phase: 'before', effect: { kind: 'status', status: 500 } },
    ]);
    await world.change([id(48)], 'is_active = false');
    await world.quiet();
    const [hold] = await openHolds(world);
    await decideHold(world.ground, person('carol@example.com'), hold.id, released);
    await world.until(() => world.account(id(48))?.['active'] === false);
    assert.equal((await openHolds(world)).length, 0);
  });
});

test('what a person let go counts in no window, and is held again by none, when it fails, is parked and is retried', async () => {
  assert.equal((await put({ deactivation: { count: 1 }, slowBleed: null, approvals: [] })).status, 200);
  await world.ground.pool.query('delete from deactivation_ledger');
  const some = ids.slice(56, 59);
  await world.change(some, 'is_active = false');
  await world.quiet();
  assert.equal((await openHolds(world)).length, 3);
  const fault = (name: string, status: number) =>
    ({
      id: name,
      match: { method: 'PATCH' },
      phase: 'before',
      effect: { kind: 'status', status },
      maxFires: 3,
    }) as const;
  world.target.setSchedule([fault('refused', 400), fault('fails', 500)]);
  await ask(world, 'POST', '/apps/Target/holds/release', { expected: 3 });
  await world.until(async () => (await ask(world, 'GET', '/apps/Target')).counts.parked >= 3);
  await ask(world, 'POST', '/requests/retry', { app: 'Target', cause: 'refused_by_target' });
  await world.until(() => some.every((user) => world.account(user)?.['active'] === false));
  assert.equal((await openHolds(world)).length, 0);
  const { rows } = await world.ground.pool.query(
    'select bool_and(released) as all, count(*)::int as n from deactivation_ledger',
  );
  assert.equal(rows[0].all, true);
  assert.ok(rows[0].n >= 9, `${rows[0].n} attempts`);
});

test('an app that nothing grants provisions nobody, and says so', async () => {
  const { ground } = world;
  const command = { app: 'Ungranted', actor: { kind: 'system', name: 'test' } as const, checkRevision: () => {} };
  await world.addApp('Ungranted', undefined, { active: false });
  await unassignApp(ground, command, { kind: 'permission set', name: 'Access' });
  const before = writes(world);
  const { warnings } = await activateApp(ground, command, { withoutRollout: 'a test' });
  assert.ok(warnings.some(({ field }) => field === 'assignments'));
  await world.quiet();
  assert.equal(writes(world), before);
  assert.equal((await ask(world, 'GET', '/apps/Ungranted')).counts.linked, 0);
});
