import {
  type AccountOperations,
  type Attributes,
  type AttributeValue,
  buildLdapError,
  buildRdn,
  type ConnectorContext,
  ConnectorError,
  type LdapEntry,
  type LdapModification,
  type LdapRequest,
  type TargetAccount,
  type UpdateRequest,
} from '@usher/connector-sdk';
import { accountClassOf } from './account-class.ts';
import { buildStateAttributes, buildStateChanges, chooseParent, isActive } from './account-state.ts';
import { leaveGroups, memberValueOf, readGroupNames, renameMember, setGroups } from './group-membership.ts';
import {
  findEntry,
  getEntry,
  type LdapGround,
  missingBase,
  parentOf,
  searchAccounts,
  send,
  valuesOf,
} from './ldap-ground.ts';
import type { LdapOptions } from './ldap-options.ts';
import { readLdapSchema } from './ldap-schema.ts';
import { listAccounts } from './list-accounts.ts';

/** Accounts that are entries of an LDAP directory. The remote id is the server's own, so a rename keeps it. */
export function buildLdapAccounts(ground: LdapGround, context: ConnectorContext<LdapOptions>): AccountOperations {
  const { paths } = context;
  // A search in the groups for each account: only for who maps them.
  const looksAtGroups = ground.options.groupBase !== undefined && (paths === undefined || paths.includes('groups'));
  const show = async (entry: LdapEntry): Promise<TargetAccount> =>
    buildAccount(ground, entry, looksAtGroups ? await readGroupNames(ground, entry) : undefined);
  const showAgain = async (remoteId: string) => {
    const entry = await findEntry(ground, remoteId);
    return { account: entry && (await show(entry)) };
  };
  return {
    schema: () => readLdapSchema(ground),
    find: async ({ path, value }) => ({
      accounts: await Promise.all((await findByAttribute(ground, path, value)).map(show)),
    }),
    get: async ({ remoteId }) => {
      const entry = await findEntry(ground, remoteId);
      return entry ? { found: true, account: await show(entry) } : { found: false };
    },
    create: async ({ attributes }) => ({ account: await show(await createEntry(ground, attributes)) }),
    update: async (request) => {
      await updateEntry(ground, request);
      return showAgain(request.remoteId);
    },
    // Nothing but the state: a refused attribute elsewhere must not keep a leaver inside.
    deactivate: async ({ remoteId }) => {
      const active = { path: 'active', operation: 'set', value: false } as const;
      await updateEntry(ground, { remoteId, changes: [active], desired: {} });
      return showAgain(remoteId);
    },
    delete: async ({ remoteId }) => {
      const entry = await getEntry(ground, remoteId);
      await leaveGroups(ground, entry);
      await send(ground, { operation: 'delete', dn: entry.dn });
    },
    list: async (request) => {
      const { entries, nextCursor } = await listAccounts(ground, context, request);
      const accounts = await Promise.all(entries.map(show));
      return nextCursor === undefined ? { accounts } : { accounts, nextCursor };
    },
    read: ({ representation }, path) => readEntryAttribute(representation, path, ground.options),
  };
}

function buildAccount({ options }: LdapGround, entry: LdapEntry, groups: string[] | undefined): TargetAccount {
  const [remoteId] = valuesOf(entry, options.idAttribute);
  if (remoteId === undefined) {
    const fix = 'Give the bind the right to read it, or choose another attribute in the connector options.';
    throw new ConnectorError('transient', `${entry.dn} shows no ${options.idAttribute}. ${fix}`);
  }
  const representation: Record<string, AttributeValue> = { dn: entry.dn };
  for (const [name, values] of Object.entries(entry.attributes)) {
    // Photographs and the like are compared by nobody.
    if (values.some((value) => value.startsWith('base64:'))) continue;
    const [only] = values;
    representation[name] = values.length === 1 && only !== undefined ? only : values;
  }
  if (groups !== undefined) representation['groups'] = groups;
  return { remoteId, active: isActive(entry, options), representation };
}

