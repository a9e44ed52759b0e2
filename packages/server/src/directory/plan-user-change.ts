import type { FieldProblem } from '../refusal.ts';
import {
  deriveAlias,
  deriveNickname,
  type StoredUser,
  type UserDefaults,
  type UserDraft,
  type UserFields,
} from './user.ts';
import type { FieldValue, UserField } from './user-fields.ts';

/** A draft whose names were found: ids instead of names. */
export interface ResolvedDraft {
  readonly username?: string | undefined;
  readonly isActive?: boolean | undefined;
  readonly profileId?: number | undefined;
  readonly managerId?: string | null | undefined;
  readonly fields: Readonly<Record<string, FieldValue | null>>;
}

/** The fields that a change touches with their values before and after; null is blank. */
export interface UserDifference {
  readonly before: Record<string, FieldValue | null>;
  readonly after: Record<string, FieldValue | null>;
}

/** What a new user lacks. */
export function checkNewUser(draft: UserDraft, requiredCustomFields: readonly UserField[]): FieldProblem[] {
  const missing = (field: string, fix = 'Give it.'): FieldProblem => ({
    field,
    problem: 'is missing in a new user',
    fix,
  });
  const problems: FieldProblem[] = [];
  if (draft.username === undefined) problems.push(missing('Username', 'Give it, in the form of an email address.'));
  for (const name of ['LastName', 'Email', ...requiredCustomFields.map((field) => field.name)]) {
    if (draft.fields[name] === undefined || draft.fields[name] === null) problems.push(missing(name));
  }
  return problems;
}

/** The user that a complete draft describes, with what Salesforce demands and the draft leaves out. */
export function buildNewUser(id: string, draft: ResolvedDraft, defaults: UserDefaults): StoredUser {
  if (draft.username === undefined || draft.profileId === undefined) throw new Error('The draft was not checked');
  const fields = applyFields({}, draft.fields);
  fields['Alias'] ??= deriveAlias(fields, draft.username);
  fields['CommunityNickname'] ??= deriveNickname(draft.username);
  for (const [name, value] of Object.entries(defaults)) fields[name] ??= value;
  return {
    id,
    username: draft.username,
    isActive: draft.isActive ?? true,
    profileId: draft.profileId,
    managerId: draft.managerId ?? null,
    fields,
    revision: 1,
    isDeleted: false,
  };
}

/** The user after the change; the same object when nothing changes. */
export function buildChangedUser(user: StoredUser, draft: ResolvedDraft): StoredUser {
  const changed: StoredUser = {
    ...user,
    username: draft.username ?? user.username,
    isActive: draft.isActive ?? user.isActive,
    profileId: draft.profileId ?? user.profileId,
    managerId: draft.managerId === undefined ? user.managerId : draft.managerId,
    fields: hasOtherFields(user.fields, draft.fields) ? applyFields(user.fields, draft.fields) : user.fields,
  };
  const same =
    changed.fields === user.fields &&
    changed.username === user.username &&
    changed.isActive === user.isActive &&
    changed.profileId === user.profileId &&
    changed.managerId === user.managerId;
  return same ? user : changed;
}

function hasOtherFields(fields: UserFields, wanted: ResolvedDraft['fields']): boolean {
  for (const name in wanted) if (!isSameValue(fields[name] ?? null, wanted[name] ?? null)) return true;
  return false;
}

function applyFields(fields: UserFields, wanted: ResolvedDraft['fields']): UserFields {
  const result: Record<string, FieldValue | null> = { ...fields, ...wanted };
  for (const name in wanted) if (wanted[name] === null) delete result[name];
  return result as UserFields;
}

export function isSameValue(a: FieldValue | null, b: FieldValue | null): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => item === b[index]);
  return a === b;
}

/** What differs, by field names; profiles are told by name. */
export function diffUsers(before: StoredUser, after: StoredUser, profileName: (id: number) => string): UserDifference {
  const difference: UserDifference = { before: {}, after: {} };
  const compare = (name: string, old: FieldValue | null, now: FieldValue | null) => {
    if (isSameValue(old, now)) return;
    difference.before[name] = old;
    difference.after[name] = now;
  };
  compare('Username', before.username, after.username);
  compare('IsActive', before.isActive, after.isActive);
  if (before.profileId !== after.profileId) {
    compare('Profile', profileName(before.profileId), profileName(after.profileId));
  }
  compare('ManagerId', before.managerId, after.managerId);
  compare('IsDeleted', before.isDeleted, after.isDeleted);
  if (before.fields !== after.fields) {
    for (const name of new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])) {
      compare(name, before.fields[name] ?? null, after.fields[name] ?? null);
    }
  }
  return difference;
}

/** What the audit shows of a new user besides `fields`. */
export function describeUser(user: StoredUser, profileName: (id: number) => string): Record<string, FieldValue | null> {
  return {
    Username: user.username,
    IsActive: user.isActive,
    Profile: profileName(user.profileId),
    ...(user.managerId ? { ManagerId: user.managerId } : {}),
  };
}
