import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { CRASH_POINTS, type CrashPoint } from '../../src/crash-point.ts';
import { MIGRATIONS_DIR } from '../../src/db/migrate.ts';
import { IN_THE_CREDENTIALS } from '../credentials/refresh-crash-points.ts';
import { openWorkshop, postmasterPid, type Workshop } from '../database/embedded-folder.ts';
import { createTestDatabase } from '../support/database.ts';
import { addUsers, changeUsers, setTitle } from './directory-load.ts';
import { Replica, until, World } from './world.ts';

const source = new URL('../../src/', import.meta.url);

/**
 * At which passes the process dies. Work begins with three deactivations, then updates, then creates. Each chain has one
 * directory and target: every start recovers from the crash before it, and dies in its turn.
 */
const IN_THE_ENGINE: [CrashPoint, number][][] = [
  [
    ['target-answered', 1],
    ['after-marking', 4],
    ['before-intent', 1],
    ['after-claim', 9],
    ['before-outcome', 1],
  ],
  [
    ['after-intent', 1],
    ['before-send', 14],
    ['after-inheriting', 1],
    ['after-outcome', 1],
    ['target-answered', 8],
  ],
  [
    ['after-claim', 1],
    ['before-send', 2],
    ['after-outcome', 3],
    ['after-lease', 1],
    ['target-answered', 15],
    ['after-intent', 2],
  ],
];
const AT_ITS_END: CrashPoint[] = ['before-giving-back', 'before-release'];
const IN_THE_SCHEMA: CrashPoint[] = ['before-migration-commit', 'after-migration'];
const IN_THE_EMBEDDED_DATABASE: CrashPoint[] = [
  'before-database-folder',
  'before-postmaster-start',
  'after-postmaster-start',
  'before-database',
  'before-postmaster-stop',
  'after-postmaster-stop',
];

test('the closed list names each crash point of the source, once, and each is run below', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const called = files
    .filter((file) => file !== 'crash-point.ts')
    .flatMap((file) => [...readFileSync(new URL(file, source), 'utf8').matchAll(/crashPoint\(([^)]*)\)/g)])
    .map((match) => match[1]?.replaceAll("'", ''));
  assert.deepEqual(called.toSorted(), CRASH_POINTS.toSorted());
  const engine = new Set(IN_THE_ENGINE.flat().map(([name]) => name));
  const run = [...engine, ...AT_ITS_END, ...IN_THE_CREDENTIALS, ...IN_THE_SCHEMA, ...IN_THE_EMBEDDED_DATABASE];
  assert.deepEqual(run.toSorted(), CRASH_POINTS.toSorted());
});

/** A population that is provisioned. */
async function openPopulated(): Promise<World> {
  const world = await World.open();
  const steady = await world.start();
  // Many enough that all who leave in a chain fit under half of the population.
  await world.addUsers(120);
  await world.quiet();
  await steady.signal('SIGTERM');
  assert.equal(steady.child.exitCode, 0);
  return world;
}

/** Three leavers, six changes and six newcomers. */
async function addBacklog({ records: { pool } }: World, round: number): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from directory_user where is_active order by id limit 9',
  );
  const ids = rows.map((row) => row.id);
  await changeUsers(pool, ids.slice(0, 3), 'is_active = false');
  await changeUsers(pool, ids.slice(3), setTitle(`Changed ${round}`));
  await addUsers(
    pool,
    [1, 2, 3, 4, 5, 6].map((number) => `new-${round}-${number}@example.com`),
  );
}

/** What is left of the lease of a process that is dead need not be waited for here. */
async function endLease({ records: { pool } }: World): Promise<void> {
  await pool.query('update pump_lease set expires_at = clock_timestamp()');
}

async function assertRecovers(world: World): Promise<void> {
  await endLease(world);
  await world.start();
  await world.addUsers(2, 'late');
  await world.check();
}

function assertKilled({ child, log }: Replica): void {
  assert.equal(child.signalCode, 'SIGKILL', JSON.stringify(log.slice(-3)));
}