function readEntryAttribute(
  representation: Readonly<Record<string, AttributeValue>>,
  path: string,
  { multiValued }: LdapOptions,
): AttributeValue | undefined {
  const wanted = path.toLowerCase();
  const name = Object.hasOwn(representation, path)
    ? path
    : Object.keys(representation).find((known) => known.toLowerCase() === wanted);
  const value = name === undefined ? undefined : representation[name];
  if (value === undefined || value === null || value === '') return undefined;
  const isList = wanted === 'groups' || multiValued.some((one) => one.toLowerCase() === wanted);
  return isList && !Array.isArray(value) ? [value] : value;
}

async function findByAttribute(ground: LdapGround, path: string, value: string): Promise<LdapEntry[]> {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(path)) {
    throw new ConnectorError('unsupported', `Accounts cannot be searched by ${path} at an LDAP server.`);
  }
  const isAccount = { attribute: 'objectClass', equals: accountClassOf(ground.options) };
  const found = await searchAccounts(ground, { and: [isAccount, { attribute: path, equals: value }] });
  // The server compares by the rules of the attribute and of its subtypes; the value has to be there all the same.
  const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return found.filter((entry) => valuesOf(entry, path).some((one) => plain(one) === plain(value)));
}

async function createEntry(ground: LdapGround, { active, groups, ...rest }: Attributes): Promise<LdapEntry> {
  const { options } = ground;
  const isActiveOne = active !== false;
  const attributes: Record<string, string[]> = {
    objectClass: options.objectClasses,
    ...buildStateAttributes(isActiveOne, options),
  };
  for (const [path, value] of Object.entries(rest)) attributes[path] = writeValues(value);
  const rdn = buildRdn(options.nameAttribute, nameIn(rest, options));
  const dn = `${rdn},${chooseParent(`${rdn},${options.base}`, isActiveOne, options) ?? options.base}`;
  const request: LdapRequest = { operation: 'add', dn, attributes };
  const answer = await ground.ldap.request(request);
  if (answer.code === 32) throw missingBase(parentOf(dn));
  if (answer.code !== 0) throw await explainRefusal(ground, buildLdapError(request, answer), answer.code, rest);
  const entry = await readCreated(ground, dn);
  if (groups === undefined || groups === null || options.groupBase === undefined) return entry;
  const remoteId = valuesOf(entry, options.idAttribute)[0];
  try {
    await setGroups(ground, entry, writeValues(groups));
    return entry;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const message = `The entry was created, and is not in its groups yet: ${error.message}`;
    throw new ConnectorError('partially_created', message, { remoteId, detail: error.detail, cause: error });
  }
}

function nameIn(attributes: Attributes, { nameAttribute }: LdapOptions): string {
  const wanted = nameAttribute.toLowerCase();
  const path = Object.keys(attributes).find((one) => one.toLowerCase() === wanted);
  const [name] = path === undefined ? [] : writeValues(attributes[path] ?? null);
  if (name !== undefined) return name;
  throw new ConnectorError('invalid_request', `An entry is named by ${nameAttribute}, and it has none. Map it.`, {
    attribute: nameAttribute,
  });
}

/** The server gives an entry its id, so it has to be read; only then is it known. */
async function readCreated(ground: LdapGround, dn: string): Promise<LdapEntry> {
  const { idAttribute, disableAttribute } = ground.options;
  const answer = await ground.ldap
    .request({
      operation: 'search',
      base: dn,
      scope: 'base',
      filter: { attribute: 'objectClass', present: true },
      attributes: ['*', idAttribute, disableAttribute],
    })
    .catch((error: unknown) => {
      if (error instanceof ConnectorError) return { entries: [] };
      throw error;
    });
  const [entry] = answer.entries;
  if (entry && valuesOf(entry, idAttribute).length > 0) return entry;
  throw new ConnectorError('ambiguous', `The entry ${dn} was created, and could not be read after it.`);
}

