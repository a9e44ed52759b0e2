import { GROUP_URN, USER_URN } from './attribute-definitions.ts';
import { checkRequest } from './check-request.ts';
import { countEffect, type Exchange, emptyCounts, type TargetCounts } from './exchange.ts';
import { type Candidate, type FaultContext, type FaultRule, FaultSchedule, seededRandom } from './fault-schedule.ts';
import { handleRequest, renderFailure } from './handle-request.ts';
import { getCaseless, type JsonObject } from './json.ts';
import type { RecordKind, StoredRecord } from './record-store.ts';
import { ScimFailure } from './scim-failure.ts';
import { alterAnswer, buildFaultAnswer, type Delivery, readObject, type Spoilt } from './spoil-answer.ts';
import type { TargetProfile } from './target-profile.ts';
import {
  BASE_PATH,
  buildState,
  parseRoute,
  type RequestRoute,
  type TargetAnswer,
  type TargetRequest,
  type TargetState,
  type WriteEffect,
} from './target-state.ts';
import type { CreateOptions } from './write-records.ts';

/** Time as the target knows it; simulations bring their own. */
export interface TargetClock {
  now: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface CoreOptions {
  profile: TargetProfile;
  schedule: FaultRule[];
  token: string | undefined;
  seed: number;
  record: boolean;
  clock: TargetClock;
}

/** The arrival of a request's head, and the reader's going away when that came before an answer. */
export interface Arrival {
  sequence: number;
  tick: number;
  atMs: number;
  left: { tick: number; atMs: number } | undefined;
}

/** What one request led to: the answer with the way it is (not) delivered, to be ended by `finish`. */
export interface Outcome {
  answer: TargetAnswer;
  delivery: Delivery;
  exchange: Exchange | undefined;
  arrival: Arrival;
}

interface Barrier {
  waiting: (() => void)[];
  arrivals: (() => void)[];
}

/** Why a wait may end early: the reader has gone, or the target stops. */
export type EndOfWait = AbortSignal;

const WHOLE: Delivery = { kind: 'whole' };

/** The target without its socket: state, faults, record. Tests with simulated time and transport call it directly. */
export class TargetCore {
  readonly options: CoreOptions;
  readonly basePath: string;
  state: TargetState;
  schedule: FaultSchedule;
  counts: TargetCounts = emptyCounts();
  exchanges: Exchange[] = [];
  strangers = new Map<string, string>();
  #sequence = 0;
  #tick = 0;
  #random: () => number;
  #baseUrl = '';
  readonly #barriers = new Map<string, Barrier>();

