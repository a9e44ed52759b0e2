import type { Connection, Connector, ConnectorLog, HttpTransport } from '@usher/connector-sdk';
import { ConnectorError } from '@usher/connector-sdk';
import { connectGuarded } from '../connector-host/index.ts';
import type { Queryable } from '../db/pool.ts';
import type { Log } from '../log.ts';
import { type CompiledMapping, compileMapping } from '../mapping/index.ts';
import {
  createTargetTransport,
  originOf,
  type TargetTransport,
  type TargetTransportOptions,
} from '../transport/index.ts';
import type { AppGround } from './app-ground.ts';
import type { AppRuntime, OpenApp, RuntimeHealing, RuntimeRollout } from './app-runtime.ts';
import { fillDefaults } from './check-options.ts';
import { compileDocument } from './compile-document.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';
import { joinConnector } from './join-connector.ts';
import { type OpenedCredential, openCredential } from './open-credential.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { findTimeZone } from './sql/find-time-zone.ts';
import { findGuards } from './sql/guards.ts';
import { findAppById, findConfiguration } from './sql/load-apps.ts';
import { findHealing, findServing, type Serving } from './sql/serving.ts';
import { UnusableAppError } from './unusable-app.ts';
import { loadUserSource } from './user-source.ts';

/** What is kept of an app between two openings. */
interface Kept {
  key: string;
  mapping: CompiledMapping;
  /** The connector's own memory of the target; another version or address begins with an empty one. */
  memory: Map<string, unknown>;
}

/**
 * Opens apps for the pumps and for previews, in any state: undefined when there is no such app or it was never
 * configured. Throws an {@link UnusableAppError} when it cannot work: its connector or key is missing, its mapping no
 * longer compiles. Compiled mappings are kept by version and custom fields.
 */
export function createAppOpener(ground: AppGround): OpenApp {
  const kept: KeptMappings = new Map();
  return async (appId) => {
    const app = await findAppById(ground.pool, appId);
    if (app?.activeVersion) return openServing(ground, kept, app, app.activeVersion);
    kept.delete(appId);
    return undefined;
  };
}

/** The app with every version that serves somebody now. */
async function openServing(
  ground: AppGround,
  kept: KeptMappings,
  app: ConnectedApp,
  activeVersion: number,
): Promise<AppRuntime> {
  const { pool } = ground;
  const serving = app.rolloutId === null ? undefined : await findServing(pool, app.rolloutId);
  const guards = await findGuards(pool, app.id);
  const before = serving ? (serving.baseVersion ?? serving.version) : activeVersion;
  const runtime = await openConfigured(ground, kept, app, before);
  forgetOthers(kept, app.id, [before, serving?.version ?? before]);
  if (!serving) return { ...runtime, guards, healing: await findHealing(pool, app.id, before) };
  const isFirst = serving.baseVersion === null;
  const reached = isFirst ? runtime : await openConfigured(ground, kept, app, serving.version).catch(closing(runtime));
  const rollout: RuntimeRollout = { id: serving.id, isRunning: serving.isRunning, reached, isFirst };
  const close = async () => {
    await runtime.close();
    if (!isFirst) await reached.close();
  };
  return { ...runtime, guards, rollout, healing: await findHealingWhile(pool, app.id, before, serving), close };
}

/** Who was taken back, or withdrawn with a call under way, gets back what only the version that is rolled out writes. */
async function findHealingWhile(
  db: Queryable,
  appId: number,
  before: number,
  { id: rolloutId, version, addedPaths: paths }: Serving,
): Promise<RuntimeHealing | undefined> {
  return paths.length > 0 ? { rolloutId, version, paths } : findHealing(db, appId, before);
}

/** What was opened does not stay open when the rest cannot be. */
function closing(runtime: AppRuntime): (error: unknown) => Promise<never> {
  return async (error) => {
    await runtime.close();
    throw error;
  };
}

function forgetOthers(kept: KeptMappings, appId: number, versions: number[]): void {
  const ofApp = kept.get(appId);
  for (const version of ofApp?.keys() ?? []) if (!versions.includes(version)) ofApp?.delete(version);
}

/** By app and version. */
type KeptMappings = Map<number, Map<number, Kept>>;

/** Throws an {@link UnusableAppError} when the app, as it is configured, could not work if it were active. */
export async function assertUsable(ground: AppGround, app: ConnectedApp, version: number): Promise<void> {
  const runtime = await openConfigured(ground, new Map(), { ...app, state: 'active' }, version);
  await runtime.close();
}

async function openConfigured(
  ground: AppGround,
  kept: KeptMappings,
  app: ConnectedApp,
  version: number,
): Promise<AppRuntime> {
  const stored = await getStored(ground.pool, app, version);
  const connector = await joinConnector(ground, app, stored.connectorOptions);
  const document = readDocument(stored, version, connector);
  const known = await keepMapping(kept, ground.pool, app, version, document);
  return openWith(ground, app, connector, { version, document, ...known });
}

/**
 * An app as it would be under a configuration that is checked and not in force: for previews, of what is saved or not.
 * Its version is that of the configuration in force, or 0.
 */
export async function openUnderConfiguration(
  ground: AppGround,
  app: ConnectedApp,
  document: ConfigurationDocument,
): Promise<AppRuntime> {
  const connector = await joinConnector(ground, app, document.connectorOptions);
  const { mapping } = await compileDocument(ground.pool, document);
  return openWith(ground, app, connector, { version: app.activeVersion ?? 0, document, mapping, memory: new Map() });
}

