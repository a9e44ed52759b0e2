import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { canEnter, type OsUser } from './os-user.ts';

/** Of `sun_path`, its closing NUL left out: 107 on Linux, 103 on macOS. */
const LONGEST_SOCKET_PATH_BYTES = 103;
export const SOCKET_PORT = 5432;

/**
 * Makes the folder, open to its owner alone, that PostgreSQL's socket goes to: `run` in the data folder, or one in the system's
 * temporary folder when that path is too long for a socket, cannot be entered by the OS user, or its file system knows no sockets.
 */
export async function makeSocketDir(dataDir: string, user: OsUser | undefined): Promise<string> {
  const near = join(dataDir, 'run');
  if (fits(near) && (await canEnter(user, dataDir)) && (await makeOwn(near, user)) && (await canHoldSocket(near)))
    return near;
  const name = `usher-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
  for (const parent of [tmpdir(), '/tmp', '/var/tmp']) {
    const far = join(parent, name);
    if (!fits(`${far}-123456`) || !(await canEnter(user, parent).catch(() => false))) continue;
    if (await makeOwn(far, user)) return far;
    // Somebody else holds the name.
    const other = await mkdtemp(`${far}-`);
    if (await makeOwn(other, user)) return other;
  }
  throw new EmbeddedDatabaseError(
    `There is no place for PostgreSQL's socket: ${near} is too long or cannot hold one, and neither can ${tmpdir()}. ` +
      'Choose a shorter data folder (USHER_DATA_DIR) on a local file system.',
  );
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${SOCKET_PORT}`)) <= LONGEST_SOCKET_PATH_BYTES;
}

/** Makes the folder, or takes it when it is ours or the OS user's: in a temporary folder it could be a stranger's. */
async function makeOwn(directory: string, user: OsUser | undefined): Promise<boolean> {
  const own = process.getuid?.();
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    const found = await lstat(directory);
    if (!found.isDirectory() || (found.uid !== own && found.uid !== user?.uid)) return false;
  }
  try {
    if (user) await chown(directory, user.uid, user.gid);
    await chmod(directory, 0o700);
    return true;
  } catch {
    return false;
  }
}

/** Folders shared with a virtual machine or over a network often cannot. */
async function canHoldSocket(directory: string): Promise<boolean> {
  const path = join(directory, `.try-${randomBytes(3).toString('hex')}`);
  const server = createServer();
  const held = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(path, () => resolve(true));
  });
  if (held) await new Promise((resolve) => server.close(resolve));
  await rm(path, { force: true });
  return held;
}
