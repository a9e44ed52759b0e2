import { execFileSync } from 'node:child_process';
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../clock.ts';

/** What postmaster.pid says, held against the processes that there are. */
export type PostmasterState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'live';
      readonly pid: number;
      /** A folder with a socket, or an address; empty as long as it does not listen. */
      readonly host: string;
      readonly port: number;
    }
  /** `gone`: no such process. `zombie`: dead, but never reaped by its parent. `reused`: the number is now another process's. */
  | {
      readonly kind: 'dead';
      readonly pid: number;
      readonly reason: 'gone' | 'zombie' | 'reused';
      readonly host: string;
      readonly port: number;
    };

/** Reads who serves the database folder. PostgreSQL itself would take a zombie, and a reused number, for a running server. */
export async function inspectPostmaster(databaseDir: string): Promise<PostmasterState> {
  const text = await readFile(join(databaseDir, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  // The pid, the folder, the start time, the port, the socket's folder, the address, the shared memory, the status.
  const [pidText = '', , , portText = '', socketDir = '', address = ''] = text.split('\n').map((line) => line.trim());
  const pid = Math.abs(Number.parseInt(pidText, 10));
  if (!Number.isSafeInteger(pid) || pid <= 0) return { kind: 'none' };
  const host = socketDir || (address === '*' ? '127.0.0.1' : address);
  const where = { pid, host, port: Number(portText) };
  const verdict = await checkProcess(pid, databaseDir);
  return verdict === 'live' ? { kind: 'live', ...where } : { kind: 'dead', reason: verdict, ...where };
}

type ProcessVerdict = 'live' | 'gone' | 'zombie' | 'reused';

async function checkProcess(pid: number, databaseDir: string): Promise<ProcessVerdict> {
  if (process.platform === 'linux') return await checkLinuxProcess(pid, databaseDir);
  if (process.platform === 'win32') {
    const list = run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
    if (!list.includes(`"${pid}"`)) return 'gone';
    return /^"postgres\.exe"/im.test(list) ? 'live' : 'reused';
  }
  const line = run('ps', ['-o', 'stat=,command=', '-p', String(pid)]).trim();
  if (line === '') return 'gone';
  if (line.startsWith('Z')) return 'zombie';
  return line.includes('postgres') && line.includes(databaseDir) ? 'live' : 'reused';
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 });
  } catch {
    return '';
  }
}

async function checkLinuxProcess(pid: number, databaseDir: string): Promise<ProcessVerdict> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return 'gone';
  // The name stands in parentheses and may itself hold some.
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  if (state === 'Z' || state === 'X') return 'zombie';
  if (name !== 'postgres') return 'reused';
  // PostgreSQL works in its data folder. Where the kernel does not show us that, its name has to do.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return cwd === undefined || cwd === (await realpath(databaseDir)) ? 'live' : 'reused';
}

/** The server processes at work in the folder, whatever postmaster.pid says. Known on Linux only; empty elsewhere. */
export async function findServerProcesses(databaseDir: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (cwd === (await realpath(databaseDir)) && (await checkLinuxProcess(pid, databaseDir)) === 'live')
      found.push(pid);
  }
  return found;
}

/**
 * Removes the postmaster.pid of a postmaster that is dead although PostgreSQL would think otherwise. The file also guards against
 * server processes that outlived their postmaster, so those are ended first.
 */
export async function clearDeadPostmaster(databaseDir: string): Promise<void> {
  await endServerProcesses(databaseDir);
  await rm(join(databaseDir, 'postmaster.pid'), { force: true });
}

async function endServerProcesses(databaseDir: string): Promise<void> {
  const graceMs = 3_000;
  const startMs = systemClock.monotonicMs();
  for (let signal: NodeJS.Signals | undefined; ; ) {
    const left = await findServerProcesses(databaseDir);
    if (left.length === 0) return;
    if (systemClock.monotonicMs() - startMs > graceMs) signal = 'SIGKILL';
    // They end by themselves as soon as they notice that their postmaster is gone.
    if (signal) for (const pid of left) sendSignal(pid, signal);
    await systemClock.sleep(50);
  }
}

/** False when there is no such process. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether something accepts connections there: a server in another container is alive although its pid means nothing here. */
export async function answers(host: string, port: number): Promise<boolean> {
  if (host === '' || !Number.isInteger(port)) return false;
  const socket = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
  return await new Promise<boolean>((resolve) => {
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
