import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestLog } from '../support/test-log.ts';
import {
  type EngineProcess,
  isRoot,
  open,
  openWorkshop,
  postmasterPid,
  startEngine,
  until,
  type Workshop,
} from './embedded-folder.ts';

let workshop: Workshop;
before(async () => {
  workshop = await openWorkshop();
});
after(() => workshop.close());

test('what is stored is safe: flushed, checksummed, sorted alike everywhere, and shut to others', async (t) => {
  const dataDir = workshop.newDataDir(t, 'settings');
  const store = await open(dataDir);
  const { rows } = await store.pool.query(`select current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes,
    current_setting('data_checksums') as data_checksums, current_setting('listen_addresses') as listen_addresses,
    current_setting('server_encoding') as encoding, upper('é') as upper,
    (select rolsuper from pg_roles where rolname = current_user) as superuser,
    (select datlocale from pg_database where datname = current_database()) as locale`);
  await store.close();
  assert.deepEqual(rows[0], {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    data_checksums: 'on',
    listen_addresses: process.platform === 'win32' ? '127.0.0.1' : '',
    encoding: 'UTF8',
    upper: 'É',
    superuser: false,
    locale: 'C.UTF-8',
  });
  assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o077, 0);
  assert.equal(statSync(join(dataDir, 'postgres.log')).mode & 0o077, 0);
});

test('after a stop in order nothing runs, and the records are there at the next start', async (t) => {
  const dataDir = workshop.newDataDir(t, 'restart');
  const first = await open(dataDir);
  await first.pool.query("create table note as select 'kept' as text");
  await first.close();
  assert.equal(await postmasterPid(dataDir), undefined);
  const second = await open(dataDir);
  const { rows } = await second.pool.query('select text from note');
  await second.close();
  assert.deepEqual(rows, [{ text: 'kept' }]);
});

test('a second engine on the folder is refused, told by whom, and does the first one no harm', async (t) => {
  const dataDir = workshop.newDataDir(t, 'second');
  const first = await open(dataDir);
  await assert.rejects(open(dataDir), (error: Error) => {
    assert.match(error.message, new RegExp(`process ${process.pid}`));
    assert.match(error.message, /USHER_DATA_DIR/);
    return true;
  });
  await assert.rejects(open(dataDir, { share: true }), /in use by another Usher/);
  assert.equal((await first.pool.query('select 1 as one')).rows[0].one, 1);
  await first.close();
});

test('engines that share on purpose use one server, and the last one stops it', async (t) => {
  const dataDir = workshop.newDataDir(t, 'shared');
  const first = await open(dataDir, { share: true });
  const second = await open(dataDir, { share: true });
  await first.close();
  assert.equal((await second.pool.query('select 1 as one')).rows[0].one, 1);
  assert.notEqual(await postmasterPid(dataDir), undefined);
  await second.close();
  assert.equal(await postmasterPid(dataDir), undefined);
});

test('two first starts at once make one database; both use it when they share', async (t) => {
  const dataDir = workshop.nameDataDir(t, 'first-together');
  const engines = await Promise.all([startEngine(dataDir, ['share']), startEngine(dataDir, ['share'])]);
  assert.deepEqual(
    engines.map((engine) => engine.first.message),
    [undefined, undefined],
  );
  assert.equal(engines[0]?.first.url, engines[1]?.first.url);
  await endInOrder(engines);
  assert.deepEqual(
    readdirSync(dataDir).filter((name) => name.startsWith('postgres.new')),
    [],
  );
  assert.equal(await postmasterPid(dataDir), undefined);
});

test('two first starts at once that do not share: one runs, the other one says why it does not', async (t) => {
  const dataDir = workshop.nameDataDir(t, 'first-apart');
  const engines = await Promise.all([startEngine(dataDir), startEngine(dataDir)]);
  const [running, refused] = engines.toSorted((a, b) => Number(b.first.ready) - Number(a.first.ready));
  assert.equal(running?.first.ready, true);
  assert.equal(refused?.first.ready, false);
  assert.match(refused?.first.message ?? '', /in use by another Usher/);
  await endInOrder([running as EngineProcess]);
});

async function endInOrder(engines: readonly EngineProcess[]): Promise<void> {
  for (const { child } of engines) child.kill('SIGTERM');
  await until('the engines end', () => engines.every(({ child }) => child.exitCode === 0));
}

