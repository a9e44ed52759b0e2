import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAppOpener, getApp } from '../../src/apps/index.ts';
import {
  commandRollout,
  createRollout,
  describeRollout,
  explainPlace,
  getRollout,
  type RolloutCommand,
  type RolloutGround,
  RolloutWatch,
} from '../../src/rollout/index.ts';
import { MAPPING, World } from '../mapping/world.ts';

const command = { app: 'Target', actor: { kind: 'system', name: 'Ada' } as const, checkRevision: () => {} };
const TITLES = MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule));

describe('a rollout by stages', () => {
  let world: World;
  let ground: RolloutGround;
  let watch: RolloutWatch;
  let ids: string[];
  before(async () => {
    world = await World.start();
    ground = { ...world.ground, openApp: createAppOpener(world.ground), checkReadiness: async () => [] };
    watch = new RolloutWatch(ground);
    await world.addApp('Target');
    const people = Array.from({ length: 12 }, (_, n) => ({
      username: `u${n}@example.com`,
      fields: { Title: 'clerk' },
    }));
    ids = await world.addUsers(people);
    await world.quiet();
  });
  after(async () => {
    await watch.stop();
    await world.stop();
  });

  const give = (id: number, name: RolloutCommand, more: object = {}) =>
    commandRollout(ground, command, id, { command: name, checkRevision: () => {}, ...more });
  const titles = () => ids.map((id) => world.account(id)?.title);
  let rolloutId: number;

  test('saving a version of a working app changes nobody', async () => {
    const saved = await world.send('POST', '/apps/Target/configurations', { mapping: TITLES });
    assert.deepEqual([saved.status, saved.json.inForce, saved.json.links], [201, false, 0]);
    await world.quiet();
    assert.deepEqual(new Set(titles()), new Set(['clerk']));
  });

  test('the pilot reaches those whom it names, and nobody else', async () => {
    const pilot = { users: ['u0@example.com', 'u1@example.com'], profiles: [], permissionSets: [] };
    const made = await createRollout(ground, command, { version: 2, pilot, percentages: [50] });
    rolloutId = made.id;
    await give(rolloutId, 'start');
    await world.quiet();
    assert.deepEqual(titles(), ['CLERK', 'CLERK', ...Array(10).fill('clerk')]);
    assert.match((await explainPlace(ground, rolloutId, ids[0] ?? '')).sentence, /in the pilot, by name/);
    assert.match((await explainPlace(ground, rolloutId, ids[5] ?? '')).sentence, /version 1 serves the user/);
  });

  test('no promotion passes a closed gate without a reason', async () => {
    await assert.rejects(give(rolloutId, 'advance'), /soak/);
    await give(rolloutId, 'advance', { override: 'a test' });
    await world.quiet();
    const upper = titles().filter((title) => title === 'CLERK').length;
    const { rows } = await world.ground.pool.query(
      `select count(*)::int as n from directory_user u
       where rollout_bucket($1, u.id) < 5000 or u.username in ('u0@example.com', 'u1@example.com')`,
      [rolloutId],
    );
    assert.equal(upper, rows[0].n);
  });

  test('a rollback brings the accounts back, and the target proves it', async () => {
    await give(rolloutId, 'roll back', { reason: 'a test' });
    await world.quiet();
    assert.deepEqual(new Set(titles()), new Set(['clerk']));
    await watch.prove();
    const app = await getApp(world.ground, 'Target');
    const { rollout, rollback } = await describeRollout(ground, app, await getRollout(ground, app, rolloutId));
    assert.equal(rollout.state, 'rolled back');
    assert.deepEqual([rollback?.state, Object.keys(rollback?.counts ?? {})], ['done', ['as before']]);
  });
});
