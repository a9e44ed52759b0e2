import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from './history.ts';
import { START_MS } from './simulated-time.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { openSimulationDatabase } from './simulation-database.ts';

const OPTIONS = {
  ...{ seed: 1, visibilityDelayMs: 0, isUnique: true, findBeforeCreate: true, answersPatch: true },
  ...{ deactivationLimit: 100, maxPerSecond: null, titleLimit: null },
};

test('pumps that fail one after the other begin at growing distances, and work goes on when they may', async () => {
  await using database = await openSimulationDatabase();
  const world = new SimulatedWorld(database.client, OPTIONS);
  await world.open();
  let fails = true;
  world.store.plant = ({ name }) =>
    fails && name?.startsWith('load-links') ? Promise.reject(new Error('A defect of ours')) : undefined;
  await new History(world).addUsers(3);
  world.startReplica();
  await world.runUntil(START_MS + 120_000);
  const starts = world.trace.filter((line) => line.includes('lease-acquire')).length;
  assert.ok(starts >= 5 && starts <= 10, `${starts} starts in two minutes`);
  fails = false;
  await world.runUntil(START_MS + 160_000);
  assert.equal(world.target.exchanges.filter(({ status }) => status === 201).length, 3);
  await world.close();
});