  constructor(options: CoreOptions) {
    this.options = options;
    this.basePath = BASE_PATH[options.profile.scimVersion];
    this.#random = seededRandom(options.seed);
    this.state = buildState(options.profile, options.clock.now, options.token);
    this.schedule = new FaultSchedule(options.schedule, this.#random);
    this.setOrigin('http://target.invalid');
  }

  get url(): string {
    return this.#baseUrl;
  }

  setOrigin(origin: string): void {
    this.#baseUrl = `${origin}${this.basePath}`;
    this.state.store.baseUrl = this.#baseUrl;
  }

  setSchedule(rules: FaultRule[]): void {
    this.schedule = new FaultSchedule(rules, this.#random);
  }

  /** Forgets every record, exchange and count; arms `rules` (none unless told). */
  reset(rules: FaultRule[]): void {
    this.releaseAll();
    this.#random = seededRandom(this.options.seed);
    this.state = buildState(this.options.profile, this.options.clock.now, this.options.token);
    this.state.store.baseUrl = this.#baseUrl;
    this.setSchedule(rules);
    this.counts = emptyCounts();
    this.exchanges = [];
    this.strangers = new Map();
  }

  /** Whether a request is settled at once, so that `serveAtOnce` may be used. */
  get isPlain(): boolean {
    return this.schedule.isEmpty && !this.options.record && this.options.profile.latencyMs === 0;
  }

  /** The shortest way, for benches: no faults, no record. */
  serveAtOnce(request: TargetRequest): TargetAnswer {
    let answer: TargetAnswer;
    try {
      const route = parseRoute(request.method, request.url, this.basePath);
      this.#countRequest(route);
      answer = handleRequest(this.state, request, route, (effect) => countEffect(this.counts, effect));
    } catch (error) {
      if (!(error instanceof ScimFailure)) throw error;
      answer = renderFailure(error, this.state);
    }
    this.#countAnswer(answer);
    return answer;
  }

  /** Opens an exchange at the arrival of a request's head. */
  arrive(): Arrival {
    return { sequence: ++this.#sequence, tick: ++this.#tick, atMs: this.options.clock.now(), left: undefined };
  }

  /** Notes that the reader is gone: its request ended there, whatever the target still does with it. */
  leave(arrival: Arrival): void {
    arrival.left ??= { tick: ++this.#tick, atMs: this.options.clock.now() };
  }

  /** Carries out a request under the schedule. Call `finish` with the result once the answer is given (or is not). */
  async serve(
    request: TargetRequest,
    arrival = this.arrive(),
    signal = new AbortController().signal,
  ): Promise<Outcome> {
    let route: RequestRoute;
    try {
      route = parseRoute(request.method, request.url, this.basePath);
    } catch (error) {
      if (!(error instanceof ScimFailure)) throw error;
      route = { operation: 'unknown', kind: undefined, id: undefined, segments: [], query: new URLSearchParams() };
    }
    this.#countRequest(route);
    const exchange = this.options.record ? this.#open(request, route, arrival) : undefined;
    if (this.options.profile.latencyMs > 0) await this.options.clock.sleep(this.options.profile.latencyMs, signal);
    const { answer, delivery } = await this.#serveWithFaults(request, route, exchange, signal);
    this.#countAnswer(answer);
    return { answer, delivery, exchange, arrival };
  }

  finish({ answer, exchange, arrival }: Outcome, delivered: boolean): void {
    if (exchange === undefined || exchange.endedTick !== undefined) return;
    const { left } = arrival;
    exchange.endedTick = left?.tick ?? ++this.#tick;
    exchange.endedAtMs = left?.atMs ?? this.options.clock.now();
    exchange.delivered = delivered && left === undefined;
    exchange.status = answer.status === 0 ? undefined : answer.status;
    exchange.responseHeaders = answer.headers;
    exchange.responseBody = answer.body;
  }

  async #serveWithFaults(
    request: TargetRequest,
    route: RequestRoute,
    exchange: Exchange | undefined,
    signal: EndOfWait,
  ): Promise<Spoilt> {
    const names = this.schedule.isEmpty ? [] : this.#namesOf(request, route);
    const schedule = this.schedule;
    const seen = { request, operation: route.operation, names };
    const path = request.url.split('?', 1)[0]?.slice(this.basePath.length) ?? '';
    const candidates = schedule.isEmpty ? [] : schedule.select(seen, path);
    const options: CreateOptions = { visibilityDelayMs: this.options.profile.visibilityDelayMs };
    let effective = route;
    let repeatsPage = false;
    for (const candidate of candidates) {
      const { rule, phase } = candidate.armed;
      if (phase === 'after') continue;
      if (!schedule.fires(candidate, { ...seen, answer: undefined, attempt: candidate.attempt })) continue;
      exchange?.faults.push(rule.id);
      if (rule.effect.kind === 'hide') options.visibilityDelayMs = rule.effect.ms;
      if (rule.effect.kind === 'same-page') {
        effective = withoutPosition(route);
        repeatsPage = true;
      }
      const instead = await this.#act(candidate, { ...seen, answer: undefined, attempt: candidate.attempt }, signal);
      if (instead !== undefined) return instead;
    }
    const trueAnswer = this.#apply(request, effective, exchange, options);
    let spoilt: Spoilt = { answer: trueAnswer, delivery: WHOLE };
    if (repeatsPage) spoilt = alterAnswer({ kind: 'same-page' }, spoilt, undefined);
    return await this.#spoil(spoilt, candidates, seen, exchange, signal);
  }

  #apply(
    request: TargetRequest,
    route: RequestRoute,
    exchange: Exchange | undefined,
    options: CreateOptions,
  ): TargetAnswer {
    const note = (effect: WriteEffect) => {
      countEffect(this.counts, effect);
      if (exchange === undefined) return;
      exchange.appliedTick ??= ++this.#tick;
      exchange.effects.push(effect);
    };
    return handleRequest(this.state, request, route, note, options);
  }

  async #spoil(
    first: Spoilt,
    candidates: Candidate[],
    seen: Pick<FaultContext, 'request' | 'operation' | 'names'>,
    exchange: Exchange | undefined,
    signal: EndOfWait,
  ): Promise<Spoilt> {
    let spoilt = first;
    for (const candidate of candidates) {
      const { rule, phase } = candidate.armed;
      if (phase === 'before') continue;
      const context = { ...seen, answer: spoilt.answer, attempt: candidate.attempt };
      if (!this.schedule.fires(candidate, context)) continue;
      exchange?.faults.push(rule.id);
      const instead = await this.#act(candidate, context, signal);
      if (instead !== undefined) return instead;
      spoilt = alterAnswer(rule.effect, spoilt, this.#otherId(spoilt.answer));
    }
    return spoilt;
  }

  /** Waits as the effect says, and gives the answer that it puts in place of the true one, if it does. */
  async #act({ armed }: Candidate, context: FaultContext, signal: EndOfWait): Promise<Spoilt | undefined> {
    const { effect, id } = armed.rule;
    if (effect.kind === 'delay') await this.options.clock.sleep(effect.ms, signal);
    if (effect.kind === 'barrier') await this.#waitAt(id, signal);
    if (effect.kind === 'custom') {
      const answer = await effect.run(context);
      return answer === undefined ? undefined : { answer, delivery: WHOLE };
    }
    return buildFaultAnswer(effect, this.options.clock.now(), context.answer?.status);
  }

  #otherId(answer: TargetAnswer): string | undefined {
    const own = readObject(answer)?.['id'];
    return this.state.store.listIds('User').find((id) => id !== own);
  }

