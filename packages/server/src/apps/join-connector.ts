import type { Connector } from '@usher/connector-sdk';
import { ConnectorFaultError, HostedConnector } from '../connector-host/index.ts';
import type { AppGround } from './app-ground.ts';
import { fillDefaults } from './check-options.ts';
import type { ConnectedApp } from './connected-app.ts';
import { UnusableAppError } from './unusable-app.ts';

export function findConnector(
  { connectors, connectorFailures }: Pick<AppGround, 'connectors' | 'connectorFailures'>,
  id: string,
): Connector {
  const connector = connectors.find((candidate) => candidate.id === id);
  if (connector) return connector;
  const known = connectors.map((candidate) => candidate.id).join(', ');
  const failures = connectorFailures?.() ?? [];
  const told = failures.length === 0 ? '' : ` Of those installed some could not be loaded: ${failures.join('; ')}.`;
  throw new UnusableAppError(
    'connector',
    `The connector "${id}" is not installed on this server.${told}`,
    `Install it, or choose one of ${known}.`,
  );
}

/**
 * The connector of an app, ready to connect with these options: a custom one has its process by then. Throws an
 * {@link UnusableAppError} when it is not installed or its process cannot run.
 */
export async function joinConnector(
  ground: Pick<AppGround, 'connectors' | 'connectorFailures'>,
  app: Pick<ConnectedApp, 'id' | 'name' | 'connector'>,
  options: Record<string, unknown>,
): Promise<Connector> {
  const connector = findConnector(ground, app.connector);
  if (!(connector instanceof HostedConnector)) return connector;
  try {
    return await connector.joinApp(app, fillDefaults(connector.optionsSchema, options));
  } catch (error) {
    if (!(error instanceof ConnectorFaultError)) throw error;
    throw new UnusableAppError('connector', `${error.message}.`, `${error.nextStep}.`);
  }
}
