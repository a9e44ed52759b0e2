import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { deleteEntitlement } from '../../src/assignments/index.ts';
import { ensureStandardProfile } from '../../src/directory/index.ts';
import type { Ground } from '../../src/ground.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createTestLog } from '../support/test-log.ts';

let database: TestDatabase;
let ground: Ground;
before(async () => {
  database = await createTestDatabase();
  ground = { pool: database.pool, clock: createManualClock(), log: createTestLog() };
});
after(() => database.close());

const names = async () =>
  (await database.pool.query('select name from profile order by id')).rows.map((row) => row.name);

it('replicas that start at once make one standard profile, with its audit row', async () => {
  await Promise.all([1, 2, 3, 4].map(() => ensureStandardProfile(ground)));
  assert.deepEqual(await names(), ['Standard User']);
  const { rows } = await database.pool.query(
    `select actor_kind, actor from audit_event where action = 'profile.created'`,
  );
  assert.deepEqual(rows, [{ actor_kind: 'system', actor: 'start' }]);
});

it('a standard profile that somebody deleted does not come back', async () => {
  const actor = { kind: 'person', name: 'ada' } as const;
  await deleteEntitlement(ground, actor, { kind: 'profile', key: { name: 'Standard User' }, expected: 'any' });
  await ensureStandardProfile(ground);
  assert.deepEqual(await names(), []);
});
