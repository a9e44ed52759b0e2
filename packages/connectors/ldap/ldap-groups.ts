import {
  buildLdapError,
  buildRdn,
  type ChangeMembersRequest,
  type ChangeMembersResult,
  ConnectorError,
  describeFailure,
  type GroupOperations,
  type LdapEntry,
  type LdapRequest,
  type TargetGroup,
} from '@usher/connector-sdk';
import { accountClassOf } from './account-class.ts';
import { memberValueOf, putIn, searchGroups, takeOut } from './group-membership.ts';
import { findEntry, type LdapGround, missingBase, searchAccounts, send, valuesOf } from './ldap-ground.ts';

/** Above so many members all accounts are read at once, rather than each member by itself. */
const READ_SINGLY = 20;

/** Groups that are entries below the base of groups; undefined where none is set. */
export function buildLdapGroups(ground: LdapGround): GroupOperations | undefined {
  if (ground.options.groupBase === undefined) return undefined;
  const { groupNameAttribute, idAttribute } = ground.options;
  const wanted = [groupNameAttribute, idAttribute];
  return {
    find: async ({ name }) => {
      const found = await searchGroups(ground, { attribute: groupNameAttribute, equals: name }, wanted);
      const groups = found.map((entry) => toGroup(entry, ground));
      return { groups: groups.filter((group) => group.name?.toLowerCase() === name.toLowerCase()) };
    },
    get: async ({ remoteId }) => {
      const entry = await findGroup(ground, remoteId);
      return entry ? { found: true, group: toGroup(entry, ground) } : { found: false };
    },
    create: ({ name }) => createGroup(ground, name),
    rename: async ({ remoteId, name }) => {
      const { dn } = await getGroup(ground, remoteId);
      await send(ground, { operation: 'rename', dn, newRdn: buildRdn(groupNameAttribute, name) });
    },
    delete: async ({ remoteId }) => {
      await send(ground, { operation: 'delete', dn: (await getGroup(ground, remoteId)).dn });
    },
    members: async ({ remoteId }) => {
      const [group] = await searchGroups(ground, { attribute: idAttribute, equals: remoteId }, ['*', idAttribute]);
      return { remoteIds: group ? await readMembers(ground, group) : [], isComplete: group !== undefined };
    },
    changeMembers: (request) => changeMembers(ground, request),
    list: async ({ cursor, limit }) => {
      const everything = await searchGroups(ground, { attribute: groupNameAttribute, present: true }, wanted);
      const groups = everything
        .map((entry) => toGroup(entry, ground))
        .sort((a, b) => (a.remoteId < b.remoteId ? -1 : 1));
      const rest = cursor === undefined ? groups : groups.filter(({ remoteId }) => remoteId > cursor);
      const page = rest.slice(0, Math.max(1, limit));
      const last = page.at(-1);
      return rest.length > page.length && last ? { groups: page, nextCursor: last.remoteId } : { groups: page };
    },
  };
}

function toGroup(entry: LdapEntry, { options }: LdapGround): TargetGroup {
  const [remoteId] = valuesOf(entry, options.idAttribute);
  if (remoteId === undefined) {
    throw new ConnectorError(
      'transient',
      `${entry.dn} shows no ${options.idAttribute}. Give the bind the right to read it.`,
    );
  }
  const [name] = valuesOf(entry, options.groupNameAttribute);
  return { remoteId, name, representation: { dn: entry.dn, ...(name === undefined ? {} : { name }) } };
}

async function findGroup(ground: LdapGround, remoteId: string): Promise<LdapEntry | undefined> {
  const { idAttribute, groupNameAttribute } = ground.options;
  const wanted = [groupNameAttribute, idAttribute];
  const [found] = await searchGroups(ground, { attribute: idAttribute, equals: remoteId }, wanted);
  return found;
}

async function getGroup(ground: LdapGround, remoteId: string): Promise<LdapEntry> {
  const found = await findGroup(ground, remoteId);
  if (found) return found;
  throw new ConnectorError('not_found', `There is no group with the ${ground.options.idAttribute} ${remoteId}.`);
}

/** A group that may not be without members holds itself. */
async function createGroup(ground: LdapGround, name: string): Promise<{ group: TargetGroup }> {
  const { groupBase = '', groupClass, groupNameAttribute, memberAttribute, memberIs } = ground.options;
  const dn = `${buildRdn(groupNameAttribute, name)},${groupBase}`;
  const attributes: Record<string, string[]> = { objectClass: [groupClass], [groupNameAttribute]: [name] };
  if (memberIs === 'dn') attributes[memberAttribute] = [dn];
  const request: LdapRequest = { operation: 'add', dn, attributes };
  const answer = await ground.ldap.request(request);
  if (answer.code === 32) throw missingBase(groupBase);
  if (answer.code !== 0) throw buildLdapError(request, answer);
  const [entry] = await searchGroups(ground, { attribute: groupNameAttribute, equals: name }, [
    groupNameAttribute,
    ground.options.idAttribute,
  ]);
  if (entry) return { group: toGroup(entry, ground) };
  throw new ConnectorError('ambiguous', `The group ${dn} was created, and could not be read after it.`);
}

async function readMembers(ground: LdapGround, group: LdapEntry): Promise<string[]> {
  const { memberAttribute, idAttribute, nameAttribute, memberIs } = ground.options;
  const members = valuesOf(group, memberAttribute).filter((member) => member !== group.dn);
  const isAccount = { attribute: 'objectClass', equals: accountClassOf(ground.options) };
  const byName = { or: members.map((equals) => ({ attribute: nameAttribute, equals })) };
  const some = memberIs === 'name' && members.length <= READ_SINGLY ? { and: [isAccount, byName] } : isAccount;
  if (members.length === 0) return [];
  const accounts = await searchAccounts(ground, some, [idAttribute, nameAttribute]);
  const ids = new Map(
    accounts.map((entry) => [memberValueOf(ground, entry).toLowerCase(), valuesOf(entry, idAttribute)[0]]),
  );
  return members.map((member) => ids.get(member.toLowerCase())).filter((id) => id !== undefined);
}

/** One member after the other: a directory answers each in less than a millisecond, and says which one it refuses. */
async function changeMembers(
  ground: LdapGround,
  { remoteId, add, remove }: ChangeMembersRequest,
): Promise<ChangeMembersResult> {
  const result: ChangeMembersResult = { added: [], removed: [], refused: [] };
  try {
    const { dn } = await getGroup(ground, remoteId);
    const steps = [
      ...remove.map((member) => ({ member, done: result.removed, send: takeOut })),
      ...add.map((member) => ({ member: member.remoteId, done: result.added, send: putIn })),
    ];
    for (const { member, done, send: change } of steps) {
      const account = await findEntry(ground, member);
      if (account) {
        await change(ground, dn, memberValueOf(ground, account));
        done.push(member);
      } else {
        const gone = new ConnectorError('not_found', `There is no account ${member} to be a member.`);
        result.refused.push({ remoteId: member, failure: describeFailure(gone) });
      }
    }
    return result;
  } catch (error) {
    return { ...result, failure: describeFailure(error) };
  }
}
