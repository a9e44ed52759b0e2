import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import { createAppOpener } from '../../src/apps/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { createRolloutGround, RolloutWatch } from '../../src/rollout/index.ts';
import type { Json } from '../mapping/world.ts';
import { createTestLog } from '../support/test-log.ts';
import { gatesOf, HOUR_MS, mappingWith, RolloutWorld } from './rollout-world.ts';
import { createShiftedClock, type ShiftedClock } from './shifted-clock.ts';

/*
 * Incidents that were told in public, replayed. Each says what was sent before the stop, what the administrator sees, and
 * how they get back.
 */

const clerks = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    username: `u${n}@example.com`,
    fields: { Title: `clerk ${n}`, LastName: `Name ${n}` },
  }));
const pilotOf = (...users: string[]) => ({ users });

async function start(people: number): Promise<{ rollout: RolloutWorld; ids: string[] }> {
  const rollout = await RolloutWorld.start();
  await rollout.world.addApp('Target');
  const ids = await rollout.world.addUsers(clerks(people));
  await rollout.world.quiet();
  return { rollout, ids };
}

const writesSince = ({ world }: RolloutWorld, sequence: number) =>
  world.target.exchanges().filter((one) => one.sequence > sequence && one.method !== 'GET');
const lastSequence = ({ world }: RolloutWorld) => world.target.exchanges().at(-1)?.sequence ?? 0;

describe('a mapping that swaps two attributes', () => {
  let rollout: RolloutWorld;
  let ids: string[];
  let id: number;
  let before_: Json[];
  let wayBack: Json;
  before(async () => {
    ({ rollout, ids } = await start(500));
    before_ = ids.map((user) => rollout.world.account(user));
    const version = await rollout.save(mappingWith({ displayName: 'Title', title: 'Name' }));
    id = (await rollout.plan({ version, pilot: pilotOf('u0@example.com', 'u1@example.com', 'u2@example.com') })).id;
  });
  after(() => rollout.stop());

  test('what was sent before the stop: three accounts of the pilot, and the gates keep the others', async () => {
    const from = lastSequence(rollout);
    await rollout.must(id, 'start', { override: 'The drill was done elsewhere' });
    assert.equal(writesSince(rollout, from).length, 3);
    assert.equal(rollout.world.account(ids[0] ?? '').title, 'Name 0');
    const refused = await rollout.give(id, 'advance');
    assert.deepEqual(
      refused.json.errors.map(({ field }: Json) => field),
      ['gates.readiness', 'gates.soak'],
    );
    assert.equal(writesSince(rollout, from).length, 3);
  });

  test('what the administrator sees: which attributes changed, in how many accounts, before anybody else is reached', async () => {
    const [pilot] = (await rollout.show(id)).stages;
    assert.deepEqual(pilot.changedAttributes, [
      { path: 'displayName', count: 3 },
      { path: 'title', count: 3 },
    ]);
    assert.equal(pilot.work.done, 3);
    assert.ok(pilot.latency.calls >= 3 && pilot.latency.p95Ms > 0);
  });

  test('who passes over all of it reaches 500 accounts, with the reasons on record', async () => {
    for (const stage of [1, 2, 3]) {
      const answer = await rollout.must(id, 'advance', { override: 'It looked fine' });
      assert.equal(answer.stage, stage);
    }
    const swapped = ids.filter((user, n) => rollout.world.account(user).title === `Name ${n}`);
    assert.equal(swapped.length, 500);
    const reasons = (await rollout.show(id)).stages.map(({ overrideReason }: Json) => overrideReason);
    assert.deepEqual(reasons, ['The drill was done elsewhere', 'It looked fine', 'It looked fine', 'It looked fine']);
  });

  test('how they get back: one command, and the target proves all 500', async () => {
    const from = lastSequence(rollout);
    const back = await rollout.world.send('POST', '/apps/Target/roll-back', { reason: 'Titles and names are swapped' });
    assert.equal(back.status, 200, back.text);
    assert.equal(back.json.rollback.marked, 500);
    assert.equal(back.json.rollback.isProved, false, 'nothing is claimed before it was read');
    wayBack = await rollout.proved(back.json.rollback.id);
    assert.deepEqual([wayBack.state, wayBack.isProved, wayBack.counts], ['done', true, { 'as before': 500 }]);
    assert.equal(wayBack.sentence, '500 of 500 accounts were read at the target and are what version 1 says');
    assert.equal(writesSince(rollout, from).length, 500, 'each is written once');
    // The target itself, and not what Usher says of it.
    for (const [n, user] of ids.entries()) {
      const { title, displayName } = rollout.world.account(user);
      assert.deepEqual([title, displayName], [before_[n].title, before_[n].displayName]);
    }
    const csv = await rollout.world.send('GET', `/apps/Target/rollbacks/${wayBack.id}/export`);
    assert.equal(csv.text.trim().split('\r\n').length, 501);
  });

  test('the proof is of the target: what somebody changed there since is found, told, and not called as before', async () => {
    const { world } = rollout;
    const account = [...world.target.accounts().values()].find(({ externalId }) => externalId === ids[7]);
    world.target.editAccount(account?.id ?? '', { title: 'Emperor' });
    const gone = [...world.target.accounts().values()].find(({ externalId }) => externalId === ids[8]);
    world.target.deleteAccount(gone?.id ?? '');
    assert.equal((await world.send('POST', `/apps/Target/rollbacks/${wayBack.id}/verify`)).status, 202);
    const again = await rollout.proved(wayBack.id);
    assert.equal(again.isProved, false);
    assert.match(again.sentence, /^498 of 500 .*; (?:1 differs, 1 gone|1 gone, 1 differs)$/);
    const { items } = (await world.send('GET', `/apps/Target/rollbacks/${wayBack.id}/accounts?state=differs`)).json;
    assert.deepEqual(
      items.map(({ username, differences }: Json) => [username, differences]),
      [['u7@example.com', [{ path: 'title', expected: 'clerk 7', found: 'Emperor' }]]],
    );
    const { rows } = await world.ground.pool.query(`select title from alert where kind = 'rollback_unproved'`);
    assert.deepEqual(rows, [{ title: 'Target: not every account is as before' }]);
  });
});

