import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInConnectors } from '@usher/connectors';
import { CONFIGURATION_INPUT, createAppOpener, saveConfiguration } from '../../src/apps/index.ts';
import { systemClock } from '../../src/clock.ts';
import {
  commandRollout,
  createRollout,
  createRolloutGround,
  type RolloutCommand,
  RolloutWatch,
} from '../../src/rollout/index.ts';
import { CONFIGURATION } from '../engine/engine-harness.ts';
import { type Replica, until, World } from '../faults/world.ts';
import { createTestLog } from '../support/test-log.ts';

const COMMAND = { app: 'Target', actor: { kind: 'system', name: 'Ada' } as const, checkRevision: () => {} };
const PEOPLE = 60;

/** Kills who works the app, as a machine that loses its power; its lease is over at once, instead of after 15 seconds. */
async function killWorker(world: World): Promise<Replica> {
  const { pool } = world.records;
  const { rows } = await pool.query('select holder from pump_lease where expires_at > clock_timestamp()');
  const victim = world.replicas.find(({ name, ended }) => name === rows[0]?.holder && !ended);
  if (!victim) throw new Error('Nobody works the app');
  await victim.signal('SIGKILL');
  await pool.query('update pump_lease set expires_at = clock_timestamp() where holder = $1', [victim.name]);
  return victim;
}

test('a stage, and a way back, go on where they stood when the replica that works them is killed', {
  timeout: 120_000,
}, async () => {
  await using world = await World.open({
    rules: [{ id: 'slow', match: { method: 'PATCH' }, effect: { kind: 'delay', ms: 100 }, maxFires: 100_000 }],
  });
  await Promise.all([world.start(), world.start()]);
  const ids = await world.addUsers(PEOPLE);
  await world.quiet();
  const { pool } = world.records;
  const networkPolicy = { allowHttp: true, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 as const }] };
  const base = {
    ...{
      pool,
      clock: systemClock,
      log: createTestLog(),
      connectors: builtInConnectors,
      networkPolicy,
      version: 'test',
    },
    vault: undefined as never,
  };
  const ground = createRolloutGround(base, createAppOpener(base));
  ground.checkReadiness = async () => [];
  const titles = () =>
    [...world.target.accounts().values()].filter(({ attributes }) => attributes['title'] === 'Second').length;

  const { accountSchema: _, ...input } = CONFIGURATION;
  const mapping = CONFIGURATION.mapping.map((rule) =>
    rule.target === 'title' ? { ...rule, formula: '"Second"' } : rule,
  );
  const { version } = await saveConfiguration(base, COMMAND, CONFIGURATION_INPUT.parse({ ...input, mapping }), null);
  const pilot = { users: [], profiles: [], permissionSets: ['Access'] };
  const { id } = await createRollout(ground, COMMAND, { version, pilot, percentages: [] });
  const give = (command: RolloutCommand) =>
    commandRollout(ground, COMMAND, id, { command, checkRevision: () => {}, reason: 'A test' });

  await give('start');
  await until('some of the stage are worked', () => titles() >= 5);
  assert.ok(titles() < PEOPLE, 'and not all');
  await killWorker(world);
  await until('the rest is worked by the other one', () => titles() === PEOPLE, 60_000);
  await world.quiet();

  const heir = await world.start();
  await give('roll back');
  await until('some are taken back', () => titles() <= PEOPLE - 5);
  assert.ok(titles() > 0, 'and not all');
  await killWorker(world);
  await until('the rest is taken back', () => titles() === 0, 60_000);
  await world.quiet();
  assert.equal(heir.ended, false, 'the last one that is left did it');

  const watch = new RolloutWatch(ground);
  await until('the target proves it', async () => {
    await watch.prove();
    const { rows } = await pool.query('select state from rollback');
    return rows[0].state === 'done';
  });
  const { rows } = await pool.query('select state, count(*)::int as n from rollback_account group by state');
  assert.deepEqual(rows, [{ state: 'as before', n: PEOPLE }]);
  assert.equal(ids.length, PEOPLE);
  await watch.stop();
  await world.check();
});
