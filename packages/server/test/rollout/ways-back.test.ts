import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { applyRetention } from '../../src/retention/index.ts';
import type { Json } from '../mapping/world.ts';
import { HOUR_MS, mappingWith, RolloutWorld } from './rollout-world.ts';

const NICKNAMES = mappingWith({ title: 'UPPER(Title)', nickName: 'Title & " " & LastName' });
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ username: `u${n}@example.com`, fields: { Title: `clerk ${n}` } }));

describe('the way back', () => {
  let rollout: RolloutWorld;
  let ids: string[];
  let version: number;
  before(async () => {
    rollout = await RolloutWorld.start();
    await rollout.world.addApp('Target');
    ids = await rollout.world.addUsers(people(12));
    await rollout.world.quiet();
    await rollout.drill();
    version = await rollout.save(NICKNAMES);
  });
  after(() => rollout.stop());

  const accountId = (user: string) =>
    [...rollout.world.target.accounts().values()].find(({ externalId }) => externalId === user)?.id ?? '';
  const seen = (user: string) => {
    const { title, nickName } = rollout.world.account(user);
    return [title, nickName];
  };
  const plan = async (more: object = {}) =>
    (await rollout.plan({ version, pilot: { users: ['u0@example.com'] }, settings: { soakHours: 0 }, ...more })).id;
  const back = async (id: number) => {
    const answer = await rollout.must(id, 'roll-back', { reason: 'A test' });
    return rollout.proved(answer.rollback.id);
  };

  // First, for an earlier way back would bring the values from before along.
  test('is gone by whoever was written when the rollout was paused with the call under way, and they have their turn later', async () => {
    const { world } = rollout;
    world.target.setSchedule([{ id: 'late', match: { method: 'PATCH' }, phase: 'after', effect: { kind: 'barrier' } }]);
    const id = await plan();
    assert.equal((await rollout.give(id, 'start')).status, 200);
    await world.target.barrier('late');
    assert.deepEqual(seen(ids[0] ?? ''), ['CLERK 0', 'clerk 0 Last'], 'the target has it already');
    const paused = await rollout.give(id, 'pause');
    assert.equal(paused.status, 200, paused.text);
    world.target.release('late');
    await world.quiet();
    assert.deepEqual(seen(ids[0] ?? ''), ['clerk 0', undefined]);
    const place = await world.send('GET', `/apps/Target/rollouts/${id}/users/u0@example.com`);
    assert.match(place.json.sentence, /^Taken back on .*: version 1 serves the user; in the pilot by name$/);
    world.target.setSchedule([]);
    await rollout.must(id, 'continue');
    assert.deepEqual(seen(ids[0] ?? ''), ['CLERK 0', 'clerk 0 Last']);
    await back(id);
    assert.deepEqual(seen(ids[0] ?? ''), ['clerk 0', undefined]);
  });

  test('gives an attribute that only the later version writes its value from before, or none where there was none', async () => {
    const { world } = rollout;
    world.target.editAccount(accountId(ids[1] ?? ''), { nickName: 'Sparky' });
    // Usher reads the account, and so knows what it was.
    await world.change([ids[1] ?? ''], `fields = fields || '{"LastName": "Changed"}'`);
    await world.quiet();
    const id = await plan({ pilot: { users: ['u0@example.com', 'u1@example.com'] } });
    await rollout.must(id, 'start');
    assert.deepEqual(
      [seen(ids[0] ?? ''), seen(ids[1] ?? '')],
      [
        ['CLERK 0', 'clerk 0 Last'],
        ['CLERK 1', 'clerk 1 Changed'],
      ],
    );
    const proof = await back(id);
    assert.equal(proof.isProved, true, JSON.stringify(proof));
    assert.deepEqual(
      [seen(ids[0] ?? ''), seen(ids[1] ?? '')],
      [
        ['clerk 0', undefined],
        ['clerk 1', 'Sparky'],
      ],
    );
  });

  test('from one stage takes back those of that stage alone, and the stage before is watched anew', async () => {
    const id = await plan({ percentages: [60] });
    await rollout.must(id, 'start');
    await rollout.watch(1);
    await rollout.must(id, 'advance');
    const upper = () => ids.filter((user) => /^CLERK/.test(rollout.world.account(user).title));
    assert.ok(upper().length > 1);
    const silent = await rollout.give(id, 'undo-stage', {});
    assert.deepEqual([silent.status, silent.json.errors[0].field], [400, 'reason']);
    const undone = await rollout.must(id, 'undo-stage', { reason: 'It was too early' });
    assert.deepEqual(upper(), [ids[0]]);
    assert.deepEqual([undone.state, undone.stage, undone.stages[0].soakedMs], ['running', 0, 0]);
    const proof = await rollout.proved(undone.rollback.id);
    assert.deepEqual([proof.isProved, proof.fromStage], [true, 1]);
    // The same share again: nobody's turn depends on what was undone.
    await rollout.must(id, 'advance');
    assert.ok(upper().length > 1);
    await back(id);
    assert.deepEqual(upper(), []);
    const list = (await rollout.world.send('GET', '/apps/Target/rollbacks?limit=2')).json;
    assert.deepEqual(
      list.items.map(({ fromStage, isProved }: Json) => [fromStage, isProved]),
      [
        [0, true],
        [1, true],
      ],
    );
  });

  test('is not called proved while the target does not answer, nor with an account that it refuses to change', async () => {
    const { world } = rollout;
    const id = await plan({ pilot: { users: ['u0@example.com', 'u1@example.com', 'u2@example.com'] } });
    await rollout.must(id, 'start');
    const refuse = { kind: 'status', status: 400, scimType: 'invalidValue', detail: 'u2 is on holiday' } as const;
    const away = { kind: 'status', status: 503 } as const;
    const isU2 = { method: ['PATCH', 'PUT'], path: `/Users/${accountId(ids[2] ?? '')}` };
    world.target.setSchedule([
      { id: 'refused', match: isU2, effect: refuse, maxFires: 100 },
      { id: 'away', match: { method: 'GET', path: '/Users/*' }, effect: away, maxFires: 100 },
    ]);
    const answer = await rollout.must(id, 'roll-back', { reason: 'A test' });
    const path = `/apps/Target/rollbacks/${answer.rollback.id}`;
    await world.watch.prove();
    const during = (await world.send('GET', path)).json;
    assert.deepEqual([during.state, during.isProved, during.counts], ['healing', false, { healing: 3 }]);
    world.target.setSchedule([{ id: 'refused', match: isU2, effect: refuse, maxFires: 100, minFires: 0 }]);
    const proof = await rollout.proved(answer.rollback.id);
    assert.deepEqual([proof.isProved, proof.counts], [false, { 'as before': 2, parked: 1 }]);
    const { items } = (await world.send('GET', `${path}/accounts?state=parked`)).json;
    assert.deepEqual(
      items[0].differences.map(({ path: at, expected, found }: Json) => [at, expected, found]),
      [
        ['title', 'clerk 2', 'CLERK 2'],
        ['nickName', null, 'clerk 2 Last'],
      ],
    );
    world.target.setSchedule([]);
    const retried = await world.send('POST', '/apps/Target/provision', { users: ['u2@example.com'] });
    assert.equal(retried.status, 200, retried.text);
    await world.quiet();
    assert.equal((await world.send('POST', `${path}/verify`)).status, 202);
    assert.equal((await rollout.proved(answer.rollback.id)).isProved, true);
    assert.deepEqual(seen(ids[2] ?? ''), ['clerk 2', undefined]);
  });

  test('is there for a version that reached everyone without a rollout, too', async () => {
    const { world } = rollout;
    const why = { withoutRollout: 'The auditors are here' };
    const path = `/apps/Target/configurations/${version}/activate`;
    const forced = await world.send('POST', path, why, { 'if-match': '*' });
    assert.equal(forced.status, 200, forced.text);
    await world.quiet();
    assert.ok(ids.every((user) => /^CLERK/.test(world.account(user).title)));
    const [listed] = (await world.send('GET', '/apps/Target/rollouts')).json.items;
    assert.deepEqual(
      [listed.state, listed.withoutRollout, listed.settings],
      ['completed', 'The auditors are here', null],
    );
    const answer = await world.send('POST', '/apps/Target/roll-back', { reason: 'They left' });
    const proof = await rollout.proved(answer.json.rollback.id);
    assert.deepEqual([proof.isProved, proof.counts], [true, { 'as before': 12 }]);
    assert.ok(ids.every((user) => /^clerk/.test(world.account(user).title)));
    const again = await world.send('POST', '/apps/Target/roll-back', { reason: 'Once more' });
    assert.equal(again.status, 409, again.text);
  });

  test('keeps what accounts were before no longer than it may be needed', async () => {
    const { ground } = rollout.world;
    const reached = async () =>
      (await ground.pool.query('select rollout_id as id, count(*)::int as n from rollout_reach group by 1 order by 1'))
        .rows;
    await rollout.world.send('POST', '/apps/Target/roll-back', { reason: 'Nothing to do' });
    const latest = await plan();
    await rollout.must(latest, 'start');
    assert.ok((await reached()).length > 1);
    const later = new Date(ground.clock.now().getTime() + 4000 * 24 * HOUR_MS);
    await applyRetention({ ...ground, clock: { ...ground.clock, now: () => later } });
    assert.deepEqual(
      (await reached()).map(({ id }) => id),
      [latest],
      'the one that serves somebody',
    );
    assert.equal((await back(latest)).isProved, true);
  });
});
