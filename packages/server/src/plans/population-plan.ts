import type { ConfigurationDocument } from '../apps/index.ts';
import type { PlannedChange, Reason } from '../planning/index.ts';

export type PlanState = 'waiting' | 'running' | 'ready' | 'failed' | 'cancelled' | 'applying' | 'applied';

/** What would be done to one user; `look for` searches the account of a leaver who was never linked. */
export const PLANNED_OPERATIONS = [
  'create',
  'update',
  'deactivate',
  'reactivate',
  'delete',
  'unlink',
  'look for',
  'park',
] as const;
export type PlannedOperation = (typeof PLANNED_OPERATIONS)[number];

/** Who is planned, by names. A user is in it who is named, or has one of these. */
export interface PlanScope {
  users?: string[] | undefined;
  profiles?: string[] | undefined;
  permissionSets?: string[] | undefined;
  permissionSetGroups?: string[] | undefined;
}

/** What a plan counted. Every user is counted once by operation, or as unchanged, or as waiting. */
export interface PlanCounts {
  byOperation: Partial<Record<PlannedOperation, number>>;
  /** Users whose attribute would be written, by path. */
  byAttribute: Record<string, number>;
  byCause: Record<string, number>;
  /** Users for whom nothing is sent on purpose, by reason code. */
  waiting: Record<string, number>;
  unchanged: number;
  /** Will have a usable account and have none now; and the other way round. */
  enters: number;
  leaves: number;
  /** Changes that an open or rejected hold stops. */
  held: number;
  /** Changes that the configuration in force would not make. */
  byConfiguration: number;
}

/** Two or more users whose accounts would have the same value where the target demands different ones. */
export interface Collision {
  path: string;
  value: string;
  users: { userId: string; username: string; departed: boolean }[];
}

export interface Collisions {
  /** Groups of users altogether; `items` has the first of them. */
  count: number;
  items: Collision[];
}

/** Whether the deactivation guard would hold what the plan takes away. */
export interface GuardForecast {
  wouldHold: boolean;
  wanted: number;
  usedInWindow: number;
  limit: number;
}

export interface PopulationPlan {
  id: string;
  appId: number;
  state: PlanState;
  document: ConfigurationDocument;
  version: number | null;
  baseVersion: number | null;
  connector: string;
  baseUrl: string;
  scope: PlanScope | null;
  plannedAt: Date;
  createdAt: Date;
  createdBy: string;
  note: string | null;
  finishedAt: Date | null;
  total: number;
  done: number;
  atUser: string | null;
  counts: PlanCounts;
  collisions: Collisions | null;
  problem: string | null;
  cancelRequested: boolean;
  appliedAt: Date | null;
  appliedBy: string | null;
  appliedVersion: number | null;
  marked: number;
  leftOut: number;
}

/** One user for whom something would happen. */
export interface PlanChange {
  userId: string;
  username: string;
  operation: PlannedOperation;
  hash: string;
  cause: string;
  movement: 'enters' | 'leaves' | null;
  held: boolean;
  changes: PlannedChange[];
  paths: string[];
  reason: Reason | null;
  leftOut: string | null;
}

export interface PlanFilter {
  operation?: PlannedOperation | undefined;
  attribute?: string | undefined;
  cause?: string | undefined;
  movement?: 'enters' | 'leaves' | undefined;
  username?: string | undefined;
  leftOut?: boolean | undefined;
}

export function emptyCounts(): PlanCounts {
  return {
    byOperation: {},
    byAttribute: {},
    byCause: {},
    waiting: {},
    unchanged: 0,
    enters: 0,
    leaves: 0,
    held: 0,
    byConfiguration: 0,
  };
}

/** `12,403 people: 31 create, 940 update, 2 deactivate, 9 parked` */
export function buildHeadline(people: number, { byOperation }: PlanCounts): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const parts = PLANNED_OPERATIONS.flatMap((operation) => {
    const count = byOperation[operation] ?? 0;
    return count === 0 ? [] : [`${number(count)} ${operation === 'park' ? 'parked' : operation}`];
  });
  const who = people === 1 ? '1 person' : `${number(people)} people`;
  return `${who}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}`;
}
