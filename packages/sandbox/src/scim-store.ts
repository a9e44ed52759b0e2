import { createHash } from 'node:crypto';
import SCIMMY from 'scimmy';

export type ScimValue = string | number | boolean | null | ScimValue[] | { [name: string]: ScimValue };
export type ScimRecord = { [name: string]: ScimValue } & {
  id: string;
  meta: { created: string; lastModified: string; [name: string]: ScimValue };
};

const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * The accounts and groups of one sandbox target. Every look-up that a provisioning run makes (by id, userName, externalId,
 * e-mail address) is answered from a map, so 100,000 accounts answer as fast as ten.
 *
 * Like most real targets it holds userName unique without regard to letter case, externalId unique exactly as written
 * (RFC 7643 section 3.1: caseExact), and a group's displayName unique without regard to case.
 */
export class ScimStore {
  readonly #users = new Map<string, ScimRecord>();
  readonly #groups = new Map<string, ScimRecord>();
  readonly #userIdByUserName = new Map<string, string>();
  readonly #userIdByExternalId = new Map<string, string>();
  readonly #userIdsByEmail = new Map<string, Set<string>>();
  readonly #groupIdByName = new Map<string, string>();
  readonly #groupIdsByMember = new Map<string, Set<string>>();
  readonly #timesNameWasUsed = new Map<string, number>();
  readonly #filterViews = new WeakMap<ScimRecord, Record<string, unknown>>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get userCount(): number {
    return this.#users.size;
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  /** Deep copies: an oracle may keep and change what it is given. */
  snapshot(): { accounts: ScimRecord[]; groups: ScimRecord[] } {
    return {
      accounts: [...this.#users.values()].map((user) => structuredClone(this.#withGroups(user))),
      groups: [...this.#groups.values()].map((group) => structuredClone(group)),
    };
  }

  getUser(id: string): ScimRecord {
    return this.#withGroups(this.#users.get(id) ?? throwNotFound('User', id));
  }

  getGroup(id: string): ScimRecord {
    return this.#groups.get(id) ?? throwNotFound('Group', id);
  }

  findUsers(filter: Iterable<object> | undefined): ScimRecord[] {
    if (filter === undefined) return [...this.#users.values()].map((user) => this.#withGroups(user));
    const alternatives = [...filter] as FilterExpression[];
    // Each alternative of an `or` is answered on its own; a record is given once however many of them it matches.
    const found = new Set(alternatives.flatMap((alternative) => this.#findUsersMatching(alternative)));
    return [...found].map((user) => this.#withGroups(user));
  }

  findGroups(filter: Iterable<object> | undefined): ScimRecord[] {
    const all = [...this.#groups.values()];
    if (filter === undefined) return all;
    const found = ([...filter] as FilterExpression[]).flatMap((alternative) => {
      const name = findEqualTo(alternative, 'displayName');
      if (name === undefined) return new SCIMMY.Types.Filter(alternative).match(all) as ScimRecord[];
      const named = this.#groups.get(this.#groupIdByName.get(name.toLowerCase()) ?? '');
      return this.#matchRest(omit(alternative, 'displayName'), named === undefined ? [] : [named]);
    });
    return [...new Set(found)];
  }

  createUser(attributes: Record<string, ScimValue>): ScimRecord {
    const userName = String(attributes['userName']);
    this.#assertUserUnique(undefined, attributes);
    const user = this.#newRecord(userName, { active: true, ...attributes });
    this.#users.set(user.id, user);
    this.#indexUser(user);
    return user;
  }

  replaceUser(id: string, attributes: Record<string, ScimValue>): ScimRecord {
    const before = this.#users.get(id) ?? throwNotFound('User', id);
    this.#assertUserUnique(id, attributes);
    const after = this.#replacedRecord(before, attributes);
    this.#unindexUser(before);
    this.#users.set(id, after);
    this.#indexUser(after);
    return this.#withGroups(after);
  }

  deleteUser(id: string): void {
    const user = this.#users.get(id) ?? throwNotFound('User', id);
    this.#unindexUser(user);
    this.#users.delete(id);
    for (const groupId of this.#groupIdsByMember.get(id) ?? []) {
      const group = this.#groups.get(groupId);
      if (group) this.#groups.set(groupId, { ...group, members: membersOf(group).filter(({ value }) => value !== id) });
    }
    this.#groupIdsByMember.delete(id);
  }

  createGroup(attributes: Record<string, ScimValue>): ScimRecord {
    const group = this.#newRecord(`group ${attributes['displayName']}`, this.#checkedGroup(undefined, attributes));
    this.#groups.set(group.id, group);
    this.#indexGroup(group);
    return group;
  }

  replaceGroup(id: string, attributes: Record<string, ScimValue>): ScimRecord {
    const before = this.getGroup(id);
    const after = this.#replacedRecord(before, this.#checkedGroup(id, attributes));
    this.#unindexGroup(before);
    this.#groups.set(id, after);
    this.#indexGroup(after);
    return after;
  }

  deleteGroup(id: string): void {
    this.#unindexGroup(this.getGroup(id));
    this.#groups.delete(id);
  }

  #findUsersMatching(alternative: FilterExpression): ScimRecord[] {
    const id = findEqualTo(alternative, 'id');
    if (id !== undefined) return this.#matchRest(omit(alternative, 'id'), this.#usersById([id]));
    const userName = findEqualTo(alternative, 'userName');
    if (userName !== undefined) {
      const found = this.#usersById([this.#userIdByUserName.get(userName.toLowerCase())]);
      return this.#matchRest(omit(alternative, 'userName'), found);
    }
    const externalId = findEqualTo(alternative, 'externalId');
    if (externalId !== undefined) {
      const found = this.#usersById([this.#userIdByExternalId.get(externalId)]);
      return this.#matchRest(omit(alternative, 'externalId'), found);
    }
    const email = findEmailEqualTo(alternative);
    if (email !== undefined) {
      const found = this.#usersById(this.#userIdsByEmail.get(email.value.toLowerCase()) ?? []);
      return this.#matchRest(email.rest, found);
    }
    return this.#matchRest(alternative, [...this.#users.values()]);
  }

  #matchRest(rest: FilterExpression, records: ScimRecord[]): ScimRecord[] {
    if (records.length === 0 || Object.keys(rest).length === 0) return records;
    const byView = new Map(records.map((record) => [this.#filterView(record), record]));
    return new SCIMMY.Types.Filter(rest).match([...byView.keys()]).map((view) => byView.get(view) as ScimRecord);
  }

  /** SCIMMY matches an extension's attribute under its full name (`urn:…:User:department`), which a nested record does not have. */
  #filterView(record: ScimRecord): Record<string, unknown> {
    let view = this.#filterViews.get(record);
    if (view === undefined) {
      const extension = Object.entries((record[enterpriseUrn] as Record<string, ScimValue> | undefined) ?? {});
      view = {
        ...record,
        ...Object.fromEntries(extension.map(([name, value]) => [`${enterpriseUrn}:${name}`, value])),
      };
      this.#filterViews.set(record, view);
    }
    return view;
  }

  #usersById(ids: Iterable<string | undefined>): ScimRecord[] {
    return [...ids].map((id) => this.#users.get(id ?? '')).filter((user) => user !== undefined);
  }

  #withGroups(user: ScimRecord): ScimRecord {
    const groupIds = this.#groupIdsByMember.get(user.id);
    if (groupIds === undefined || groupIds.size === 0) return user;
    const groups = [...groupIds].map((id) => ({
      value: id,
      display: String(this.#groups.get(id)?.['displayName']),
      type: 'direct',
    }));
    return { ...user, groups } as ScimRecord;
  }

  #assertUserUnique(id: string | undefined, attributes: Record<string, ScimValue>): void {
    const userName = String(attributes['userName']);
    const nameOwner = this.#userIdByUserName.get(userName.toLowerCase());
    if (nameOwner !== undefined && nameOwner !== id) throwTaken('userName', userName, nameOwner);
    const externalId = attributes['externalId'];
    if (typeof externalId !== 'string') return;
    const externalIdOwner = this.#userIdByExternalId.get(externalId);
    if (externalIdOwner !== undefined && externalIdOwner !== id) throwTaken('externalId', externalId, externalIdOwner);
  }

  #checkedGroup(id: string | undefined, attributes: Record<string, ScimValue>): Record<string, ScimValue> {
    const name = String(attributes['displayName']);
    const owner = this.#groupIdByName.get(name.toLowerCase());
    if (owner !== undefined && owner !== id) throwTaken('displayName', name, owner);
    // SCIMMY appends a member that is there already: a set of members is the store's to keep.
    const members = new Map(membersOf(attributes).map((member) => [member.value, member]));
    for (const memberId of members.keys()) {
      if (this.#users.has(memberId)) continue;
      throw new SCIMMY.Types.Error(400, 'invalidValue', `members: there is no User with id '${memberId}'`);
    }
    return { ...attributes, members: [...members.values()] };
  }

  /** Ids are derived from the name, not from the order of arrival: the same org gets the same ids in every run. */
  #newRecord(name: string, attributes: Record<string, ScimValue>): ScimRecord {
    const timesUsed = this.#timesNameWasUsed.get(name.toLowerCase()) ?? 0;
    this.#timesNameWasUsed.set(name.toLowerCase(), timesUsed + 1);
    const hex = createHash('sha256').update(`${name.toLowerCase()} ${timesUsed}`).digest('hex');
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    const now = this.#now().toISOString();
    return { ...attributes, id, meta: { created: now, lastModified: now } };
  }

  #replacedRecord(before: ScimRecord, attributes: Record<string, ScimValue>): ScimRecord {
    const { meta, ...rest } = before;
    const after = { ...attributes, id: before.id };
    const changed = JSON.stringify(sortKeys(rest)) !== JSON.stringify(sortKeys(after));
    const lastModified = changed ? this.#now().toISOString() : meta.lastModified;
    return { ...after, meta: { created: meta.created, lastModified } };
  }

  #indexUser(user: ScimRecord): void {
    this.#userIdByUserName.set(String(user['userName']).toLowerCase(), user.id);
    if (typeof user['externalId'] === 'string') this.#userIdByExternalId.set(user['externalId'], user.id);
    for (const email of emailsOf(user)) addTo(this.#userIdsByEmail, email, user.id);
  }

  #unindexUser(user: ScimRecord): void {
    this.#userIdByUserName.delete(String(user['userName']).toLowerCase());
    if (typeof user['externalId'] === 'string') this.#userIdByExternalId.delete(user['externalId']);
    for (const email of emailsOf(user)) removeFrom(this.#userIdsByEmail, email, user.id);
  }

  #indexGroup(group: ScimRecord): void {
    this.#groupIdByName.set(String(group['displayName']).toLowerCase(), group.id);
    for (const { value } of membersOf(group)) addTo(this.#groupIdsByMember, value, group.id);
  }

  #unindexGroup(group: ScimRecord): void {
    this.#groupIdByName.delete(String(group['displayName']).toLowerCase());
    for (const { value } of membersOf(group)) removeFrom(this.#groupIdsByMember, value, group.id);
  }
}

type FilterExpression = Record<string, unknown>;

function findEqualTo(expression: FilterExpression, attribute: string): string | undefined {
  const key = findKey(expression, attribute);
  const comparison = key === undefined ? undefined : expression[key];
  if (!Array.isArray(comparison) || comparison.length !== 2 || comparison[0] !== 'eq') return undefined;
  return typeof comparison[1] === 'string' ? comparison[1] : undefined;
}

function findEmailEqualTo(expression: FilterExpression): { value: string; rest: FilterExpression } | undefined {
  const key = findKey(expression, 'emails');
  const comparison = key === undefined ? undefined : expression[key];
  if (comparison === null || typeof comparison !== 'object' || Array.isArray(comparison)) return undefined;
  const value = findEqualTo(comparison as FilterExpression, 'value');
  if (value === undefined) return undefined;
  // `emails[type eq "work" and value eq …]` still has to match both on one element: the index only narrows it.
  const isOnlyValue = Object.keys(comparison).length === 1;
  return { value, rest: isOnlyValue ? omit(expression, 'emails') : expression };
}

function findKey(expression: FilterExpression, attribute: string): string | undefined {
  return Object.keys(expression).find((name) => name.toLowerCase() === attribute.toLowerCase());
}

function omit(expression: FilterExpression, attribute: string): FilterExpression {
  return Object.fromEntries(
    Object.entries(expression).filter(([name]) => name.toLowerCase() !== attribute.toLowerCase()),
  );
}

function emailsOf(user: ScimRecord): string[] {
  const emails = (user['emails'] ?? []) as { value?: string }[];
  return emails.flatMap(({ value }) => (value === undefined ? [] : [value.toLowerCase()]));
}

function membersOf(group: Record<string, ScimValue>): { value: string; [name: string]: ScimValue }[] {
  return (group['members'] ?? []) as { value: string }[];
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortKeys(inner)]));
}

function throwNotFound(kind: string, id: string): never {
  throw new SCIMMY.Types.Error(404, '', `There is no ${kind} with id '${id}'`);
}

function throwTaken(attribute: string, value: string, owner: string): never {
  throw new SCIMMY.Types.Error(409, 'uniqueness', `${attribute} '${value}' belongs to '${owner}' already`);
}
