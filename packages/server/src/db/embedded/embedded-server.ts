import pg from 'pg';
import { systemClock } from '../../clock.ts';
import { crashPoint } from '../../crash-point.ts';
import type { Log } from '../../log.ts';
import { connectionOptions } from '../pool.ts';
import { isConnectionFailure, isStartingOrStopping } from '../sqlstate.ts';
import { prepareBinaries } from './binaries.ts';
import {
  databaseDirOf,
  findPassword,
  findSystemIdentifier,
  makeDatabaseFolder,
  makeDataDir,
  removeDrafts,
  SUPERUSER,
} from './database-folder.ts';
import { EmbeddedDatabaseError } from './embedded-database-error.ts';
import { findOsUser } from './os-user.ts';
import { answers, clearDeadPostmaster, inspectPostmaster } from './postmaster.ts';
import {
  nameCluster,
  type PostmasterOptions,
  type Settings,
  type StartedPostmaster,
  startPostmaster,
  stopPostmaster,
} from './postmaster-process.ts';

export interface EmbeddedOptions {
  /** Absolute. */
  readonly dataDir: string;
  /** Whether other engines may use the server of this folder at the same time. */
  readonly share: boolean;
  readonly log: Log;
  readonly settings?: Settings;
  readonly packageDir?: string;
}

const DATABASE = 'usher';
const ROLE = 'usher';
/** Of the advisory lock that an engine holds while it uses the server, alone or shared ("ushr", "use"). */
const PRESENCE_KEYS = '1970497650, 7697253';

const SETTLE_MS = 20_000;
/** A server that answers "starting up" is recovering, which takes as long as it takes, within reason. */
const RECOVERY_MS = 600_000;
const NO_ANSWER_MS = 3_000;

/**
 * PostgreSQL on a data folder: starts it, adopts one that outlived its engine, starts it again when it dies, and stops it when the
 * last engine leaves. Engines are told apart by an advisory lock, which ends with its connection whatever happens to its holder.
 */
export class EmbeddedServer {
  readonly #options: EmbeddedOptions;
  readonly #postmaster: PostmasterOptions;
  readonly #password: string | undefined;
  #presence: pg.Client | undefined;
  #closing = false;
  #keeping: Promise<void> | undefined;

  static async open(options: EmbeddedOptions): Promise<EmbeddedServer> {
    const databaseDir = databaseDirOf(options.dataDir);
    const user = await findOsUser(databaseDir);
    await makeDataDir(options.dataDir, user);
    const { dataDir, log, packageDir } = options;
    const binaries = await prepareBinaries({ dataDir, user, log, ...(packageDir ? { packageDir } : {}) });
    await makeDatabaseFolder({ dataDir, binaries, user, log });
    const server = new EmbeddedServer(
      options,
      { dataDir, databaseDir, binaries, user, settings: options.settings ?? {} },
      await findPassword(dataDir),
    );
    await server.#enter();
    await removeDrafts(dataDir);
    return server;
  }

  private constructor(options: EmbeddedOptions, postmaster: PostmasterOptions, password: string | undefined) {
    this.#options = options;
    this.#postmaster = postmaster;
    this.#password = password;
  }

  /** Of the database that Usher's tables are in, for a role that may do anything there and nothing elsewhere. */
  async url(): Promise<string> {
    return await this.#urlFor(ROLE, DATABASE);
  }

  /** As superuser: for backups and for tests. */
  async superuserUrl(database: string = DATABASE): Promise<string> {
    return await this.#urlFor(SUPERUSER, database);
  }

