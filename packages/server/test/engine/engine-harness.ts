import { createTestContext } from '@usher/connector-sdk/testing';
import { scim2 } from '@usher/connectors';
import { type FaultRule, type FaultTarget, startFaultTarget } from '@usher/scim/testing';
import type { ConfigurationDocument } from '../../src/apps/connected-app.ts';
import { findAppById, findConfiguration } from '../../src/apps/sql/load-apps.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { listen } from '../../src/db/listen.ts';
import { ensureMonthlyPartitions } from '../../src/db/partitions.ts';
import { inTransaction } from '../../src/db/pool.ts';
import type { Ground } from '../../src/ground.ts';
import { buildUserSourceSchema, compileMapping, type MappingRule } from '../../src/mapping/index.ts';
import { markApp, markUsers } from '../../src/marking/index.ts';
import { type AppRuntime, explainUser, type OpenApp, PumpFleet } from '../../src/provisioning/index.ts';
import { createTargetTransport } from '../../src/transport/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog, type TestLog } from '../support/test-log.ts';

const LOOPBACK = { allowHttp: true, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 as const }] };

export const SOURCE = buildUserSourceSchema([
  { name: 'FirstName', type: 'text' },
  { name: 'LastName', type: 'text' },
  { name: 'Email', type: 'text' },
  { name: 'Title', type: 'text' },
  { name: 'Department', type: 'text' },
]);

const rule = (target: string, formula: string, more: Partial<MappingRule> = {}): MappingRule => ({
  target,
  formula,
  required: false,
  apply: 'always',
  blank: 'clear',
  ...more,
});