/** A second replica: its own connections and its own clock. */
function secondReplica({ world }: RolloutWorld, clock: ShiftedClock = createShiftedClock()) {
  const pool = createPool({ url: world.database.url, size: 4, name: 'usher second', log: createTestLog() });
  const ground = { ...world.ground, pool, clock };
  const rolloutGround = createRolloutGround(ground, createAppOpener(ground));
  return { pool, clock, watch: new RolloutWatch(rolloutGround) };
}

describe('two administrators promoting at once', () => {
  let rollout: RolloutWorld;
  let ids: string[];
  let id: number;
  before(async () => {
    ({ rollout, ids } = await start(40));
    const version = await rollout.save(mappingWith({ title: 'UPPER(Title)' }));
    const settings = { soakHours: 0 };
    id = (await rollout.plan({ version, pilot: pilotOf('u0@example.com'), percentages: [10, 50], settings })).id;
    await rollout.drill();
    await rollout.must(id, 'start');
  });
  after(() => rollout.stop());

  test('what was sent before the stop: one stage and not two, whichever of them comes first', async () => {
    const { revision } = await rollout.show(id);
    const both = await Promise.all(
      [1, 2, 3, 4].map(() => rollout.give(id, 'advance', {}, { ifMatch: `"${revision}"` })),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412, 412, 412]);
    await rollout.world.quiet();
    const { stage, stages } = await rollout.show(id);
    assert.deepEqual([stage, stages[2].startedAt], [1, null]);
    const reached = await rollout.world.ground.pool.query(
      'select count(*)::int as n from rollout_reach where rollout_id = $1 and undone_at is null',
      [id],
    );
    const upper = ids.filter((user) => /^CLERK/.test(rollout.world.account(user).title)).length;
    assert.equal(upper, reached.rows[0].n);
    assert.ok(upper < 20, `${upper} of 40 are in the pilot and 10 %`);
  });

  test('what the second one sees: what the first one did', async () => {
    const { revision, changedBy } = await rollout.show(id);
    const late = await rollout.give(id, 'advance', {}, { ifMatch: `"${revision - 1}"` });
    assert.equal(late.status, 412);
    assert.match(
      late.json.detail,
      new RegExp(`changed meanwhile: ${changedBy} promoted it to 10 % on .*: it is running, in the stage 10 %`),
    );
    assert.equal((await rollout.give(id, 'advance', {}, { ifMatch: '' })).status, 412);
  });

  test('one who rolls back while the other promotes: the one who comes second is told, and the target says one thing', async () => {
    const { revision } = await rollout.show(id);
    const ifMatch = `"${revision}"`;
    const [on, back] = await Promise.all([
      rollout.give(id, 'advance', {}, { ifMatch }),
      rollout.give(id, 'roll-back', { reason: 'It is loud' }, { ifMatch }),
    ]);
    assert.deepEqual([on.status, back.status].sort(), [200, 412]);
    if (back.status === 412) await rollout.must(id, 'roll-back', { reason: 'It is loud' });
    await rollout.world.quiet();
    assert.equal(ids.filter((user) => /^CLERK/.test(rollout.world.account(user).title)).length, 0);
    const refused = await rollout.give(id, 'advance');
    assert.deepEqual([refused.status, refused.json.errors[0].problem], [409, 'The rollout was rolled back']);
  });
});

