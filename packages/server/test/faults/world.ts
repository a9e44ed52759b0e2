import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  assertInvariants,
  checkConverged,
  checkQuietSince,
  type FaultRule,
  type FaultTarget,
  listWrites,
  startFaultTarget,
} from '@usher/scim/testing';
import type { Pool } from '../../src/db/pool.ts';
import { CONFIGURATION } from '../engine/engine-harness.ts';
import { createTestDatabase } from '../support/database.ts';
import { addUsers, markWholeApp } from './directory-load.ts';
import type { ReplicaNews, ReplicaOptions, ReplicaOrder } from './replica-process.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<number> {
  const startMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startMs > withinMs) throw new Error(`${what}: not within ${withinMs} ms`);
    await pause(20);
  }
  return performance.now() - startMs;
}

/** Where the records are: a database of the shared test server, or a server of the test's own. */
export interface Records {
  url: string;
  superuserUrl: string;
  /** The test's own way in, past any proxy. */
  pool: Pool;
  close(): Promise<void>;
}

/** A replica of the engine in a process of its own. */
export class Replica {
  readonly child: ChildProcess;
  readonly name: string;
  readonly log: Record<string, unknown>[] = [];
  readonly news: ReplicaNews[] = [];

  constructor(name: string, url: string | undefined, options: ReplicaOptions, env: Record<string, string>) {
    this.name = name;
    const script = fileURLToPath(new URL('./replica-process.ts', import.meta.url));
    this.child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      cwd: '/',
      env: {
        ...(url === undefined ? {} : { DATABASE_URL: url }),
        ...{ USHER_REPLICA: name, USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8', USHER_DATABASE_POOL_SIZE: '6' },
        ...env,
      },
    });
    this.child.on('message', (news: ReplicaNews) => this.news.push(news));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.log.push(parseLine(line)));
    }
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  order(order: ReplicaOrder): void {
    if (this.child.connected) this.child.send(order, () => {});
  }

  async ready(): Promise<this> {
    const has = () => this.news.some((news) => 'ready' in news);
    await until(`${this.name} is ready`, () => has() || this.ended, 40_000);
    if (!has()) throw new Error(`${this.name} did not start: ${JSON.stringify([this.news, this.log.slice(-3)])}`);
    return this;
  }

  /** Sends a signal, and for one that ends it waits for the end. Gives how long that took. */
  async signal(signal: NodeJS.Signals, withinMs = 30_000): Promise<number> {
    if (this.ended) return 0;
    this.child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return 0;
    return await this.untilEnded(withinMs);
  }

  async untilEnded(withinMs = 30_000): Promise<number> {
    const startMs = performance.now();
    if (this.ended) return 0;
    const late = AbortSignal.timeout(withinMs);
    await once(this.child, 'exit', { signal: late }).catch(() => {
      throw new Error(`${this.name} has not ended within ${withinMs} ms: ${JSON.stringify(this.log.slice(-3))}`);
    });
    return performance.now() - startMs;
  }

  messages(): string[] {
    return this.log.map((entry) => String(entry['msg'] ?? entry['message']));
  }
}

function parseLine(line: string): Record<string, unknown> {
  return line.startsWith('{') ? JSON.parse(line) : { msg: line };
}

/** Intents on record without an outcome that came after them. */
const OPEN_INTENTS = `from open_intent b, unnest(b.request_ids, b.user_ids, b.attempts) as i (id, user_id, attempt)
  where not exists (select from provisioning_log l where l.request_id = i.id and l.attempt >= i.attempt and l.tx > b.tx)`;

interface WorldOptions {
  records?: Records;
  rules?: FaultRule[];
  /** SQL that changes the app's row. */
  app?: string;
}

/** A directory, a target and replicas between them; judged from the directory's last state, the target and the log. */
export class World {
  readonly records: Records;
  readonly target: FaultTarget;
  readonly appId: number;
  readonly replicas: Replica[] = [];
  /** Writes that came to the target without an open intent on record. */
  readonly unannounced: string[] = [];

  private constructor(records: Records, target: FaultTarget, appId: number) {
    this.records = records;
    this.target = target;
    this.appId = appId;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const records = options.records ?? (await createTestDatabase({ poolSize: 5 }));
    const target = await startFaultTarget();
    target.createAccount({ userName: 'stranger@example.com', active: true, title: 'Not ours' });
    const world = new World(records, target, await seed(records.pool, target.url));
    if (options.app) {
      await records.pool.query(`update connected_app set ${options.app} where id = $1`, [world.appId]);
    }
    world.schedule(options.rules ?? []);
    return world;
  }

