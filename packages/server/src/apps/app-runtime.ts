import type { Connection, Connector, HttpTransport } from '@usher/connector-sdk';
import type { EvaluationContext } from '@usher/formula';
import type { GuardSettings } from '../guards/index.ts';
import type { CompiledMapping } from '../mapping/index.ts';
import type { TargetTransport } from '../transport/index.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';

/** The rollout of a version, ready to serve those whom it has reached. */
export interface RuntimeRollout {
  id: number;
  /** Nobody else is reached by marking while it does not. */
  isRunning: boolean;
  /** Under the version that is rolled out. */
  reached: AppRuntime;
  /** Nobody was served before: who is not reached waits. */
  isFirst: boolean;
}

/** A version was rolled back that wrote attributes of which the version before says nothing: they get their values back. */
export interface RuntimeHealing {
  /** Its rollout, which kept the accounts as they were. */
  rolloutId: number;
  version: number;
  paths: string[];
}

/** An app ready to work: its row, the version in force, the compiled mapping and the open transport. */
export interface AppRuntime {
  app: ConnectedApp;
  version: number;
  document: ConfigurationDocument;
  mapping: CompiledMapping;
  connector: Connector;
  transport: TargetTransport;
  /** Absent: this version serves everyone. */
  rollout?: RuntimeRollout | undefined;
  healing?: RuntimeHealing | undefined;
  /** Absent: the defaults. */
  guards?: GuardSettings | undefined;
  /** The longest that one of its calls may last; a minute unless told. */
  callLimitMs?: number | undefined;
  /** A connection for one unit of work over this view of the transport. */
  connect(http: HttpTransport, signal: AbortSignal): Connection;
  evaluationContext(): EvaluationContext;
  close(): Promise<void>;
}

/** Undefined: there is no such app, or it was never configured. */
export type OpenApp = (appId: number) => Promise<AppRuntime | undefined>;
