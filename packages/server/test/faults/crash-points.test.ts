import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CRASH_POINTS, type CrashPoint } from '../../src/crash-point.ts';
import { World } from './world.ts';

const source = new URL('../../src/', import.meta.url);

test('the closed list names each crash point of the source, once, and no other', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const called = files
    .filter((file) => file !== 'crash-point.ts')
    .flatMap((file) => [...readFileSync(new URL(file, source), 'utf8').matchAll(/crashPoint\(([^)]*)\)/g)])
    .map((match) => match[1]?.replaceAll("'", ''));
  assert.deepEqual(called.toSorted(), CRASH_POINTS.toSorted());
});

/** At which pass the process dies: late enough that creates, updates and deactivations are all under way. */
const ENGINE_POINTS: Partial<Record<CrashPoint, number>> = {
  'after-marking': 25,
  'after-lease': 1,
  'after-inheriting': 1,
  'after-claim': 12,
  'before-intent': 8,
  'after-intent': 8,
  'before-send': 60,
  'target-answered': 40,
  'before-outcome': 8,
  'after-outcome': 8,
};

describe('killed at a crash point under load and started again, everything is as if nothing had happened', {
  concurrency: 5,
}, () => {
  for (const [name, pass] of Object.entries(ENGINE_POINTS)) {
    test(name, { timeout: 120_000 }, async () => {
      await using world = await World.open();
      await world.addUsers(20);
      const doomed = world.spawn({ crash: `${name}:${pass}` });
      void doomed.ready().then(
        () => doomed.order({ churn: { seed: 7 } }),
        () => {},
      );
      await doomed.untilEnded(40_000);
      assert.equal(doomed.child.signalCode, 'SIGKILL', JSON.stringify(doomed.log.slice(-3)));
      await world.start();
      await world.addUsers(3, 'late');
      await world.check();
    });
  }
});
