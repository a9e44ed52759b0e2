export type { ChildLimits } from './child-limits.ts';
export { DEFAULT_CHILD_LIMITS } from './child-limits.ts';
export { ConnectorFaultError } from './connector-fault.ts';
export { CustomConnectors } from './custom-connectors.ts';
export { connectGuarded } from './guard-connection.ts';
export { type HostedApp, HostedConnector } from './hosted-connector.ts';