test('what a start that was killed while it made the database left behind is thrown away', async (t) => {
  const dataDir = workshop.newDataDir(t, 'drafts');
  mkdirSync(join(dataDir, 'postgres.new-4194304-abcdef', 'base'), { recursive: true });
  await (await open(dataDir)).close();
  assert.equal(existsSync(join(dataDir, 'postgres.new-4194304-abcdef')), false);
});

test('a server that dies is started again under the engine, and the pool recovers', async (t) => {
  const dataDir = workshop.newDataDir(t, 'dies');
  const log = createTestLog();
  const store = await open(dataDir, { log });
  await store.pool.query("create table note as select 'kept' as text");
  process.kill((await postmasterPid(dataDir)) ?? 0, 'SIGKILL');
  await until('the pool recovers', async () => {
    const found = await store.pool.query('select text from note').catch(() => undefined);
    return found?.rows[0]?.text === 'kept';
  });
  await until('it says so', () => log.entries.some((entry) => entry['msg'] === 'The embedded database is back'));
  await store.close();
  assert.equal(await postmasterPid(dataDir), undefined);
});

test('a stop is bounded although a transaction hangs', async (t) => {
  const dataDir = workshop.newDataDir(t, 'hangs');
  const store = await open(dataDir);
  const client = await store.pool.connect();
  client.on('error', () => {});
  await client.query('begin');
  void client.query('select pg_sleep(600)').catch(() => {});
  const startMs = performance.now();
  await store.close();
  assert.ok(performance.now() - startMs < 9_000);
  assert.equal(await postmasterPid(dataDir), undefined);
  client.release(true);
});

test('a server started with the settings of another version is started again', async (t) => {
  const dataDir = workshop.newDataDir(t, 'outdated');
  const { EmbeddedServer } = await import('../../src/db/embedded/embedded-server.ts');
  const old = await EmbeddedServer.open({ dataDir, share: true, log: createTestLog(), settings: { work_mem: '3MB' } });
  const beside = await open(dataDir, { share: true });
  assert.equal((await beside.pool.query('show work_mem')).rows[0].work_mem, '3MB', 'not under one who uses it');
  await old.close();
  await beside.close();
  const orphan = await startEngine(dataDir);
  await orphan.kill();
  const pid = await postmasterPid(dataDir);
  const fresh = await EmbeddedServer.open({
    dataDir,
    share: false,
    log: createTestLog(),
    settings: { work_mem: '5MB' },
  });
  assert.notEqual(await postmasterPid(dataDir), pid);
  await fresh.close();
});

const brokenFolders: Array<[string, (dataDir: string) => void, RegExp]> = [
  [
    'a folder that is no database',
    (dataDir) => {
      mkdirSync(join(dataDir, 'postgres'), { recursive: true, mode: 0o700 });
      writeFileSync(join(dataDir, 'postgres', 'something'), '');
    },
    /exists and is no database.*Move it away/,
  ],
  [
    'a database of another major version',
    (dataDir) => {
      mkdirSync(join(dataDir, 'postgres'), { recursive: true, mode: 0o700 });
      writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    },
    /is of PostgreSQL 17.*usher backup/,
  ],
  ['a file in its place', (dataDir) => writeFileSync(dataDir, ''), /USHER_DATA_DIR|ENOTDIR/],
];
for (const [name, prepare, message] of brokenFolders) {
  test(`${name} is refused with what to do`, async (t) => {
    const dataDir = workshop.nameDataDir(t, name.replaceAll(' ', '-'));
    prepare(dataDir);
    await assert.rejects(open(dataDir), message);
  });
}

test('a damaged database says so, with the end of its log', async (t) => {
  const dataDir = workshop.newDataDir(t, 'damaged');
  writeFileSync(join(dataDir, 'postgres', 'global', 'pg_control'), 'not a control file');
  await assert.rejects(open(dataDir), /does not start: .*(could not read|invalid|control).*postgres\.log/s);
});

test('a data folder behind a symbolic link is the folder it stands for', {
  skip: process.platform === 'win32',
}, async (t) => {
  const dataDir = workshop.newDataDir(t, 'real');
  const link = join(workshop.root, 'link');
  symlinkSync(dataDir, link);
  const store = await open(link);
  await assert.rejects(open(dataDir), /in use by another Usher/);
  await store.close();
});

test('as root the database belongs to another user', { skip: !isRoot }, async (t) => {
  const dataDir = workshop.newDataDir(t, 'as-root');
  assert.notEqual(statSync(join(dataDir, 'postgres')).uid, 0);
});
