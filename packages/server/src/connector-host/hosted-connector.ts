import {
  type AccountOperations,
  type AttributeValue,
  type Connection,
  type ConnectionReport,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type GroupOperations,
  readAttribute,
  type TargetAccount,
  type TargetProtocol,
} from '@usher/connector-sdk';
import type { Log } from '../log.ts';
import { AppProcess, type ProcessGround } from './app-process.ts';
import { type OperationName, READ_OTHERWISE, type Shape } from './child/messages.ts';
import type { JoinSettings } from './child-operation.ts';
import { ConnectorFaultError } from './connector-fault.ts';
import { type ConnectorModule, hashBundle } from './find-modules.ts';
import type { CheckedDescription } from './parse-description.ts';

/** The app that a connector is joined to. */
export interface HostedApp {
  readonly id: number;
  readonly name: string;
}

/** Without these a connection has no groups that could be managed. */
const GROUPS_AT_LEAST = ['find', 'get', 'create', 'rename', 'members', 'changeMembers'] as const;

let lastNumber = 0;
/** The child keeps a memory for each of these: what the host would hand over if there were no process between. */
const memoryNumbers = new WeakMap<Map<string, unknown>, number>();

/**
 * A connector that runs in processes of its own, one for each app. To the engine it is a connector as any other once
 * {@link HostedConnector.joinApp} has bound it to an app.
 */
export class HostedConnector implements Connector {
  readonly module: ConnectorModule;
  readonly #ground: ProcessGround;
  readonly #processes = new Map<number, AppProcess>();
  #description: CheckedDescription;
  #hash: string;

  constructor(module: ConnectorModule, description: CheckedDescription, hash: string, ground: ProcessGround) {
    this.module = module;
    this.#description = description;
    this.#hash = hash;
    this.#ground = ground;
  }

  get id(): string {
    return this.#description.id;
  }
  get version(): string {
    return this.#description.version;
  }
  get label(): string {
    return this.#description.label;
  }
  get description(): string {
    return this.#description.description;
  }
  get optionsSchema(): Record<string, unknown> {
    return this.#description.optionsSchema;
  }
  get protocol(): TargetProtocol {
    return this.#description.protocol;
  }
  get credentialKinds(): Connector['credentialKinds'] {
    return this.#description.credentialKinds;
  }
  /** SHA-256 of the code that runs. */
  get hash(): string {
    return this.#hash;
  }

  connect(): Connection {
    throw new Error(`The connector ${this.id} runs in a process of its own: bind it to an app with joinApp first`);
  }

  /**
   * The connector for one app with these options, ready to connect without waiting. Throws a {@link ConnectorFaultError}
   * that says why it cannot run.
   */
  async joinApp(app: HostedApp, options: unknown): Promise<Connector> {
    const process = this.#findProcess(app);
    const shape = await process.shapeOf({ number: ++lastNumber, options, paths: [], memory: ++lastNumber });
    const settings = new SettingsKeeper();
    const { id, version, label, description, optionsSchema, protocol, credentialKinds } = this;
    return {
      ...{ id, version, label, description, optionsSchema, protocol, credentialKinds },
      connect: (context) => buildConnection(process, shape, settings.find(context), context),
    };
  }

  /** Takes up changed code: described by `description`, in force from the next operation of each app on. */
  replace(description: CheckedDescription, hash: string): void {
    this.#description = description;
    this.#hash = hash;
    for (const process of this.#processes.values()) process.replace();
  }

  /** The process ids of the apps that have one now. */
  pidOf(appId: number): number | undefined {
    return this.#processes.get(appId)?.pid;
  }

  close(): void {
    for (const process of this.#processes.values()) process.close();
  }

  #findProcess(app: HostedApp): AppProcess {
    const known = this.#processes.get(app.id);
    if (known) return known;
    const log: Log = this.#ground.log.child({ app: app.name, connector: this.id });
    const process = new AppProcess({ ...this.#ground, log }, () => this.#check());
    this.#processes.set(app.id, process);
    return process;
  }

  /** What runs is what was described: nothing else is started, until somebody looks at it. */
  #check(): ConnectorModule {
    let hash: string | undefined;
    try {
      hash = hashBundle(this.module);
    } catch {
      // Taken away: told below.
    }
    if (hash === this.#hash) return this.module;
    const what = hash === undefined ? 'has vanished from disk' : 'has changed on disk since it was taken up';
    const fix = 'Restart the server to take it up, or set USHER_WATCH_CONNECTORS=true while you develop';
    throw new ConnectorFaultError(`The connector ${this.id} ${what}. ${fix}`);
  }
}

/** Numbers the settings of connections; those of one app stay the same from one unit of work to the next. */
class SettingsKeeper {
  #last: (JoinSettings & { of: ConnectorContext<Record<string, unknown>> }) | undefined;

  find(context: ConnectorContext<Record<string, unknown>>): JoinSettings {
    const { options, memory, paths = [] } = context;
    const { of } = this.#last ?? {};
    if (this.#last && of?.options === options && of.memory === memory && of.paths === context.paths) return this.#last;
    const known = memoryNumbers.get(memory) ?? ++lastNumber;
    memoryNumbers.set(memory, known);
    this.#last = { number: ++lastNumber, options, paths, memory: known, of: context };
    return this.#last;
  }
}

function buildConnection(
  process: AppProcess,
  { capabilities, groups, batches, detects, traits }: Shape,
  join: JoinSettings,
  { http, signal, now }: ConnectorContext<Record<string, unknown>>,
): Connection {
  const run = (name: OperationName, request: unknown) =>
    process.run({ join, name, request, http, signal, now: now() }) as Promise<never>;
  const accounts: AccountOperations = {
    find: (request) => run('find', request),
    get: (request) => run('get', request),
    create: (request) => run('create', request),
    update: (request) => run('update', request),
    read: (account, path) => readAccount(account, path),
  };
  if (capabilities.includes('schema')) accounts.schema = () => run('schema', undefined);
  for (const name of ['deactivate', 'reactivate', 'delete', 'list'] as const) {
    if (capabilities.includes(name)) accounts[name] = (request: unknown) => run(name, request);
  }
  const test = (): Promise<ConnectionReport> =>
    run('test', undefined).catch((error: unknown) => {
      if (!(error instanceof ConnectorError)) throw error;
      return { steps: [{ step: 'read', ok: false, message: error.message, detail: error.detail }] };
    });
  const connection: Connection = { accounts, ...(traits ? { traits } : {}), test };
  if (GROUPS_AT_LEAST.every((name) => groups.includes(name))) {
    const operations = groups.map((name) => [name, (request: unknown) => run(`groups.${name}`, request)]);
    connection.groups = Object.fromEntries(operations) as GroupOperations;
  }
  if (batches) connection.batch = (request) => run('batch', request);
  if (detects) connection.detect = (request) => run('detect', request);
  return connection;
}

/** By the account's field names, unless the connector read something else when it gave the account. */
function readAccount({ representation }: TargetAccount, path: string): AttributeValue | undefined {
  const otherwise = representation[READ_OTHERWISE];
  if (
    typeof otherwise === 'object' &&
    otherwise !== null &&
    !Array.isArray(otherwise) &&
    Object.hasOwn(otherwise, path)
  ) {
    return otherwise[path] ?? undefined;
  }
  return readAttribute(representation, path);
}