async function openWith(
  ground: AppGround,
  app: ConnectedApp,
  connector: Connector,
  { version, document, mapping, memory }: Omit<Kept, 'key'> & Pick<AppRuntime, 'version' | 'document'>,
): Promise<AppRuntime> {
  const { pool, clock } = ground;
  const credential = await openCredential(ground, app);
  const timeZone = await findTimeZone(pool);
  const transport = openTransport(ground, app, connector, document, credential);
  return {
    app,
    version,
    document,
    mapping,
    connector,
    transport,
    connect: buildJoin(ground, app, connector, document, memory),
    evaluationContext: () => ({ now: clock.now(), timeZone }),
    close: () => transport.close(),
  };
}

async function getStored(db: Queryable, app: ConnectedApp, version: number): Promise<ConfigurationDocument> {
  const stored = await findConfiguration(db, app.id, version);
  if (stored) return stored;
  throw new Error(`App ${app.id} names the configuration version ${version}, which does not exist`);
}

function readDocument(stored: ConfigurationDocument, version: number, connector: Connector): ConfigurationDocument {
  const { accountSchema, ...input } = stored;
  // Read again rather than trusted: an older Usher may have saved it, or the connector may have changed since.
  const parsed = parseConfiguration(input, connector);
  if (parsed.ok) return { ...parsed.document, accountSchema };
  const [first] = parsed.problems;
  throw new UnusableAppError(
    'connector',
    `Version ${version} of the configuration cannot be used: ${first?.field} ${first?.problem}.`,
    `${first?.fix ?? ''} Save it corrected as a new version.`.trim(),
  );
}

async function keepMapping(
  kept: KeptMappings,
  db: Queryable,
  app: ConnectedApp,
  version: number,
  document: ConfigurationDocument,
): Promise<Kept> {
  const source = await loadUserSource(db);
  const key = JSON.stringify([version, app.connector, app.baseUrl, source.revision]);
  const known = kept.get(app.id)?.get(version);
  if (known?.key === key) return known;
  // The target's demands were checked at the save; what it demands since then is its answer's to say.
  const verdict = compileMapping(document.mapping, source.schema, document.accountSchema, {
    checkTarget: false,
    tables: document.tables,
    scopingFilter: document.scopingFilter,
  });
  if (!verdict.ok) {
    const [first] = verdict.problems;
    throw new UnusableAppError(
      'connector',
      `The mapping of version ${version} no longer works: ${first?.field}: ${first?.problem}.`,
      'Correct the rule and save a new version, or put back the field that it reads.',
    );
  }
  const fresh: Kept = { key, mapping: verdict.mapping, memory: new Map() };
  kept.set(app.id, (kept.get(app.id) ?? new Map<number, Kept>()).set(version, fresh));
  return fresh;
}

/** The way to the target of an app, with its credential. */
export function openTransport(
  ground: Pick<AppGround, 'networkPolicy' | 'version'>,
  app: Pick<ConnectedApp, 'baseUrl' | 'maxConcurrency' | 'state'>,
  connector: Connector,
  document: Pick<ConfigurationDocument, 'privateCa'>,
  credential: OpenedCredential | undefined,
): TargetTransport {
  const options: TargetTransportOptions = {
    baseUrl: app.baseUrl,
    policy: ground.networkPolicy,
    concurrency: app.maxConcurrency,
    version: ground.version,
    extraCa: document.privateCa,
    ...chooseAuthorization(app, connector, credential),
  };
  try {
    return createTargetTransport(options);
  } catch (error) {
    if (error instanceof ConnectorError) {
      throw new UnusableAppError('connector', error.message, 'Correct the base URL or the private CA of the app.');
    }
    throw error;
  }
}

type Authorization = Pick<
  TargetTransportOptions,
  'authorize' | 'onUnauthorized' | 'credentialOrigins' | 'clientCertificate'
>;

function chooseAuthorization(
  { baseUrl, state }: Pick<ConnectedApp, 'baseUrl' | 'state'>,
  connector: Connector,
  credential: OpenedCredential | undefined,
): Authorization {
  const origin = originOf(baseUrl);
  if (credential) {
    if (state === 'active' && !credential.origins.includes(origin)) {
      throw new UnusableAppError(
        'credential',
        `The credential was entered for ${credential.origins.join(', ')}, and the base URL is at ${origin}.`,
        'Enter the credential again to use it there.',
      );
    }
    const { authorize, onUnauthorized, origins: credentialOrigins, clientCertificate } = credential;
    return { authorize, onUnauthorized, credentialOrigins, clientCertificate };
  }
  if (connector.credentialKinds.includes('none')) return {};
  const fix = 'Enter one: everything goes on by itself then.';
  if (state === 'active') throw new UnusableAppError('credential', 'The app has no credential.', fix);
  return {
    authorize: () => {
      throw new ConnectorError('unauthorized', 'The app has no credential. Enter one.');
    },
    credentialOrigins: [origin],
  };
}

/** Joins a connector to an app; each unit of work joins anew, over its own view of the transport. */
export function buildJoin(
  { clock, log }: Pick<AppGround, 'clock' | 'log'>,
  app: Pick<ConnectedApp, 'name'>,
  connector: Connector,
  document: Pick<ConfigurationDocument, 'connectorOptions'> & Partial<Pick<ConfigurationDocument, 'mapping'>>,
  memory: Map<string, unknown>,
): (http: HttpTransport, signal: AbortSignal) => Connection {
  const options = fillDefaults(connector.optionsSchema, document.connectorOptions);
  const connectorLog = buildConnectorLog(log.child({ app: app.name, connector: connector.id }));
  const now = () => clock.now();
  const paths = document.mapping?.map(({ target }) => target);
  return (http, signal) => connectGuarded(connector, { http, options, signal, log: connectorLog, now, memory, paths });
}

function buildConnectorLog(log: Log): ConnectorLog {
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
  };
}
