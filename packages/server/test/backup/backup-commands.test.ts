import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config.ts';
import { migrate, type Pool } from '../../src/db/index.ts';
import { startServer } from '../../src/serve.ts';
import { open, openWorkshop, type Workshop } from '../database/embedded-folder.ts';
import { createTestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-backup-commands-'));
let workshop: Workshop;
before(async () => {
  workshop = await openWorkshop();
});
after(async () => {
  await workshop.close();
  rmSync(folder, { recursive: true });
});

async function usher(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const handlers = { serve: async () => 0, migrate: async () => 0 };
  const code = await runProgram([...args, '--log-level', 'error'], handlers, output);
  return { code, out: out.join(''), err: err.join('') };
}

async function fill(pool: Pool): Promise<void> {
  await pool.query(`
    insert into profile (name, created_at, updated_at) values ('Standard User', now(), now()) on conflict do nothing;
    insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
      values (gen_random_uuid(), 'ada@example.com', true, 1, '{"LastName": "Lovelace"}', now(), now());
    insert into connected_app (name, label, connector, base_url, state, active_version, created_at, updated_at)
      values ('Working', 'Working', 'scim2', 'https://t.example.com', 'active', 1, now(), now()),
             ('Drafted', 'Drafted', 'scim2', 'https://t.example.com', 'draft', null, now(), now());
    insert into app_configuration (app_id, version, document, author, created_at) values (1, 1, '{"mapping": []}', 'test', now());
    insert into app_credential (app_id, kind, sealed, key_id, origins, created_at, updated_at)
      values (1, 'bearer', 'v1.k.n.c', 'key-of-then', '{}', now(), now());
    insert into link_schedule (app_id, user_id) select 1, id from directory_user;
    insert into pump_lease values (1, 'a replica of then', 7, now() + interval '1 hour');`);
}

const STANDING = `select
  (select json_object_agg(name, state) from connected_app) as apps,
  (select count(*)::int from account_link where unverified) as unverified,
  (select count(*)::int from pump_lease) as leases`;
const RESTORED = { apps: { Working: 'paused', Drafted: 'draft' }, unverified: 1, leases: 0 };

test('the embedded database is backed up under its running engine, and restored into a new data folder', async (t) => {
  const dataDir = workshop.newDataDir(t, 'running');
  const file = join(folder, 'embedded');
  const store = await open(dataDir);
  await migrate(store.pool, createTestLog());
  await fill(store.pool);
  const backup = await usher('backup', file, '--data-dir', dataDir);
  assert.equal(backup.code, 0, backup.err);
  assert.match(backup.err, /master key is not in it. Keep a copy/);
  assert.equal((await store.pool.query('select from directory_user')).rowCount, 1, 'the engine goes on');

  const used = await usher('restore', file, '--data-dir', dataDir);
  assert.equal(used.code, 1);
  assert.match(used.err, /is in use by another Usher.*USHER_DATA_DIR/);

  const restoredDir = workshop.nameDataDir(t, 'restored');
  const restore = await usher('restore', file, '--data-dir', restoredDir);
  assert.equal(restore.code, 0, restore.err);
  assert.match(restore.out, /Paused +Working\n/);
  assert.match(restore.err, /credentials of Working are sealed with the master key key-of-then, which is not here/);
  assert.ok(!existsSync(join(restoredDir, 'master.key')), 'a new key would stand in the way of the old one');

  const again = await usher('restore', file, '--data-dir', restoredDir);
  assert.equal(again.code, 1);
  assert.match(again.err, /is in use: its table \w+ holds rows.*new data folder/);

  const log = createTestLog();
  const config = readConfig({ USHER_DATA_DIR: restoredDir, USHER_PORT: '0' });
  const server = await startServer(config, log);
  t.after(() => server.stop());
  assert.match(server.restored ?? '', /restored from the backup of .* paused since then are Working\./);
  assert.ok(log.entries.some(({ msg }) => msg === server.restored));
});

test('a backup does not make the folder that it was to back up', async () => {
  const nowhere = join(folder, 'nowhere');
  const backup = await usher('backup', join(folder, 'nothing'), '--data-dir', nowhere);
  assert.equal(backup.code, 1);
  assert.match(backup.err, /There is no embedded database in .*nowhere\. Give the data folder/);
  assert.ok(!existsSync(nowhere));
});

test('an embedded database that does not run is backed up as well', async (t) => {
  const dataDir = workshop.newDataDir(t, 'stopped');
  const store = await open(dataDir);
  await migrate(store.pool, createTestLog());
  await store.close();
  const backup = await usher('--json', 'backup', join(folder, 'stopped'), '--data-dir', dataDir);
  assert.equal(backup.code, 0, backup.err);
  assert.equal(JSON.parse(backup.out).file, join(folder, 'stopped'));
});

test('another PostgreSQL: under its running server, into an empty database, and never into a used one', async (t) => {
  const source = await createTestDatabase();
  const target = await createTestDatabase({ migrated: false });
  t.after(async () => {
    await source.close();
    await target.close();
  });
  const config = { DATABASE_URL: source.url, USHER_DATA_DIR: join(folder, 'external'), USHER_PORT: '0' };
  const server = await startServer(readConfig(config), createTestLog());
  t.after(() => server.stop());
  assert.equal(server.restored, undefined);
  await fill(source.pool);
  const file = join(folder, 'external.backup');
  const backup = await usher('backup', file, '--database-url', source.url);
  assert.equal(backup.code, 0, backup.err);
  const twice = await usher('backup', file, '--database-url', source.url);
  assert.match(twice.err, /exists already; give the backup another name/);
  const used = await usher('restore', file, '--database-url', source.url);
  assert.equal(used.code, 1);
  assert.match(used.err, /holds rows.*DATABASE_URL/);

  const restore = await usher('restore', file, '--database-url', target.url);
  assert.equal(restore.code, 0, restore.err);
  assert.deepEqual((await target.pool.query(STANDING)).rows, [RESTORED]);
});
