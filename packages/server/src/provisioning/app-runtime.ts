import type { Connection, Connector, HttpTransport } from '@usher/connector-sdk';
import type { EvaluationContext } from '@usher/formula';
import type { ConfigurationDocument, ConnectedApp } from '../apps/connected-app.ts';
import type { CompiledMapping } from '../mapping/index.ts';
import type { TargetTransport } from '../transport/target-transport.ts';

/** An app ready to work: its row, the version in force, the compiled mapping and the open transport. */
export interface AppRuntime {
  app: ConnectedApp;
  version: number;
  document: ConfigurationDocument;
  mapping: CompiledMapping;
  connector: Connector;
  transport: TargetTransport;
  /** The longest that one of its calls may last; a minute unless told. */
  callLimitMs?: number | undefined;
  /** A connection for one unit of work over this view of the transport. */
  connect(http: HttpTransport, signal: AbortSignal): Connection;
  evaluationContext(): EvaluationContext;
  close(): Promise<void>;
}

/** Why an app cannot work although it is active: shown as its quarantine. */
export class AppUnusableError extends Error {
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.name = 'AppUnusableError';
    this.fix = fix;
  }
}

export type OpenApp = (appId: number) => Promise<AppRuntime | undefined>;
