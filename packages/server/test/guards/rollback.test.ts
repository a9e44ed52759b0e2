import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAppOpener } from '../../src/apps/index.ts';
import { commandRollout, createRollout, type RolloutGround, RolloutWatch } from '../../src/rollout/index.ts';
import { MAPPING, type World } from '../mapping/world.ts';
import { openHolds, people, startWorld } from './guard-world.ts';

const command = { app: 'Target', actor: { kind: 'system', name: 'Ada' } as const, checkRevision: () => {} };
const PEOPLE = 30;

/* A version that gives everybody a title is rolled back, which takes 30 titles away: more than a file may. */
describe('a rollback', () => {
  let world: World;
  let ground: RolloutGround;
  let watch: RolloutWatch;
  let ids: string[];
  before(async () => {
    world = await startWorld();
    ground = { ...world.ground, openApp: createAppOpener(world.ground), checkReadiness: async () => [] };
    watch = new RolloutWatch(ground);
    await world.addApp('Target');
    ids = await world.addUsers(people(PEOPLE, { Title: undefined }));
    await world.quiet();
  });
  after(async () => {
    await watch.stop();
    await world.stop();
  });
  const titles = () => new Set(ids.map((id) => world.account(id)?.title));

  test('is held by no limit on values, for a person commanded just it', async () => {
    const mapping = MAPPING.map((rule) =>
      rule.target === 'title' ? { ...rule, formula: 'IF(ISBLANK(Title), "Colleague", Title)' } : rule,
    );
    const saved = await world.send('POST', '/apps/Target/configurations', { mapping });
    assert.equal(saved.status, 201, saved.text);
    const pilot = { users: people(PEOPLE).map(({ username }) => username), profiles: [], permissionSets: [] };
    const { id } = await createRollout(ground, command, { version: 2, pilot, percentages: [] });
    await commandRollout(ground, command, id, { command: 'start', checkRevision: () => {} });
    await world.quiet();
    assert.deepEqual(titles(), new Set(['Colleague']));
    const back = { command: 'roll back', checkRevision: () => {}, reason: 'a test' } as const;
    await commandRollout(ground, command, id, back);
    await world.quiet();
    assert.deepEqual(titles(), new Set([undefined]));
    assert.equal((await openHolds(world)).length, 0);
  });

  test('lets the limit hold again afterwards', async () => {
    await world.change(ids, `fields = fields || '{"Title": "Given"}'`);
    await world.quiet();
    assert.deepEqual(titles(), new Set(['Given']));
    for (let look = 0; look < 3; look += 1) await watch.look();
    await world.change(ids, `fields = fields - 'Title'`);
    await world.quiet();
    assert.equal((await openHolds(world)).length, PEOPLE);
    assert.deepEqual(titles(), new Set(['Given']));
  });
});
