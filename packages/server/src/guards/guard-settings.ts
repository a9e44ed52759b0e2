import type { Operation } from '../planning/index.ts';

export type GuardedOperation = Exclude<Operation, 'link'>;

/** A limit on how many accounts may be changed in one way within a sliding window; what passes it is held. */
export interface ThresholdRule {
  /** Names the guard in holds and in the ledger; unique within an app. */
  name: string;
  /** Changes of this operation; absent is any. */
  operation?: GuardedOperation | undefined;
  /** Changes that give this target attribute another value; `*` counts each attribute by itself. */
  attribute?: string | undefined;
  /** Only changes that take the value away. */
  clears?: boolean | undefined;
  windowMinutes: number;
  /** The larger of both in the window is allowed. */
  count: number;
  percent: number;
}

/** What can be counted and asked about. */
export const GUARDED_OPERATIONS = ['create', 'update', 'deactivate', 'reactivate', 'delete'] as const;

/** Who must agree before operations of a kind are sent. */
export interface ApprovalRule {
  operation: GuardedOperation;
  /** The user's manager may. */
  manager: boolean;
  /** These may: names of people or API keys, as the audit shows them. */
  named: string[];
}

/** Users whose access nobody takes by accident: named, or by profile or permission set; by ids, which no renaming changes. */
export interface ProtectedUsers {
  userIds: string[];
  profileIds: number[];
  permissionSetIds: number[];
}

/** Guard limits of an app besides its deactivation threshold of an hour. */
export interface GuardSettings {
  /** What the hour's threshold lets pass little by little; null is off. */
  slowBleed: { hours: number; count: number; percent: number } | null;
  thresholds: ThresholdRule[];
  protectedUsers: ProtectedUsers;
  approvals: ApprovalRule[];
}

/**
 * What holds where nobody chose otherwise. A hold costs a person a look; a wrong name or a blanked column on everybody's
 * account costs the company a day. So renames and cleared values are limited, and plain updates are not.
 */
export const DEFAULT_GUARDS: GuardSettings = {
  slowBleed: { hours: 24, count: 50, percent: 10 },
  thresholds: [
    { name: 'userName changes', operation: 'update', attribute: 'userName', windowMinutes: 60, count: 20, percent: 0 },
    { name: 'cleared values', attribute: '*', clears: true, windowMinutes: 60, count: 20, percent: 5 },
    { name: 'deletions', operation: 'delete', windowMinutes: 60, count: 50, percent: 5 },
  ],
  protectedUsers: { userIds: [], profileIds: [], permissionSetIds: [] },
  approvals: [],
};
