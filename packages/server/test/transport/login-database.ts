import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { EmbeddedServer } from '../../src/db/embedded/embedded-server.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createTestLog } from '../support/test-log.ts';

/** The database of a legacy application: reached over TCP, by a login of its own with a password. */
export interface LoginDatabase {
  /** Without TLS, as the tests' network policy allows it. */
  readonly baseUrl: string;
  /** With TLS, by the certificate of 127.0.0.1. */
  readonly secureUrl: string;
  readonly user: string;
  readonly password: string;
  /** The owner's way in, past Usher. */
  readonly pool: Pool;
  /** Ends the backends whose statement is like this, once there is one. */
  cut(like: string): Promise<void>;
  close(): Promise<void>;
}

const USER = 'legacy';

export async function openLoginDatabase(): Promise<LoginDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-legacy-'));
  // The database runs as an unprivileged user when the tests run as root.
  chmodSync(folder, 0o755);
  const log = createTestLog();
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await EmbeddedServer.open({ dataDir: join(folder, 'data'), share: false, log, settings });
  const pool = createPool({ url: await server.superuserUrl(), size: 2, name: 'usher test', log });
  const password = randomBytes(12).toString('hex');
  await pool.query(`create role ${USER} login password '${password}'`);
  const { rows } = await pool.query<{ path: string }>(`select current_setting('hba_file') as path`);
  const path = rows[0]?.path ?? '';
  writeFileSync(path, `local all ${USER} scram-sha-256\n${readFileSync(path, 'utf8')}`);
  await pool.query('select pg_reload_conf()');
  const { hostname, port, pathname, searchParams } = new URL(await server.superuserUrl());
  const directory = searchParams.get('host') ?? decodeURIComponent(hostname);
  const target = directory.startsWith('/')
    ? { path: `${directory}/.s.PGSQL.${port || searchParams.get('port')}` }
    : { host: directory, port: Number(port) };
  const plain = await listen((socket) => pass(socket, connect(target as never)));
  const secure = await listen((socket) => secureThenPass(socket, () => connect(target as never)));
  return {
    baseUrl: `postgresql://127.0.0.1:${portOf(plain)}${pathname}?sslmode=disable`,
    secureUrl: `postgresql://127.0.0.1:${portOf(secure)}${pathname}`,
    user: USER,
    password,
    pool,
    cut: async (like) => {
      for (let ended = 0; ended === 0; ) {
        const done = await pool.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where query like $1 and pid <> pg_backend_pid()',
          [like],
        );
        ended = done.rowCount ?? 0;
      }
    },
    close: async () => {
      for (const front of [plain, secure]) front.close();
      await pool.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL listens on a Unix socket here, as Usher's own does: these stand before it. */
async function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const front = createServer(onConnection);
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  front.unref();
  return front;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function pass(near: Socket, far: Socket): void {
  near.on('error', () => far.destroy()).on('close', () => far.destroy());
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
  near.pipe(far).pipe(near);
}

/** Answers the request for TLS as a server that has it (PostgreSQL's protocol, SSLRequest). */
function secureThenPass(socket: Socket, open: () => Socket): void {
  socket.once('data', () => {
    socket.write('S');
    const read = (name: string) => readFileSync(new URL(`./certificates/${name}`, import.meta.url));
    pass(new TLSSocket(socket, { isServer: true, cert: read('good.pem'), key: read('good.key.pem') }), open());
  });
}
