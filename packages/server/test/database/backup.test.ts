import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BackupError, backUp, dumpSchema, restoreBackup } from '../../src/db/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-backup-'));
const migrationsDir = join(folder, '.');
const log = createTestLog();
const NOW = new Date('2026-05-01T10:00:00Z');

const FIRST = `
create table connected_app (id int generated always as identity primary key, label text not null);
create table directory_user (id uuid primary key default gen_random_uuid(), manager_id uuid references directory_user,
  name text not null, upper_name text generated always as (upper(name)) stored, photo bytea, tags text[], fields jsonb);
create table account (app_id int not null references connected_app, user_id uuid not null references directory_user,
  at timestamptz not null, body json, primary key (app_id, user_id, at)) partition by range (at);
create table account_default partition of account default;
create table instance_setting (name text primary key, value text);
insert into instance_setting values ('paused', 'false');
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
create trigger account_refuse before insert on account for each statement execute function refuse();
`;

let db: TestDatabase;
before(async () => {
  writeFileSync(join(folder, '0001-first.sql'), FIRST);
  db = await createTestDatabase({ migrationsDir });
  await db.pool.query('alter table account disable trigger user');
  await db.pool.query(
    "create table account_2026_05 partition of account for values from ('2026-05-01') to ('2026-06-01')",
  );
  await db.pool.query("insert into connected_app (label) select 'App ' || n from generate_series(1, 5) n");
  await db.pool.query(`insert into directory_user (name, photo, tags, fields)
    select E'Zoë \\\\ "tab\\t" line\\n' || n, '\\x00ff0a5c2e'::bytea, array['a,b', null, ''], '{"a": "\\\\.\\n"}' from generate_series(1, 20000) n`);
  await db.pool.query(`update directory_user set manager_id = (select id from directory_user limit 1)`);
  await db.pool.query(
    `insert into account select 1 + (row_number() over ()) % 5, id, '2026-05-02', '{"x":1}' from directory_user limit 5000`,
  );
  await db.pool.query("update instance_setting set value = 'changed'");
});
after(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

async function fingerprint(database: TestDatabase): Promise<unknown> {
  const sums: unknown[] = [];
  for (const table of ['connected_app', 'directory_user', 'account', 'account_2026_05', 'instance_setting']) {
    const { rows } = await database.pool.query(
      `select count(*) as count, md5(string_agg(md5(t::text), '' order by md5(t::text))) as sum from ${table} t`,
    );
    sums.push([table, rows[0]]);
  }
  return sums;
}

async function withEmptyDatabase(use: (target: TestDatabase) => Promise<void>): Promise<void> {
  const target = await createTestDatabase({ migrated: false });
  try {
    await use(target);
  } finally {
    await target.close();
  }
}

function damage(name: string, change: (lines: string) => string): string {
  const path = join(folder, name);
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(join(folder, 'good'))).toString('latin1'))));
  return path;
}

test('what is restored is what was backed up: rows, partitions, sequences', async () => {
  const summary = await backUp({ url: db.url, path: join(folder, 'good'), now: NOW });
  assert.equal(summary.tables, 4);
  assert.equal(summary.migration, '0001-first');
  assert.equal(statSync(join(folder, 'good')).mode & 0o777, 0o600);
  await withEmptyDatabase(async (target) => {
    const restored = await restoreBackup({ url: target.url, path: join(folder, 'good'), log, migrationsDir });
    assert.deepEqual(restored, { takenAt: NOW.toISOString(), tables: 4, migrated: [] });
    assert.deepEqual(await fingerprint(target), await fingerprint(db));
    const { rows } = await target.pool.query("insert into connected_app (label) values ('next') returning id");
    assert.equal(rows[0].id, 6);
    await assert.rejects(target.pool.query('insert into account select * from account'), /no/, 'triggers are on again');
  });
});

test('a backup is of one moment although writing goes on', async () => {
  let writing = true;
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      await db.pool.query('insert into instance_setting values ($1, $2)', [`moving ${n}`, 'x']);
      await db.pool.query("update instance_setting set value = $1 where name = 'paused'", [String(n)]);
    }
  })();
  await backUp({ url: db.url, path: join(folder, 'moving'), now: NOW });
  writing = false;
  await writer;
  await withEmptyDatabase(async (target) => {
    await restoreBackup({ url: target.url, path: join(folder, 'moving'), log, migrationsDir });
    const { rows } = await target.pool.query(
      "select count(*) filter (where name like 'moving%') as moved, min(value) filter (where name = 'paused') as last from instance_setting",
    );
    const behind = rows[0].last === 'changed' ? rows[0].moved : rows[0].moved - 1 - Number(rows[0].last);
    assert.ok(behind === 0 || behind === 1, JSON.stringify(rows[0]));
  });
  await db.pool.query("delete from instance_setting where name like 'moving%'");
  await db.pool.query("update instance_setting set value = 'changed'");
});