  async #urlFor(role: string, database: string): Promise<string> {
    const state = await inspectPostmaster(this.#postmaster.databaseDir);
    if (state.kind !== 'live')
      throw new EmbeddedDatabaseError('The embedded database is not running; start Usher again.');
    return buildUrl(state.host, state.port, role, database, this.#password);
  }

  /** Gets the server running, whoever starts it, and takes our place at it. */
  async #enter(): Promise<void> {
    let client = await this.#reach();
    try {
      await this.#takePresence(client);
      if (await this.#isOutdated(client)) {
        this.#options.log.info('The embedded database runs with settings of another version; starting it again');
        await client.end();
        await stopPostmaster(this.#postmaster.databaseDir);
        client = await this.#reach();
        await this.#takePresence(client);
      }
      await this.#assertOurs(client);
      crashPoint('before-database');
      await makeDatabase(client, this.#password);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    this.#presence = client;
    this.#keeping = this.#keep(client);
  }

  /** A superuser's connection to the running server; starts it if need be. */
  async #reach(): Promise<pg.Client> {
    const { databaseDir } = this.#postmaster;
    const startMs = systemClock.monotonicMs();
    let started: StartedPostmaster | undefined;
    let ended: string | undefined;
    let silentSinceMs = startMs;
    let recovering = false;
    for (;;) {
      const state = await inspectPostmaster(databaseDir);
      if (state.kind === 'live') {
        const client = await this.#tryConnect(state.host, state.port);
        if (client instanceof pg.Client) return client;
        if (isStartingOrStopping(client)) {
          silentSinceMs = systemClock.monotonicMs();
          if (!recovering && silentSinceMs - startMs > 2_000) {
            recovering = true;
            this.#options.log.info('The embedded database is recovering');
          }
        } else if (!isConnectionFailure(client)) throw client;
        else if (systemClock.monotonicMs() - silentSinceMs > NO_ANSWER_MS) {
          this.#options.log.warn({ pid: state.pid, err: client }, 'The embedded database does not answer; stopping it');
          await stopPostmaster(databaseDir);
          started = undefined;
          silentSinceMs = systemClock.monotonicMs();
        }
      } else if (!started || ended !== undefined) {
        // A start that lost against another one, or against processes that are about to end, is tried again; others fail alike.
        if (ended !== undefined && !/postmaster\.pid|shared memory block|\.s\.PGSQL/.test(ended))
          throw this.#notRunning(ended);
        if (state.kind === 'dead') await this.#clearAway(state);
        crashPoint('before-postmaster-start');
        started = await startPostmaster(this.#postmaster);
        crashPoint('after-postmaster-start');
        ended = undefined;
        silentSinceMs = systemClock.monotonicMs();
        void started.ended.then((output) => {
          ended = output;
        });
      }
      const waitedMs = systemClock.monotonicMs() - startMs;
      if (waitedMs > (recovering ? RECOVERY_MS : SETTLE_MS)) throw this.#notRunning(ended);
      await systemClock.sleep(ended === undefined ? 10 : 200);
    }
  }

  async #tryConnect(host: string, port: number): Promise<unknown> {
    // It writes where it listens a little later than its number.
    if (host === '') return Object.assign(new Error('It does not listen yet'), { code: 'ECONNREFUSED' });
    return await connectAs(buildUrl(host, port, SUPERUSER, 'postgres', this.#password)).catch(
      (error: unknown) => error,
    );
  }

  async #clearAway(dead: {
    reason: 'gone' | 'zombie' | 'reused';
    pid: number;
    host: string;
    port: number;
  }): Promise<void> {
    const { databaseDir, dataDir } = this.#postmaster;
    if (await answers(dead.host, dead.port)) {
      throw new EmbeddedDatabaseError(
        `The data folder ${dataDir} is in use by a PostgreSQL that this process cannot see, such as one in another container. ` +
          'Stop that one, or give each its own data folder; to run several servers, set DATABASE_URL.',
      );
    }
    this.#options.log.warn(
      { pid: dead.pid, reason: dead.reason },
      'The embedded database was not stopped in order; it recovers',
    );
    // PostgreSQL itself sees to one that is simply gone, and knows more about what that one left.
    if (dead.reason !== 'gone') await clearDeadPostmaster(databaseDir);
  }

