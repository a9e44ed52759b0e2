export type { ConnectorContract, ContractTarget } from './connector-contract.ts';
export { describeConnectorContract } from './describe-connector-contract.ts';
export { createTestContext, createTestTransport } from './test-context.ts';
