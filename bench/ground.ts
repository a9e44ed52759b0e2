import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInConnectors } from '@usher/connectors';
import {
  type AppGround,
  activateApp,
  assignApp,
  CONFIGURATION_INPUT,
  createApp,
  createAppOpener,
  saveConfiguration,
  setCredential,
} from '../packages/server/src/apps/index.ts';
import { systemClock } from '../packages/server/src/clock.ts';
import { inTransaction, listen, migrate, openStore, type Store } from '../packages/server/src/db/index.ts';
import { ensureMonthlyPartitions } from '../packages/server/src/db/partitions.ts';
import { createLog } from '../packages/server/src/log.ts';
import { markApp } from '../packages/server/src/marking/index.ts';
import { type OpenApp, PumpFleet } from '../packages/server/src/provisioning/index.ts';
import { openVault } from '../packages/server/src/vault/index.ts';
import { TOKEN } from './target.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;

/** The id of the bench's nth user. */
export function userId(n: number): string {
  return `${n.toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`;
}

/** The engine on a database of its own, below the HTTP API: what provisioning itself costs. */
export class Bench {
  readonly store: Store;
  readonly ground: AppGround;
  readonly openApp: OpenApp;
  readonly folder: string;
  #fleet: PumpFleet | undefined;
  #listener: { close(): Promise<void> } | undefined;

  private constructor(store: Store, ground: AppGround, folder: string) {
    this.store = store;
    this.ground = ground;
    this.folder = folder;
    this.openApp = createAppOpener(ground);
  }

