import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import type { LookupTables, MappingRule, MappingTest } from '../mapping/index.ts';
import type { DeprovisioningPolicy, Triggers } from '../planning/index.ts';

export type AppState = 'draft' | 'active' | 'paused';

/** What finds the existing account of a user, and what is done with one that is found. */
export interface Correlation {
  /** Target attribute paths, asked in this order; each must have a mapping rule. */
  matchingAttributes: string[];
  adoption: 'link and update' | 'link only' | 'park';
  /** Look for an account before creating one. Off, only a conflict is matched. */
  findBeforeCreate: boolean;
  /** How long a new account may stay invisible to the target's own search, in milliseconds. */
  visibilityDelayMs: number;
  /** The target refuses a second account with the same userName: a lost create may then be repeated. */
  targetEnforcesUniqueness: boolean;
}

/** Everything of an app that is versioned: one immutable version a save. */
export interface ConfigurationDocument {
  connectorOptions: Record<string, unknown>;
  mapping: MappingRule[];
  /** A formula that narrows the assigned users; absent: all of them. */
  scopingFilter?: string | undefined;
  /** Tables that LOOKUP finds values in. */
  tables?: LookupTables | undefined;
  /** Sample users and what the mapping must give for them; run at every save. */
  mappingTests?: MappingTest[] | undefined;
  /** Attributes that an administrator described, over what the target says of itself. */
  targetAttributes?: AttributeSchema[] | undefined;
  correlation: Correlation;
  deprovisioning: DeprovisioningPolicy;
  /** Certificates of a private authority that signed the target's, PEM. */
  privateCa?: string | undefined;
  /** The target's attributes as they were known at the save: they decide the form of values, today as then. */
  accountSchema?: AccountSchema | undefined;
}

/** A configuration as it was saved. */
export interface ConfigurationVersion {
  version: number;
  document: ConfigurationDocument;
  author: string;
  note: string | null;
  createdAt: Date;
}

/** One target system as configured here. Its identity (connector, base URL) and its state; not its versions. */
export interface ConnectedApp {
  id: number;
  name: string;
  label: string;
  description: string | null;
  connector: string;
  baseUrl: string;
  state: AppState;
  /** What serves everyone, or, during a rollout, those whom it has not reached. */
  activeVersion: number | null;
  /** The rollout that decides which version serves whom; null: the active version serves everyone. */
  rolloutId: number | null;
  triggers: Triggers;
  deactivationLimit: { count: number; percent: number };
  maxConcurrency: number;
  maxPerSecond: number | null;
  stoppedUntil: Date | null;
  quarantine: Quarantine | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The target or its credential fails: nothing is sent, nothing is lost, and it is probed until it is back. */
export interface Quarantine {
  since: Date;
  cause: 'credential' | 'target' | 'connector';
  detail: QuarantineDetail;
  probeAt: Date;
  probeAttempts: number;
}

export interface QuarantineDetail {
  message: string;
  nextStep: string;
  status?: number | undefined;
  targetSaid?: string | undefined;
  /** The first of the failures in a row that led to it; absent where no call did. */
  firstFailure?: { requestId: string; attempt: number; at: string } | undefined;
}
