import type { Connection, Connector, HttpTransport } from '@usher/connector-sdk';
import type { EvaluationContext } from '@usher/formula';
import type { CompiledMapping } from '../mapping/index.ts';
import type { TargetTransport } from '../transport/index.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';

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

/** Undefined: there is no such app, or it was never configured. */
export type OpenApp = (appId: number) => Promise<AppRuntime | undefined>;
