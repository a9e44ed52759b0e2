export type { AccountSchema, AttributeSchema, AttributeType } from './account-schema.ts';
export type {
  AccountOperations,
  AttributeChange,
  Attributes,
  AttributeValue,
  CreateRequest,
  CreateResult,
  DeactivateRequest,
  DeleteRequest,
  FindRequest,
  FindResult,
  GetRequest,
  GetResult,
  ListRequest,
  ListResult,
  TargetAccount,
  UpdateRequest,
  UpdateResult,
} from './accounts.ts';
export type {
  Capability,
  Connection,
  ConnectionReport,
  Connector,
  ConnectorContext,
  ConnectorLog,
  CredentialKind,
} from './connector.ts';
export { capabilitiesOf } from './connector.ts';
export type { ConnectorErrorKind } from './connector-error.ts';
export { CONNECTOR_ERROR_KINDS, ConnectorError } from './connector-error.ts';
export { buildHttpError, classifyHttpStatus, parseJsonBody } from './http-answer.ts';
export { readAttribute } from './read-attribute.ts';
export type { DeprovisioningEffect, TargetTraits } from './target-traits.ts';
export type { HttpMethod, HttpRequest, HttpResponse, HttpTransport } from './transport.ts';
