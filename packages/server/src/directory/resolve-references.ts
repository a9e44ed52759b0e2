import {
  buildUnknownNameProblem,
  type EntitlementKind,
  listEntitlementNames,
  loadEntitlementNames,
  resolveEntitlements,
} from '../assignments/index.ts';
import type { Queryable } from '../db/index.ts';
import type { FieldProblem } from '../refusal.ts';
import { quote } from './parse-field-value.ts';
import { findExistingIds, findIdsByUsername } from './sql/find-user-ids.ts';
import type { UserDraft } from './user.ts';
import type { FindPlannedUsers } from './user-change.ts';

/** The ids of every name in a batch of drafts, found by a few set-based queries. */
export interface References {
  profileId(draft: UserDraft): number | undefined;
  /** Undefined: unchanged. */
  managerId(draft: UserDraft): string | null | undefined;
  permissionSets(draft: UserDraft): readonly NamedId[] | undefined;
  permissionSetGroups(draft: UserDraft): readonly NamedId[] | undefined;
  /** Names that were not found. */
  problems(draft: UserDraft): FieldProblem[];
}

export interface NamedId {
  readonly id: number;
  readonly name: string;
}

type Names = ReadonlyMap<string, NamedId>;

export async function resolveReferences(
  db: Queryable,
  drafts: readonly UserDraft[],
  planned: { byUsername: FindPlannedUsers; ids: ReadonlySet<string> },
): Promise<References> {
  const asked = collect(drafts);
  const profiles = await resolveEntitlements(db, 'profile', [...asked.profiles]);
  const profileIds = await loadEntitlementNames(db, 'profile', [...asked.profileIds]);
  const sets = await resolveEntitlements(db, 'permission set', [...asked.permissionSets]);
  const groups = await resolveEntitlements(db, 'permission set group', [...asked.permissionSetGroups]);
  const managers = [...asked.managers];
  const inDirectory = await findIdsByUsername(db, managers);
  const missing = managers.filter((username) => !inDirectory.has(username));
  const inPlan = missing.length > 0 ? await planned.byUsername(missing) : new Map<string, string>();
  const existing = await findExistingIds(db, [...asked.userIds]);
  const findManager = (username: string) => inDirectory.get(username) ?? inPlan.get(username.toLowerCase());
  const isUser = (id: string) => existing.has(id) || planned.ids.has(id);

  const known = new Map<EntitlementKind, readonly string[]>();
  for (const [kind, found, names] of [
    ['profile', profiles, asked.profiles],
    ['permission set', sets, asked.permissionSets],
    ['permission set group', groups, asked.permissionSetGroups],
  ] as const) {
    if (found.size < names.size) known.set(kind, await listEntitlementNames(db, kind));
  }
  const unknownName = (field: string, kind: EntitlementKind, name: string): FieldProblem => ({
    field,
    ...buildUnknownNameProblem(kind, name, known.get(kind) ?? []),
  });
  const pick = (names: readonly string[] | undefined, found: Names) => names && pickNamed(names, found);

  return {
    profileId: ({ profile }) => profile && ('id' in profile ? profile.id : profiles.get(profile.name)?.id),
    managerId: ({ manager }) => {
      if (manager === undefined || manager === null) return manager;
      return 'id' in manager ? manager.id : findManager(manager.username);
    },
    permissionSets: (draft) => pick(draft.permissionSets, sets),
    permissionSetGroups: (draft) => pick(draft.permissionSetGroups, groups),
    problems: (draft) => {
      const problems: FieldProblem[] = [];
      const { profile, manager } = draft;
      if (profile && 'name' in profile && !profiles.has(profile.name)) {
        problems.push(unknownName('Profile', 'profile', profile.name));
      }
      if (profile && 'id' in profile && !profileIds.has(profile.id)) {
        const problem = `${profile.id} is not the id of a profile`;
        problems.push({ field: 'ProfileId', problem, fix: 'List the profiles, or send Profile with a name.' });
      }
      if (manager && 'username' in manager && findManager(manager.username) === undefined) {
        problems.push(unknownUser('Manager', manager.username, 'Username'));
      }
      if (manager && 'id' in manager && !isUser(manager.id)) problems.push(unknownUser('ManagerId', manager.id, 'Id'));
      const approver = draft.fields['DelegatedApproverId'];
      if (typeof approver === 'string' && !isUser(approver)) {
        problems.push(unknownUser('DelegatedApproverId', approver, 'Id'));
      }
      for (const name of draft.permissionSets ?? []) {
        if (!sets.has(name)) problems.push(unknownName('PermissionSets', 'permission set', name));
      }
      for (const name of draft.permissionSetGroups ?? []) {
        if (!groups.has(name)) problems.push(unknownName('PermissionSetGroups', 'permission set group', name));
      }
      return problems;
    },
  };
}

function unknownUser(field: string, value: string, key: string): FieldProblem {
  return {
    field,
    problem: `${quote(value)} is not the ${key} of a user`,
    fix: 'Create that user first, correct it, or leave it blank.',
  };
}

function pickNamed(names: readonly string[], found: Names): NamedId[] {
  const byId = new Map<number, NamedId>();
  for (const name of names) {
    const named = found.get(name);
    if (named) byId.set(named.id, named);
  }
  return [...byId.values()];
}

function collect(drafts: readonly UserDraft[]) {
  const asked = {
    profiles: new Set<string>(),
    profileIds: new Set<number>(),
    permissionSets: new Set<string>(),
    permissionSetGroups: new Set<string>(),
    managers: new Set<string>(),
    userIds: new Set<string>(),
  };
  for (const draft of drafts) {
    if (draft.profile && 'name' in draft.profile) asked.profiles.add(draft.profile.name);
    if (draft.profile && 'id' in draft.profile) asked.profileIds.add(draft.profile.id);
    for (const name of draft.permissionSets ?? []) asked.permissionSets.add(name);
    for (const name of draft.permissionSetGroups ?? []) asked.permissionSetGroups.add(name);
    if (draft.manager && 'username' in draft.manager) asked.managers.add(draft.manager.username);
    if (draft.manager && 'id' in draft.manager) asked.userIds.add(draft.manager.id);
    const approver = draft.fields['DelegatedApproverId'];
    if (typeof approver === 'string') asked.userIds.add(approver);
  }
  return asked;
}
