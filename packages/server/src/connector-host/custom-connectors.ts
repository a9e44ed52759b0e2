import { sep } from 'node:path';
import type { Connector } from '@usher/connector-sdk';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type ChildLimits, DEFAULT_CHILD_LIMITS } from './child-limits.ts';
import { ConnectorChild } from './connector-child.ts';
import { ConnectorFaultError } from './connector-fault.ts';
import { type ConnectorModule, findModules, hashBundle } from './find-modules.ts';
import { HostedConnector } from './hosted-connector.ts';
import type { CheckedDescription } from './parse-description.ts';

export interface CustomConnectorOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Absolute paths of modules, or of folders with modules. */
  readonly paths: readonly string[];
  /** Take up each change of a module while it is being written. */
  readonly watch?: boolean;
  /** Ids that are taken. */
  readonly builtIn?: readonly Connector[];
  /** Folders that no connector may read, such as the one of the master key. */
  readonly privateFolders?: readonly string[];
  readonly limits?: Partial<ChildLimits>;
}

const LOOK_EVERY_MS = 1_000;

/**
 * The custom connectors of this server. A module that cannot be loaded is told of and left out: its apps are quarantined
 * with the reason, and everything else works.
 */
export class CustomConnectors {
  readonly #options: CustomConnectorOptions & { limits: ChildLimits };
  readonly #hosted: HostedConnector[] = [];
  /** What could not be loaded, by the module's name. */
  readonly #failures = new Map<string, string>();
  /** When watching: the code that was tried last, also in vain. */
  readonly #tried = new Map<string, string>();
  #onNewCode: (connector: HostedConnector) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  private constructor(options: CustomConnectorOptions) {
    this.#options = { ...options, limits: { ...DEFAULT_CHILD_LIMITS, ...options.limits } };
  }

  static async open(options: CustomConnectorOptions): Promise<CustomConnectors> {
    const custom = new CustomConnectors(options);
    await custom.look();
    if (options.watch) {
      custom.#timer = setInterval(() => void custom.look(), LOOK_EVERY_MS);
      custom.#timer.unref();
    }
    return custom;
  }

  /** Those that are loaded. The same array for as long as the server runs. */
  get connectors(): readonly HostedConnector[] {
    return this.#hosted;
  }

  /** Calls `listener` for each that is loaded, now and whenever its code is taken up anew. */
  onNewCode(listener: (connector: HostedConnector) => void): void {
    this.#onNewCode = listener;
    for (const connector of this.#hosted) listener(connector);
  }

  get failures(): readonly string[] {
    return [...this.#failures.values()];
  }

  /** Loads what is new and takes up what has changed, one look after another. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    for (const connector of this.#hosted) connector.close();
  }

  async #look(): Promise<void> {
    const { modules, problems } = findModules(this.#options.paths);
    for (const problem of problems) this.#fail(problem, problem);
    await Promise.all(modules.map((module) => this.#lookAt(module)));
  }

  async #lookAt(module: ConnectorModule): Promise<void> {
    let hash: string;
    try {
      hash = hashBundle(module);
    } catch (error) {
      return this.#fail(module.entry, `${module.entry} cannot be read: ${(error as Error).message}`);
    }
    if (this.#tried.get(module.entry) === hash) return;
    this.#tried.set(module.entry, hash);
    const described = await this.#describe(module);
    if (!described.ok) return this.#fail(module.entry, described.problem);
    this.#failures.delete(module.entry);
    this.#take(module, described.description, hash);
  }

  #take(module: ConnectorModule, description: CheckedDescription, hash: string): void {
    const { log, clock, limits, builtIn = [] } = this.#options;
    const known = this.#hosted.find((connector) => connector.module.entry === module.entry);
    const { id } = description;
    if ([...builtIn, ...this.#hosted].some((other) => other !== known && other.id === id)) {
      const problem = `The connector of ${module.entry} has the id "${id}", which another connector has. Give it its own`;
      this.#fail(module.entry, problem);
      return;
    }
    const { version } = description;
    if (known && known.id === id) {
      known.replace(description, hash);
      log.info({ connector: id, version, hash }, 'Took up the changed code of a custom connector');
      this.#onNewCode(known);
      return;
    }
    if (known) this.#hosted.splice(this.#hosted.indexOf(known), 1)[0]?.close();
    const hosted = new HostedConnector(module, description, hash, { log, clock, limits });
    this.#hosted.push(hosted);
    log.info({ connector: id, version, hash, entry: module.entry }, 'Loaded a custom connector');
    this.#onNewCode(hosted);
  }

  /** A process that only tells what the connector is. */
  async #describe(
    module: ConnectorModule,
  ): Promise<{ ok: true; description: CheckedDescription } | { ok: false; problem: string }> {
    const { log, clock, limits, privateFolders = [] } = this.#options;
    const inside = privateFolders.find((folder) => `${folder}${sep}`.startsWith(module.bundle));
    if (inside !== undefined) {
      const fix = 'Put the connector into a folder of its own';
      return { ok: false, problem: `The connector in ${module.bundle} could read ${inside}, which is private. ${fix}` };
    }
    const child = new ConnectorChild(module, { log: log.child({ connector: module.name }), clock, limits });
    try {
      return { ok: true, description: await child.ready };
    } catch (error) {
      if (!(error instanceof ConnectorFaultError)) throw error;
      return { ok: false, problem: error.message };
    } finally {
      child.stop();
    }
  }

  #fail(key: string, problem: string): void {
    if (this.#failures.get(key) === problem) return;
    this.#failures.set(key, problem);
    this.#options.log.error({ problem }, 'A custom connector could not be loaded');
  }
}