describe('a clock that jumps', () => {
  let rollout: RolloutWorld;
  let id: number;
  before(async () => {
    ({ rollout } = await start(4));
    const version = await rollout.save(mappingWith({ title: 'UPPER(Title)' }));
    id = (await rollout.plan({ version, pilot: pilotOf('u0@example.com') })).id;
    await rollout.drill();
    await rollout.must(id, 'start');
    await rollout.watch(1);
  });
  after(() => rollout.stop());

  const soaked = async () => (await rollout.show(id)).stages[0].soakedMs;
  const hours = (ms: number) => Math.round((100 * ms) / HOUR_MS) / 100;

  test('three days ahead opens no gate, and sends nothing', async () => {
    const { world, clock } = rollout;
    const from = lastSequence(rollout);
    await world.withoutPumps(async () => {
      clock.jump(72 * HOUR_MS);
      await world.watch.look();
      await world.watch.look();
    });
    assert.equal(hours(await soaked()), 1);
    assert.deepEqual(gatesOf(await rollout.show(id)), ['soak']);
    assert.equal((await rollout.give(id, 'advance')).status, 409);
    await world.quiet();
    assert.equal(writesSince(rollout, from).length, 0);
  });

  test('and back again takes nothing of what was watched', async () => {
    const { world, clock } = rollout;
    await world.withoutPumps(async () => {
      clock.jump(-100 * HOUR_MS);
      await world.watch.look();
      clock.pass(HOUR_MS / 4);
      await world.watch.look();
    });
    assert.equal(hours(await soaked()), 1.25);
    await world.withoutPumps(async () => clock.jump(28 * HOUR_MS));
  });

  test('a second replica whose clock is three days ahead counts nothing twice', async () => {
    const { world, clock } = rollout;
    const second = secondReplica(rollout);
    second.clock.jump(72 * HOUR_MS);
    const from = await soaked();
    await world.withoutPumps(async () => {
      for (let n = 0; n < 40; n += 1) {
        clock.pass(7_500);
        second.clock.pass(7_500);
        await world.watch.look();
        clock.pass(7_500);
        second.clock.pass(7_500);
        await second.watch.look();
      }
    });
    const counted = (await soaked()) - from;
    assert.ok(counted <= 40 * 15_000 + 5_000, `${counted} ms of ten minutes`);
    assert.ok(counted >= 36 * 15_000, `${counted} ms of ten minutes`);
    await second.watch.stop();
    await second.pool.end();
  });

  test('a server that was gone for two days counts none of them, and keeps what it had', async () => {
    const { world, clock } = rollout;
    const from = await soaked();
    await world.withoutPumps(async () => clock.pass(48 * HOUR_MS));
    // A watcher that begins remembers nothing of another's, which has not looked for a minute.
    const restarted = new RolloutWatch(world.rolloutGround);
    await world.ground.pool.query(`update rollout_stage set seen_at = seen_at - interval '1 minute'`);
    await world.withoutPumps(async () => {
      await restarted.look();
      clock.pass(60_000);
      await restarted.look();
    });
    assert.equal(Math.round(((await soaked()) - from) / 1000), 60);
    await restarted.stop();
  });
});

