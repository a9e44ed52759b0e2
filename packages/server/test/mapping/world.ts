import { randomBytes } from 'node:crypto';
import { builtInConnectors } from '@usher/connectors';
import { type FaultTarget, type FaultTargetOptions, startFaultTarget } from '@usher/scim/testing';
import { createAccess, ensureAdminKey } from '../../src/access/index.ts';
import {
  type AppGround,
  activateApp,
  assignApp,
  CONFIGURATION_INPUT,
  createApp,
  createAppOpener,
  saveConfiguration,
  setCredential,
} from '../../src/apps/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { inTransaction, listen } from '../../src/db/index.ts';
import { ensureMonthlyPartitions } from '../../src/db/partitions.ts';
import { DrillRunner } from '../../src/drill/index.ts';
import { appRoutes } from '../../src/http/app-routes.ts';
import { drillRoutes } from '../../src/http/drill-routes.ts';
import type { HttpApp, RouteFamily } from '../../src/http/http-app.ts';
import { linkRoutes } from '../../src/http/link-routes.ts';
import { matchingRoutes } from '../../src/http/matching-routes.ts';
import { planRoutes } from '../../src/http/plan-routes.ts';
import { rolloutRoutes } from '../../src/http/rollout-routes.ts';
import { rolloutStreamRoutes } from '../../src/http/rollout-stream-routes.ts';
import { buildHttpServer } from '../../src/http/server.ts';
import { markUsers } from '../../src/marking/index.ts';
import { MatchingRunner } from '../../src/matching/index.ts';
import { PlanRunner } from '../../src/plans/index.ts';
import { type OpenApp, PumpFleet } from '../../src/provisioning/index.ts';
import { createRolloutGround, type RolloutGround, RolloutWatch } from '../../src/rollout/index.ts';
import { createVault } from '../../src/vault/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog, type TestLog } from '../support/test-log.ts';

const TOKEN = 'a-token-of-the-fault-target';
const ACTOR = { kind: 'system', name: 'test' } as const;
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const MAPPING = [
  { target: 'externalId', formula: 'Id', required: true },
  { target: 'userName', formula: 'Username', required: true },
  { target: 'name.familyName', formula: 'LastName' },
  { target: 'displayName', formula: 'Name' },
  { target: 'title', formula: 'Title' },
];

export interface NewUser {
  username: string;
  fields?: Record<string, unknown>;
  isActive?: boolean;
  manager?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Json = any;

interface WorldOptions {
  clock?: Clock;
  moreRoutes?: (ground: AppGround, openApp: OpenApp) => RouteFamily[];
}

interface Pumps {
  fleet: PumpFleet;
  start(): PumpFleet;
}

/** The whole server but its listening: API, pumps and plans on a real database, against the fault-injecting target. */
export class World {
  readonly database: TestDatabase;
  readonly target: FaultTarget;
  readonly ground: AppGround;
  readonly runner: PlanRunner;
  readonly matching: MatchingRunner;
  readonly drills: DrillRunner;
  /** Looks when it is told to. */
  readonly watch: RolloutWatch;
  readonly rolloutGround: RolloutGround;
  readonly api: HttpApp;
  readonly #key: string;
  readonly #pumps: Pumps;
  readonly #listener: { close(): Promise<void> };

  private constructor(
    parts: Pick<
      World,
      'database' | 'target' | 'ground' | 'runner' | 'matching' | 'drills' | 'watch' | 'rolloutGround' | 'api'
    >,
    more: {
      key: string;
      pumps: Pumps;
      listener: { close(): Promise<void> };
    },
  ) {
    this.database = parts.database;
    this.target = parts.target;
    this.ground = parts.ground;
    this.runner = parts.runner;
    this.matching = parts.matching;
    this.drills = parts.drills;
    this.watch = parts.watch;
    this.rolloutGround = parts.rolloutGround;
    this.api = parts.api;
    this.#key = more.key;
    this.#pumps = more.pumps;
    this.#listener = more.listener;
  }

