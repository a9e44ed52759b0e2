import {
  assertExpectedRevision,
  type HeldAssignment,
  loadEntitlementNames,
  loadHeldAssignments,
  type NewAssignment,
} from '../assignments/index.ts';
import type { Queryable } from '../db/index.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { findTakenValues } from './find-taken-values.ts';
import { buildChangedUser, buildNewUser, checkNewUser, describeUser, diffUsers } from './plan-user-change.ts';
import { type NamedId, type References, resolveReferences } from './resolve-references.ts';
import { loadUsers } from './sql/user-rows.ts';
import type { StoredUser, UserDraft } from './user.ts';
import type { ChangeContext, FindPlannedUsers, UserChange, UserPlan } from './user-change.ts';

interface Loaded {
  users: ReadonlyMap<string, StoredUser>;
  held: ReadonlyMap<string, HeldAssignment[]>;
  references: References;
  profileName(id: number): string;
}

/**
 * Computes what each change comes to, by a fixed number of queries for the whole batch; writes nothing. With `repeatsAllowed` the
 * caller looks for values that two changes of the batch ask for.
 */
export async function planUserChanges(
  db: Queryable,
  context: ChangeContext,
  changes: readonly UserChange[],
  options: { lock: boolean; repeatsAllowed?: boolean },
): Promise<UserPlan[]> {
  const loaded = await load(db, context, changes, options);
  const plans = changes.map((change) => planChange(change, loaded, context));
  const taken = await findTakenValues(db, plans, options.repeatsAllowed ?? false);
  return plans.map((plan, index) => {
    const problems = taken.get(index);
    return problems ? { kind: 'refused', code: 'already_exists', problems } : plan;
  });
}

async function load(
  db: Queryable,
  context: ChangeContext,
  changes: readonly UserChange[],
  options: { lock: boolean },
): Promise<Loaded> {
  const existing = changes.filter((change) => change.kind !== 'create').map((change) => change.id);
  const users = await loadUsers(db, existing, options);
  const drafts = changes.flatMap((change) => ('draft' in change ? [change.draft] : []));
  const references = await resolveReferences(db, drafts, buildPlanned(context, changes));
  const withLists = changes.filter((change) => change.kind === 'update' && hasLists(change.draft)).map(({ id }) => id);
  const held = Map.groupBy(await loadHeldAssignments(db, withLists), (assignment) => assignment.userId);
  const profileIds = new Set([...users.values()].map((user) => user.profileId));
  for (const draft of drafts) profileIds.add(references.profileId(draft) ?? context.standardProfileId ?? 0);
  const profiles = await loadEntitlementNames(db, 'profile', [...profileIds]);
  return { users, held, references, profileName: (id) => profiles.get(id) ?? String(id) };
}

function hasLists(draft: UserDraft): boolean {
  return draft.permissionSets !== undefined || draft.permissionSetGroups !== undefined;
}

/** The users that this batch creates can be each other's managers. */
function buildPlanned(context: ChangeContext, changes: readonly UserChange[]) {
  const own = new Map<string, string>();
  for (const change of changes) {
    if (change.kind === 'create' && change.draft.username) own.set(change.draft.username.toLowerCase(), change.id);
  }
  const byUsername: FindPlannedUsers = async (usernames) => {
    const others = usernames.filter((username) => !own.has(username.toLowerCase()));
    const found = context.findPlanned && others.length > 0 ? await context.findPlanned(others) : [];
    return new Map([...own, ...found]);
  };
  return { byUsername, ids: new Set(own.values()) };
}

function planChange(change: UserChange, loaded: Loaded, context: ChangeContext): UserPlan {
  if (change.kind === 'create') return planCreate(change, loaded, context);
  const before = loaded.users.get(change.id);
  if (!before) return refuse('not_found', 'Id', `${change.id} is not the id of a user`, 'List the users to find it.');
  try {
    assertExpectedRevision(change.expected, before.revision, `The user ${before.username}`);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, problems: error.problems };
    throw error;
  }
  if (change.kind === 'restore') return planRestore(before, loaded);
  if (before.isDeleted)
    return refuse('conflict', 'Id', `names ${before.username}, who is deleted`, 'Restore the user first.');
  return change.kind === 'delete' ? planDelete(before, loaded) : planUpdate(before, change.draft, loaded, context);
}

