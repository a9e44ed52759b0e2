import type { PatchOperation } from './apply-patch.ts';
import type { RecordSchema } from './attribute-definitions.ts';
import { isObject } from './json.ts';
import type { RecordKind } from './record-store.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetProfile } from './target-profile.ts';

/** The operations that a target of the profile carries out. Throws ScimFailure 400 for a shape that it does not take. */
export function checkPatchLimits(
  operations: PatchOperation[],
  kind: RecordKind,
  schema: RecordSchema,
  profile: TargetProfile,
): PatchOperation[] {
  for (const operation of operations) {
    checkShape(operation, profile);
    if (kind === 'Group') checkMembers(operation, profile);
    if (kind === 'User' && profile.onlyDeactivation && !isDeactivation(operation)) {
      throw new ScimFailure(400, 'Only "active": false may be patched on a user of this target', 'invalidValue');
    }
  }
  if (kind === 'Group' && countMembers(operations) > profile.maxMembersPerPatch) {
    throw new ScimFailure(400, `A PATCH may change ${profile.maxMembersPerPatch} members at most`, 'tooMany');
  }
  if (!profile.extensionPathIgnored) return operations;
  const urns = [...schema.extensions.keys()].map((urn) => `${urn.toLowerCase()}:`);
  return operations.filter(({ path }) => !urns.some((urn) => path?.toLowerCase().startsWith(urn)));
}

function checkShape({ path, value }: PatchOperation, profile: TargetProfile): void {
  if (path === undefined) {
    if (profile.pathRequired) throw new ScimFailure(400, 'An operation needs a path at this target', 'invalidPath');
    if (profile.pathlessSingleAttribute && isObject(value) && Object.keys(value).length > 1) {
      throw new ScimFailure(400, 'An operation without path may name one attribute only', 'invalidSyntax');
    }
    return;
  }
  if (profile.pathlessOnly) throw new ScimFailure(400, 'This target takes operations without path only', 'invalidPath');
  if (path.includes('[') && !profile.valuePath) {
    throw new ScimFailure(400, 'This target takes no filter in a path', 'invalidPath');
  }
}

function checkMembers({ op, path, value }: PatchOperation, profile: TargetProfile): void {
  if (profile.replaceMembers) return;
  const named =
    path?.toLowerCase() === 'members' || (path === undefined && isObject(value) && value['members'] !== undefined);
  const isWhole =
    op === 'replace' || (op === 'remove' && (value === undefined || profile.removeWithList === 'empties'));
  if (named && isWhole) throw new ScimFailure(400, 'Replacing group memberships is not supported.', 'invalidValue');
}

function countMembers(operations: PatchOperation[]): number {
  let count = 0;
  for (const { path, value } of operations) {
    const given = path === undefined && isObject(value) ? value['members'] : value;
    if (path !== undefined && !path.toLowerCase().startsWith('members')) continue;
    count += Array.isArray(given) ? given.length : path?.includes('[') ? 1 : 0;
  }
  return count;
}

function isDeactivation({ op, path, value }: PatchOperation): boolean {
  if (op === 'remove') return false;
  if (path !== undefined) return path.toLowerCase() === 'active' && value === false;
  return isObject(value) && Object.keys(value).length === 1 && value['active'] === false;
}
