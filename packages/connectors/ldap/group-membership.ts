import { buildLdapError, ConnectorError, type LdapEntry, type LdapRequest } from '@usher/connector-sdk';
import { type LdapGround, missingBase, send, valuesOf } from './ldap-ground.ts';

/** objectClassViolation: a groupOfNames may not be without members. */
const NEEDS_A_MEMBER = 65;
/** attributeOrValueExists and noSuchAttribute: the member is there, or is not there, already. */
const MEMBER_EXISTS = 20;
const NO_SUCH_MEMBER = 16;

/** What stands for an account in the member attribute of a group. */
export function memberValueOf({ options }: LdapGround, entry: Pick<LdapEntry, 'dn' | 'attributes'>): string {
  if (options.memberIs === 'dn') return entry.dn;
  const [value] = valuesOf(entry as LdapEntry, options.nameAttribute);
  if (value !== undefined) return value;
  throw new ConnectorError('invalid_request', `${entry.dn} has no ${options.nameAttribute} to be a member by.`);
}

/** The groups below the base of groups that have this member. */
export async function findGroupsOf(ground: LdapGround, member: string): Promise<LdapEntry[]> {
  const { memberAttribute, groupNameAttribute } = ground.options;
  return searchGroups(ground, { attribute: memberAttribute, equals: member }, [groupNameAttribute]);
}

export async function searchGroups(
  ground: LdapGround,
  filter: Extract<LdapRequest, { operation: 'search' }>['filter'],
  attributes: readonly string[],
): Promise<LdapEntry[]> {
  const { groupBase = '', groupClass } = ground.options;
  const request: LdapRequest = {
    operation: 'search',
    base: groupBase,
    scope: 'sub',
    filter: { and: [{ attribute: 'objectClass', equals: groupClass }, filter] },
    attributes,
  };
  const answer = await ground.ldap.request(request);
  if (answer.code === 32) throw missingBase(groupBase);
  if (answer.code !== 0) throw buildLdapError(request, answer);
  return answer.entries;
}

/** The names of an account's groups, sorted; undefined where groups are not looked at. */
export async function readGroupNames(ground: LdapGround, entry: LdapEntry): Promise<string[] | undefined> {
  if (ground.options.groupBase === undefined) return undefined;
  const groups = await findGroupsOf(ground, memberValueOf(ground, entry));
  return groups.map((group) => valuesOf(group, ground.options.groupNameAttribute)[0] ?? group.dn).sort();
}

/** Makes an account a member of the groups with these names, and of no other one below the base. */
export async function setGroups(ground: LdapGround, entry: LdapEntry, wanted: readonly string[]): Promise<void> {
  const { groupNameAttribute } = ground.options;
  const member = memberValueOf(ground, entry);
  const present = await findGroupsOf(ground, member);
  const nameOf = (group: LdapEntry) => (valuesOf(group, groupNameAttribute)[0] ?? '').toLowerCase();
  const wantedNames = new Map(wanted.map((name) => [name.toLowerCase(), name]));
  for (const group of present) {
    if (!wantedNames.delete(nameOf(group))) await takeOut(ground, group.dn, member);
  }
  for (const name of wantedNames.values()) {
    const [group, another] = await searchGroups(ground, { attribute: groupNameAttribute, equals: name }, ['1.1']);
    if (!group || another) {
      const what = group ? 'several groups are' : 'no group is';
      throw new ConnectorError(
        'invalid_request',
        `At the server ${what} called "${name}" below ${ground.options.groupBase}. Create it there, or correct the mapping.`,
        { attribute: 'groups' },
      );
    }
    await putIn(ground, group.dn, member);
  }
}

export async function putIn(ground: LdapGround, dn: string, member: string): Promise<void> {
  const { memberAttribute } = ground.options;
  const changes = [{ change: 'add', attribute: memberAttribute, values: [member] }] as const;
  const request: LdapRequest = { operation: 'modify', dn, changes };
  const answer = await ground.ldap.request(request);
  if (answer.code !== 0 && answer.code !== MEMBER_EXISTS) throw buildLdapError(request, answer);
}

export async function takeOut(ground: LdapGround, dn: string, member: string): Promise<void> {
  const { memberAttribute } = ground.options;
  const taken = { change: 'delete', attribute: memberAttribute, values: [member] } as const;
  const request: LdapRequest = { operation: 'modify', dn, changes: [taken] };
  const answer = await ground.ldap.request(request);
  if (answer.code === 0 || answer.code === NO_SUCH_MEMBER) return;
  if (answer.code !== NEEDS_A_MEMBER) throw buildLdapError(request, answer);
  // The last one: the group holds itself until there is another, as it has to hold something.
  const itself = { change: 'add', attribute: memberAttribute, values: [dn] } as const;
  await send(ground, { operation: 'modify', dn, changes: [taken, itself] });
}

/** After a rename: servers without referential integrity leave the old name in the groups. */
export async function renameMember(ground: LdapGround, before: string, after: string): Promise<void> {
  if (ground.options.groupBase === undefined || before === after) return;
  for (const { dn } of await findGroupsOf(ground, before)) {
    await putIn(ground, dn, after);
    await takeOut(ground, dn, before);
  }
}

export async function leaveGroups(ground: LdapGround, entry: LdapEntry): Promise<void> {
  if (ground.options.groupBase !== undefined) await setGroups(ground, entry, []);
}
