import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccountSnapshot, snapshotRecord, snapshotRecords } from './account-snapshot.ts';
import { buildProfile, type ProfileName } from './build-profile.ts';
import { answerControl } from './control-endpoints.ts';
import { deliverAnswer, deliverWhole } from './deliver-answer.ts';
import type { Exchange, TargetCounts } from './exchange.ts';
import type { FaultRule } from './fault-schedule.ts';
import type { JsonObject } from './json.ts';
import type { TargetEvidence } from './oracle.ts';
import { TargetCore } from './target-core.ts';
import type { TargetProfile } from './target-profile.ts';

export interface FaultTargetOptions {
  /** 0 (any free port) unless told; always on 127.0.0.1. */
  port?: number;
  /** `strict` unless told. */
  profile?: ProfileName | (Partial<TargetProfile> & { base?: ProfileName });
  schedule?: FaultRule[];
  /** The bearer token that requests must carry; none is asked for without. */
  token?: string;
  /** Of the chances in the schedule; 1 unless told. */
  seed?: number;
  /** Whether exchanges are kept and checked; true unless told. Switch it off for speed. */
  record?: boolean;
  now?: () => number;
  /** Serves `/_control/` for tests in other processes. */
  control?: boolean;
}

/**
 * A SCIM 2.0 and 1.1 server on node:http that misbehaves on command, for tests and benches. It shares no code with the
 * client library, so it judges requests independently. Stop it when done: `await target.stop()` or `await using`.
 */
export class FaultTarget {
  readonly core: TargetCore;
  readonly #server: Server;
  readonly #stopping: AbortController;

  constructor(core: TargetCore, server: Server, stopping: AbortController) {
    this.core = core;
    this.#server = server;
    this.#stopping = stopping;
  }

  /** The base URL, without a slash at its end. */
  get url(): string {
    return this.core.url;
  }

  get profile(): TargetProfile {
    return this.core.options.profile;
  }

  get counts(): TargetCounts {
    return structuredClone(this.core.counts);
  }

  /** Users by id, in the order of creation. */
  accounts(): Map<string, AccountSnapshot> {
    return snapshotRecords(this.core.state.store.records.User);
  }

  groups(): Map<string, AccountSnapshot> {
    return snapshotRecords(this.core.state.store.records.Group);
  }

  /** The one account of that userName (in any letter case). Throws when there is none or several. */
  getAccount(userName: string): AccountSnapshot {
    const ids = this.core.state.store.findByName('User', userName);
    const record = ids.length === 1 ? this.core.state.store.find('User', ids[0] as string) : undefined;
    if (record === undefined) throw new Error(`The target has ${ids.length} accounts named "${userName}", not one`);
    return snapshotRecord(record);
  }

  exchanges(): Exchange[] {
    return this.core.exchanges;
  }

  /** Every broken rule of every request, in words with the request's number. */
  violations(): string[] {
    return this.core.exchanges.flatMap(({ sequence, method, url, violations }) =>
      violations.map((violation) => `#${sequence} ${method} ${url}: ${violation}`),
    );
  }

  /** Throws when a fault that had to fire did not. */
  verifyRequired(): void {
    this.core.schedule.verifyRequired();
  }

  /** How often each fault rule has fired. */
  fired(): Record<string, number> {
    return this.core.schedule.counts();
  }

  setSchedule(rules: FaultRule[]): void {
    this.core.setSchedule(rules);
  }

  reset(rules: FaultRule[] = []): void {
    this.core.reset(rules);
  }

  /** Resolves once a request waits at the barrier rule of that id. */
  barrier(id: string): Promise<void> {
    return this.core.barrier(id);
  }

  release(id: string): void {
    this.core.release(id);
  }

  /** An account that was there before and is nobody's: a stranger that must not be touched. */
  createAccount(attributes: JsonObject): AccountSnapshot {
    return snapshotRecord(this.core.createStranger('User', attributes));
  }

  createGroup(attributes: JsonObject): AccountSnapshot {
    return snapshotRecord(this.core.createStranger('Group', attributes));
  }

  /** A person's change at the target, which makes drift. */
  editAccount(id: string, changes: JsonObject): AccountSnapshot {
    return snapshotRecord(this.core.editRecord('User', id, changes));
  }

  /** A person's deletion at the target. */
  deleteAccount(id: string): void {
    this.core.removeRecord('User', id);
  }

  /** What the oracle judges by. */
  evidence(): TargetEvidence {
    return {
      strangers: this.core.strangers,
      accounts: this.accounts(),
      groups: this.groups(),
      exchanges: this.exchanges(),
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.core.releaseAll();
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Starts a target on loopback. Throws for a profile or schedule that does not exist or cannot be. */
export async function startFaultTarget(options: FaultTargetOptions = {}): Promise<FaultTarget> {
  const stopping = new AbortController();
  const core = buildCore(options);
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    receive(core, request, response, stopping.signal, options.control ?? false);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  core.setOrigin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return new FaultTarget(core, server, stopping);
}

/** The target without socket, for tests that bring their own transport and time: `core.serve(request)`. */
export function buildCore(options: Omit<FaultTargetOptions, 'port' | 'control'>): TargetCore {
  return new TargetCore({
    profile: buildProfile(options.profile),
    schedule: options.schedule ?? [],
    token: options.token,
    seed: options.seed ?? 1,
    record: options.record ?? true,
    clock: { now: options.now ?? Date.now, sleep },
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function receive(
  core: TargetCore,
  request: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
  control: boolean,
): void {
  const arrival = core.arrive();
  const chunks: Buffer[] = [];
  request.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer).toString() : Buffer.concat(chunks).toString();
    const wanted = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    if (control && wanted.url.startsWith('/_control/')) deliverWhole(response, answerControl(core, wanted));
    else if (core.isPlain) deliverWhole(response, core.serveAtOnce(wanted));
    else void respond(core, wanted, response, arrival, stopping);
  });
}

async function respond(
  core: TargetCore,
  request: Parameters<TargetCore['serve']>[0],
  response: ServerResponse,
  arrival: ReturnType<TargetCore['arrive']>,
  stopping: AbortSignal,
): Promise<void> {
  response.once('close', () => core.leave(arrival));
  try {
    const outcome = await core.serve(request, arrival, stopping);
    const isWhole = outcome.delivery.kind === 'whole';
    // the end is noted before the reader can act on the answer
    if (isWhole) core.finish(outcome, !response.destroyed && response.socket?.destroyed !== true);
    const delivered = await deliverAnswer(response, outcome.answer, outcome.delivery, stopping);
    core.finish(outcome, delivered);
  } catch (error) {
    // a bug of the target or of a custom fault: said aloud, never an answer that a test could take for SCIM
    process.emitWarning(error instanceof Error ? error : String(error));
    response.socket?.destroy();
  }
}