  /** Faults of the target, after the witness who looks for the intent of each write at the moment of its arrival. */
  schedule(rules: FaultRule[]): void {
    const witness: FaultRule = {
      id: 'witness',
      match: { method: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      phase: 'before',
      maxFires: Number.MAX_SAFE_INTEGER,
      minFires: 0,
      effect: {
        kind: 'custom',
        run: async ({ request, names }) => {
          // The witness looks past whatever happens to the replicas' way to the database, and waits while it is away.
          const found = await this.#ask(`select 1 ${OPEN_INTENTS} and i.user_id = any ($1::text[]::uuid[])`, [
            names.filter((name) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name)),
          ]);
          if (found === 0) this.unannounced.push(`${request.method} ${request.url} ${names.join(' ')}`);
          return undefined;
        },
      },
    };
    this.target.setSchedule([witness, ...rules]);
  }

  async #ask(text: string, values: unknown[]): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await this.records.pool.query(text, values)).rowCount ?? 0;
      } catch (error) {
        if (attempt > 20) throw error;
        await pause(100);
      }
    }
  }

  async start(
    options: ReplicaOptions & { crash?: string; url?: string; env?: Record<string, string> } = {},
  ): Promise<Replica> {
    return await this.spawn(options).ready();
  }

  spawn({
    crash,
    url,
    env = {},
    ...options
  }: ReplicaOptions & { crash?: string; url?: string; env?: Record<string, string> } = {}): Replica {
    const name = `replica-${this.replicas.length + 1}`;
    const armed: Record<string, string> = crash === undefined ? {} : { USHER_CRASH_POINT: crash };
    const replica = new Replica(name, url ?? this.records.url, options, { ...armed, ...env });
    this.replicas.push(replica);
    return replica;
  }

  async addUsers(count: number, prefix = 'user'): Promise<string[]> {
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}@example.com`);
    return await addUsers(this.records.pool, names);
  }

  async due(): Promise<number> {
    return await this.count('select 1 from link_schedule where wanted_rev <> done_rev or next_due_at <= now()');
  }

  /** Intents on record without an outcome. */
  async openIntents(): Promise<number> {
    return await this.count(`select 1 ${OPEN_INTENTS}`);
  }

  async count(text: string, values: unknown[] = []): Promise<number> {
    return (await this.records.pool.query(text, values)).rowCount ?? 0;
  }

  /** Until nothing is due and no intent is open. */
  async quiet(withinMs = 90_000): Promise<void> {
    const open = `select 1 from provisioning_request where state = 'Requested' union all select 1 ${OPEN_INTENTS}`;
    try {
      await until('quiet', async () => (await this.due()) === 0 && (await this.count(open)) === 0, withinMs);
    } catch (error) {
      const { rows } = await this.records.pool.query(
        `select s.*, l.standing, l.reason, r.state from link_schedule s
         left join account_link l using (app_id, user_id) left join provisioning_request r on r.id = l.request_id
         where wanted_rev <> done_rev or next_due_at <= now() or r.state = 'Requested' limit 3`,
      );
      const logs = this.replicas.flatMap(({ name, log }) => log.slice(-4).map((entry) => ({ name, ...entry })));
      throw new Error(`${(error as Error).message}: ${JSON.stringify({ rows, logs }, null, 1)}`);
    }
  }

  /** What the directory says now, as the mapping has it at the target; inactive accounts keep what they had. */
  async desired(): Promise<Parameters<typeof checkConverged>[1]> {
    const { rows } = await this.records.pool.query<{ id: string; username: string; active: boolean; fields: never }>(
      `select u.id, u.username, u.fields, u.is_active and exists (
         select from permission_set_assignment a where a.user_id = u.id) as active from directory_user u`,
    );
    const known = new Set([...this.target.accounts().values()].map((account) => account.externalId));
    const wanted = rows.map(({ id, username, active, fields }) => {
      const { FirstName: givenName, LastName: familyName, Title: title } = fields as Record<string, string>;
      const name = { givenName: givenName ?? '', familyName: familyName ?? '' };
      if (active) return [id, { userName: username, active: true, title: title ?? '', name }] as const;
      return [id, known.has(id) ? { active: false } : undefined] as const;
    });
    return new Map(wanted);
  }

  /** Everything that must hold once it is quiet (I1 to I4, I8), with a second run that must write nothing. */
  async check(): Promise<void> {
    await this.quiet();
    const found = [
      ...checkConverged(this.target.evidence(), await this.desired()),
      ...this.unannounced.map((write) => `${write} came without an intent`),
      ...(await this.#checkRecord()),
    ];
    if (found.length > 0)
      throw new Error(`What must hold does not:\n- ${found.join('\n- ')}\n${await this.#tellOf(found)}`);
    assertInvariants(this.target.evidence());
    const { pool } = this.records;
    const last = this.target.exchanges().at(-1)?.sequence ?? 0;
    await markWholeApp(pool, this.appId);
    await this.quiet();
    const late = checkQuietSince(this.target.exchanges(), last);
    if (late.length > 0) throw new Error(`A second run wrote:\n- ${late.join('\n- ')}`);
  }

  /** The record against the target: links name the accounts, every write has its line, no line is there twice. */
  async #checkRecord(): Promise<string[]> {
    const { pool } = this.records;
    const found: string[] = [];
    const links = await pool.query<{ user_id: string; remote_id: string }>(
      'select user_id, remote_id from account_link where remote_id is not null',
    );
    const remoteIds = new Map(links.rows.map((row) => [row.user_id, row.remote_id]));
    for (const [id, { externalId, isStranger }] of this.target.accounts()) {
      if (!isStranger && remoteIds.get(externalId ?? '') !== id)
        found.push(`the link of ${externalId} is not to ${id}`);
    }
    const doubled = await pool.query<{ line: string; times: number }>(
      `select concat_ws(' ', user_id, operation, outcome, attempt) as line, count(*)::int as times from provisioning_log
       -- a look at an account, and a wait for the whole app, may come again under the same number
       where outcome not in ('waiting', 'app stopped')
       group by request_id, user_id, operation, outcome, attempt having count(*) > 1`,
    );
    for (const { line, times } of doubled.rows) found.push(`the log says ${times} times: ${line}`);
    const told = await pool.query<{ user_id: string; lines: number }>(
      `select user_id, count(*)::int as lines from provisioning_log
       where outcome in ('applied', 'already as desired') group by user_id`,
    );
    const lines = new Map(told.rows.map((row) => [row.user_id, row.lines]));
    for (const { effect } of listWrites(this.target.exchanges())) {
      if (!lines.has(effect.externalId ?? '')) found.push(`no line tells of the account of ${effect.externalId}`);
    }
    const holds = await pool.query<{ line: string }>(
      `select concat_ws(' ', user_id, guard, state, reason) as line from hold where state <> 'closed'`,
    );
    for (const { line } of holds.rows) found.push(`held: ${line}`);
    return found;
  }

  /** What the log and the link say of the first users that are found fault with. */
  async #tellOf(found: string[]): Promise<string> {
    const ids = [...new Set(found.flatMap((line) => line.match(/[0-9a-f]{8}-[0-9a-f-]{27}/) ?? []))];
    const { rows } = await this.records.pool.query<{ line: string }>(
      `select concat_ws(' ', l.user_id, l.at, l.operation, l.outcome, l.attempt, l.message) as line from provisioning_log l
       where l.user_id = any ($1) union all
       select concat_ws(' ', k.user_id, 'the link:', k.standing, k.remote_id, k.reason) from account_link k
       where k.user_id = any ($1) order by 1 limit 400`,
      [ids],
    );
    return rows.map(({ line }) => line).join('\n');
  }

  async close(): Promise<void> {
    for (const replica of this.replicas) await replica.signal('SIGKILL');
    await this.target.stop();
    await this.records.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function seed(pool: Pool, baseUrl: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `with p as (insert into profile (name, created_at, updated_at) values ('Standard User', now(), now()) returning id),
     s as (insert into permission_set (name, label, created_at, updated_at) values ('Access', 'Access', now(), now()) returning id),
     a as (insert into connected_app (name, label, connector, base_url, state, active_version, deactivation_limit_count, created_at, updated_at)
           values ('Target', 'Target', 'scim2', $1, 'active', 1, 100, now(), now()) returning id),
     c as (insert into app_configuration (app_id, version, document, author, created_at)
           select id, 1, $2, 'test', now() from a),
     g as (insert into app_assignment (app_id, permission_set_id, created_at) select a.id, s.id, now() from a, s)
     select id from a`,
    [baseUrl, JSON.stringify(CONFIGURATION)],
  );
  return rows[0]?.id ?? 0;
}
