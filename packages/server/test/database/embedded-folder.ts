import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspectPostmaster } from '../../src/db/embedded/postmaster.ts';
import { stopPostmaster } from '../../src/db/embedded/postmaster-process.ts';
import { openStore, type Store } from '../../src/db/index.ts';
import { createTestLog, type TestLog } from '../support/test-log.ts';

export const isRoot = process.getuid?.() === 0;

/** A folder for one test file, in which every data folder begins as a copy of one that was made once. */
export interface Workshop {
  readonly root: string;
  /** The path of a new data folder, with a database in it that was stopped in order; it goes when the test is over. */
  newDataDir(test: TestContext, name: string): string;
  /** The path of a data folder that is not there yet. */
  nameDataDir(test: TestContext, name: string): string;
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const root = mkdtempSync(join(findFastFolder(), 'usher-embedded-'));
  chmodSync(root, 0o755);
  const original = join(root, 'original');
  await (await open(original)).close();
  const nameDataDir = (test: TestContext, name: string) => {
    const dataDir = join(root, name);
    test.after(async () => {
      await endAll();
      if (existsSync(join(dataDir, 'postgres'))) await stopPostmaster(join(dataDir, 'postgres'));
      rmSync(dataDir, { recursive: true, force: true });
    });
    return dataDir;
  };
  return {
    root,
    nameDataDir,
    newDataDir: (test, name) => {
      const dataDir = nameDataDir(test, name);
      execFileSync('cp', ['-a', original, dataDir]);
      return dataDir;
    },
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
}

/** In memory where there is room: these tests are about processes that are killed, which lose no file of theirs. */
function findFastFolder(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 1_500_000_000 ? memory : tmpdir();
}

async function endAll(): Promise<void> {
  for (const engine of engines) engine.kill('SIGKILL');
  for (const store of opened) await store.close();
  engines.clear();
  opened.clear();
}

const opened = new Set<Store>();
const engines = new Set<ChildProcess>();

export async function open(dataDir: string, options: { share?: boolean; log?: TestLog } = {}): Promise<Store> {
  const store = await openStore(
    { dataDir, databasePoolSize: 4, shareDatabase: options.share ?? false, replica: 'test' },
    options.log ?? createTestLog(),
  );
  opened.add(store);
  return store;
}

export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const state = await inspectPostmaster(join(dataDir, 'postgres'));
  return state.kind === 'live' ? state.pid : undefined;
}

export function pidFile(dataDir: string): string {
  return join(dataDir, 'postgres', 'postmaster.pid');
}

export function readPidFile(dataDir: string): string {
  return readFileSync(pidFile(dataDir), 'utf8');
}

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly first: { ready: boolean; url?: string; message?: string; uid?: number };
  /** Numbers of the rows whose commit it was told of, so far. */
  readonly acknowledged: readonly number[];
  kill(): Promise<void>;
}

/** Starts `engine-process.ts`, as another OS user if asked. */
export async function startEngine(
  dataDir: string,
  modes: readonly string[] = [],
  user?: { uid: number; gid: number },
): Promise<EngineProcess> {
  const script = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, ...modes], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...(user ?? {}),
  });
  engines.add(child);
  const acknowledged: number[] = [];
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise<EngineProcess['first']>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The engine ended with ${code} before it was ready`)));
    lines.on('line', (line) => (line.startsWith('{') ? resolve(JSON.parse(line)) : acknowledged.push(Number(line))));
  });
  return {
    child,
    first,
    acknowledged,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const startMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startMs > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
