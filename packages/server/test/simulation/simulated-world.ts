import { createTestContext } from '@usher/connector-sdk/testing';
import { scim2 } from '@usher/connectors';
import { type FaultRule, seededRandom, type TargetCore } from '@usher/scim/testing';
import type pg from 'pg';
import type { ConfigurationDocument } from '../../src/apps/connected-app.ts';
import { findAppById, findConfiguration } from '../../src/apps/sql/load-apps.ts';
import { inTransaction, type PoolClient } from '../../src/db/pool.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../../src/guards/index.ts';
import type { Log } from '../../src/log.ts';
import { type CompiledMapping, compileMapping } from '../../src/mapping/index.ts';
import { markApp, markUsers } from '../../src/marking/index.ts';
import { type AppRuntime, PumpFleet } from '../../src/provisioning/index.ts';
import { CONFIGURATION, MAPPING, SOURCE } from '../engine/engine-harness.ts';
import { SimulatedProcess } from './simulated-process.ts';
import { SimulatedStore } from './simulated-store.ts';
import { openSimulatedTarget, openSimulatedTransport } from './simulated-target.ts';
import { SimulatedTime, START_MS } from './simulated-time.ts';

/** What a seed draws before anything happens. */
export interface WorldOptions {
  seed: number;
  visibilityDelayMs: number;
  isUnique: boolean;
  findBeforeCreate: boolean;
  answersPatch: boolean;
  deactivationLimit: number;
  maxPerSecond: number | null;
  /** So many people may get another title in an hour; null: any number. */
  titleLimit: number | null;
}

interface Replica {
  process: SimulatedProcess;
  fleet: PumpFleet;
}

/** Intents on record without an outcome that came after them. */
const OPEN_INTENTS = `from open_intent b, unnest(b.request_ids, b.user_ids, b.attempts) as i (id, user_id, attempt)
  where b.app_id = $1
    and not exists (select from provisioning_log l where l.request_id = i.id and l.attempt >= i.attempt and l.tx > b.tx)`;

/** One app with its directory, its target and the replicas between them, all of it under simulated time. */
export class SimulatedWorld {
  readonly time = new SimulatedTime();
  readonly random: () => number;
  readonly store: SimulatedStore;
  readonly target: TargetCore;
  readonly replicas: Replica[] = [];
  readonly trace: string[] = [];
  /** What must not be, found while it happened. */
  readonly found: string[] = [];
  readonly options: WorldOptions;
  /** Chances of what goes wrong; all 0 once it shall become quiet. */
  readonly chances = { death: 0, refused: 0, cut: 0, lostNotice: 0 };
  appId = 0;
  databaseAway = false;
  /** Nothing goes wrong in the target any more. */
  targetWell = true;
  #mapping: CompiledMapping | undefined;
  #faults: FaultRule[] = [];

  constructor(client: pg.Client, options: WorldOptions) {
    this.options = options;
    this.random = seededRandom(options.seed);
    this.store = new SimulatedStore(client, this.time, (line) => this.tell(line));
    this.store.fault = (_process, { name }) => this.#drawStoreFault(name);
    this.target = openSimulatedTarget(this.time, {
      seed: options.seed,
      profile: {
        visibilityDelayMs: options.visibilityDelayMs,
        uniqueUserName: options.isUnique ? 'caseless' : 'no',
        patchAnswer: options.answersPatch ? 'body' : 'no-content',
      },
    });
  }

  tell(line: string): void {
    this.trace.push(`${((this.time.nowMs - START_MS) / 1000).toFixed(3)} ${line}`);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random() < probability;
  }