/** constraintViolation does not say whether a value is taken; whoever has it does. */
async function explainRefusal(
  ground: LdapGround,
  error: ConnectorError,
  code: number,
  attributes: Attributes,
  remoteId?: string,
): Promise<ConnectorError> {
  if (code !== 19) return error;
  const { uniqueAttributes, idAttribute } = ground.options;
  for (const [path, value] of Object.entries(attributes)) {
    if (!uniqueAttributes.some((one) => one.toLowerCase() === path.toLowerCase())) continue;
    for (const text of writeValues(value)) {
      const holders = await findByAttribute(ground, path, text);
      if (holders.every((entry) => valuesOf(entry, idAttribute)[0] === remoteId)) continue;
      const { detail } = error;
      return new ConnectorError('already_exists', `Another entry has this ${path} already.`, {
        detail,
        attribute: path,
      });
    }
  }
  return error;
}

async function updateEntry(ground: LdapGround, { remoteId, changes }: UpdateRequest): Promise<void> {
  const { options } = ground;
  let entry = await getEntry(ground, remoteId);
  const named = options.nameAttribute.toLowerCase();
  const set: Attributes = {};
  const modifications: LdapModification[] = [];
  let active = isActive(entry, options);
  let name: string | undefined;
  let groups: string[] | undefined;
  for (const change of changes) {
    const value = change.operation === 'set' ? change.value : null;
    if (change.path === 'active') active = value !== false;
    else if (change.path === 'groups') groups = writeValues(value);
    else if (change.path.toLowerCase() === named) name = nameIn({ [change.path]: value }, options);
    else {
      const values = writeValues(value);
      set[change.path] = value;
      const isThere = JSON.stringify(valuesOf(entry, change.path)) === JSON.stringify(values);
      if (!isThere) modifications.push({ change: 'replace', attribute: change.path, values });
    }
  }
  const stateChanges = buildStateChanges(entry, active, options);
  entry = await renameEntry(ground, entry, name, chooseParent(entry.dn, active, options));
  const all = [...modifications, ...stateChanges];
  if (all.length > 0) {
    const request: LdapRequest = { operation: 'modify', dn: entry.dn, changes: all };
    const answer = await ground.ldap.request(request);
    if (answer.code !== 0) {
      throw await explainRefusal(ground, buildLdapError(request, answer), answer.code, set, remoteId);
    }
  }
  if (groups !== undefined && options.groupBase !== undefined) await setGroups(ground, entry, groups);
}

/** Gives the entry its name and place. Does nothing when it has them, so that a repeat is harmless. */
async function renameEntry(
  ground: LdapGround,
  entry: LdapEntry,
  name: string | undefined,
  newParent: string | undefined,
): Promise<LdapEntry> {
  const { nameAttribute } = ground.options;
  const present = valuesOf(entry, nameAttribute);
  const isNamed = name === undefined || (present.length === 1 && present[0] === name);
  if (isNamed && newParent === undefined) return entry;
  const newRdn = buildRdn(nameAttribute, name ?? nameOfEntry(entry, nameAttribute));
  const parent = newParent ?? parentOf(entry.dn);
  await send(
    ground,
    { operation: 'rename', dn: entry.dn, newRdn, ...(newParent === undefined ? {} : { newParent }) },
    (code) => (code === 32 && newParent !== undefined ? 'unsupported' : undefined),
  );
  const attributes = name === undefined ? entry.attributes : { ...entry.attributes, [nameAttribute]: [name] };
  const renamed = { dn: `${newRdn},${parent}`, attributes };
  await renameMember(ground, memberValueOf(ground, entry), memberValueOf(ground, renamed));
  return renamed;
}

function nameOfEntry(entry: LdapEntry, nameAttribute: string): string {
  const [name] = valuesOf(entry, nameAttribute);
  if (name !== undefined) return name;
  throw new ConnectorError('invalid_request', `${entry.dn} is not named by ${nameAttribute}, so it cannot be moved.`);
}

/** LDAP has texts only; an attribute without a value is not there (RFC 4512 §2.5). */
function writeValues(value: AttributeValue): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((one) => one !== null && one !== '').map(writeValue);
}

function writeValue(value: AttributeValue): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'object') {
    throw new ConnectorError('invalid_request', 'An attribute of LDAP is a text, not an object. Correct the mapping.');
  }
  return String(value);
}
