import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, readFile, rename, rmdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { systemClock } from '../../clock.ts';
import type { Binaries } from './binaries.ts';
import { lastLines, nameForPrograms } from './database-folder.ts';
import type { OsUser } from './os-user.ts';
import { inspectPostmaster, sendSignal } from './postmaster.ts';
import { makeSocketDir, SOCKET_PORT } from './socket-dir.ts';

export type Settings = Readonly<Record<string, string>>;

/** For one engine beside it on a small machine, and a great many small transactions. */
const SETTINGS: Settings = {
  max_connections: '60',
  shared_buffers: '128MB',
  huge_pages: 'off',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  wal_level: 'replica',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '10min',
  random_page_cost: '1.1',
  track_io_timing: 'off',
  jit: 'off',
  // Processes of their own would cost more memory than this workload's reads could gain.
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  // The tables that move are updated in place all day.
  autovacuum_naptime: '15s',
  autovacuum_vacuum_scale_factor: '0.05',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements that fail are the engine's to report, and their values are people's data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};
const LINUX_SETTINGS: Settings = { recovery_init_sync_method: 'syncfs' };

const LARGEST_LOG_BYTES = 10_000_000;

export interface PostmasterOptions {
  readonly dataDir: string;
  readonly databaseDir: string;
  readonly binaries: Binaries;
  readonly user: OsUser | undefined;
  /** Over the usual ones. */
  readonly settings: Settings;
}

function settingsOf(options: PostmasterOptions): Settings {
  return { ...SETTINGS, ...(process.platform === 'linux' ? LINUX_SETTINGS : {}), ...options.settings };
}

/** A running server bears this as its cluster_name, so that whoever adopts it sees whether it is as they would have started it. */
export function nameCluster(options: PostmasterOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([options.binaries.version, settingsOf(options)]));
  return `usher-${hash.digest('hex').slice(0, 12)}`;
}

export interface StartedPostmaster {
  /** The end of its log, once it has ended. */
  readonly ended: Promise<string>;
}

/** Starts the server and leaves it to itself: it outlives us, in a session of its own that a Ctrl-C in the terminal does not reach. */
export async function startPostmaster(options: PostmasterOptions): Promise<StartedPostmaster> {
  const logPath = join(options.dataDir, 'postgres.log');
  const logSize = await rotateLog(logPath);
  const network = await chooseNetwork(options);
  const settings = { ...settingsOf(options), ...network, cluster_name: nameCluster(options) };
  const directory = await nameForPrograms(options.databaseDir, options.user);
  const assignments = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(logPath, 'a', 0o600);
  try {
    const child =
      process.platform === 'win32'
        ? spawnOnWindows(options, directory, assignments, logPath)
        : spawn(options.binaries.postgres, ['-D', directory, ...assignments], {
            cwd: options.databaseDir,
            env: { ...options.binaries.env },
            detached: true,
            // A pipe to us would break with our death.
            stdio: ['ignore', log.fd, log.fd],
            ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
          });
    child.unref();
    return { ended: untilEnded(child, logPath, logSize) };
  } finally {
    await log.close();
  }
}

/** pg_ctl drops an administrator's rights, with which PostgreSQL refuses to run. */
function spawnOnWindows(
  options: PostmasterOptions,
  directory: string,
  assignments: readonly string[],
  logPath: string,
): ChildProcess {
  const args = ['start', '-D', directory, '-l', logPath, '-o', assignments.join(' '), '-t', '300'];
  return spawn(options.binaries.pgCtl, args, { env: { ...options.binaries.env }, stdio: 'ignore', detached: true });
}

async function untilEnded(child: ChildProcess, logPath: string, from: number): Promise<string> {
  const failure = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // On Windows pg_ctl ends well once the server runs.
    child.once('exit', (code, signal) => {
      if (process.platform !== 'win32' || code !== 0) resolve(`it ended with ${code ?? signal}`);
    });
  });
  const text = await readFile(logPath).catch(() => Buffer.alloc(0));
  return lastLines(text.subarray(from).toString('utf8')) || failure;
}

async function chooseNetwork(options: PostmasterOptions): Promise<Settings> {
  if (process.platform === 'win32') {
    return { listen_addresses: '127.0.0.1', port: String(await findFreePort()) };
  }
  return {
    listen_addresses: '',
    port: String(SOCKET_PORT),
    unix_socket_directories: await makeSocketDir(options.dataDir, options.user),
    unix_socket_permissions: '0700',
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function rotateLog(path: string): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size <= LARGEST_LOG_BYTES) return size;
  await rename(path, `${path}.1`);
  return 0;
}

const FAST_STOP_MS = 10_000;
const IMMEDIATE_STOP_MS = 5_000;

/**
 * Stops the server within bounded time, gently first: its sessions are cut and a checkpoint is written; if that takes too long it stops
 * at once and recovers at the next start. Nothing committed is lost either way.
 */
export async function stopPostmaster(databaseDir: string): Promise<void> {
  const steps: Array<[NodeJS.Signals, number]> = [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ];
  for (const [signal, waitMs] of steps) {
    // Looked at anew before each signal, for the number may be another process's by now.
    const state = await inspectPostmaster(databaseDir);
    if (state.kind !== 'live') return;
    sendSignal(state.pid, signal);
    if (await untilStopped(databaseDir, state.pid, waitMs)) return await removeSocketDir(state.host);
  }
}

/** It is empty now, unless another start has put its own socket there. */
async function removeSocketDir(host: string): Promise<void> {
  if (isAbsolute(host)) await rmdir(host).catch(() => {});
}

async function untilStopped(databaseDir: string, pid: number, waitMs: number): Promise<boolean> {
  const deadlineMs = systemClock.monotonicMs() + waitMs;
  while (systemClock.monotonicMs() < deadlineMs) {
    const state = await inspectPostmaster(databaseDir);
    if (state.kind !== 'live' || state.pid !== pid) return true;
    await systemClock.sleep(10);
  }
  return false;
}
