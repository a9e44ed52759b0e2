import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { inspectPostmaster } from '../../src/db/embedded/postmaster.ts';
import { createTestLog } from '../support/test-log.ts';
import {
  type EngineProcess,
  open,
  openWorkshop,
  pidFile,
  postmasterPid,
  readPidFile,
  startEngine,
  until,
  type Workshop,
} from './embedded-folder.ts';

let workshop: Workshop;
before(async () => {
  workshop = await openWorkshop();
});
after(() => workshop.close());

async function writtenRows(dataDir: string): Promise<Set<number>> {
  const store = await open(dataDir);
  const { rows } = await store.pool.query<{ number: number }>('select number from row_written');
  await store.close();
  return new Set(rows.map((row) => row.number));
}

function assertNothingLost(engine: EngineProcess, present: ReadonlySet<number>): void {
  assert.ok(engine.acknowledged.length > 20, `only ${engine.acknowledged.length} rows were written`);
  assert.deepEqual(
    engine.acknowledged.filter((number) => !present.has(number)),
    [],
  );
}

async function writeForAWhile(dataDir: string): Promise<EngineProcess> {
  const engine = await startEngine(dataDir, ['write']);
  await until('rows are written', () => engine.acknowledged.length > 50);
  return engine;
}

test('kill -9 of the engine while it writes: the server lives on, is adopted, and every acknowledged row is there', async (t) => {
  const dataDir = workshop.newDataDir(t, 'orphan');
  const engine = await writeForAWhile(dataDir);
  const pid = await postmasterPid(dataDir);
  await engine.kill();
  assert.equal(await postmasterPid(dataDir), pid, 'the orphan runs');
  const store = await open(dataDir);
  assert.equal(await postmasterPid(dataDir), pid, 'the orphan was adopted');
  await store.close();
  assert.equal(await postmasterPid(dataDir), undefined, 'an adopted server is stopped like any other');
  assertNothingLost(engine, await writtenRows(dataDir));
});

test('kill -9 of engine and server together while they write: it recovers, and every acknowledged row is there', async (t) => {
  const dataDir = workshop.newDataDir(t, 'both');
  const engine = await writeForAWhile(dataDir);
  process.kill((await postmasterPid(dataDir)) ?? 0, 'SIGKILL');
  await engine.kill();
  const socketDir = readPidFile(dataDir).split('\n')[4] ?? '';
  assert.ok(existsSync(join(socketDir, '.s.PGSQL.5432')), 'a stale socket lies there');
  assertNothingLost(engine, await writtenRows(dataDir));
});

test('an engine that was killed does not keep the folder', async (t) => {
  const dataDir = workshop.newDataDir(t, 'released');
  for (let round = 0; round < 3; round++) await (await startEngine(dataDir)).kill();
  await (await open(dataDir)).close();
});

/** Leaves the folder as after a power cut, with a pid of the caller's choice in postmaster.pid. */
async function crashWithPid(t: TestContext, name: string, choosePid: () => number): Promise<string> {
  const dataDir = workshop.newDataDir(t, name);
  const engine = await startEngine(dataDir);
  process.kill((await postmasterPid(dataDir)) ?? 0, 'SIGKILL');
  await engine.kill();
  const [, ...rest] = readPidFile(dataDir).split('\n');
  writeFileSync(pidFile(dataDir), [choosePid(), ...rest].join('\n'));
  return dataDir;
}

async function assertStarts(dataDir: string, reason: string): Promise<void> {
  const state = await inspectPostmaster(join(dataDir, 'postgres'));
  assert.ok(state.kind === 'dead' && state.reason === reason, JSON.stringify(state));
  const log = createTestLog();
  const store = await open(dataDir, { log });
  assert.equal((await store.pool.query('select count(*) as count from row_written')).rows[0].count, 0);
  assert.ok(log.entries.some((entry) => entry['reason'] === reason));
  await store.close();
}

test('a pid of postmaster.pid that is nobody now does not stop a start', async (t) => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  await assertStarts(await crashWithPid(t, 'gone', () => gone), 'gone');
});

test('a pid of postmaster.pid that is another process now does not stop a start', async (t) => {
  const other = spawn('sleep', ['600']);
  try {
    await assertStarts(await crashWithPid(t, 'reused', () => other.pid ?? 0), 'reused');
    assert.equal(other.exitCode, null, 'the other process was left alone');
  } finally {
    other.kill();
  }
});

test('a pid of postmaster.pid that is the PostgreSQL of another folder now does not stop a start', async (t) => {
  const elsewhere = workshop.newDataDir(t, 'elsewhere');
  const store = await open(elsewhere);
  const otherPid = await postmasterPid(elsewhere);
  await assertStarts(await crashWithPid(t, 'reused-by-postgres', () => otherPid ?? 0), 'reused');
  assert.equal(await postmasterPid(elsewhere), otherPid, 'the other server was left alone');
  await store.close();
});

test('a postmaster that is a zombie does not stop a start', { skip: process.platform !== 'linux' }, async (t) => {
  // A parent that never asks after its child, as the first process of a container may be.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    const dataDir = await crashWithPid(t, 'zombie', () => zombie);
    await until('it is a zombie', async () => (await inspectPostmaster(join(dataDir, 'postgres'))).kind === 'dead');
    await assertStarts(dataDir, 'zombie');
  } finally {
    parent.kill();
  }
});

test('server processes that outlived their postmaster are ended before the file that guards against them is removed', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const dataDir = workshop.newDataDir(t, 'survivors');
  const engine = await startEngine(dataDir);
  const postmaster = (await postmasterPid(dataDir)) ?? 0;
  const { findServerProcesses } = await import('../../src/db/embedded/postmaster.ts');
  const workers = (await findServerProcesses(join(dataDir, 'postgres'))).filter((pid) => pid !== postmaster);
  // Stopped processes do not notice that their postmaster is gone.
  for (const pid of workers) process.kill(pid, 'SIGSTOP');
  process.kill(postmaster, 'SIGKILL');
  await engine.kill();
  const [, ...rest] = readPidFile(dataDir).split('\n');
  writeFileSync(pidFile(dataDir), [process.pid, ...rest].join('\n'));
  await (await open(dataDir)).close();
  assert.deepEqual(await findServerProcesses(join(dataDir, 'postgres')), []);
});

test('a server that cannot be seen but answers, as in another container, is not doubled', async (t) => {
  const dataDir = workshop.newDataDir(t, 'unseen');
  const store = await open(dataDir);
  const text = readPidFile(dataDir);
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(pidFile(dataDir), text.replace(/^\d+/, String(gone)));
  await assert.rejects(open(dataDir), /another container/);
  writeFileSync(pidFile(dataDir), text);
  assert.equal((await store.pool.query('select 1 as one')).rows[0].one, 1);
  await store.close();
});

test('a server whose socket was removed is stopped and started anew', async (t) => {
  const dataDir = workshop.newDataDir(t, 'no-socket');
  const engine = await startEngine(dataDir);
  await engine.kill();
  const pid = await postmasterPid(dataDir);
  const socketDir = readPidFile(dataDir).split('\n')[4] ?? '';
  const { rmSync } = await import('node:fs');
  for (const name of readdirSync(socketDir)) rmSync(join(socketDir, name));
  await (await open(dataDir)).close();
  assert.notEqual(await postmasterPid(dataDir), pid);
});