describe('killed at a crash point and started again, everything is as if nothing had happened', {
  concurrency: 3,
}, () => {
  for (const chain of IN_THE_ENGINE) {
    test(chain.map(([name, pass]) => `${name} ${pass}`).join(', '), { timeout: 280_000 }, async () => {
      await using world = await openPopulated();
      for (const [round, [name, pass]] of chain.entries()) {
        await addBacklog(world, round);
        await endLease(world);
        const doomed = world.spawn({ crash: `${name}:${pass}` });
        doomed.ready().then(
          () => doomed.order({ churn: { seed: round } }),
          () => {},
        );
        await doomed.untilEnded(60_000);
        assertKilled(doomed);
      }
      await assertRecovers(world);
    });
  }

  test(`${AT_ITS_END.join(', ')}, on SIGTERM`, { timeout: 200_000 }, async () => {
    await using world = await openPopulated();
    // Slow enough that intents on record still wait for their turn.
    await world.records.pool.query('update connected_app set max_concurrency = 1');
    for (const [round, name] of AT_ITS_END.entries()) {
      await addBacklog(world, round);
      await endLease(world);
      world.schedule([{ id: 'slow', effect: { kind: 'delay', ms: 300 }, minFires: 0, maxFires: 30 }]);
      const before = world.target.exchanges().length;
      const doomed = await world.start({ crash: name });
      await until('it works', () => world.target.exchanges().length > before + 1);
      await doomed.signal('SIGTERM');
      assertKilled(doomed);
    }
    await assertRecovers(world);
  });

  test('in the commit of outcomes, while the database is at it', { timeout: 200_000 }, async () => {
    await using world = await openPopulated();
    const { pool } = world.records;
    await addBacklog(world, 0);
    await pool.query(`create table pace (seconds float); insert into pace values (1);
      create function dawdle() returns trigger language plpgsql as
        'begin perform pg_sleep(seconds) from pace; return new; end';
      create trigger dawdle before insert on provisioning_log for each row execute function dawdle()`);
    const doomed = await world.start();
    await until('outcomes are being written', async () => {
      const writing = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
      return (await world.count(writing)) > 0;
    });
    await doomed.signal('SIGKILL');
    await pool.query('delete from pace');
    await assertRecovers(world);
  });
});

const migrations = readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith('.sql'));

describe('killed while it migrates', { concurrency: 2 }, () => {
  for (const name of IN_THE_SCHEMA) {
    test(`${name}: the next start goes on where it was`, { timeout: 60_000 }, async () => {
      const database = await createTestDatabase({ migrated: false });
      try {
        const doomed = new Replica('doomed', database.url, { onlyMigrate: true }, { USHER_CRASH_POINT: `${name}:2` });
        await doomed.untilEnded();
        assertKilled(doomed);
        const applied = () => database.pool.query('select number from schema_migration');
        assert.equal((await applied()).rowCount, name === 'after-migration' ? 2 : 1);
        const next = new Replica('next', database.url, { onlyMigrate: true }, {});
        await next.untilEnded();
        assert.deepEqual([next.news, next.child.exitCode], [[{ ready: true }], 0]);
        assert.equal((await applied()).rowCount, migrations.length);
      } finally {
        await database.close();
      }
    });
  }
});

describe('killed while the embedded database starts or stops', { concurrency: 2 }, () => {
  let workshop: Workshop;
  before(async () => {
    workshop = await openWorkshop();
  });
  after(() => workshop.close());

  for (const name of [...IN_THE_EMBEDDED_DATABASE, ...IN_THE_SCHEMA]) {
    test(`${name}: the next start finds everything in order`, { timeout: 60_000 }, async (t) => {
      const isFirst = name === 'before-database-folder';
      const dataDir = isFirst ? workshop.nameDataDir(t, name) : workshop.newDataDir(t, name);
      const run = async (env: Record<string, string>) => {
        const replica = new Replica(name, undefined, { onlyMigrate: true }, { USHER_DATA_DIR: dataDir, ...env });
        await replica.untilEnded();
        return replica;
      };
      assertKilled(await run({ USHER_CRASH_POINT: name }));
      const next = await run({});
      assert.deepEqual([next.news, next.child.exitCode], [[{ ready: true }], 0], JSON.stringify(next.log));
      assert.equal(await postmasterPid(dataDir), undefined, 'it was stopped');
      const leftovers = readdirSync(dataDir).filter((file) => file.includes('.new-'));
      assert.deepEqual(leftovers, []);
    });
  }
});