  static async start(
    profile?: FaultTargetOptions['profile'],
    { clock = systemClock, moreRoutes = () => [] }: WorldOptions = {},
  ): Promise<World> {
    const database = await createTestDatabase({ poolSize: 12 });
    const target = await startFaultTarget({ token: TOKEN, record: true, ...(profile ? { profile } : {}) });
    const log = createTestLog();
    const ground: AppGround = {
      pool: database.pool,
      clock,
      log,
      vault: createVault([{ id: 'test-key', bytes: randomBytes(32) }]),
      connectors: builtInConnectors,
      networkPolicy: { allowHttp: true, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 }] },
      version: '0.0.0',
    };
    await ensureMonthlyPartitions(database.pool, ['provisioning_request', 'provisioning_log'], systemClock.now());
    const openApp = createAppOpener(ground);
    const rolloutGround = createRolloutGround(ground, openApp);
    const watch = new RolloutWatch(rolloutGround);
    const judgeRollout = (appId: number) => watch.judge(appId);
    const startFleet = () => new PumpFleet({ ...ground, openApp, judgeRollout }, 'test');
    const pumps = { fleet: startFleet(), start: startFleet };
    const listener = await listen({
      url: database.url,
      channels: ['usher_due', 'usher_app'],
      log,
      onNotify: (channel, payload) =>
        channel === 'usher_due' ? pumps.fleet.notifyDue(Number(payload)) : pumps.fleet.notifyApp(Number(payload)),
      onReconnect: () => pumps.fleet.notifyAll(),
    });
    const runner = new PlanRunner(ground);
    const matching = new MatchingRunner(ground);
    const drills = new DrillRunner(ground);
    const { made } = await ensureAdminKey(ground, undefined);
    const api = await buildHttpServer({
      ground,
      access: createAccess(ground),
      routes: [
        appRoutes(ground),
        linkRoutes(ground, openApp),
        planRoutes(ground, runner),
        matchingRoutes(ground, matching),
        drillRoutes(ground, drills),
        rolloutRoutes(rolloutGround, watch),
        rolloutStreamRoutes(rolloutGround, () => () => {}),
        ...moreRoutes(ground, openApp),
      ],
      place: { host: '127.0.0.1' },
    });
    await api.ready();
    return new World(
      { database, target, ground, runner, matching, drills, watch, rolloutGround, api },
      { key: made ?? '', pumps, listener },
    );
  }

  async stop(): Promise<void> {
    await this.runner.stop();
    await this.matching.stop();
    await this.drills.stop();
    await this.watch.stop();
    await this.#pumps.fleet.stop();
    await this.#listener.close();
    await this.api.close();
    await this.target.stop();
    await this.database.close();
  }

  /** Does something while no pump runs, such as setting the clock, by which leases go too. */
  async withoutPumps(work: () => Promise<void>): Promise<void> {
    await this.#pumps.fleet.stop();
    await work();
    this.#pumps.fleet = this.#pumps.start();
  }

  /** The administrator's key, as a header has it. */
  get authorization(): string {
    return `Bearer ${this.#key}`;
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: Json; text: string }> {
    const answer = await this.api.inject({
      method: method as 'GET',
      url: `/api/v1${path}`,
      headers: {
        host: 'localhost:4780',
        authorization: this.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const isJson = /[/+]json/.test(String(answer.headers['content-type']));
    return { status: answer.statusCode, json: isJson ? JSON.parse(answer.body) : undefined, text: answer.body };
  }

  /** The key of the administrator. */
  get key(): string {
    return this.#key;
  }

  /** An app for everybody who holds `Access`. */
  async addApp(
    name: string,
    mapping: object[] = MAPPING,
    options: { active?: boolean; more?: object; access?: string } = {},
  ): Promise<number> {
    const { ground } = this;
    const { access = 'Access' } = options;
    const command = { app: name, actor: ACTOR, checkRevision: () => {} };
    const id = await createApp(ground, ACTOR, {
      ...{ name, label: name, description: null, connector: 'scim2', baseUrl: this.target.url },
      ...{ maxConcurrency: 8, maxPerSecond: null },
    });
    await setCredential(ground, command, { kind: 'bearer', token: TOKEN });
    await saveConfiguration(ground, command, CONFIGURATION_INPUT.parse({ mapping, ...options.more }), null);
    await ground.pool.query(
      `insert into permission_set (name, label, created_at, updated_at) values ($1, $1, now(), now())
       on conflict do nothing`,
      [access],
    );
    await assignApp(ground, command, { kind: 'permission set', name: access });
    if (options.active !== false) await activateApp(ground, command, { withoutRollout: 'a test' });
    return id;
  }

  async save(name: string, configuration: object): Promise<void> {
    const command = { app: name, actor: ACTOR, checkRevision: () => {} };
    const input = CONFIGURATION_INPUT.parse(configuration);
    await saveConfiguration(this.ground, command, input, null, { withoutRollout: 'a test' });
  }

  /** Adds users who hold `Access`, unless told, and marks them. Gives their ids. */
  async addUsers(
    users: NewUser[],
    { isGranted = true, access = 'Access' }: { isGranted?: boolean; access?: string } = {},
  ): Promise<string[]> {
    const rows = users.map((user) => ({ id: systemClock.uuid(), isActive: true, ...user }));
    await inTransaction(this.ground.pool, async (db) => {
      await db.query(
        `insert into profile (name, created_at, updated_at) values ('Standard User', now(), now()) on conflict do nothing`,
      );
      await db.query(
        `insert into permission_set (name, label, created_at, updated_at) values ($1, $1, now(), now())
         on conflict do nothing`,
        [access],
      );
      await db.query('set constraints all deferred');
      await db.query(
        `insert into directory_user (id, username, is_active, profile_id, manager_id, fields, created_at, updated_at)
         select u.id, u.username, u."isActive", p.id, u.manager, u.fields, now(), now()
         from json_to_recordset($1) as u (id uuid, username text, "isActive" bool, manager uuid, fields jsonb), profile p
         where p.name = 'Standard User'`,
        [JSON.stringify(rows.map((row) => ({ ...row, fields: { LastName: 'Last', ...row.fields } })))],
      );
      if (!isGranted) return;
      const ids = rows.map(({ id }) => id);
      await db.query(
        `insert into permission_set_assignment (user_id, permission_set_id, created_at)
         select u, s.id, now() from unnest($1::uuid[]) u, permission_set s where s.name = $2`,
        [ids, access],
      );
      await markUsers(db, systemClock.now(), ids);
    });
    return rows.map(({ id }) => id);
  }

  /** Changes users and marks them, as the directory does. */
  async change(userIds: string[], set: string): Promise<void> {
    await inTransaction(this.ground.pool, async (db) => {
      await db.query(`update directory_user set ${set} where id = any ($1)`, [userIds]);
      await markUsers(db, systemClock.now(), userIds);
    });
  }

  async quiet(): Promise<void> {
    await this.until(async () => {
      const { rows } = await this.ground.pool.query(
        'select 1 from link_schedule where wanted_rev <> done_rev or next_due_at <= now() limit 1',
      );
      return rows.length === 0;
    });
  }

  async until(condition: () => Promise<boolean> | boolean, timeoutMs = 15_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (performance.now() > deadline) {
        const { rows } = await this.ground.pool.query(
          'select s.*, l.standing, l.reason from link_schedule s left join account_link l using (app_id, user_id) limit 5',
        );
        const errors = (this.ground.log as TestLog).entries.filter((entry) => Number(entry['level']) >= 40).slice(-3);
        throw new Error(`Waited in vain: ${JSON.stringify({ rows, errors })}`);
      }
      await systemClock.sleep(15);
    }
  }

  /** Asks for a plan and waits until it is there. */
  async plan(app: string, body: object = {}): Promise<Json> {
    const asked = await this.send('POST', `/apps/${app}/plans`, body);
    if (asked.status !== 202) throw new Error(`The plan was refused: ${asked.text}`);
    return this.settledPlan(app, asked.json.id);
  }

  async settledPlan(app: string, id: string): Promise<Json> {
    let plan: Json;
    await this.until(async () => {
      plan = (await this.send('GET', `/apps/${app}/plans/${id}`)).json;
      return !['waiting', 'running', 'applying'].includes(plan.state);
    });
    return plan;
  }

  /** The target's account of a user, by externalId. */
  account(userId: string): Json {
    return [...this.target.accounts().values()].find(({ externalId }) => externalId === userId)?.attributes;
  }

  /** The last write that reached the target. */
  lastWrite() {
    return this.target.exchanges().findLast(({ method }) => method !== 'GET');
  }
}
