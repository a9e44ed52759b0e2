import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedServer } from '../../src/db/embedded/embedded-server.ts';
import { inspectPostmaster } from '../../src/db/embedded/postmaster.ts';
import { stopPostmaster } from '../../src/db/embedded/postmaster-process.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { createTestLog } from '../support/test-log.ts';
import type { Records } from './world.ts';

/** A PostgreSQL of the test's own, to be ill-treated. It is started again whenever it dies, as the embedded one is. */
export interface OwnServer extends Records {
  readonly folder: string;
  asSuperuser(text: string): Promise<pg.QueryResult>;
  signal(signal: NodeJS.Signals): Promise<void>;
}

/** What is committed must survive the death of the server, not of the machine. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', min_wal_size: '32MB', max_wal_size: '64MB' };

export async function openOwnServer(
  options: { settings?: Record<string, string>; diskMb?: number } = {},
): Promise<OwnServer> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'usher-faults-'));
  chmodSync(folder, 0o755);
  if (options.diskMb) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${options.diskMb}m`, 'tmpfs', folder]);
  const dataDir = join(folder, 'data');
  const log = createTestLog();
  const server = await EmbeddedServer.open({
    dataDir,
    share: true,
    log,
    settings: { ...SETTINGS, ...options.settings },
  });
  const [url, superuserUrl] = [await server.url(), await server.superuserUrl()];
  const pool = createPool({ url, size: 5, name: 'usher test', log });
  await migrate(pool, log);
  const postmaster = async () => {
    const state = await inspectPostmaster(join(dataDir, 'postgres'));
    return state.kind === 'live' ? state.pid : undefined;
  };
  return {
    ...{ folder, url, superuserUrl, pool },
    asSuperuser: async (text) => {
      const client = new pg.Client({ connectionString: superuserUrl });
      client.on('error', () => {});
      await client.connect();
      return await client.query(text).finally(() => client.end());
    },
    signal: async (signal) => {
      const pid = await postmaster();
      if (pid !== undefined) process.kill(pid, signal);
    },
    close: async () => {
      await pool.end();
      await server.close();
      await stopPostmaster(join(dataDir, 'postgres'));
      if (options.diskMb) execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
