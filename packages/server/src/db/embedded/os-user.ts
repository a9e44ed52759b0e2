import { lchown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';

/** The OS user that PostgreSQL runs as when Usher itself runs as root, which PostgreSQL refuses to. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const PREFERRED_NAMES = ['usher', 'postgres', '_postgres', 'nobody'];

/**
 * Finds that user: the owner of an existing database folder, else the first of the preferred names. Undefined when this process is
 * not root, and so runs PostgreSQL as itself.
 */
export async function findOsUser(databaseDir: string): Promise<OsUser | undefined> {
  if (process.getuid === undefined) return undefined;
  const own = process.getuid();
  const owner = await stat(databaseDir).catch(() => undefined);
  if (own !== 0) {
    if (owner && owner.uid !== own) throw foreignFolder(databaseDir, owner.uid);
    return undefined;
  }
  const users = await readPasswd();
  if (owner && owner.uid !== 0) {
    const name = users.find((user) => user.uid === owner.uid)?.name ?? String(owner.uid);
    return { name, uid: owner.uid, gid: owner.gid };
  }
  for (const name of PREFERRED_NAMES) {
    const user = users.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (user) return user;
  }
  throw new EmbeddedDatabaseError(
    `Usher runs as root, as which PostgreSQL refuses to run, and there is no OS user called ${PREFERRED_NAMES.join(', ')}. ` +
      'Start Usher as an ordinary user, create the user "usher", or set DATABASE_URL to a PostgreSQL server.',
  );
}

function foreignFolder(databaseDir: string, owner: number): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The database folder ${databaseDir} belongs to the OS user ${owner}, and Usher runs as ${process.getuid?.()}. ` +
      `Start Usher as its owner (or as root), or give it the folder with chown -R.`,
  );
}

async function readPasswd(): Promise<OsUser[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const users: OsUser[] = [];
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    // macOS writes nobody's as -2; the kernel means 2^32-2.
    if (name && uid && gid && !name.startsWith('#'))
      users.push({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return users;
}

/** Whether every folder on the way to `path`, and itself, lets this user pass. Access lists beyond the mode bits are not looked at. */
export async function canEnter(user: OsUser | undefined, path: string): Promise<boolean> {
  if (!user) return true;
  for (let at = path; ; at = dirname(at)) {
    const { uid, gid, mode } = await stat(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

/** Gives a folder and all in it to the user; symbolic links are not followed. */
export async function giveTo(user: OsUser | undefined, path: string): Promise<void> {
  if (!user) return;
  try {
    await giveDeep(user, path);
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The folder ${path} cannot be given to the OS user ${user.name}, as whom PostgreSQL must run: ${(error as Error).message}. ` +
        'Put the data folder (USHER_DATA_DIR) on a file system that knows owners, or start Usher as an ordinary user.',
      { cause: error },
    );
  }
}

async function giveDeep(user: OsUser, path: string): Promise<void> {
  const { uid } = await lstat(path);
  if (uid !== user.uid) await lchown(path, user.uid, user.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) {
    await giveDeep(user, join(path, name)).catch((error: NodeJS.ErrnoException) => {
      // A server at work in the folder makes and removes files all the time.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