export const MAPPING: MappingRule[] = [
  rule('externalId', 'Id', { required: true }),
  rule('userName', 'Username', { required: true }),
  rule('name.givenName', 'FirstName'),
  rule('name.familyName', 'LastName', { required: true }),
  rule('displayName', 'Name'),
  rule('emails[type eq "work"].value', 'Email'),
  rule('title', 'Title'),
  rule('roles', 'PermissionSetGroups'),
  rule('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'Department'),
];

export const CONFIGURATION: ConfigurationDocument = {
  connectorOptions: {},
  mapping: MAPPING,
  correlation: {
    matchingAttributes: ['externalId', 'userName'],
    adoption: 'link and update',
    findBeforeCreate: true,
    visibilityDelayMs: 0,
    targetEnforcesUniqueness: true,
  },
  deprovisioning: {
    'user deleted': { action: 'deactivate' },
    'user deactivated': { action: 'deactivate' },
    'assignment lost': { action: 'deactivate' },
  },
};

export interface NewUser {
  username: string;
  fields?: Record<string, unknown>;
  isActive?: boolean;
  assigned?: boolean;
}

/**
 * The engine on a real database against the fault-injecting target, without the HTTP API above it: the directory is
 * written by SQL, marked as the directory's own code does, and everything is judged from the target and the log.
 */
export class Engine {
  readonly database: TestDatabase;
  readonly target: FaultTarget;
  readonly ground: Ground & { log: TestLog };
  readonly appId: number;
  #fleets: PumpFleet[] = [];
  #listeners: { close(): Promise<void> }[] = [];

  private constructor(database: TestDatabase, target: FaultTarget, ground: Ground & { log: TestLog }, appId: number) {
    this.database = database;
    this.target = target;
    this.ground = ground;
    this.appId = appId;
  }

  static async start(
    options: {
      configuration?: Partial<ConfigurationDocument>;
      app?: string;
      rules?: FaultRule[];
      started?: boolean;
      clock?: Clock;
    } = {},
  ): Promise<Engine> {
    const database = await createTestDatabase({ poolSize: 12 });
    const target = await startFaultTarget({ token: 'secret-token', record: true });
    if (options.rules) target.setSchedule(options.rules);
    const log = createTestLog();
    const ground = { pool: database.pool, clock: options.clock ?? systemClock, log };
    const now = systemClock.now();
    await ensureMonthlyPartitions(database.pool, ['provisioning_request', 'provisioning_log'], now);
    const document = { ...CONFIGURATION, ...options.configuration };
    const { rows } = await database.pool.query<{ id: number }>(
      `with p as (insert into profile (name, created_at, updated_at) values ('Standard User', $1, $1) returning id),
       s as (insert into permission_set (name, label, created_at, updated_at) values ('Access', 'Access', $1, $1) returning id),
       a as (insert into connected_app (name, label, connector, base_url, state, active_version, created_at, updated_at)
             values ('Target', 'Target', 'scim2', $2, 'active', 1, $1, $1) returning id),
       c as (insert into app_configuration (app_id, version, document, author, created_at)
             select id, 1, $3, 'test', $1 from a),
       g as (insert into app_assignment (app_id, permission_set_id, created_at) select a.id, s.id, $1 from a, s)
       select id from a`,
      [now, target.url, JSON.stringify(document)],
    );
    const appId = rows[0]?.id ?? 0;
    if (options.app) await database.pool.query(`update connected_app set ${options.app} where id = $1`, [appId]);
    const engine = new Engine(database, target, ground, appId);
    if (options.started !== false) await engine.run();
    return engine;
  }

  /** The same app at the same target on another database, as after a restore; `stop` leaves the target alone. */
  static over(engine: Engine, database: TestDatabase): Engine {
    const ground = { ...engine.ground, pool: database.pool };
    return new Engine(database, engine.target, ground, engine.appId);
  }

  /** Ends the replicas, and leaves the target and the database. */
  async halt(): Promise<void> {
    await Promise.all(this.#fleets.splice(0).map((fleet) => fleet.stop()));
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }

  /** Starts a replica of the engine in this process. */
  async run(): Promise<PumpFleet> {
    const fleet = new PumpFleet({ ...this.ground, openApp: this.openApp }, `test-${this.#fleets.length}`);
    const listener = await listen({
      url: this.database.url,
      channels: ['usher_due', 'usher_app'],
      log: this.ground.log,
      onNotify: (channel, payload) =>
        channel === 'usher_due' ? fleet.notifyDue(Number(payload)) : fleet.notifyApp(Number(payload)),
      onReconnect: () => fleet.notifyAll(),
    });
    this.#fleets.push(fleet);
    this.#listeners.push(listener);
    return fleet;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#fleets.map((fleet) => fleet.stop()));
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await this.target.stop();
    await this.database.close();
  }

  openApp: OpenApp = async (appId): Promise<AppRuntime | undefined> => {
    const app = await findAppById(this.database.pool, appId);
    if (!app?.activeVersion) return undefined;
    const document = await findConfiguration(this.database.pool, appId, app.activeVersion);
    if (!document) return undefined;
    const verdict = compileMapping(document.mapping, SOURCE, undefined);
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.problems));
    const transport = createTargetTransport({
      baseUrl: app.baseUrl,
      policy: LOOPBACK,
      concurrency: app.maxConcurrency,
      version: 'test',
      authorize: () => AUTHORIZATION,
      credentialOrigins: [new URL(app.baseUrl).origin],
      limits: { totalMs: 5_000, headersMs: 5_000 },
    });
    const memory = new Map<string, unknown>();
    return {
      app,
      version: app.activeVersion,
      document,
      mapping: verdict.mapping,
      connector: scim2 as AppRuntime['connector'],
      transport,
      callLimitMs: 5_000,
      connect: (http, signal) =>
        scim2.connect(createTestContext(http, {} as never, { signal, now: systemClock.now, memory })),
      evaluationContext: () => ({ now: systemClock.now(), timeZone: 'UTC' }),
      close: () => transport.close(),
    };
  };

  /** Adds users, each with the permission set that grants the app unless told otherwise, and marks them. */
  async addUsers(users: NewUser[]): Promise<string[]> {
    const now = systemClock.now();
    const rows = users.map((user) => ({ id: systemClock.uuid(), isActive: true, assigned: true, fields: {}, ...user }));
    await inTransaction(this.database.pool, async (db) => {
      await db.query(
        `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
         select u.id, u.username, u."isActive", p.id, u.fields, $2, $2
         from json_to_recordset($1) as u (id uuid, username text, "isActive" bool, fields jsonb), profile p`,
        [JSON.stringify(rows.map((row) => ({ ...row, fields: { LastName: 'Last', ...row.fields } }))), now],
      );
      await db.query(
        `insert into permission_set_assignment (user_id, permission_set_id, created_at)
         select u, s.id, $2 from unnest($1::uuid[]) u, permission_set s where s.name = 'Access'`,
        [rows.filter((row) => row.assigned).map((row) => row.id), now],
      );
      await markUsers(
        db,
        now,
        rows.map((row) => row.id),
      );
    });
    return rows.map((row) => row.id);
  }

  /** Changes users and marks them, in one transaction, as the directory does. */
  async change(userIds: string[], set: string): Promise<void> {
    await inTransaction(this.database.pool, async (db) => {
      await db.query(`update directory_user set ${set} where id = any ($1)`, [userIds]);
      await markUsers(db, systemClock.now(), userIds);
    });
  }

  async assign(userIds: string[]): Promise<void> {
    await inTransaction(this.database.pool, async (db) => {
      await db.query(
        `insert into permission_set_assignment (user_id, permission_set_id, created_at)
         select u, s.id, now() from unnest($1::uuid[]) u, permission_set s where s.name = 'Access'`,
        [userIds],
      );
      await markUsers(db, systemClock.now(), userIds);
    });
  }

  async unassign(userIds: string[]): Promise<void> {
    await inTransaction(this.database.pool, async (db) => {
      await db.query('delete from permission_set_assignment where user_id = any ($1)', [userIds]);
      await markUsers(db, systemClock.now(), userIds);
    });
  }

  /** Changes the app's row as a person would: the pump hears of it. */
  async changeApp(set: string, values: unknown[] = []): Promise<void> {
    await inTransaction(this.database.pool, async (db) => {
      await db.query(`update connected_app set ${set}, revision = revision + 1 where id = ${this.appId}`, values);
      await markApp(db, systemClock.now(), this.appId);
      await db.query(`select pg_notify('usher_app', '${this.appId}')`);
    });
  }

  /** Until nothing is due any more. */
  async quiet(timeoutMs = 15_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const { rows } = await this.database.pool.query<{ due: number }>(
        `select count(*)::int as due from link_schedule where wanted_rev <> done_rev or next_due_at <= now()`,
      );
      if (rows[0]?.due === 0) return;
      if (performance.now() > deadline) throw new Error(`Still ${rows[0]?.due} links due: ${await this.#describe()}`);
      await systemClock.sleep(15);
    }
  }

  async #describe(): Promise<string> {
    const links = await this.database.pool.query(
      'select s.*, l.standing, l.reason, l.account_state from link_schedule s left join account_link l using (app_id, user_id) limit 3',
    );
    const errors = this.ground.log.entries.filter((entry) => Number(entry['level']) >= 40).slice(-5);
    return JSON.stringify({ links: links.rows, errors }, null, 1);
  }

  async until(condition: () => Promise<boolean> | boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`Waited in vain: ${await this.#describe()}`);
      await systemClock.sleep(15);
    }
  }

  async why(userId: string) {
    const found = await explainUser(this.database.pool, this.appId, userId, systemClock.now());
    if (!found) throw new Error('no such link');
    return found.explanation;
  }

  /** The target's account of a user, by externalId. */
  account(userId: string): Record<string, unknown> | undefined {
    return this.accountsOf(userId)[0];
  }

  accountsOf(userId: string): Record<string, unknown>[] {
    const all = [...this.target.accounts().values()];
    return all.filter((account) => account.externalId === userId).map((account) => account.attributes);
  }

  /** The writes that reached the target for this user or account, as `METHOD path`. */
  writes(): string[] {
    const writes = this.target.exchanges().filter((exchange) => exchange.method !== 'GET');
    return writes.map((exchange) => `${exchange.method} ${exchange.url.replace(/^.*\/scim\/v2/, '')}`);
  }

  /** The log of a user, oldest first, in one line each. */
  async log(userId: string): Promise<string[]> {
    const rows = await this.rows<{ line: string }>(
      `select concat_ws(': ', operation, outcome, reason_code) as line from provisioning_log where user_id = $1 order by id`,
      [userId],
    );
    return rows.map((row) => row.line);
  }

  async rows<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.pool.query<Row>(text, values)).rows;
  }
}

const AUTHORIZATION = { authorization: 'Bearer secret-token' };
