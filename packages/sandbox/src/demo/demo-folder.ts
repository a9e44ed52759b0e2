import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A sentence for the person at the terminal; everything else that is thrown is a fault of the demo or of Usher. */
export class DemoError extends Error {}

const MARK = 'usher-demo.json';

export interface DemoFolder {
  path: string;
  /** An earlier demo's records were in it and are gone. */
  startedAfresh: boolean;
}

/**
 * Makes the demo's data folder, empty. Only what an earlier demo made is ever thrown away: a folder without its mark may hold a
 * real directory of users.
 */
export async function makeDemoFolder(path: string): Promise<DemoFolder> {
  const folder = resolve(path);
  try {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (names.length > 0) await clear(folder, names);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, MARK), `${JSON.stringify({ pid: process.pid })}\n`);
    return { path: folder, startedAfresh: names.length > 0 };
  } catch (error) {
    if (error instanceof DemoError) throw error;
    throw new DemoError(
      `The demo's data folder ${folder} cannot be used: ${(error as Error).message}. Give another one with --data.`,
    );
  }
}

async function clear(folder: string, names: string[]): Promise<void> {
  if (!names.includes(MARK)) {
    throw new DemoError(
      `${folder} is not empty and no demo made it, so the demo leaves it alone. Give a folder of its own with --data.`,
    );
  }
  const users = [
    { what: 'Another demo', program: 'demo', file: join(folder, MARK) },
    { what: 'The database of an earlier demo', program: 'postgres', file: join(folder, 'postgres', 'postmaster.pid') },
  ];
  for (const { what, program, file } of users) {
    const pid = await readPid(file);
    if (pid === undefined || pid === process.pid || !(await runs(pid, program))) continue;
    throw new DemoError(
      `${what} (process ${pid}) still uses ${folder}. Stop it with "kill ${pid}", or give another folder with --data.`,
    );
  }
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

async function readPid(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(/\d+/.exec(text)?.[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

async function runs(pid: number, program: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // Numbers are used again. Where the system does not tell what runs under this one, it may be what we fear.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => program);
  return commandLine.includes(program);
}