  static async open(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
    const log = createLog({ level: 'error' });
    const dataDir = join(folder, 'data');
    const store = await openStore({ databasePoolSize: 16, dataDir, shareDatabase: false, replica: 'bench' }, log);
    await migrate(store.pool, log);
    await ensureMonthlyPartitions(store.pool, ['provisioning_request', 'provisioning_log'], systemClock.now());
    const vault = await openVault({ kind: 'value', key: randomBytes(32) });
    const networkPolicy = {
      allowHttp: true,
      allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 as const }],
    };
    const ground = {
      pool: store.pool,
      clock: systemClock,
      log,
      vault,
      connectors: builtInConnectors,
      networkPolicy,
      version: '0',
    };
    return new Bench(store, ground, folder);
  }

  async close(): Promise<void> {
    await this.stopPumps();
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Users who hold the permission set `access`, or none of it, with the fields that the mapping reads. */
  async addUsers(count: number, options: { from?: number; assigned?: boolean } = {}): Promise<void> {
    const { from = 1, assigned = true } = options;
    const { pool } = this.store;
    await pool.query(`insert into profile (name, created_at, updated_at) values ('Standard User', now(), now())
      on conflict do nothing`);
    await pool.query(`insert into permission_set (name, label, created_at, updated_at) values ('access', 'Access', now(), now())
      on conflict do nothing`);
    await pool.query(
      `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
       select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, 'user' || n || '@example.com', true, p.id,
         jsonb_build_object('FirstName', 'Given' || n, 'LastName', 'Family' || n, 'Email', 'user' || n || '@example.com',
           'Title', 'Engineer', 'Department', 'Engineering', 'Division', 'Products', 'EmployeeNumber', (700000 + n)::text,
           'Phone', '+49 30 1234567', 'CompanyName', 'Example Company', 'TimeZoneSidKey', 'Europe/Berlin'), now(), now()
       from generate_series($1::int, $2::int) n, profile p where p.name = 'Standard User'`,
      [from, from + count - 1],
    );
    if (assigned) {
      await pool.query(
        `insert into permission_set_assignment (user_id, permission_set_id, created_at)
         select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, s.id, now()
         from generate_series($1::int, $2::int) n, permission_set s where s.name = 'access'`,
        [from, from + count - 1],
      );
    }
    await pool.query('analyze directory_user, permission_set_assignment');
  }

  /** An active app for everybody who holds `access`. */
  async addApp(
    name: string,
    targetUrl: string,
    options: { set?: string; findBeforeCreate?: boolean; connector?: string } = {},
  ): Promise<number> {
    const { ground } = this;
    const command = { app: name, actor: ACTOR, checkRevision: () => {} };
    const id = await createApp(ground, ACTOR, {
      name,
      label: name,
      description: null,
      connector: options.connector ?? 'scim2',
      baseUrl: targetUrl,
      maxConcurrency: 32,
      maxPerSecond: null,
    });
    const configuration = CONFIGURATION_INPUT.parse({
      mapping: MAPPING,
      correlation: { findBeforeCreate: options.findBeforeCreate ?? false },
    });
    await saveConfiguration(ground, command, configuration, null);
    await setCredential(ground, command, { kind: 'bearer', token: TOKEN });
    await assignApp(ground, command, { kind: 'permission set', name: 'access' });
    await ground.pool.query(`update connected_app set ${options.set ?? 'max_concurrency = 32'} where id = $1`, [id]);
    await activateApp(ground, command, { withoutRollout: 'a measurement' });
    return id;
  }

  /** Accounts as a first run would have left them, without the time that the target would take: of all links or of those from one user on. */
  async pretendConverged(appId: number, from = 1): Promise<void> {
    const { pool } = this.store;
    await pool.query(
      `insert into account_link (app_id, user_id, remote_id, account_state, version, applied, standing, linked_at, updated_at)
       select $1, u.id, u.id::text, 'active', 1, json_build_object('active', true, 'externalId', u.id, 'userName', u.username,
           'displayName', (u.fields ->> 'FirstName') || ' ' || (u.fields ->> 'LastName'),
           'name.givenName', u.fields ->> 'FirstName', 'name.familyName', u.fields ->> 'LastName',
           'emails[type eq "work"].value', u.fields ->> 'Email', 'phoneNumbers[type eq "work"].value', u.fields ->> 'Phone',
           'title', u.fields ->> 'Title', 'timezone', u.fields ->> 'TimeZoneSidKey',
           $2 || 'employeeNumber', u.fields ->> 'EmployeeNumber', $2 || 'organization', u.fields ->> 'CompanyName',
           $2 || 'division', u.fields ->> 'Division', $2 || 'department', u.fields ->> 'Department'),
         'settled', now(), now()
       from directory_user u join link_schedule s on s.app_id = $1 and s.user_id = u.id where u.id >= $3`,
      [appId, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:', userId(from)],
    );
    const settled =
      'update link_schedule set done_rev = wanted_rev, next_due_at = null where app_id = $1 and user_id >= $2';
    await pool.query(settled, [appId, userId(from)]);
    await pool.query('analyze account_link, link_schedule');
  }

  /** Marks everybody of the app, as a change of its configuration does. */
  async markApp(appId: number): Promise<void> {
    await inTransaction(this.store.pool, (db) => markApp(db, systemClock.now(), appId));
  }

  async startPumps(more: { judgeRollout?: (appId: number) => Promise<number> } = {}): Promise<void> {
    const fleet = new PumpFleet({ ...this.ground, openApp: this.openApp, ...more }, 'bench');
    this.#fleet = fleet;
    this.#listener = await listen({
      url: this.store.url,
      channels: ['usher_due', 'usher_app'],
      log: this.ground.log,
      onNotify: (channel, payload) =>
        channel === 'usher_due' ? fleet.notifyDue(Number(payload)) : fleet.notifyApp(Number(payload)),
      onReconnect: () => fleet.notifyAll(),
    });
  }

  async stopPumps(): Promise<void> {
    await this.#fleet?.stop();
    await this.#listener?.close();
    this.#fleet = undefined;
    this.#listener = undefined;
  }

  /** Until no link of the app is due; gives the seconds it took. */
  async untilQuiet(appId: number): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      const { rows } = await this.store.pool.query(
        'select 1 from link_schedule where app_id = $1 and next_due_at <= now() limit 1',
        [appId],
      );
      if (rows.length === 0) return (performance.now() - startedAt) / 1000;
      await systemClock.sleep(10);
    }
  }
}

const rule = (target: string, formula: string, required = false) => ({ target, formula, required });

export const MAPPING = [
  rule('externalId', 'Id', true),
  rule('userName', 'Username', true),
  rule('displayName', 'Name'),
  rule('name.givenName', 'FirstName'),
  rule('name.familyName', 'LastName'),
  rule('emails[type eq "work"].value', 'Email'),
  rule('phoneNumbers[type eq "work"].value', 'Phone'),
  rule('title', 'Title'),
  rule('timezone', 'TimeZoneSidKey'),
  rule('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber', 'EmployeeNumber'),
  rule('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization', 'CompanyName'),
  rule('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division', 'Division'),
  rule('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', 'Department'),
];
