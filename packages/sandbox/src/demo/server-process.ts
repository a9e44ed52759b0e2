import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DemoError } from './demo-folder.ts';

const mainPath = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url));
const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;

export interface ServerProcess {
  url: string;
  adminKey: string;
  /** Makes whoever opens it the first administrator of the console, once. */
  firstAdministratorLink: string;
  pid: number;
  logPath: string;
  /** When it ends by itself, for whatever reason. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts Usher as `usher serve` does, as a process of its own, on the demo's data folder and allowed to reach the sandbox target
 * and no other private address. Settings of the surroundings are left out: the demo must never reach a real database.
 */
export async function startServerProcess(options: {
  dataDir: string;
  port: number;
  targetPort: number;
  signal: AbortSignal;
}): Promise<ServerProcess> {
  const adminKey = `demo_${randomBytes(24).toString('base64url')}`;
  const logPath = join(options.dataDir, 'server.log');
  const log = await open(logPath, 'a', 0o600);
  const args = [mainPath, 'serve', '--data-dir', options.dataDir, '--port', String(options.port)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', log.fd, 'ipc'],
    // Ctrl-C goes to the whole group of the terminal, and a second signal would make the server leave its work behind.
    detached: true,
    env: {
      ...withoutSettings(process.env),
      USHER_ADMIN_KEY: adminKey,
      USHER_ALLOW_HTTP_TARGETS: 'true',
      USHER_ALLOW_PRIVATE_NETWORKS: `127.0.0.1:${options.targetPort}`,
    },
  });
  await log.close();
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? `exit code ${code}`));
  const stop = () => endChild(child);
  try {
    const { url, firstAdministratorLink } = await readGreeting(child, ended, logPath, options.signal);
    return { url, firstAdministratorLink, adminKey, pid: child.pid as number, logPath, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port if nothing listens there; otherwise 0, which lets the system choose. */
export async function findFreePort(wanted: number): Promise<number> {
  const probe = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  probe.once('error', () => resolve(false)).once('listening', () => resolve(true));
  probe.listen(wanted, '127.0.0.1');
  const free = await promise;
  if (!free) return 0;
  probe.close();
  await once(probe, 'close');
  return wanted;
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && !/^(USHER_|PG[A-Z]+$)/.test(name)),
  );
}

async function readGreeting(
  child: ChildProcess,
  ended: Promise<string>,
  logPath: string,
  signal: AbortSignal,
): Promise<Pick<ServerProcess, 'url' | 'firstAdministratorLink'>> {
  const timeout = AbortSignal.timeout(startTimeoutMs);
  try {
    const first = await Promise.race([
      once(child, 'message', { signal: AbortSignal.any([timeout, signal]) }).then(([message]) => message),
      ended,
    ]);
    if (typeof first === 'object' && first !== null && 'url' in first) {
      return first as Pick<ServerProcess, 'url' | 'firstAdministratorLink'>;
    }
    throw new DemoError(
      `The server ended while it started (${first}). Its log (${logPath}) says: ${await readFailure(logPath)}`,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!timeout.aborted) throw error;
    throw new DemoError(`The server did not start within ${startTimeoutMs / 1000} seconds; its log is ${logPath}`);
  }
}

/** What a start that failed said of itself; a crash ends with lines that say nothing. */
async function readFailure(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n');
  return lines.findLast((line) => /did not start|Error/.test(line)) ?? (lines.at(-1) || 'nothing');
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}
