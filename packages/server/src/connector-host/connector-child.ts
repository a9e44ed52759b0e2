import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { keepRecent } from './child/keep-recent.ts';
import { LineChannel } from './child/line-channel.ts';
import type { HostMessage, Shape } from './child/messages.ts';
import type { ChildLimits } from './child-limits.ts';
import { ChildOperation, type JoinSettings, type OperationGround, type OperationOrder } from './child-operation.ts';
import { ChildWatch } from './child-watch.ts';
import { ConnectorFaultError } from './connector-fault.ts';
import type { ConnectorModule } from './find-modules.ts';
import { FloodGauge } from './flood-gauge.ts';
import { BadAnswerError, cutText, parseError, parseResult } from './parse-answer.ts';
import { type CheckedDescription, parseDescription, parseShape } from './parse-description.ts';
import { measureRssMiB, startChild } from './start-child.ts';

export interface ChildGround {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: ChildLimits;
}

const STDERR_KEPT = 8_192;
/** Messages for operations that are over: an honest child sends few, when both sides speak at once. */
const MOST_LATE = 1_000;

/**
 * One process of a custom connector. Everything that it sends is taken for hostile: sizes, numbers, forms and rates are
 * checked, and what breaks a rule ends it. It ends once, for one reason; its operations fail with that reason.
 */
export class ConnectorChild {
  readonly #ground: ChildGround;
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #channel: LineChannel;
  readonly #gauge: FloodGauge;
  readonly #ready = Promise.withResolvers<CheckedDescription>();
  readonly #ended = Promise.withResolvers<ConnectorFaultError | undefined>();
  readonly #operations = new Map<number, ChildOperation>();
  readonly #joined = new Map<number, PromiseWithResolvers<Shape>>();
  readonly #operationGround: OperationGround;
  readonly #watch: ChildWatch;
  #isReady = false;
  #isOver = false;
  #lastId = 0;
  #late = 0;
  #stderr = '';