  #namesOf(request: TargetRequest, route: RequestRoute): string[] {
    const names = route.id === undefined ? [] : [route.id];
    const record =
      route.kind === undefined || route.id === undefined ? undefined : this.state.store.find(route.kind, route.id);
    if (record?.userName !== undefined) names.push(record.userName);
    if (record?.externalId !== undefined) names.push(record.externalId);
    if (route.operation !== 'create' && route.operation !== 'replace') return names;
    try {
      const body = JSON.parse(request.body) as JsonObject;
      for (const name of ['externalId', 'userName', 'displayName']) {
        const value = getCaseless(body, name);
        if (typeof value === 'string') names.push(value);
      }
    } catch {
      // a body that is no JSON names nobody
    }
    return names;
  }

  #open(request: TargetRequest, route: RequestRoute, arrival: Arrival): Exchange {
    const exchange: Exchange = {
      sequence: arrival.sequence,
      method: request.method,
      url: request.url,
      headers: request.headers,
      requestBody: request.body,
      operation: route.operation,
      status: undefined,
      responseHeaders: {},
      responseBody: '',
      delivered: false,
      arrivedTick: arrival.tick,
      appliedTick: undefined,
      endedTick: undefined,
      arrivedAtMs: arrival.atMs,
      endedAtMs: undefined,
      effects: [],
      faults: [],
      violations: checkRequest(this.state, request, route),
    };
    this.exchanges.push(exchange);
    return exchange;
  }

  #countRequest({ operation }: RequestRoute): void {
    this.counts.requests++;
    this.counts.byOperation[operation] = (this.counts.byOperation[operation] ?? 0) + 1;
  }

  #countAnswer({ status }: TargetAnswer): void {
    if (status >= 400) this.counts.refusals++;
    if (status === 429) this.counts.rateLimited++;
  }

  #barrier(id: string): Barrier {
    const known = this.#barriers.get(id);
    if (known !== undefined) return known;
    const made: Barrier = { waiting: [], arrivals: [] };
    this.#barriers.set(id, made);
    return made;
  }

  #waitAt(id: string, signal: EndOfWait): Promise<void> {
    const barrier = this.#barrier(id);
    return new Promise((resolve) => {
      barrier.waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      for (const arrived of barrier.arrivals.splice(0)) arrived();
    });
  }

  /** Resolves once a request waits at the barrier of that rule. */
  barrier(id: string): Promise<void> {
    const barrier = this.#barrier(id);
    if (barrier.waiting.length > 0) return Promise.resolve();
    return new Promise((resolve) => barrier.arrivals.push(resolve));
  }

  release(id: string): void {
    for (const resume of this.#barrier(id).waiting.splice(0)) resume();
  }

  releaseAll(): void {
    for (const id of this.#barriers.keys()) this.release(id);
  }

  /** Makes a record that the system under test has not made. */
  createStranger(kind: RecordKind, attributes: JsonObject): StoredRecord {
    const schemas = [kind === 'User' ? USER_URN : GROUP_URN];
    const record = this.state.store.create(kind, { schemas, ...attributes }, true, 0);
    this.strangers.set(record.id, record.json);
    return record;
  }

  /** A change made by somebody at the target, beside the system under test. */
  editRecord(kind: RecordKind, id: string, changes: JsonObject): StoredRecord {
    const record = this.state.store.find(kind, id);
    if (record === undefined) throw new Error(`The target has no ${kind} "${id}" to edit`);
    const updated = this.state.store.update(record, { ...(JSON.parse(record.json) as JsonObject), ...changes });
    if (updated.isStranger) this.strangers.set(id, updated.json);
    return updated;
  }

  removeRecord(kind: RecordKind, id: string): void {
    const record = this.state.store.find(kind, id);
    if (record === undefined) throw new Error(`The target has no ${kind} "${id}" to remove`);
    this.state.store.remove(record);
    this.strangers.delete(id);
  }
}

function withoutPosition(route: RequestRoute): RequestRoute {
  const query = new URLSearchParams(route.query);
  query.delete('startIndex');
  if (query.has('cursor')) query.set('cursor', '');
  return { ...route, query };
}
