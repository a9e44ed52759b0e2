import { randomUUID } from 'node:crypto';
import { getCaseless, isObject, type JsonObject, type JsonValue } from './json.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetProfile } from './target-profile.ts';

export type RecordKind = 'User' | 'Group';

/** A record as the target keeps it: its text is what a read answers, so "untouched" means byte-equal. */
export interface StoredRecord {
  id: string;
  kind: RecordKind;
  /** The whole representation with meta, as JSON text. */
  json: string;
  /** Rises with every change at this target, over all records. */
  revision: number;
  active: boolean;
  userName: string | undefined;
  externalId: string | undefined;
  emails: string[];
  members: string[];
  createdAt: string;
  visibleAtMs: number;
  /** Made by the test, not by a request. */
  isStranger: boolean;
}

/** Where each record's values are found again, some values having several holders where uniqueness is not enforced. */
class ValueIndex {
  readonly #first = new Map<string, string>();
  readonly #more = new Map<string, Set<string>>();

  add(value: string, id: string): void {
    if (!this.#first.has(value)) this.#first.set(value, id);
    else this.#more.set(value, (this.#more.get(value) ?? new Set()).add(id));
  }

  remove(value: string, id: string): void {
    const others = this.#more.get(value);
    if (this.#first.get(value) !== id) {
      others?.delete(id);
      return;
    }
    const [next] = others ?? [];
    if (next === undefined) this.#first.delete(value);
    else {
      this.#first.set(value, next);
      others?.delete(next);
    }
  }

  list(value: string): string[] {
    const first = this.#first.get(value);
    return first === undefined ? [] : [first, ...(this.#more.get(value) ?? [])];
  }
}

/** The users and groups of the target. It knows uniqueness, versions and visibility, and nothing of HTTP. */
export class RecordStore {
  readonly records = { User: new Map<string, StoredRecord>(), Group: new Map<string, StoredRecord>() };
  baseUrl = '';
  revision = 0;
  readonly #profile: TargetProfile;
  readonly #now: () => number;
  readonly #names = { User: new ValueIndex(), Group: new ValueIndex() };
  readonly #externalIds = { User: new ValueIndex(), Group: new ValueIndex() };
  readonly #emails = new ValueIndex();
  readonly #memberships = new Map<string, Set<string>>();
  readonly #reservedNames = new Set<string>();
  readonly #freedIds: string[] = [];
  readonly #idLists: { User: string[] | undefined; Group: string[] | undefined } = {
    User: undefined,
    Group: undefined,
  };
  #nextNumber = 1;

  constructor(profile: TargetProfile, now: () => number) {
    this.#profile = profile;
    this.#now = now;
  }

  find(kind: RecordKind, id: string): StoredRecord | undefined {
    return this.records[kind].get(id);
  }

  /** Records that a read may see now: created ones appear after the visibility delay. */
  isVisible(record: StoredRecord): boolean {
    if (record.visibleAtMs > 0 && record.visibleAtMs > this.#now()) return false;
    return record.active || !this.#profile.inactiveNotFound;
  }

  /** Ids in the order of creation. */
  listIds(kind: RecordKind): string[] {
    this.#idLists[kind] ??= [...this.records[kind].keys()];
    return this.#idLists[kind];
  }

  findByName(kind: RecordKind, name: string): string[] {
    return this.#names[kind].list(this.#nameKey(kind, name));
  }

  findByExternalId(kind: RecordKind, externalId: string): string[] {
    return this.#externalIds[kind].list(externalId);
  }

  groupsOf(memberId: string): StoredRecord[] {
    const ids = this.#memberships.get(memberId);
    if (ids === undefined) return [];
    return [...ids].flatMap((id) => this.records.Group.get(id) ?? []);
  }

  /** Throws ScimFailure 409 when a unique value is taken. `visibleAtMs` 0 means at once. */
  create(kind: RecordKind, attributes: JsonObject, isStranger: boolean, visibleAtMs: number): StoredRecord {
    this.#assertUnique(kind, attributes, undefined);
    const id = this.#issueId(attributes);
    const createdAt = new Date(this.#now()).toISOString();
    const record = this.#build(kind, id, attributes, createdAt, visibleAtMs, isStranger);
    this.records[kind].set(id, record);
    this.#idLists[kind]?.push(id);
    this.#index(record);
    return record;
  }

  /** Gives the record new attributes (the whole of them); nothing happens when they are the same. */
  update(old: StoredRecord, attributes: JsonObject): StoredRecord {
    const { meta: _meta, ...before } = JSON.parse(old.json) as JsonObject;
    const { meta: _ignored, ...after } = attributes;
    if (JSON.stringify({ ...after, id: old.id }) === JSON.stringify({ ...before, id: old.id })) return old;
    this.#assertUnique(old.kind, after, old.id);
    const record = this.#build(old.kind, old.id, after, old.createdAt, old.visibleAtMs, old.isStranger);
    this.#unindex(old);
    this.records[old.kind].set(old.id, record);
    this.#index(record);
    return record;
  }

  remove(record: StoredRecord): void {
    this.#unindex(record);
    this.records[record.kind].delete(record.id);
    this.#idLists[record.kind] = undefined;
    this.revision++;
    if (this.#profile.reusesIds) this.#freedIds.push(record.id);
    if (this.#profile.deletedNamesReserved && record.userName !== undefined) {
      this.#reservedNames.add(this.#nameKey(record.kind, record.userName));
    }
    for (const group of this.groupsOf(record.id)) this.#removeMember(group, record.id);
    this.#memberships.delete(record.id);
  }

  #removeMember(group: StoredRecord, memberId: string): void {
    const attributes = JSON.parse(group.json) as JsonObject;
    const members = Array.isArray(attributes['members']) ? attributes['members'] : [];
    const kept = members.filter((member) => !isObject(member) || member['value'] !== memberId);
    this.update(group, { ...attributes, members: kept.length === 0 ? undefined : kept });
  }

  #build(
    kind: RecordKind,
    id: string,
    attributes: JsonObject,
    createdAt: string,
    visibleAtMs: number,
    isStranger: boolean,
  ): StoredRecord {
    const revision = ++this.revision;
    const { schemas, id: _id, meta: _meta, groups: _groups, password: _password, ...rest } = attributes;
    const location = `${this.baseUrl}/${kind}s/${encodeURIComponent(id)}`;
    const lastModified = new Date(this.#now()).toISOString();
    const version = this.#profile.etag === 'none' ? undefined : `W/"${revision}"`;
    const meta = this.#profile.meta
      ? { resourceType: kind, created: createdAt, lastModified, location, version }
      : undefined;
    const active = rest['active'] ?? (kind === 'User' ? true : undefined);
    const shown = kind === 'User' ? { ...rest, active } : rest;
    const name = getCaseless(rest, kind === 'User' ? 'userName' : 'displayName');
    return {
      id,
      kind,
      json: JSON.stringify({ schemas, id, ...shown, meta }),
      revision,
      active: active !== false && active !== 'False' && active !== 'false',
      userName: typeof name === 'string' ? name : undefined,
      externalId: typeof rest['externalId'] === 'string' ? rest['externalId'] : undefined,
      emails: this.#profile.uniqueEmail ? listEmails(rest) : [],
      members: kind === 'Group' ? listMembers(rest) : [],
      createdAt,
      visibleAtMs,
      isStranger,
    };
  }

  #assertUnique(kind: RecordKind, attributes: JsonObject, ownId: string | undefined): void {
    const isTaken = (ids: string[]) => ids.some((id) => id !== ownId);
    const name = getCaseless(attributes, kind === 'User' ? 'userName' : 'displayName');
    const checksName = kind === 'User' ? this.#profile.uniqueUserName !== 'no' : this.#profile.uniqueGroupName;
    if (checksName && typeof name === 'string') {
      const isReserved = ownId === undefined && this.#reservedNames.has(this.#nameKey(kind, name));
      if (isReserved || isTaken(this.findByName(kind, name))) this.#throwTaken(`The name "${name}" is taken`);
    }
    const externalId = attributes['externalId'];
    if (
      this.#profile.uniqueExternalId &&
      typeof externalId === 'string' &&
      isTaken(this.findByExternalId(kind, externalId))
    ) {
      this.#throwTaken(`The externalId "${externalId}" is taken`);
    }
    if (this.#profile.uniqueEmail && kind === 'User') {
      const taken = listEmails(attributes).find((email) => isTaken(this.#emails.list(email)));
      if (taken !== undefined) this.#throwTaken(`The email "${taken}" is taken`);
    }
  }

  #throwTaken(detail: string): never {
    throw new ScimFailure(409, detail, this.#profile.conflictScimType ? 'uniqueness' : undefined);
  }

  #nameKey(kind: RecordKind, name: string): string {
    return kind === 'User' && this.#profile.uniqueUserName === 'case-exact' ? name : name.toLowerCase();
  }

  #issueId(attributes: JsonObject): string {
    const freed = this.#freedIds.pop();
    if (freed !== undefined) return freed;
    const number = this.#nextNumber++;
    if (this.#profile.ids === 'numeric') return String(number);
    if (this.#profile.ids === 'external' && typeof attributes['externalId'] === 'string')
      return attributes['externalId'];
    // Zoom's ids hold characters that mean something in a URL
    if (this.#profile.ids === 'hostile') return `k&Kd/${number}?#% ü+"`;
    return randomUUID();
  }

  #index(record: StoredRecord): void {
    const { kind, id } = record;
    if (record.userName !== undefined) this.#names[kind].add(this.#nameKey(kind, record.userName), id);
    if (record.externalId !== undefined) this.#externalIds[kind].add(record.externalId, id);
    for (const email of record.emails) this.#emails.add(email, id);
    for (const member of record.members) {
      this.#memberships.set(member, (this.#memberships.get(member) ?? new Set()).add(id));
    }
  }

  #unindex(record: StoredRecord): void {
    const { kind, id } = record;
    if (record.userName !== undefined) this.#names[kind].remove(this.#nameKey(kind, record.userName), id);
    if (record.externalId !== undefined) this.#externalIds[kind].remove(record.externalId, id);
    for (const email of record.emails) this.#emails.remove(email, id);
    for (const member of record.members) this.#memberships.get(member)?.delete(id);
  }
}

function listEmails(attributes: JsonObject): string[] {
  return listSubValues(attributes['emails']).map((email) => email.toLowerCase());
}

function listMembers(attributes: JsonObject): string[] {
  return [...new Set(listSubValues(attributes['members']))];
}

function listSubValues(values: JsonValue | undefined): string[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((item) => (isObject(item) && typeof item['value'] === 'string' ? [item['value']] : []));
}
