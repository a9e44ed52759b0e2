import { buildPatchBody, type PatchOperation } from './build-patch.ts';
import type { Dialect } from './dialect.ts';
import { buildResourcePath, buildSwitchedOffError, type EndpointContext, exchange } from './exchange.ts';
import { getResource } from './get-resource.ts';
import { isObject, type JsonObject, type JsonValue, readKey } from './json.ts';
import { mergeForPut } from './merge-resource.ts';
import { coreUrn1 } from './schema-urns.ts';
import { ScimError } from './scim-error.ts';

/** A member of a group: a user's remote id, and its name where the dialect sends it. */
export interface GroupMember {
  id: string;
  display?: string;
}

export interface MembersChange {
  /** Members that are missing. Adding one that is there already stores it twice at some targets. */
  add: readonly GroupMember[];
  /** Remote ids of members to take out. */
  remove: readonly string[];
  /**
   * Every member the group should have afterwards, for a target without PATCH, which is given all of them. Without it
   * such a target is refused.
   */
  wanted?: readonly GroupMember[];
}

/** What became of each member. What is in neither list was not tried, because a call failed as a whole. */
export interface MembersOutcome {
  added: string[];
  removed: string[];
  refused: { id: string; error: ScimError }[];
  /** The failure that ended the work, if one did: the transport's own too, once something is done. */
  failure: Error | undefined;
}

/**
 * What has to change so that a group has the wanted members. `written` is the caller's ledger: what it added and has not
 * removed. `read`, the members a read showed, is used only where the dialect says that reads are complete; members that
 * are in neither were put there by somebody else and stay. Pure.
 */
export function planMembers(
  wanted: readonly GroupMember[],
  written: ReadonlySet<string>,
  read: ReadonlySet<string> | undefined,
  dialect: Dialect,
): { add: GroupMember[]; remove: string[] } {
  const present = dialect.members.readsComplete && read !== undefined ? read : written;
  const byId = new Map(wanted.map((member) => [member.id, member]));
  return {
    add: [...byId.values()].filter(({ id }) => !present.has(id)),
    remove: [...written].filter((id) => !byId.has(id) && present.has(id)),
  };
}

/** The remote ids of a group's members, as far as its representation shows them. */
export function readMembers(group: JsonObject): Set<string> {
  const members = readKey(group, 'members');
  const ids = (Array.isArray(members) ? members : []).map((member) =>
    isObject(member) ? readKey(member, 'value') : member,
  );
  return new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''));
}

/**
 * Changes a group's members by deltas (RFC 7644 §3.5.2), removals first, in batches of the dialect's size, one after the
 * other: targets lose members when two changes of a group overlap, so never call it twice at once for one group. A
 * batch that is too large is halved; one that is refused is halved until the members it is refused for are known, and
 * the others are done. Returns what was done even when a call failed, so that the caller's ledger can be right.
 */
export async function changeMembers(
  group: EndpointContext,
  id: string,
  change: MembersChange,
): Promise<MembersOutcome> {
  const outcome: MembersOutcome = { added: [], removed: [], refused: [], failure: undefined };
  if (change.add.length === 0 && change.remove.length === 0) return outcome;
  try {
    // Before the members: a group that cannot be addressed is no member's fault.
    buildResourcePath(group.path, id);
    if (group.verbs.patch && group.learned.patchRefused !== true) await patchMembers(group, id, change, outcome);
    else await putMembers(group, id, change, outcome);
  } catch (error) {
    // What is done must not be forgotten for a connection that broke later.
    const isDone = outcome.added.length + outcome.removed.length + outcome.refused.length > 0;
    if (!(error instanceof Error) || !(error instanceof ScimError || isDone)) throw error;
    outcome.failure = error;
  }
  return outcome;
}

type Step = { operation: 'add'; member: GroupMember } | { operation: 'remove'; member: GroupMember };

