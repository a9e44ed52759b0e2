import type { AccountOperations } from './accounts.ts';
import type { AccountBatch } from './batch.ts';
import type { Detection } from './detection.ts';
import type { GroupOperations } from './groups.ts';
import type { LdapTransport } from './ldap.ts';
import type { SqlTransport } from './sql.ts';
import type { TargetTraits } from './target-traits.ts';
import type { HttpTransport } from './transport.ts';

/** How the host may authenticate to the target; the connector never sees the secret. */
export type CredentialKind = 'bearer' | 'basic' | 'header' | 'oauth' | 'none';

/** What a connector speaks: it decides how the base URL of its apps begins (`https`, `ldaps`, `postgresql`). */
export type TargetProtocol = 'http' | 'ldap' | 'sql';

/** Structured lines for the operator; secrets and personal values do not belong here. */
export interface ConnectorLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** Everything a connector is given, and its only way out. */
export interface ConnectorContext<Options> {
  /** For a connector of HTTP, which is the rule. */
  http: HttpTransport;
  /** For a connector whose {@link Connector.protocol} is `ldap`; for others it rejects with `unsupported`. */
  ldap: LdapTransport;
  /** For a connector whose {@link Connector.protocol} is `sql`; for others it rejects with `unsupported`. */
  sql: SqlTransport;
  /** The options as the administrator saved them, checked against {@link Connector.optionsSchema}. */
  options: Options;
  /** Aborted when the work is given up; the transport obeys it too. */
  signal: AbortSignal;
  log: ConnectorLog;
  /** The present time; a connector has no clock of its own. */
  now(): Date;
  /** Memory of the app in this process, for what discovery learned. May be emptied at any moment. */
  memory: Map<string, unknown>;
  /** The attribute paths that the app's mapping writes, when it has one: a connector may read only these. */
  paths?: readonly string[] | undefined;
}

/** What "Test connection" found, step by step, in the order the steps were tried. */
export interface ConnectionReport {
  steps: { step: 'discovery' | 'read'; ok: boolean; message: string; detail?: string | undefined }[];
}

/** A connector joined to one app for one unit of work. Made anew for each, so it must be cheap and do no I/O. */
export interface Connection {
  accounts: AccountOperations;
  /** Absent: the target has no groups, or the connector does not manage them. */
  groups?: GroupOperations | undefined;
  /** Absent: operations go one by one. */
  batch?: AccountBatch | undefined;
  /** How this kind of target behaves; absent when nothing is known. */
  traits?: TargetTraits;
  /** Reads something harmless, and says in words what works and what does not. Never throws for a target's answer. */
  test(): Promise<ConnectionReport>;
  /** Finds out by reading what the target is and does; absent where there is nothing to find out. */
  detect?(request: { baseUrl: string }): Promise<Detection>;
}

/**
 * Code for one kind of target, as a plain value. Salesforce calls it `UserProvisioning.Plugin`.
 * `optionsSchema` is JSON Schema (2020-12) of an object; it drives the options form and is checked on save.
 */
export interface Connector<Options = Record<string, unknown>> {
  id: string;
  version: string;
  label: string;
  description: string;
  optionsSchema: Record<string, unknown>;
  /** `http` unless told. */
  protocol?: TargetProtocol;
  credentialKinds: readonly CredentialKind[];
  connect(context: ConnectorContext<Options>): Connection;
}

export type Capability = 'schema' | 'deactivate' | 'reactivate' | 'delete' | 'list';

/** What a connection can do beyond find, get, create and update: derived from what it implements, never declared. */
export function capabilitiesOf(accounts: AccountOperations): Capability[] {
  const optional: Capability[] = ['schema', 'deactivate', 'reactivate', 'delete', 'list'];
  return optional.filter((name) => typeof accounts[name] === 'function');
}
