import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import { decideHoldsOfApp } from '../../src/provisioning/index.ts';
import { Engine, MAPPING } from '../engine/engine-harness.ts';

const people = (count: number) => Array.from({ length: count }, (_, n) => ({ username: `user${n}@example.com` }));

describe('work that is done again after a failure', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const inactive = () => [...engine.target.accounts().values()].filter((account) => !account.active).length;
  const holds = async (state: string) => (await engine.rows('select 1 from hold where state = $1', [state])).length;
  const failing = (more: Partial<FaultRule>): FaultRule => ({
    id: 'fault',
    match: { method: 'PATCH' },
    phase: 'before',
    effect: { kind: 'status', status: 500 },
    ...more,
  });

  test('deactivations that failed do not count twice against the threshold', async () => {
    engine = await Engine.start({ app: 'deactivation_limit_count = 3, deactivation_limit_percent = 0' });
    const ids = await engine.addUsers(people(10));
    await engine.quiet();
    engine.target.setSchedule([failing({ maxFires: 3 })]);
    await engine.change(ids.slice(0, 3), 'is_active = false');
    await engine.quiet();
    engine.target.verifyRequired();
    assert.deepEqual([inactive(), await holds('open')], [3, 0]);
    await engine.change(ids.slice(3, 4), 'is_active = false');
    await engine.quiet();
    assert.deepEqual([inactive(), await holds('open')], [3, 1], 'the limit itself still holds');
  });

  test('what a person released is not held again because the target failed', async () => {
    engine = await Engine.start({ app: 'deactivation_limit_count = 2, deactivation_limit_percent = 0' });
    const ids = await engine.addUsers(people(10));
    await engine.quiet();
    await engine.change(ids.slice(0, 4), 'is_active = false');
    await engine.quiet();
    assert.equal(await holds('open'), 4);
    engine.target.setSchedule([failing({ maxFires: 4 })]);
    const actor = { kind: 'person', name: 'Ada' } as const;
    await decideHoldsOfApp(engine.ground, actor, engine.appId, undefined, { state: 'released', note: 'yes' });
    await engine.quiet();
    engine.target.verifyRequired();
    assert.deepEqual([inactive(), await holds('open')], [4, 0]);
  });

  test('a deactivation whose answer was lost is read, not written again', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers(people(1));
    await engine.quiet();
    engine.target.setSchedule([failing({ phase: 'after', effect: { kind: 'destroy' } })]);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.writes().filter((write) => write.startsWith('PATCH')).length, 1);
    assert.deepEqual((await engine.log(id)).slice(1), [
      'deactivate: retry: outcome_unknown',
      'deactivate: waiting',
      'deactivate: waiting: user_inactive',
    ]);
  });

  test('a deactivation that never arrived is written', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers(people(1));
    await engine.quiet();
    engine.target.setSchedule([failing({ effect: { kind: 'destroy' } })]);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.account(id)?.['active'], false);
  });

  test('who returned with another title while their deactivation was in doubt is not locked out', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers(people(1));
    await engine.quiet();
    engine.target.setSchedule([failing({ phase: 'after', effect: { kind: 'destroy' } })]);
    await engine.change([id], 'is_active = false');
    await engine.until(async () => (await engine.log(id)).length === 2);
    await engine.change([id], `is_active = true, fields = fields || '{"Title": "Back"}'`);
    await engine.quiet();
    engine.target.verifyRequired();
    assert.deepEqual([engine.account(id)?.['active'], engine.account(id)?.['title']], [true, 'Back']);
  });

  test('of two changes, the one that arrived unknown to us and is not wanted any more is taken back', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'Old' } }]);
    await engine.quiet();
    engine.target.setSchedule([failing({ phase: 'after', effect: { kind: 'destroy' } })]);
    await engine.change([id], `fields = fields || '{"Title": "New"}'`);
    await engine.until(async () => (await engine.log(id)).length === 2);
    await engine.change([id], `fields = fields || '{"Title": "Old", "Department": "Sales"}'`);
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.account(id)?.['title'], 'Old');
  });

  test('a value that was to be cleared, by a request that never arrived, is cleared', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'Old' } }]);
    await engine.quiet();
    engine.target.setSchedule([failing({ effect: { kind: 'destroy' } })]);
    await engine.change([id], `fields = fields - 'Title'`);
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.account(id)?.['title'], undefined);
  });

  test('an edit at the target that may stay is not taken for a write of ours', async () => {
    const mapping = MAPPING.map((rule) =>
      rule.target === 'title' ? { ...rule, authority: 'initial' as const } : rule,
    );
    engine = await Engine.start({ configuration: { mapping } });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'Ours' } }]);
    await engine.quiet();
    engine.target.editAccount(String(engine.account(id)?.['id']), { title: 'Theirs' });
    engine.target.setSchedule([failing({ effect: { kind: 'destroy' } })]);
    await engine.change([id], `fields = fields || '{"Department": "Sales"}'`);
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.account(id)?.['title'], 'Theirs');
    assert.match(JSON.stringify(engine.account(id)), /Sales/);
  });

  test('somebody who left while their create was under way is deactivated, not held as a stranger', async () => {
    engine = await Engine.start({
      rules: [failing({ match: { method: 'POST' }, phase: 'after', effect: { kind: 'destroy' } })],
    });
    const [id = ''] = await engine.addUsers(people(1));
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.account(id)?.['active'], false);
    assert.equal(await holds('open'), 0);
  });

  test('an account that only looks like the one whose create was under way is held', async () => {
    engine = await Engine.start({
      rules: [failing({ match: { method: 'POST' }, effect: { kind: 'destroy' } })],
    });
    const [id = ''] = await engine.addUsers(people(1));
    await engine.until(async () => (await engine.log(id)).length === 1);
    engine.target.createAccount({ userName: 'user0@example.com', active: true });
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(inactive(), 0);
    assert.equal(await holds('open'), 1);
  });
});