function planCreate(change: UserChange & { kind: 'create' }, loaded: Loaded, context: ChangeContext): UserPlan {
  const { draft, id } = change;
  const { references } = loaded;
  const required = context.catalog.fields.filter((field) => field.custom && field.required);
  const problems = [...checkNewUser(draft, required), ...references.problems(draft)];
  const profileId = references.profileId(draft) ?? context.standardProfileId;
  if (!draft.profile && profileId === undefined) {
    const fix = 'Name one, or create a profile "Standard User" for users that name none.';
    problems.push({ field: 'Profile', problem: 'is missing in a new user', fix });
  }
  if (problems.length > 0) return { kind: 'refused', code: 'invalid_value', problems };
  const resolved = { ...draft, profileId, managerId: references.managerId(draft) };
  const after = buildNewUser(id, resolved, context.defaults);
  const assignments = diffAssignments(id, draft, [], loaded, context.now);
  return {
    kind: 'created',
    before: null,
    after,
    difference: { before: {}, after: { ...describeUser(after, loaded.profileName), ...assignments.after } },
    assignments,
  };
}

function planUpdate(before: StoredUser, draft: UserDraft, loaded: Loaded, context: ChangeContext): UserPlan {
  const { references } = loaded;
  const problems = references.problems(draft);
  const managerId = references.managerId(draft);
  if (managerId === before.id) {
    problems.push({
      field: 'Manager',
      problem: 'is the user themselves',
      fix: 'Name somebody else, or leave it blank.',
    });
  }
  if (problems.length > 0) return { kind: 'refused', code: 'invalid_value', problems };
  const after = buildChangedUser(before, { ...draft, profileId: references.profileId(draft), managerId });
  const held = loaded.held.get(before.id) ?? [];
  const assignments = diffAssignments(before.id, draft, held, loaded, context.now);
  if (after === before && assignments.remove.length === 0 && assignments.add.length === 0) {
    return { kind: 'unchanged', after: before };
  }
  const fields = diffUsers(before, after, loaded.profileName);
  const difference = {
    before: { ...fields.before, ...assignments.before },
    after: { ...fields.after, ...assignments.after },
  };
  return { kind: 'updated', before, after, difference, assignments };
}

const NO_ASSIGNMENTS = { remove: [], add: [] };

function planDelete(before: StoredUser, loaded: Loaded): UserPlan {
  const after = { ...before, isDeleted: true };
  const difference = diffUsers(before, after, loaded.profileName);
  return { kind: 'deleted', before, after, difference, assignments: NO_ASSIGNMENTS };
}

function planRestore(before: StoredUser, loaded: Loaded): UserPlan {
  if (!before.isDeleted) return { kind: 'unchanged', after: before };
  const after = { ...before, isDeleted: false };
  const difference = diffUsers(before, after, loaded.profileName);
  return { kind: 'restored', before, after, difference, assignments: NO_ASSIGNMENTS };
}

function refuse(code: RefusalCode, field: string, problem: string, fix: string): UserPlan {
  return { kind: 'refused', code, problems: [{ field, problem, fix }] };
}

/** An assignment that has expired counts as none: whoever lists it anew means it. Expiry dates of the others stay. */
function diffAssignments(userId: string, draft: UserDraft, held: HeldAssignment[], loaded: Loaded, now: Date) {
  const result = {
    remove: [] as (number | bigint)[],
    add: [] as NewAssignment[],
    before: {} as Record<string, string[]>,
    after: {} as Record<string, string[]>,
  };
  const compare = (
    field: string,
    wanted: readonly NamedId[] | undefined,
    key: 'permissionSetId' | 'permissionSetGroupId',
  ) => {
    if (!wanted) return;
    const ofKind = held.filter((assignment) => assignment[key] !== null);
    const valid = ofKind.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    const wantedIds = new Set(wanted.map(({ id }) => id));
    const kept = new Set(valid.map((assignment) => assignment[key]).filter((id) => id !== null && wantedIds.has(id)));
    const add = wanted.filter(({ id }) => !kept.has(id));
    const addIds = new Set(add.map(({ id }) => id));
    const remove = valid.filter((assignment) => !kept.has(assignment[key]));
    const renewed = ofKind.filter((held) => !valid.includes(held) && addIds.has(held[key] ?? 0));
    if (add.length === 0 && remove.length === 0) return;
    result.remove.push(...[...remove, ...renewed].map(({ id }) => id));
    result.add.push(...add.map(({ id }) => ({ userId, [key]: id })));
    if (valid.length > 0 || held.length > 0) result.before[field] = valid.map(({ name }) => name).sort();
    result.after[field] = wanted.map(({ name }) => name).sort();
  };
  compare('PermissionSets', loaded.references.permissionSets(draft), 'permissionSetId');
  compare('PermissionSetGroups', loaded.references.permissionSetGroups(draft), 'permissionSetGroupId');
  return result;
}