  #drawStoreFault(name: string | undefined): 'refused' | 'cut' | undefined {
    if (this.databaseAway) return 'refused';
    if (this.chance(this.chances.refused)) return 'refused';
    // Only our own statements: what is cut must be something that happened.
    return name !== undefined && this.chance(this.chances.cut) ? 'cut' : undefined;
  }

  async open(): Promise<void> {
    const { visibilityDelayMs, isUnique, findBeforeCreate, deactivationLimit, maxPerSecond, seed } = this.options;
    const document: ConfigurationDocument = {
      ...CONFIGURATION,
      correlation: {
        ...CONFIGURATION.correlation,
        visibilityDelayMs,
        findBeforeCreate,
        targetEnforcesUniqueness: isUnique,
      },
    };
    const [row] = await this.store.ask<{ id: number }>(
      `with p as (insert into profile (name, created_at, updated_at) values ('P' || $5, $1, $1) returning id),
       s as (insert into permission_set (name, label, created_at, updated_at) values ('S' || $5, 'Access', $1, $1) returning id),
       a as (insert into connected_app (name, label, connector, base_url, state, active_version, deactivation_limit_count,
               deactivation_limit_percent, max_per_second, created_at, updated_at)
             values ('A' || $5, 'Target', 'scim2', 'http://target.invalid/scim/v2', 'active', 1, $3, 0, $4, $1, $1) returning id),
       c as (insert into app_configuration (app_id, version, document, author, created_at)
             select id, 1, $2, 'simulation', $1 from a),
       g as (insert into app_assignment (app_id, permission_set_id, created_at) select a.id, s.id, $1 from a, s)
       select id from a`,
      [
        this.time.now(),
        JSON.stringify(document),
        deactivationLimit,
        maxPerSecond,
        `${seed}_${Math.random().toString(36).slice(2)}`,
      ],
    );
    this.appId = row?.id ?? 0;
    const stranger = { userName: 'stranger@example.com', active: true, title: 'Not ours' };
    this.target.createStranger('User', stranger);
    this.setTargetFaults([]);
  }

  async close(): Promise<void> {
    for (const { process } of this.replicas) process.die();
    await this.settle();
    await this.store.ask(`update connected_app set state = 'paused' where id = $1`, [this.appId]);
  }

  // ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Lets everything happen that can happen now. */
  async settle(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!this.store.isBusy) return;
      await this.store.answered;
    }
  }

  async runUntil(atMs: number): Promise<void> {
    let isThere = false;
    this.time.after(atMs - this.time.nowMs, () => {
      isThere = true;
    });
    while (!isThere) {
      await this.settle();
      this.time.leap();
    }
    await this.settle();
  }

  /** Waits for something asked of the simulated world, time passing meanwhile. */
  async finish<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    for (;;) {
      await this.settle();
      if (ended) return await work;
      this.time.leap();
    }
  }

  // ── replicas ───────────────────────────────────────────────────────────────────────────────────────────────────

  startReplica(): Replica {
    const process = new SimulatedProcess(
      `r${this.replicas.length + 1}`,
      this.time,
      seededRandom(this.random() * 2 ** 32),
    );
    process.diesAt = (point) => {
      const dies = this.chance(this.chances.death);
      if (dies) this.tell(`${process.name} dies ${point}`);
      return dies;
    };
    process.onDeath = () => this.store.forget(process);
    const pool = this.store.poolOf(process);
    const ground = { pool, clock: process.clock, log: this.#logOf(process), openApp: this.#opener(process) };
    const replica = { process, fleet: new PumpFleet(ground, process.name) };
    this.tell(`${process.name} starts`);
    this.replicas.push(replica);
    return replica;
  }

  get running(): Replica[] {
    return this.replicas.filter(({ process }) => !process.isDead);
  }

  #logOf(process: SimulatedProcess): Log {
    const write = (first: unknown, message?: string) => {
      const error = (first as { err?: unknown })?.err;
      const { stage } = first as { stage?: string };
      if (!process.isDead) this.tell(`${process.name} says: ${message ?? first} ${stage ?? ''} ${error ?? ''}`);
    };
    return { debug: write, info: write, warn: write, error: write, fatal: write, trace: write } as unknown as Log;
  }

  #opener(process: SimulatedProcess): (appId: number) => Promise<AppRuntime | undefined> {
    const pool = this.store.poolOf(process);
    const memory = new Map<string, unknown>();
    return async (appId) => {
      const app = await findAppById(pool, appId);
      const document = app?.activeVersion ? await findConfiguration(pool, appId, app.activeVersion) : undefined;
      if (!app || !document) return undefined;
      this.#mapping ??= compile();
      const transport = openSimulatedTransport(process, this.time, this.target, {
        latencyMs: () => 5 + Math.floor(this.random() * 200),
        sent: (request) => (request.effect === 'write' ? this.#witnessSender(process) : Promise.resolve()),
        trace: (line) => this.tell(line),
      });
      return {
        app,
        version: app.activeVersion ?? 1,
        document,
        mapping: this.#mapping,
        connector: scim2 as AppRuntime['connector'],
        transport,
        guards: guardsOf(this.options),
        connect: (http, signal) =>
          scim2.connect(createTestContext(http, {} as never, { signal, now: process.clock.now, memory })),
        evaluationContext: () => ({ now: process.clock.now(), timeZone: 'UTC' }),
        close: async () => {},
      };
    };
  }

  // ── witnesses ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** I6: only who holds the lease now sends a write. */
  async #witnessSender(process: SimulatedProcess): Promise<void> {
    const [lease] = await this.store.ask<{ holder: string; left: number }>(
      'select holder, extract(epoch from expires_at - $2)::float8 as left from pump_lease where app_id = $1',
      [this.appId, this.time.now()],
    );
    if (lease?.holder !== process.name || lease.left <= 0)
      this.found.push(`I6: ${process.name} sent a write while the lease was ${lease?.holder}'s for ${lease?.left} s`);
  }

  /** Faults of the target, after the witness who looks for the intent of each write at the moment of its arrival (I2). */
  setTargetFaults(rules: FaultRule[]): void {
    this.#faults = rules;
    const witness: FaultRule = {
      id: 'witness',
      match: { method: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      phase: 'before',
      maxFires: Number.MAX_SAFE_INTEGER,
      minFires: 0,
      effect: {
        kind: 'custom',
        run: async ({ request, names }) => {
          const users = names.filter((name) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name));
          const open = await this.store.ask(`select 1 ${OPEN_INTENTS} and i.user_id = any ($2::text[]::uuid[])`, [
            this.appId,
            users,
          ]);
          if (open.length === 0) this.found.push(`I2: ${request.method} ${request.url} came without an intent`);
          return undefined;
        },
      },
    };
    this.target.setSchedule([witness, ...this.#faults]);
  }

  async countOpenIntents(): Promise<number> {
    return (await this.store.ask(`select 1 ${OPEN_INTENTS}`, [this.appId])).length;
  }

  // ── the directory ──────────────────────────────────────────────────────────────────────────────────────────────

  /** A change of the directory with its marking, in one transaction; the pumps hear of it, mostly. */
  async change(what: string, work: (db: PoolClient) => Promise<string[]>): Promise<void> {
    this.tell(`directory: ${what}`);
    await inTransaction(this.store.poolOf(undefined), async (db) => {
      await markUsers(db, this.time.now(), await work(db));
    });
    this.notify();
  }

  async changeApp(set: string): Promise<void> {
    this.tell(`app: ${set}`);
    await inTransaction(this.store.poolOf(undefined), async (db) => {
      await db.query(`update connected_app set ${set}, revision = revision + 1 where id = ${this.appId}`);
      await markApp(db, this.time.now(), this.appId);
    });
    for (const { process, fleet } of this.running) {
      if (!this.chance(this.chances.lostNotice)) process.reach(() => fleet.notifyApp(this.appId));
    }
  }

  /** Marks everything, as a configuration that is saved anew does. */
  async markAll(): Promise<void> {
    await inTransaction(this.store.poolOf(undefined), (db) => markApp(db, this.time.now(), this.appId));
    this.notify();
  }

  notify(): void {
    for (const { process, fleet } of this.running) {
      if (!this.chance(this.chances.lostNotice)) process.reach(() => fleet.notifyDue(this.appId));
    }
  }
}

function compile(): CompiledMapping {
  const verdict = compileMapping(MAPPING, SOURCE, undefined);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.problems));
  return verdict.mapping;
}

function guardsOf({ titleLimit }: WorldOptions): GuardSettings {
  if (titleLimit === null) return DEFAULT_GUARDS;
  const titles = { name: 'titles', operation: 'update', attribute: 'title', windowMinutes: 60, percent: 0 } as const;
  return { ...DEFAULT_GUARDS, thresholds: [...DEFAULT_GUARDS.thresholds, { ...titles, count: titleLimit }] };
}
