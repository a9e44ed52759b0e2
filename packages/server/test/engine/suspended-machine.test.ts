import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { Engine } from './engine-harness.ts';

let engine: Engine;
afterEach(() => engine.stop());

test('a machine that slept past its lease sends nothing, although its monotonic clock stood still', async () => {
  let sleptMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + sleptMs) };
  engine = await Engine.start({ clock, app: 'max_per_second = 2, max_concurrency = 1' });
  // A search and a create each, so that the work takes longer than the next renewal of the lease is away.
  await engine.addUsers(Array.from({ length: 8 }, (_, n) => ({ username: `user${n}@example.com` })));
  await engine.until(() => engine.writes().length > 0);
  const slept = engine.target.exchanges().length;
  sleptMs = 60_000;
  await engine.until(() =>
    engine.ground.log.entries.some(({ msg }) => String(msg).includes('lease is lost, or may be')),
  );
  // What was on its way into the transport at that moment may have gone.
  assert.ok(engine.target.exchanges().length <= slept + 1, 'nothing was sent after waking');
  await engine.quiet(60_000);
  assert.equal(engine.target.accounts().size, 8, 'with a fresh lease it goes on');
});