async function patchMembers(
  group: EndpointContext,
  id: string,
  change: MembersChange,
  outcome: MembersOutcome,
): Promise<void> {
  const steps: Step[] = [
    ...change.remove.map((memberId): Step => ({ operation: 'remove', member: { id: memberId } })),
    ...change.add.map((member): Step => ({ operation: 'add', member })),
  ];
  let size = Math.max(1, group.dialect.members.batchSize);
  // A stack of batches still to be sent: halves take the place of the batch they are made of.
  const waiting: Step[][] = [];
  for (let start = steps.length; start > 0; start -= size) waiting.push(steps.slice(Math.max(0, start - size), start));
  for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
    if (batch.length > size) {
      waiting.push(batch.slice(size), batch.slice(0, size));
      continue;
    }
    try {
      await sendBatch(group, id, batch);
      for (const { operation, member } of batch) outcome[operation === 'add' ? 'added' : 'removed'].push(member.id);
    } catch (error) {
      if (!(error instanceof ScimError) || error.kind !== 'invalid_request') throw error;
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) {
        outcome.refused.push({ id: only.member.id, error });
        continue;
      }
      const half = Math.ceil(batch.length / 2);
      if (error.status === 413) size = half;
      waiting.push(batch.slice(half), batch.slice(0, half));
    }
  }
}

async function sendBatch(group: EndpointContext, id: string, batch: readonly Step[]): Promise<void> {
  const added = batch.filter(({ operation }) => operation === 'add').map(({ member }) => member);
  const removed = batch.filter(({ operation }) => operation === 'remove').map(({ member }) => member.id);
  const payload =
    group.dialect.scimVersion === '1.1'
      ? buildMembersBody1(added, removed, group.dialect)
      : buildPatchBody(buildMemberOperations(added, removed, group.dialect));
  const path = buildResourcePath(group.path, id);
  const { body, status } = await exchange(group, { method: 'PATCH', path, payload, effect: 'write', addressed: true });
  if (body.form !== 'unreadable') return;
  throw new ScimError(
    'ambiguous',
    `PATCH ${path} was answered with ${status} and a body that is not JSON. Read the group before going on.`,
    { status },
  );
}

/**
 * The operations for one batch. Removal names each member by a filter: `members` with a list is the whole attribute to
 * a target that follows RFC 7644 §3.5.2.2, which empties the group. The list is for dialects that want it.
 */
export function buildMemberOperations(
  added: readonly GroupMember[],
  removed: readonly string[],
  dialect: Dialect,
): PatchOperation[] {
  const spell = (op: string) => (dialect.patch.opCase === 'capital' ? op.charAt(0).toUpperCase() + op.slice(1) : op);
  const operations: PatchOperation[] = [];
  if (dialect.members.remove === 'valuePath') {
    for (const id of removed) operations.push({ op: spell('remove'), path: `members[value eq ${JSON.stringify(id)}]` });
  } else if (removed.length > 0) {
    operations.push({ op: spell('remove'), path: 'members', value: removed.map((id) => ({ value: id })) });
  }
  if (added.length > 0) {
    operations.push({ op: spell('add'), path: 'members', value: added.map((member) => writeMember(member, dialect)) });
  }
  return operations;
}

function buildMembersBody1(added: readonly GroupMember[], removed: readonly string[], dialect: Dialect): JsonObject {
  const members = [
    ...removed.map((id): JsonObject => ({ value: id, operation: 'delete' })),
    ...added.map((member) => writeMember(member, dialect)),
  ];
  return { schemas: [coreUrn1], members };
}

function writeMember({ id, display }: GroupMember, { members }: Dialect): JsonObject {
  return {
    value: id,
    ...(members.sendType ? { type: 'User' } : {}),
    ...(members.sendDisplay && display !== undefined ? { display } : {}),
  };
}

async function putMembers(
  group: EndpointContext,
  id: string,
  change: MembersChange,
  outcome: MembersOutcome,
): Promise<void> {
  const { dialect, coreSchema, verbs } = group;
  if (!verbs.put || change.wanted === undefined) throw buildSwitchedOffError(group, 'changing members');
  const current = await getResource(group, id);
  if (current === undefined) throw new ScimError('not_found', 'There is no such group at the target.', { status: 404 });
  const payload = mergeForPut(current.representation, [], {}, { coreSchema, clear: dialect.put.clear });
  // Stated even when empty: a list that is left out is left as it is.
  const members: JsonValue = change.wanted.map((member) => writeMember(member, dialect));
  payload['members'] = members;
  const path = buildResourcePath(group.path, id);
  await exchange(group, { method: 'PUT', path, payload, effect: 'write', version: current.version, addressed: true });
  outcome.added.push(...change.add.map((member) => member.id));
  outcome.removed.push(...change.remove);
}
