import type { AccountSchema, Connection, Connector } from '@usher/connector-sdk';
import { ConnectorError } from '@usher/connector-sdk';
import type { TargetTransport } from '../transport/index.ts';
import type { AppGround } from './app-ground.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';
import { joinConnector } from './join-connector.ts';
import { buildJoin, openTransport } from './open-app.ts';
import { openCredential } from './open-credential.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { UnusableAppError } from './unusable-app.ts';

/** Somebody waits for the answer. */
const PATIENCE_MS = 20_000;

/** The settings that decide how a target is reached, saved or about to be. */
export type ReachSettings = Pick<ConfigurationDocument, 'connectorOptions' | 'privateCa'>;

/** The settings in force, or the connector's defaults before the first save. */
export async function findReachSettings(ground: AppGround, app: ConnectedApp): Promise<ReachSettings> {
  const saved =
    app.activeVersion === null ? undefined : await findConfiguration(ground.pool, app.id, app.activeVersion);
  return saved ?? { connectorOptions: {} };
}

export interface ReachedTarget {
  connector: Connector;
  transport: TargetTransport;
  connection: Connection;
  hasCredential: boolean;
}

/**
 * Runs `work` over a connection to the app's target that is not a pump's: for tests and schemas. Works for drafts too,
 * and keeps nothing in memory, so that what is read is read now.
 */
export async function withTarget<Result>(
  ground: AppGround,
  app: ConnectedApp,
  settings: ReachSettings,
  work: (target: ReachedTarget) => Promise<Result>,
): Promise<Result> {
  const connector = await joinConnector(ground, app, settings.connectorOptions);
  const credential = await openCredential(ground, app);
  // A draft's rules: what an active app is quarantined for is an answer here.
  const transport = openTransport(ground, { ...app, state: 'draft' }, connector, settings, credential);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const http = {
    request: (request: Parameters<TargetTransport['request']>[0]) => transport.request(request, { signal }),
  };
  try {
    const connection = buildJoin(ground, app, connector, settings, new Map())(http, signal);
    return await work({ connector, transport, connection, hasCredential: credential !== undefined });
  } finally {
    // What is under way ends by the signal; nobody waits for it.
    void transport.close().catch(() => {});
  }
}

export type ReadSchema = { ok: true; schema: AccountSchema | undefined } | { ok: false; problem: string; fix: string };

/** The target's attributes, read now. `schema` undefined: this kind of target does not describe itself. */
export async function readTargetSchema(
  ground: AppGround,
  app: ConnectedApp,
  settings: ReachSettings,
): Promise<ReadSchema> {
  try {
    const schema = await withTarget(ground, app, settings, async ({ connection }) => connection.accounts.schema?.());
    return { ok: true, schema };
  } catch (error) {
    if (error instanceof UnusableAppError) return { ok: false, problem: error.problem, fix: error.fix };
    if (error instanceof ConnectorError) {
      const fix = 'Test the connection to see what is wrong, and correct it.';
      return { ok: false, problem: error.message, fix };
    }
    throw error;
  }
}
