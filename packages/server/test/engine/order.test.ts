import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { findAppById } from '../../src/apps/sql/load-apps.ts';
import { provisionNow } from '../../src/provisioning/index.ts';
import { Engine } from './engine-harness.ts';

describe('the order of work', () => {
  let engine: Engine;
  afterEach(() => engine.stop());
  const people = (count: number, from = 0) =>
    Array.from({ length: count }, (_, n) => ({ username: `user${n + from}@example.com` }));

  test('a deactivation takes the next free slot, also at 25 requests a second', async () => {
    engine = await Engine.start({ app: 'max_per_second = 25, max_concurrency = 8' });
    const [leaver = ''] = await engine.addUsers([{ username: 'leaver@example.com' }]);
    await engine.quiet();
    await engine.addUsers(people(300));
    await engine.until(() => engine.target.accounts().size > 3);
    const seen = engine.target.exchanges().length;
    await engine.change([leaver], 'is_active = false');
    const committedAt = performance.now();
    await engine.until(() => engine.account(leaver)?.['active'] === false);
    const tookMs = performance.now() - committedAt;
    await engine.until(async () => (await engine.log(leaver)).length === 2);
    // From the moment of its intent on, however slow the machine was until then.
    const [intent] = await engine.rows<{ created_at: Date }>(
      `select created_at from provisioning_request where operation = 'deactivate'`,
    );
    const before = engine.target
      .exchanges()
      .slice(seen)
      .filter(({ arrivedAtMs }) => arrivedAtMs > (intent?.created_at.getTime() ?? 0))
      .findIndex((exchange) => exchange.method === 'PATCH');
    assert.ok(before >= 0 && before <= 4, `${before} other requests went first`);
    assert.ok(tookMs < 10_000, `${tookMs} ms, where all of it takes half a minute`);
  });

  test('what a person waits for goes before the rest', async () => {
    engine = await Engine.start({ app: 'max_per_second = 20' });
    const ids = await engine.addUsers(people(200));
    await engine.until(() => engine.target.accounts().size > 1);
    const app = await findAppById(engine.ground.pool, engine.appId);
    assert.ok(app);
    const last = ids.at(-1) ?? '';
    const startedAt = performance.now();
    const [result] = await provisionNow(engine.ground, { kind: 'person', name: 'desk' }, app, [last]);
    assert.ok(performance.now() - startedAt < 2_000);
    assert.equal(result?.explanation.state, 'has account');
    assert.ok(engine.target.accounts().size < 100);
  });

  test('never more requests than the configured rate', async () => {
    engine = await Engine.start({ app: 'max_per_second = 50' });
    await engine.addUsers(people(60));
    await engine.quiet(20_000);
    const at = engine.target.exchanges().map((exchange) => exchange.arrivedAtMs);
    for (let index = 0; index + 60 < at.length; index += 1) {
      const spanMs = (at[index + 60] ?? 0) - (at[index] ?? 0);
      assert.ok(spanMs > 900, `60 requests within ${spanMs} ms`);
    }
  });

  test('writes of one account never overlap, and end in the last state', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(5));
    for (let round = 0; round < 20; round += 1) await engine.change(ids, `fields = fields || '{"Title": "T${round}"}'`);
    await engine.quiet();
    for (const id of ids) assert.equal(engine.account(id)?.['title'], 'T19');
    const patches = engine.writes().filter((write) => write.startsWith('PATCH')).length;
    assert.ok(patches < 100, 'bursts coalesce');
  });

  test('a change during a call in flight is not lost', async () => {
    engine = await Engine.start({
      rules: [{ id: 'slow', match: { method: 'POST' }, phase: 'after', effect: { kind: 'delay', ms: 300 } }],
    });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'One' } }]);
    await engine.until(() => engine.target.exchanges().some((exchange) => exchange.method === 'POST'));
    await engine.change([id], `fields = fields || '{"Title": "Two"}'`);
    await engine.quiet();
    assert.equal(engine.account(id)?.['title'], 'Two');
  });

  test('a pause takes effect within the calls in flight, and resuming goes on', async () => {
    engine = await Engine.start({
      app: 'max_concurrency = 2',
      rules: [{ id: 'slow', phase: 'after', effect: { kind: 'delay', ms: 30 }, maxFires: 10_000 }],
    });
    const ids = await engine.addUsers(people(60));
    await engine.until(() => engine.target.accounts().size > 2);
    await engine.changeApp(`state = 'paused'`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const paused = engine.target.exchanges().length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(engine.target.exchanges().length, paused);
    assert.equal((await engine.why(ids.at(-1) ?? '')).state, 'app paused');
    await engine.changeApp(`state = 'active'`);
    await engine.quiet(20_000);
    assert.equal(engine.target.accounts().size, 60);
  });

  test('time fires too: a grant that ends takes the account off', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'guest@example.com' }]);
    await engine.rows(`update permission_set_assignment set expires_at = now() + interval '1500 ms'`);
    await engine.change([id], 'revision = revision + 1');
    await engine.until(() => engine.account(id)?.['active'] === true);
    await engine.until(() => engine.account(id)?.['active'] === false);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'not_assigned');
  });

  test('deletion comes after its days, and not after a return', async () => {
    const deprovisioning = {
      'user deleted': { action: 'deactivate', deleteAfterDays: 30 },
      'user deactivated': { action: 'deactivate', deleteAfterDays: 30 },
      'assignment lost': { action: 'deactivate', deleteAfterDays: 30 },
    } as const;
    engine = await Engine.start({ configuration: { deprovisioning } });
    const [gone = '', back = ''] = await engine.addUsers(people(2));
    await engine.quiet();
    await engine.change([gone, back], 'is_active = false');
    await engine.until(() => engine.account(gone)?.['active'] === false && engine.account(back)?.['active'] === false);
    await engine.change([back], 'is_active = true');
    await engine.until(() => engine.account(back)?.['active'] === true);
    await engine.rows(`update account_link set delete_at = delete_at - interval '31 days'`);
    await engine.change([gone, back], 'revision = revision + 1');
    await engine.until(async () => (await engine.why(gone)).state === 'account deleted');
    assert.equal(engine.account(gone), undefined);
    assert.equal(engine.account(back)?.['active'], true);
  });

  test('two replicas share the apps, and one that stops hands over at once', async () => {
    engine = await Engine.start();
    const first = await engine.run();
    await engine.addUsers(people(50));
    await first.stop();
    await engine.quiet();
    assert.equal(engine.target.accounts().size, 50);
    const created = await engine.rows<{ most: number }>(
      `select max(n)::int as most from (select count(*) n from provisioning_log where operation = 'create' group by user_id) c`,
    );
    assert.equal(created[0]?.most, 1);
  });
});
