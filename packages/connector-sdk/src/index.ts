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
export type { AccountBatch, BatchOperation, BatchResult } from './batch.ts';
export type {
  Capability,
  Connection,
  ConnectionReport,
  Connector,
  ConnectorContext,
  ConnectorLog,
  CredentialKind,
  TargetProtocol,
} from './connector.ts';
export { capabilitiesOf } from './connector.ts';
export type { ConnectorErrorKind } from './connector-error.ts';
export { CONNECTOR_ERROR_KINDS, ConnectorError } from './connector-error.ts';
export type { Detection, Finding } from './detection.ts';
export {
  type ChangeMembersRequest,
  type ChangeMembersResult,
  describeFailure,
  type Failure,
  type GroupOperations,
  type MembersResult,
  planMembers,
  type TargetGroup,
} from './groups.ts';
export { buildHttpError, classifyHttpStatus, parseJsonBody } from './http-answer.ts';
export {
  buildLdapError,
  buildRdn,
  classifyLdapCode,
  createLdapTransport,
  LDAP_CONTENT_TYPE,
  type LdapAnswer,
  type LdapEntry,
  type LdapFilter,
  type LdapModification,
  type LdapRequest,
  type LdapTransport,
} from './ldap.ts';
export { readAttribute } from './read-attribute.ts';
export {
  buildSqlError,
  classifySqlState,
  createSqlTransport,
  quoteIdentifier,
  SQL_CONTENT_TYPE,
  type SqlAnswer,
  type SqlParameter,
  type SqlRequest,
  type SqlTransport,
} from './sql.ts';
export type { DeprovisioningEffect, TargetTraits } from './target-traits.ts';
export type { HttpMethod, HttpRequest, HttpResponse, HttpTransport } from './transport.ts';