/** The target refuses every account whose title is shouted. */
const NO_SHOUTING: FaultRule = {
  id: 'no-shouting',
  match: { method: ['PATCH', 'PUT'], predicate: ({ request }) => String(request.body ?? '').includes('CLERK') },
  effect: { kind: 'status', status: 400, scimType: 'invalidValue', detail: 'title must not be shouted' },
  maxFires: 10_000,
};
const SLOWLY: FaultRule = {
  id: 'slowly',
  match: { method: ['PATCH'] },
  effect: { kind: 'delay', ms: 25 },
  maxFires: 10_000,
};

describe('a version that the target refuses', () => {
  let rollout: RolloutWorld;
  let ids: string[];
  let version: number;
  before(async () => {
    ({ rollout, ids } = await start(300));
    version = await rollout.save(mappingWith({ title: 'UPPER(Title)' }));
    await rollout.drill();
    rollout.world.target.setSchedule([NO_SHOUTING, SLOWLY]);
  });
  after(() => rollout.stop());

  const everyone = async (settings: object) => {
    const pilot = { users: [], permissionSets: ['Access'] };
    const { id } = await rollout.plan({ version, pilot, percentages: [], settings: { soakHours: 0, ...settings } });
    const from = lastSequence(rollout);
    assert.equal((await rollout.give(id, 'start')).status, 200);
    return { id, from };
  };
  const audited = async (action: string) =>
    (await rollout.world.ground.pool.query('select reason from audit_event where action = $1', [action])).rows;
  const untouched = () => assert.ok(ids.every((user, n) => rollout.world.account(user).title === `clerk ${n}`));

  test('halts by itself when the limit is passed: the limit and what was under way, of 300, and one line in the audit', async () => {
    const { world } = rollout;
    const { id, from } = await everyone({});
    await world.until(async () => (await rollout.show(id)).state === 'halted');
    await world.quiet();
    const sent = writesSince(rollout, from).length;
    // The fourth failure is one too many; the app has eight calls under way at a time.
    assert.ok(sent >= 4 && sent <= 4 + 8, `${sent} calls`);
    untouched();
    const shown = await rollout.show(id);
    assert.match(shown.halt.why, /users of the stage failed, and more than 3 and 5 % are too many$/);
    assert.equal((await audited('rollout.halted')).length, 1);
    const [open] = (await world.send('GET', '/rollouts')).json.items;
    assert.deepEqual([open.id, open.waits], [id, 'halted']);
    assert.match(open.sentence, /^Version \d+ is halted in .*: \d+ of \d+ users of the stage failed/);
    assert.match(open.nextStep, /^Correct the cause/);
    const alerts = await world.ground.pool.query(`select severity, next_step from alert where kind = 'rollout_halted'`);
    assert.deepEqual([alerts.rows.length, alerts.rows[0].severity], [1, 'critical']);
    const failed = await world.send('GET', `/apps/Target/rollouts/${id}/users?work=failed`);
    assert.match(failed.json.items[0].reason, /the target refuses these values/);

    // It stands still: nothing more is sent, whatever is due.
    const still = lastSequence(rollout);
    await world.change(ids.slice(200, 210), `updated_at = now()`);
    await world.quiet();
    assert.equal(writesSince(rollout, still).length, 0);

    const silent = await rollout.give(id, 'continue');
    assert.deepEqual([silent.status, silent.json.errors[0].field], [422, 'reason']);
    await rollout.must(id, 'roll-back', { reason: 'The target refuses it' });
    const back = await rollout.proved((await rollout.show(id)).rollback.id);
    assert.equal(back.isProved, true, back.sentence);
    untouched();
  });

  test('halts as well where a required attribute comes out blank, which sends nothing at all', async () => {
    const { world } = rollout;
    const mapping = [...mappingWith({}), { target: 'nickName', formula: 'Phone', required: true }];
    const blank = await rollout.save(mapping);
    const pilot = { users: [], permissionSets: ['Access'] };
    const { id } = await rollout.plan({ version: blank, pilot, percentages: [], settings: { soakHours: 0 } });
    const from = lastSequence(rollout);
    assert.equal((await rollout.give(id, 'start')).status, 200);
    await world.until(async () => (await rollout.show(id)).state === 'halted');
    await world.quiet();
    assert.equal(writesSince(rollout, from).length, 0);
    const [failed] = (await world.send('GET', `/apps/Target/rollouts/${id}/users?work=failed&limit=1`)).json.items;
    assert.equal(failed.reasonCode, 'required_blank', JSON.stringify(failed));
    await rollout.must(id, 'roll-back', { reason: 'Phones are missing' });
    untouched();
  });

  test('rolls back by itself where that is asked for, and proves it', async () => {
    const { world } = rollout;
    const { id } = await everyone({ onFailure: 'roll back' });
    await world.until(async () => (await rollout.show(id)).state === 'rolled back');
    const back = await rollout.proved((await rollout.show(id)).rollback.id);
    assert.equal(back.isProved, true, back.sentence);
    assert.match(back.reason, /^\d+ of \d+ users of the stage failed/);
    untouched();
    const [row] = await audited('rollout.rolled_back');
    assert.ok(row);
    const { rows } = await world.ground.pool.query(`select kind from alert where kind = 'rollout_rolled_back'`);
    assert.equal(rows.length, 1);
  });

  test('is halted by the replica that is left when the one that saw the failures is gone, once and not twice', async () => {
    const { world } = rollout;
    const halted = (await audited('rollout.halted')).length;
    // Nobody judges while the failures happen: the process that would have is dead.
    await world.watch.stop();
    const { id } = await everyone({});
    await world.quiet();
    assert.equal((await rollout.show(id)).state, 'running');
    const [first, second] = [secondReplica(rollout), secondReplica(rollout)];
    await Promise.all([first, second].flatMap(({ watch }) => [watch.look(), watch.look()]));
    assert.equal((await rollout.show(id)).state, 'halted');
    assert.equal((await audited('rollout.halted')).length, halted + 1);
    for (const { watch, pool } of [first, second]) {
      await watch.stop();
      await pool.end();
    }
  });
});