  #notRunning(output: string | undefined): EmbeddedDatabaseError {
    const { dataDir, databaseDir } = this.#postmaster;
    const space = /No space left on device/.test(output ?? '') ? ' Free some disk space.' : '';
    return new EmbeddedDatabaseError(
      `The embedded database in ${databaseDir} does not start: ${output ?? 'it does not answer'}.${space} ` +
        `Its log is ${dataDir}/postgres.log.`,
    );
  }

  async #takePresence(client: pg.Client): Promise<void> {
    const how = this.#options.share ? '_shared' : '';
    const { rows } = await client.query(`select pg_try_advisory_lock${how}(${PRESENCE_KEYS}) as got`);
    if (rows[0].got) return;
    const holder = await client.query(
      `select string_agg(a.application_name, ', ') as names from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.granted and l.classid = 1970497650 and l.objid = 7697253`,
    );
    throw new EmbeddedDatabaseError(
      `The data folder ${this.#options.dataDir} is in use by another Usher (${holder.rows[0].names ?? 'which just left'}). ` +
        'Stop that one, choose another folder with USHER_DATA_DIR, or set USHER_SHARE_DATABASE=true for both.',
    );
  }

  /** Whether it should be started anew. Never under others that are at work with it. */
  async #isOutdated(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query("select current_setting('cluster_name') as name");
    if (rows[0].name === nameCluster(this.#postmaster)) return false;
    return await isAlone(client);
  }

  async #assertOurs(client: pg.Client): Promise<void> {
    const expected = await findSystemIdentifier(this.#postmaster.databaseDir);
    const { rows } = await client.query('select system_identifier::text as id from pg_control_system()');
    if (expected === undefined || rows[0].id === expected) return;
    throw new EmbeddedDatabaseError(
      `The PostgreSQL that answers for ${this.#options.dataDir} serves another folder. ` +
        `Stop that one, and remove ${this.#postmaster.databaseDir}/postmaster.pid if it remains.`,
    );
  }

  /** Waits for the presence to be lost, as it is when the server dies, and comes back. */
  async #keep(client: pg.Client): Promise<void> {
    await new Promise((resolve) => client.once('end', resolve));
    this.#presence = undefined;
    for (let pauseMs = 0; !this.#closing; pauseMs = Math.min(pauseMs + 200, 2_000)) {
      await systemClock.sleep(pauseMs);
      if (this.#closing) return;
      if (pauseMs === 0) this.#options.log.error('Lost the embedded database; starting it again');
      let next: pg.Client | undefined;
      try {
        next = await this.#reach();
        await this.#takePresence(next);
      } catch (error) {
        await next?.end().catch(() => {});
        this.#options.log.error({ err: error }, 'The embedded database is not back yet');
        continue;
      }
      this.#options.log.info('The embedded database is back');
      this.#presence = next;
      this.#keeping = this.#keep(next);
      return;
    }
  }

  /** Leaves the server, and stops it when no other engine uses it. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const client = this.#presence;
    if (!client) await this.#keeping;
    const presence = client ?? this.#presence;
    const last = presence ? await isLast(presence, this.#options.share) : true;
    await presence?.end().catch(() => {});
    if (!last) return;
    crashPoint('before-postmaster-stop');
    await stopPostmaster(this.#postmaster.databaseDir);
    crashPoint('after-postmaster-stop');
  }
}

/** The database of a folder whose server runs, for somebody who works beside the engine; undefined when it does not run. */
export async function findRunningDatabase(dataDir: string): Promise<string | undefined> {
  const state = await inspectPostmaster(databaseDirOf(dataDir));
  if (state.kind !== 'live' || state.host === '') return undefined;
  return buildUrl(state.host, state.port, ROLE, DATABASE, await findPassword(dataDir));
}

async function isAlone(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(`select pg_try_advisory_lock(${PRESENCE_KEYS}) as got`);
  return rows[0].got;
}

async function isLast(client: pg.Client, share: boolean): Promise<boolean> {
  try {
    if (share) await client.query(`select pg_advisory_unlock_shared(${PRESENCE_KEYS})`);
    return await isAlone(client);
  } catch {
    // The server is gone or going.
    return true;
  }
}

async function connectAs(url: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionOptions(url, `usher, process ${process.pid}`) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function makeDatabase(client: pg.Client, password: string | undefined): Promise<void> {
  const role = await client.query('select 1 from pg_roles where rolname = $1', [ROLE]);
  if (role.rowCount === 0) {
    const clause = password === undefined ? '' : ` password ${client.escapeLiteral(password)}`;
    await ignoreExisting(client.query(`create role ${ROLE} login${clause}`));
  }
  const database = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (database.rowCount === 0) await ignoreExisting(client.query(`create database ${DATABASE} owner ${ROLE}`));
}

/** Two engines that share a new server both make these. */
async function ignoreExisting(query: Promise<unknown>): Promise<void> {
  await query.catch((error: { code?: string }) => {
    if (!['42710', '42P04', '23505'].includes(error.code ?? '')) throw error;
  });
}

function buildUrl(host: string, port: number, role: string, database: string, password: string | undefined): string {
  const user = password === undefined ? role : `${role}:${encodeURIComponent(password)}`;
  if (!host.startsWith('/')) return `postgres://${user}@${host}:${port}/${database}`;
  return `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}
