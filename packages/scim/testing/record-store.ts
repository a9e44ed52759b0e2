import { randomUUID } from 'node:crypto';
import { getCaseless, isObject, type JsonObject, type JsonValue } from './json.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetProfile } from './target-profile.ts';

/** Shared by the many records that have none, for memory's sake. */
const NONE: string[] = [];

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

  isHeldByOther(value: string, ownId: string | undefined): boolean {
    const first = this.#first.get(value);
    return first !== undefined && (first !== ownId || (this.#more.get(value)?.size ?? 0) > 0);
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
  #lastTime = { atMs: Number.NaN, text: '' };

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

  /**
   * Throws ScimFailure 409 when a unique value is taken. `visibleAtMs` 0 means at once. `text` is the JSON of the
   * attributes, given when it may be kept word for word, which spares writing it anew.
   */
  create(
    kind: RecordKind,
    attributes: JsonObject,
    isStranger: boolean,
    visibleAtMs: number,
    text?: string,
  ): StoredRecord {
    this.#assertUnique(kind, attributes, undefined);
    const id = this.#issueId(attributes);
    const createdAt = this.#timestamp();
    const record = this.#build(kind, id, attributes, createdAt, visibleAtMs, isStranger, text);
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
    text?: string,
  ): StoredRecord {
    const revision = ++this.revision;
    const json =
      text === undefined ? this.#write(kind, id, attributes, createdAt) : this.#splice(kind, id, text, createdAt);
    const active = attributes['active'];
    const name = getCaseless(attributes, kind === 'User' ? 'userName' : 'displayName');
    const externalId = attributes['externalId'];
    return {
      id,
      kind,
      json,
      revision,
      active: active !== false && active !== 'False' && active !== 'false',
      userName: typeof name === 'string' ? name : undefined,
      externalId: typeof externalId === 'string' ? externalId : undefined,
      emails: this.#profile.uniqueEmail ? listEmails(attributes) : NONE,
      members: kind === 'Group' ? listMembers(attributes) : NONE,
      createdAt,
      visibleAtMs,
      isStranger,
    };
  }

  #write(kind: RecordKind, id: string, attributes: JsonObject, createdAt: string): string {
    const { schemas, id: _id, meta: _meta, groups: _groups, password: _password, ...rest } = attributes;
    const shown = kind === 'User' ? { ...rest, active: rest['active'] ?? true } : rest;
    return JSON.stringify({ schemas, id, ...shown, meta: this.#describe(kind, id, createdAt) });
  }

  #splice(kind: RecordKind, id: string, text: string, createdAt: string): string {
    const meta = this.#describe(kind, id, createdAt);
    const inside = text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'));
    return `{${inside},"id":${JSON.stringify(id)}${meta === undefined ? '' : `,"meta":${JSON.stringify(meta)}`}}`;
  }

  #describe(resourceType: RecordKind, id: string, created: string): JsonObject | undefined {
    if (!this.#profile.meta) return undefined;
    const location = `${this.baseUrl}/${resourceType}s/${encodeURIComponent(id)}`;
    const version = this.#profile.etag === 'none' ? undefined : `W/"${this.revision}"`;
    return { resourceType, created, lastModified: this.#timestamp(), location, version };
  }

  /** The time in words, kept for as long as the clock shows the same millisecond. */
  #timestamp(): string {
    const now = this.#now();
    if (now !== this.#lastTime.atMs) this.#lastTime = { atMs: now, text: new Date(now).toISOString() };
    return this.#lastTime.text;
  }

  #assertUnique(kind: RecordKind, attributes: JsonObject, ownId: string | undefined): void {
    const name = getCaseless(attributes, kind === 'User' ? 'userName' : 'displayName');
    const checksName = kind === 'User' ? this.#profile.uniqueUserName !== 'no' : this.#profile.uniqueGroupName;
    if (checksName && typeof name === 'string') {
      const isReserved = ownId === undefined && this.#reservedNames.has(this.#nameKey(kind, name));
      if (isReserved || this.#names[kind].isHeldByOther(this.#nameKey(kind, name), ownId))
        this.#throwTaken(`The name "${name}" is taken`);
    }
    const externalId = attributes['externalId'];
    if (
      this.#profile.uniqueExternalId &&
      typeof externalId === 'string' &&
      this.#externalIds[kind].isHeldByOther(externalId, ownId)
    ) {
      this.#throwTaken(`The externalId "${externalId}" is taken`);
    }
    if (this.#profile.uniqueEmail && kind === 'User') {
      const taken = listEmails(attributes).find((email) => this.#emails.isHeldByOther(email, ownId));
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
