import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import { Engine } from './engine-harness.ts';

describe('a write whose answer was lost, and a user who is changed back before it is repeated', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  /** The write arrives and its answer does not; the repeat is two seconds away. */
  const lostAnswer: FaultRule = {
    id: 'lost',
    match: { method: 'PATCH' },
    phase: 'after',
    effect: { kind: 'destroy' },
  };
  const start = async (): Promise<string> => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'Old' } }]);
    await engine.quiet();
    engine.target.setSchedule([lostAnswer]);
    return id;
  };
  const changeAndBack = async (id: string, there: string, back: string): Promise<void> => {
    await engine.change([id], there);
    await engine.until(async () => (await engine.log(id)).at(-1)?.endsWith('outcome_unknown') === true);
    await engine.change([id], back);
    await engine.quiet();
    engine.target.verifyRequired();
  };

  test('has the value of the directory, not the one that arrived', async () => {
    const id = await start();
    const title = (value: string) => `fields = fields || '{"Title": "${value}"}'`;
    await changeAndBack(id, title('New'), title('Old'));
    assert.equal(engine.account(id)?.['title'], 'Old');
  });

  test('is not locked out by the deactivation that arrived', async () => {
    const id = await start();
    await changeAndBack(id, 'is_active = false', 'is_active = true');
    assert.equal(engine.account(id)?.['active'], true);
  });

  test('is not left inside by the reactivation that arrived', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    engine.target.setSchedule([lostAnswer]);
    await changeAndBack(id, 'is_active = true', 'is_active = false');
    assert.equal(engine.account(id)?.['active'], false);
  });
});
