import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../../crash-point.ts';
import type { Log } from '../../log.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { canEnter, giveTo, type OsUser } from './os-user.ts';

export const SUPERUSER = 'postgres';

/** The database folder inside the data folder. */
export function databaseDirOf(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/**
 * How to name the folder to PostgreSQL's programs, which run in it. The OS user may be barred from a folder above it, such as /root;
 * Linux lets a process into the folder that it was started in without asking about those above.
 */
export async function nameForPrograms(databaseDir: string, user: OsUser | undefined): Promise<string> {
  if (await canEnter(user, databaseDir)) return databaseDir;
  if (process.platform === 'linux') return '/proc/self/cwd';
  throw new EmbeddedDatabaseError(
    `The OS user ${user?.name}, as whom PostgreSQL runs, cannot enter a folder above ${databaseDir}. ` +
      'Put the data folder (USHER_DATA_DIR) where it can, or start Usher as an ordinary user.',
  );
}

/**
 * Makes the database folder when there is none. Two starts at once both make one under a name of its own; the first to give it its final
 * name wins, the other one's is thrown away. A start that was killed in the middle leaves nothing that looks finished.
 */
export async function makeDatabaseFolder(options: {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly user: OsUser | undefined;
  readonly log: Log;
}): Promise<void> {
  const databaseDir = databaseDirOf(options.dataDir);
  if (await exists(databaseDir)) {
    await giveTo(options.user, databaseDir);
    await assertSameMajor(databaseDir, options.binaries);
    return;
  }
  options.log.info({ folder: databaseDir }, 'Making the embedded database');
  const draft = `${databaseDir}.new-${process.pid}-${randomBytes(3).toString('hex')}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await giveTo(options.user, draft);
    await runInitdb(draft, options);
    crashPoint('before-database-folder');
    await rename(draft, databaseDir);
    await flushFolder(options.dataDir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(databaseDir))) throw error;
  }
}

async function runInitdb(
  draft: string,
  options: { readonly dataDir: string; readonly binaries: Binaries; readonly user: OsUser | undefined },
): Promise<void> {
  const args = [
    `--pgdata=${await nameForPrograms(draft, options.user)}`,
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    // PostgreSQL's own: sorts by code point and knows upper case, and no upgrade of the system's libraries changes an index.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
  if (process.platform === 'win32') {
    args.push('--auth=scram-sha-256', `--pwfile=${await makePasswordFile(options.dataDir)}`);
  } else {
    // Only the socket's owner reaches the socket, which is what the file modes are for.
    args.push('--auth-local=trust', '--auth-host=reject');
  }
  const { code, output } = await runProgram(options.binaries.initdb, args, draft, options);
  if (code === 0) return;
  const hint = /could not look up effective user ID/.test(output)
    ? ` The OS user id ${process.getuid?.()} has no line in /etc/passwd: start Usher as a user that has one, or set DATABASE_URL.`
    : '';
  throw new EmbeddedDatabaseError(
    `The embedded database could not be made in ${options.dataDir} (initdb ended with ${code}): ${lastLines(output)}${hint}`,
  );
}

async function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  options: { readonly binaries: Binaries; readonly user: OsUser | undefined },
): Promise<{ code: number | string; output: string }> {
  const child = spawn(program, args, {
    cwd,
    env: { ...options.binaries.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: error.message, output }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', output }));
  });
}

export function lastLines(text: string, count = 4): string {
  return text.trim().split('\n').slice(-count).join(' | ');
}

/** Windows only, where a socket cannot be kept to one user. */
async function makePasswordFile(dataDir: string): Promise<string> {
  const path = passwordPath(dataDir);
  await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return path;
}

function passwordPath(dataDir: string): string {
  return join(dataDir, 'postgres.password');
}

export async function findPassword(dataDir: string): Promise<string | undefined> {
  if (process.platform !== 'win32') return undefined;
  return (await readFile(passwordPath(dataDir), 'utf8')).trim();
}

async function assertSameMajor(databaseDir: string, binaries: Binaries): Promise<void> {
  const text = await readFile(join(databaseDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new EmbeddedDatabaseError(
      `The folder ${databaseDir} exists and is no database (it has no PG_VERSION). ` +
        'Move it away, choose another data folder (USHER_DATA_DIR), or restore a backup.',
    );
  }
  const major = Number.parseInt(text, 10);
  if (major === binaries.major) return;
  throw new EmbeddedDatabaseError(
    `The database in ${databaseDir} is of PostgreSQL ${major}, and this Usher brings PostgreSQL ${binaries.major}. ` +
      'Back it up with the Usher that made it (usher backup), and restore the backup into a new data folder with this one.',
  );
}

/** Throws away what starts that were killed while they made the folder left behind. */
export async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || Number(pid) === process.pid || isAlive(Number(pid))) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The number that a database has from its making on; the first eight bytes of its control file. */
export async function findSystemIdentifier(databaseDir: string): Promise<string | undefined> {
  const bytes = await readFile(join(databaseDir, 'global', 'pg_control')).catch(() => undefined);
  if (!bytes || bytes.length < 8) return undefined;
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return (little ? bytes.readBigUInt64LE() : bytes.readBigUInt64BE()).toString();
}

/** Makes the data folder; closed to others, but for passing through where PostgreSQL's OS user is another than ours. */
export async function makeDataDir(dataDir: string, user: OsUser | undefined): Promise<void> {
  if (await exists(dataDir)) return;
  try {
    await mkdir(dataDir, { recursive: true });
    await chmod(dataDir, user ? 0o711 : 0o700);
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The data folder ${dataDir} cannot be made: ${(error as Error).message}. Choose another one with USHER_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** A rename is durable once its folder is. Windows cannot open folders, and does it by itself. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
