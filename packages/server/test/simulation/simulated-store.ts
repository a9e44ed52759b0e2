import type pg from 'pg';
import type { Pool, PoolClient } from '../../src/db/pool.ts';
import { never, type SimulatedProcess } from './simulated-process.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What a query is asked with: a named statement of ours, or plain text. */
interface Asked {
  name?: string | undefined;
  text: string;
  values?: unknown[] | undefined;
}

/** How the way to the database goes wrong for one query. */
export type StoreFault = 'refused' | 'cut';

/** A defect that a test plants to see that it is found: what stands in the place of a query's true effect. */
export type Plant = (
  asked: Asked,
  real: (asked?: Asked) => Promise<pg.QueryResult>,
) => Promise<pg.QueryResult> | undefined;

/**
 * The real PostgreSQL under simulated time. All processes share one connection, a statement or a transaction at a time in
 * the order of asking, so that a seed says what comes after what. Its clock is the simulated one: a function of the
 * simulation's schema stands before PostgreSQL's own.
 */
export class SimulatedStore {
  readonly #client: pg.Client;
  readonly #time: SimulatedTime;
  readonly #trace: (line: string) => void;
  fault: (process: SimulatedProcess, asked: Asked) => StoreFault | undefined = () => undefined;
  plant: Plant = () => undefined;
  #holder: SimulatedProcess | undefined;
  #queue: (() => void)[] = [];
  #locked = false;
  #clockSetMs = 0;
  #active = 0;
  #completed = Promise.withResolvers<void>();

  constructor(client: pg.Client, time: SimulatedTime, trace: (line: string) => void) {
    this.#client = client;
    this.#time = time;
    this.#trace = trace;
  }

  static async prepare(client: pg.Client): Promise<void> {
    await client.query(`create schema if not exists simulation;
      create or replace function simulation.clock_timestamp() returns timestamptz language sql stable as
        $$ select current_setting('simulation.now')::timestamptz $$;
      set search_path = simulation, public, pg_catalog; set timezone = 'UTC'`);
  }

  /** Whether PostgreSQL is at work. */
  get isBusy(): boolean {
    return this.#active > 0;
  }

  /** Resolves when PostgreSQL has answered once more. */
  get answered(): Promise<void> {
    return this.#completed.promise;
  }

  /** A process in the middle of a transaction must not stand still: here nobody could pass it. */
  isHeldBy(process: SimulatedProcess): boolean {
    return this.#holder === process;
  }

  /** Asked by the simulation itself. */
  async ask<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    await this.#lock(undefined);
    try {
      return (await this.#run({ text, values })).rows as Row[];
    } finally {
      this.#unlock();
    }
  }

  poolOf(process: SimulatedProcess | undefined): Pool {
    const query = async (first: string | Asked, values?: unknown[]) => {
      const asked = typeof first === 'string' ? { text: first, values } : first;
      if (!process) return this.#alone(asked, undefined);
      if (!process.passes('before a query')) return never();
      return process.deliver(this.#faulty(process, asked, () => this.#alone(asked, process)));
    };
    return { query, connect: () => this.#connect(process) } as unknown as Pool;
  }

  async #alone(asked: Asked, process: SimulatedProcess | undefined): Promise<pg.QueryResult> {
    await this.#lock(undefined);
    try {
      return await this.#run(asked, process);
    } finally {
      this.#unlock();
    }
  }

  async #faulty(process: SimulatedProcess, asked: Asked, run: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    const fault = this.fault(process, asked);
    if (fault) this.#trace(`${process.name} ${fault}: ${describe(asked)}`);
    if (fault === 'refused') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const result = await run();
    if (fault === 'cut') throw new Error('Connection terminated unexpectedly');
    if (!process.passes(`after ${asked.name ?? asked.text.slice(0, 20)}`)) return never();
    return result;
  }

  async #connect(process: SimulatedProcess | undefined): Promise<PoolClient> {
    if (process && !process.passes('before a transaction')) return never();
    if (process && this.fault(process, { text: 'connect' }) === 'refused') {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    await this.#lock(process);
    if (process?.isDead) {
      this.#unlock();
      return never();
    }
    let isOpen = true;
    let isBroken = false;
    const query = async (first: string | Asked, values?: unknown[]) => {
      const asked = typeof first === 'string' ? { text: first, values } : first;
      if (process?.isDead) return never();
      if (!isOpen || isBroken) throw new Error('Connection terminated unexpectedly');
      if (!process) return this.#run(asked);
      const answer = this.#faulty(process, asked, () => this.#run(asked, process));
      answer.catch((error) => {
        if (/terminated|REFUSED/.test(String(error))) isBroken = true;
      });
      return process.deliver(answer);
    };
    const release = () => {
      if (!isOpen) return;
      isOpen = false;
      if (isBroken) void this.#rollBack();
      else this.#unlock();
    };
    return { query, release } as unknown as PoolClient;
  }

  /** What a process that died leaves open is rolled back, as PostgreSQL does when the connection breaks. */
  forget(process: SimulatedProcess): void {
    if (this.#holder === process && this.#active === 0) void this.#rollBack();
    else if (this.#holder === process) {
      const wait = (): void => {
        if (this.#holder !== process) return;
        if (this.#active > 0) void this.#completed.promise.then(wait);
        else void this.#rollBack();
      };
      wait();
    }
  }

  async #rollBack(): Promise<void> {
    this.#holder = undefined;
    await this.#run({ text: 'rollback' }).catch(() => {});
    this.#unlock();
  }

  async #run(asked: Asked, process?: SimulatedProcess): Promise<pg.QueryResult> {
    this.#active += 1;
    try {
      if (this.#clockSetMs !== this.#time.nowMs && asked.text.includes('clock_timestamp')) {
        this.#clockSetMs = this.#time.nowMs;
        await this.#client.query(`select set_config('simulation.now', $1, false)`, [this.#time.now().toISOString()]);
      }
      if (process) this.#trace(`${process.name} ${describe(asked)}`);
      const { name, text, values } = asked;
      const real = (instead: Asked = { ...(name ? { name } : {}), text, values }) =>
        this.#client.query(instead as never);
      return (await (this.plant(asked, real as never) ?? real())) as unknown as pg.QueryResult;
    } finally {
      this.#active -= 1;
      const completed = this.#completed;
      this.#completed = Promise.withResolvers();
      completed.resolve();
    }
  }

  async #lock(process: SimulatedProcess | undefined): Promise<void> {
    if (this.#locked) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#locked = true;
    this.#holder = process;
  }

  #unlock(): void {
    this.#holder = undefined;
    const next = this.#queue.shift();
    if (next) next();
    else this.#locked = false;
  }
}

function describe({ name, text, values }: Asked): string {
  const short = name ?? text.replaceAll(/\s+/g, ' ').slice(0, 60);
  return `${short}${values && values.length <= 4 ? ` ${JSON.stringify(values).slice(0, 90)}` : ''}`;
}
