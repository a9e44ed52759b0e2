import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import type { World } from '../mapping/world.ts';
import { ask, inactive, people, startWorld, writes } from './guard-world.ts';

describe('a target that fails', () => {
  let world: World;
  let ids: string[];
  before(async () => {
    world = await startWorld();
    await world.addApp('Target');
    ids = await world.addUsers(people(40));
    await world.quiet();
  });
  after(() => world.stop());

  const down: FaultRule[] = [
    {
      id: 'down',
      match: {},
      phase: 'before',
      effect: { kind: 'status', status: 503 },
      maxFires: 1_000_000,
      minFires: 0,
    },
  ];
  const quarantine = async () => (await ask(world, 'GET', '/apps/Target/quarantine')).quarantine;

  test('is left alone after the first few failures in a row, and the first of them is shown', async () => {
    world.target.setSchedule(down);
    const before = writes(world);
    await world.change(ids.slice(0, 30), `fields = fields || '{"Title": "New"}'`);
    await world.change(ids.slice(30, 34), 'is_active = false');
    await world.until(async () => Boolean((await quarantine())?.firstFailure?.exchange));
    const found = await quarantine();
    assert.equal(found.cause, 'target');
    assert.ok(found.waiting >= 30, `${found.waiting} wait`);
    assert.equal(found.firstFailure.exchange.status, 503);
    assert.equal(found.firstFailure.exchange.method, 'PATCH');
    const request = await ask(world, 'GET', `/requests/${found.firstFailure.requestId}`);
    assert.equal(request.app, 'Target');
    // Five in a row open it; those that were under way beside them have gone out, and no others.
    const sent = writes(world) - before;
    assert.ok(sent >= 5 && sent <= 5 + 8, `${sent} were sent`);
    const app = await ask(world, 'GET', '/apps/Target');
    assert.ok(app.quarantine && app.counts.due >= 20, `${app.counts.due} are due`);
  });

  test('is asked by harmless reads at growing distances', async () => {
    const before = writes(world);
    await world.until(async () => (await quarantine()).probeAttempts >= 1, 20_000);
    const { probeAt, since } = await quarantine();
    assert.ok(new Date(probeAt).getTime() - new Date(since).getTime() > 5_500, 'two seconds, then four');
    assert.equal(writes(world), before, 'a probe changes nothing');
  });

  test('goes on where it stopped, by itself or as soon as somebody asks', async () => {
    world.target.setSchedule([]);
    await ask(world, 'POST', '/apps/Target/quarantine/probe');
    await world.until(async () => (await quarantine()) === null);
    await world.until(() => inactive(world) === 4);
    await world.quiet();
    const titles = ids.slice(0, 30).map((id) => world.account(id)?.['title']);
    assert.deepEqual(new Set(titles), new Set(['New']));
    const { rows } = await world.ground.pool.query(
      `select action from audit_event where action like 'app.%quarantine%' or action = 'app.quarantined' order by id`,
    );
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['app.quarantined', 'app.quarantine_ended'],
    );
  });
});
