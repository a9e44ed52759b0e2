import type { ExpectedRevision, NewAssignment } from '../assignments/index.ts';
import type { Actor } from '../audit/index.ts';
import type { FieldProblem, RefusalCode } from '../refusal.ts';
import type { UserDifference } from './plan-user-change.ts';
import type { StoredUser, UserDefaults, UserDraft } from './user.ts';
import type { UserFieldCatalog } from './user-fields.ts';

/** Users that come into being by the same change: their ids by lower-case Username. */
export type FindPlannedUsers = (usernames: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** One change of one user. A draft's names are resolved in the transaction of the change. */
export type UserChange =
  | { readonly kind: 'create'; readonly id: string; readonly draft: UserDraft }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly draft: UserDraft;
      readonly expected: ExpectedRevision;
    }
  | { readonly kind: 'delete'; readonly id: string; readonly expected: ExpectedRevision }
  | { readonly kind: 'restore'; readonly id: string; readonly expected: ExpectedRevision };

/** What all changes of a batch have in common. */
export interface ChangeContext {
  readonly now: Date;
  readonly actor: Actor;
  readonly catalog: UserFieldCatalog;
  readonly defaults: UserDefaults;
  /** The profile of new users that name none. */
  readonly standardProfileId: number | undefined;
  /** Users that later batches of the same transaction create. */
  readonly findPlanned?: FindPlannedUsers;
  /** Goes into the audit rows. */
  readonly reason?: string;
}

export interface WritePlan {
  readonly kind: 'created' | 'updated' | 'deleted' | 'restored';
  readonly before: StoredUser | null;
  readonly after: StoredUser;
  /** Of a new user without `fields`, which `after` has. */
  readonly difference: UserDifference;
  readonly assignments: { readonly remove: readonly (number | bigint)[]; readonly add: readonly NewAssignment[] };
}

export type UserPlan =
  | WritePlan
  | { readonly kind: 'unchanged'; readonly after: StoredUser }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly problems: FieldProblem[] };