  constructor(module: ConnectorModule, ground: ChildGround) {
    this.#ground = ground;
    this.#name = module.name;
    this.#gauge = new FloodGauge(ground.limits);
    this.#process = startChild(module, ground.limits);
    this.#channel = new LineChannel(this.#process.stdio[3] as Socket, {
      maxLineChars: ground.limits.maxMessageChars,
      onLine: (line) => this.#receive(line),
      onEnd: (problem) => problem && this.#fault(`sent ${problem}`),
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#print(text));
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => this.#print(text));
    this.#process.on('error', (error) => this.#fault(`could not be started: ${error.message}`));
    this.#process.on('close', (code, signal) => this.#fault(this.#describeExit(code, signal)));
    const { clock, limits } = ground;
    const monotonicMs = () => clock.monotonicMs();
    const send = (message: HostMessage) => this.#send(message);
    this.#operationGround = { limits, monotonicMs, send, forget: (id) => this.#operations.delete(id) };
    this.#watch = new ChildWatch({
      limits,
      monotonicMs,
      look: (passedMs, stalledMs, nowMs) => this.#look(passedMs, stalledMs, nowMs),
      ping: () => send({ type: 'ping' }),
      measureRssMiB: async () => (this.#process.pid === undefined ? undefined : measureRssMiB(this.#process.pid)),
      fault: (what) => this.#fault(what),
    });
    // Whoever waits is told; nobody need.
    this.#ready.promise.catch(() => {});
  }

  /** What the connector says of itself. Rejects with a {@link ConnectorFaultError} when it cannot be loaded. */
  get ready(): Promise<CheckedDescription> {
    return this.#ready.promise;
  }

  /** Resolves once the process is to be used no more: with the fault, or with undefined after {@link stop}. */
  get ended(): Promise<ConnectorFaultError | undefined> {
    return this.#ended.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get operations(): number {
    return this.#operations.size;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends the process without a fault. Operations under way, if any, may be tried again. */
  stop(): void {
    this.#end(undefined);
  }

  /** The shape of a connection with these settings. Rejects with a fault that says why there is none. */
  async join(settings: JoinSettings): Promise<Shape> {
    await this.#ready.promise;
    return this.#ensureJoined(settings).promise;
  }

  #ensureJoined(settings: JoinSettings): PromiseWithResolvers<Shape> {
    const { number, options, paths, memory } = settings;
    const known = this.#joined.get(number);
    const shape = known ?? Promise.withResolvers<Shape>();
    keepRecent(this.#joined, number, shape);
    if (known) return known;
    shape.promise.catch(() => {});
    this.#send({ type: 'join', join: number, options, paths, memory });
    return shape;
  }

  /** Runs one operation. The process must be {@link ready}. */
  run(order: OperationOrder): Promise<unknown> {
    if (this.#isOver) return Promise.reject(new ConnectorFaultError(`The connector ${this.#name} has just stopped`));
    this.#ensureJoined(order.join);
    const operation = new ChildOperation(++this.#lastId, order, this.#operationGround);
    const { id } = operation;
    this.#operations.set(id, operation);
    const { join, name, request, signal, now } = order;
    this.#send({ type: 'operation', id, join: join.number, name, request, nowMs: now.getTime() });
    if (signal.aborted) this.#abort(operation, signal.reason);
    else {
      const abort = () => this.#abort(operation, signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      operation.outcome.catch(() => {}).finally(() => signal.removeEventListener('abort', abort));
    }
    return operation.outcome;
  }

  // ── messages ───────────────────────────────────────────────────────────────────────────────────────────────────

  #send(message: HostMessage): void {
    if (!this.#isOver) this.#channel.send(message);
  }

  #receive(line: string): void {
    if (this.#isOver) return;
    let message: Record<string, unknown>;
    try {
      message = JSON.parse(line) as Record<string, unknown>;
      if (typeof message !== 'object' || message === null) throw new SyntaxError('no object');
    } catch {
      this.#fault('sent its host something that is no message');
      return;
    }
    if (!this.#isReady) {
      this.#greet(message);
      return;
    }
    switch (message['type']) {
      case 'joined':
        this.#settleJoin(message);
        return;
      case 'log':
        this.#log(message);
        return;
      case 'pong':
        this.#watch.pong(message['rssBytes']);
        return;
      case 'request':
      case 'done':
      case 'failed':
      case 'broken':
        this.#receiveFor(message);
        return;
      default:
        this.#fault('sent its host a message of no known type');
        return;
    }
  }

  #greet(message: Record<string, unknown>): void {
    if (message['type'] === 'log') {
      this.#log(message);
      return;
    }
    if (message['type'] !== 'hello') {
      const problem = message['type'] === 'unloadable' ? cutText(message['problem'], 1_500) : undefined;
      this.#fault(`cannot be used: ${problem ?? 'it does not say what it is'}`);
      return;
    }
    const parsed = parseDescription(message['description']);
    if (!parsed.ok) {
      this.#fault(`cannot be used: it describes itself wrongly: ${cutText(parsed.problem, 1_000)}`);
      return;
    }
    this.#isReady = true;
    this.#watch.begin();
    this.#ready.resolve(parsed.description);
  }

  #settleJoin({ join, shape, problem }: Record<string, unknown>): void {
    const waiting = this.#joined.get(Number(join));
    if (!waiting) {
      this.#late += 1;
      if (this.#late > MOST_LATE) this.#fault('joined what nobody had asked it to');
      return;
    }
    const parsed = shape === undefined ? { ok: false as const, problem: cutText(problem, 1_000) } : parseShape(shape);
    if (parsed.ok) {
      waiting.resolve(parsed.shape);
      return;
    }
    const what = `The connector ${this.#name} cannot be joined with these options: ${parsed.problem ?? 'no reason given'}`;
    waiting.reject(new ConnectorFaultError(what));
  }

  #receiveFor(message: Record<string, unknown>): void {
    const operation = this.#operations.get(Number(message['id']));
    if (!operation) {
      this.#late += 1;
      const isKnown =
        Number.isInteger(message['id']) && Number(message['id']) > 0 && Number(message['id']) <= this.#lastId;
      if (!isKnown || this.#late > MOST_LATE) this.#fault('spoke of operations that nobody had asked for');
      return;
    }
    if (message['type'] === 'request') {
      const broken = operation.request(message['request'], message['http']);
      if (broken !== undefined) this.#fault(broken);
      return;
    }
    this.#operations.delete(operation.id);
    const { name } = operation.order;
    if (message['type'] === 'done') {
      try {
        operation.resolve(parseResult(name, message['result']));
        return;
      } catch (error) {
        if (!(error instanceof BadAnswerError)) throw error;
        this.#break(operation, `answered ${name} with ${error.message}`);
        return;
      }
    }
    const error = message['type'] === 'failed' ? parseError(message['error']) : undefined;
    if (error) {
      operation.reject(() => error);
      return;
    }
    this.#break(operation, `failed in ${name}: ${cutText(message['problem'], 1_500) ?? 'it threw something odd'}`);
  }

  /** One operation went wrong in the connector's own code. Something may have been written all the same. */
  #break(operation: ChildOperation, what: string): void {
    const message = `The connector ${this.#name} ${what}`;
    operation.reject(() => new ConnectorFaultError(message, { wrote: operation.wrote, stopsApp: false }));
  }

  #abort(operation: ChildOperation, reason: unknown): void {
    if (!this.#operations.delete(operation.id)) return;
    this.#send({ type: 'abort', id: operation.id });
    operation.reject(() => reason);
  }

  // ── what it prints ─────────────────────────────────────────────────────────────────────────────────────────────

  #log({ level, message, fields }: Record<string, unknown>): void {
    const text = cutText(message, 1_000) ?? '';
    const written = fields === undefined ? '' : JSON.stringify(fields);
    const verdict = this.#gauge.line(text.length + written.length);
    if (verdict === 'flood') {
      this.#fault('flooded its log');
      return;
    }
    if (verdict === 'drop') return;
    const shown = written.length > 4_000 ? { fields: '[too long]' } : fields === undefined ? {} : { fields };
    if (level === 'warn') this.#ground.log.warn(shown, text);
    else this.#ground.log.debug(shown, text);
  }

  #print(text: string): void {
    this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    if (this.#gauge.output(text.length) === 'flood') this.#fault('flooded its output');
  }

  #look(passedMs: number, stalledMs: number, nowMs: number): void {
    const { limits, log } = this.#ground;
    const dropped = this.#gauge.tick(passedMs / 1000);
    if (dropped > 0) log.warn({ dropped }, 'The connector logs too much: lines were dropped');
    for (const operation of this.#operations.values()) {
      if (!operation.isOverTime(nowMs, stalledMs)) continue;
      this.#fault(`did not finish ${operation.order.name} within ${limits.operationMs} ms of its own time`);
      return;
    }
  }

  // ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────

  #describeExit(code: number | null, signal: string | null): string {
    if (/heap out of memory|Reached heap limit|allocation failed/i.test(this.#stderr)) {
      return `ran out of its ${this.#ground.limits.heapMiB} MiB of heap`;
    }
    const thrown = /^(?:Uncaught )?(?:\w*Error(?: \[\w+\])?: .*|.*unhandled.*rejection.*)$/im.exec(this.#stderr)?.[0];
    const said = cutText(thrown, 500);
    if (said) return `crashed: ${said}`;
    return signal ? `was ended by ${signal}` : `ended by itself with exit code ${code}`;
  }

  #fault(what: string): void {
    this.#end(`The connector ${this.#name} ${what}`);
  }

  #end(problem: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watch.stop();
    this.#process.kill('SIGKILL');
    this.#channel.close();
    const detail = problem === undefined ? undefined : cutText(this.#stderr.trim().slice(-2_000), 2_000);
    const message = problem ?? `The connector ${this.#name} was stopped`;
    const isSole = this.#operations.size === 1 && problem !== undefined;
    const fault = (wrote: boolean) =>
      new ConnectorFaultError(message, { wrote, isSole, detail, stopsApp: problem !== undefined });
    this.#ready.reject(fault(false));
    for (const shape of this.#joined.values()) shape.reject(fault(false));
    for (const operation of this.#operations.values()) {
      operation.reject(() => fault(operation.wrote));
    }
    this.#operations.clear();
    this.#ended.resolve(problem === undefined ? undefined : fault(false));
  }
}