describe('people who were in trouble before a version came', () => {
  let rollout: RolloutWorld;
  before(async () => {
    let ids: string[];
    ({ rollout, ids } = await start(10));
    rollout.world.target.setSchedule([NO_SHOUTING]);
    await rollout.world.change(ids.slice(0, 4), `fields = fields || '{"Title": "CLERK"}'`);
    await rollout.world.quiet();
    await rollout.drill();
  });
  after(() => rollout.stop());

  const reachAll = async (mapping: object[]) => {
    const version = await rollout.save(mapping);
    const settings = { soakHours: 0, failureLimit: { count: 100, percent: 5 } };
    const pilot = { users: [], permissionSets: ['Access'] };
    const { id } = await rollout.plan({ version, pilot, percentages: [], settings });
    await rollout.must(id, 'start');
    return rollout.show(id);
  };

  test('and still are for the same reason are no failures of the version, and keep no gate closed', async () => {
    const { id, stages, gates } = await reachAll(mappingWith({ displayName: 'UPPER(Name)' }));
    const { reached, done, failed, failedBefore } = stages[0].work;
    assert.deepEqual({ reached, done, failed, failedBefore }, { reached: 10, done: 6, failed: 0, failedBefore: 4 });
    assert.ok(gates.every(({ gate, open }: Json) => gate !== 'failures' || open));
    await rollout.must(id, 'roll-back', { reason: 'It was a trial' });
  });

  test('and are now for another one count against the version', async () => {
    const { stages, gates } = await reachAll([
      ...mappingWith({}),
      { target: 'nickName', formula: "IF(Title = 'CLERK', Phone, Title)", required: true },
    ]);
    const { reached, done, failed, failedBefore } = stages[0].work;
    assert.deepEqual({ reached, done, failed, failedBefore }, { reached: 10, done: 6, failed: 4, failedBefore: 0 });
    assert.ok(gates.some(({ gate, open }: Json) => gate === 'failures' && !open));
  });
});