test('an older backup is migrated up to this version', async () => {
  writeFileSync(
    join(folder, '0002-second.sql'),
    "alter table connected_app add column note text not null default 'added';",
  );
  try {
    await withEmptyDatabase(async (target) => {
      const restored = await restoreBackup({ url: target.url, path: join(folder, 'good'), log, migrationsDir });
      assert.deepEqual(restored.migrated, ['0002-second.sql']);
      assert.equal((await target.pool.query('select note from connected_app limit 1')).rows[0].note, 'added');
    });
  } finally {
    rmSync(join(folder, '0002-second.sql'));
  }
});

test('what must be done before the records are seen is done in their transaction', async () => {
  await withEmptyDatabase(async (target) => {
    const options = { url: target.url, path: join(folder, 'good'), log, migrationsDir };
    const failing = restoreBackup({
      ...options,
      beforeCommit: async () => {
        throw new Error('not paused');
      },
    });
    await assert.rejects(failing, /was not restored: not paused/);
    assert.equal((await target.pool.query('select from directory_user')).rowCount, 0);
    await restoreBackup({
      ...options,
      beforeCommit: async (client, header) => {
        await client.query("update instance_setting set value = $1 where name = 'paused'", [header.takenAt]);
      },
    });
    const { rows } = await target.pool.query("select value from instance_setting where name = 'paused'");
    assert.equal(rows[0].value, NOW.toISOString());
  });
});

test('a database that is in use is not restored into', async () => {
  const before = await fingerprint(db);
  await assert.rejects(
    restoreBackup({ url: db.url, path: join(folder, 'good'), log, migrationsDir }),
    /is in use.*USHER_DATA_DIR/,
  );
  assert.deepEqual(await fingerprint(db), before);
});

const damages: Array<[string, (lines: string) => string, RegExp]> = [
  ['without its end', (lines) => lines.slice(0, lines.lastIndexOf('{"complete"')), /cut off: its end is missing/],
  ['cut off within a table', (lines) => lines.slice(0, lines.length / 2), /cut off within a table/],
  ['of another format', (lines) => lines.replace('usher backup 1', 'usher backup 9'), /"usher backup 9"/],
  [
    'of a newer version',
    (lines) => lines.replace(/"migrations":\[/, '$&{"name":"0001-first","checksum":"?"},'),
    /another form of the migration/,
  ],
  [
    'with a table left out',
    (lines) => lines.replace(/\{"table":"instance_setting"[\s\S]*?\n\\\.\n/, ''),
    /lacks 1 of its tables/,
  ],
  ['with a row that does not fit', (lines) => lines.replace('App 3', 'App 3\tmore'), /was not restored: extra data/],
  ['that is something else', () => 'hello\n', /damaged/],
  ['that is empty', () => '', /no backup/],
];
for (const [name, change, message] of damages) {
  test(`a backup ${name} is refused, and the database stays empty`, async () => {
    const path = damage(`damaged ${name}`, change);
    await withEmptyDatabase(async (target) => {
      await assert.rejects(restoreBackup({ url: target.url, path, log, migrationsDir }), (error) => {
        assert.ok(error instanceof BackupError);
        assert.match(error.message, message);
        return true;
      });
      const found = await target.pool.query('select from directory_user').catch(() => undefined);
      assert.equal(found?.rowCount ?? 0, 0);
      // The good one still goes in.
      await restoreBackup({ url: target.url, path: join(folder, 'good'), log, migrationsDir });
    });
  });
}

test('a truncated file, and one that is not there, are refused', async () => {
  const path = join(folder, 'truncated');
  const bytes = readFileSync(join(folder, 'good'));
  writeFileSync(path, bytes.subarray(0, bytes.length - 2000));
  await withEmptyDatabase(async (target) => {
    await assert.rejects(restoreBackup({ url: target.url, path, log, migrationsDir }), /cut off|cannot be read/);
    await assert.rejects(restoreBackup({ url: target.url, path: `${path}-not`, log, migrationsDir }), /ENOENT/);
  });
});

test('a backup is never written over, and one that fails leaves no file', async () => {
  await assert.rejects(backUp({ url: db.url, path: join(folder, 'good'), now: NOW }), /exists already/);
  await assert.rejects(backUp({ url: db.url, path: join(folder, 'no', 'such'), now: NOW }), /ENOENT/);
  await withEmptyDatabase(async (target) => {
    await assert.rejects(backUp({ url: target.url, path: join(folder, 'nothing'), now: NOW }), /no Usher to back up/);
  });
  assert.throws(() => statSync(join(folder, 'nothing')), /ENOENT/);
  assert.throws(() => statSync(join(folder, 'nothing.part')), /ENOENT/);
});

test('a disk that fills up ends the backup, and leaves no file', { skip: process.platform !== 'linux' }, async () => {
  symlinkSync('/dev/full', join(folder, 'full.part'));
  await assert.rejects(backUp({ url: db.url, path: join(folder, 'full'), now: NOW }), /ENOSPC/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('full')),
    [],
  );
});

test('the schema of this version is restored as it was', async () => {
  const source = await createTestDatabase();
  try {
    await backUp({ url: source.url, path: join(folder, 'real'), now: NOW });
    await withEmptyDatabase(async (target) => {
      await restoreBackup({ url: target.url, path: join(folder, 'real'), log });
      assert.equal(await dumpSchema(target.pool), await dumpSchema(source.pool));
    });
  } finally {
    await source.close();
  }
});
