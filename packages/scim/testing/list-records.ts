import { CORE_URN_V1, LIST_URN } from './attribute-definitions.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import type { RecordKind, StoredRecord } from './record-store.ts';
import { readProjection, renderRecord } from './render-record.ts';
import { ScimFailure } from './scim-failure.ts';
import {
  type Filter,
  FilterSyntaxError,
  listFilterPaths,
  listValues,
  matchesFilter,
  parseFilter,
} from './scim-filter.ts';
import type { TargetAnswer, TargetState } from './target-state.ts';

/** A query of RFC 7644 section 3.4.2 (and RFC 9865 for cursors). */
export function answerList(state: TargetState, kind: RecordKind, query: URLSearchParams): TargetAnswer {
  const { profile } = state;
  const filterText = query.get('filter') ?? undefined;
  const filter = readFilter(state, filterText);
  const records = filter === 'none' ? [] : sortRecords(selectRecords(state, kind, filter), query);
  const page = cutPage(state, records, query, kind);
  const projection = readProjection(query);
  const rendered = page.records.map((record) => renderRecord(record, state, projection));
  if (profile.listsTwice) rendered.push(...rendered);
  if (profile.syntheticUser && kind === 'User' && filterText === undefined) rendered.push(SYNTHETIC_USER);
  const head = {
    schemas: [profile.scimVersion === '1.1' ? CORE_URN_V1 : LIST_URN],
    totalResults: profile.totalIsPageSize ? rendered.length : records.length,
    itemsPerPage: rendered.length,
    startIndex: page.startIndex,
    previousCursor: undefined,
    nextCursor: page.nextCursor,
  };
  const body = `${JSON.stringify(head).slice(0, -1)},"Resources":[${rendered.join(',')}]}`;
  return { status: 200, headers: { 'content-type': profile.responseType }, body };
}

const SYNTHETIC_USER = JSON.stringify({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'synthesis_user',
  userName: 'synthesis_user',
  active: true,
});

/** 'none': a filter that this target cannot carry out and answers with nothing. */
function readFilter({ profile }: TargetState, text: string | undefined): Filter | undefined | 'none' {
  if (text === undefined || profile.filter === 'ignored') return undefined;
  if (profile.lowerCaseOperatorsOnly && /\s(eq|ne|co|sw|ew|pr|gt|ge|lt|le)\b/i.exec(text)?.[1]?.match(/[A-Z]/)) {
    throw new ScimFailure(500, 'Internal Server Error');
  }
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new ScimFailure(400, error.message, 'invalidFilter');
    throw error;
  }
  if (isSupported(filter, profile.filter) && hasSupportedAttributes(filter, profile.filterAttributes)) return filter;
  if (profile.unsupportedFilter === 'empty') return 'none';
  throw new ScimFailure(400, `This target cannot carry out the filter ${text}`, 'invalidFilter');
}

function isSupported(filter: Filter, supported: string): boolean {
  if (supported === 'full') return true;
  if (supported === 'off') return false;
  if (filter.kind === 'and' && supported === 'eq-and')
    return isSupported(filter.left, supported) && isSupported(filter.right, supported);
  return filter.kind === 'compare' && filter.operator === 'eq';
}

function hasSupportedAttributes(filter: Filter, names: string[] | undefined): boolean {
  if (names === undefined) return true;
  const known = names.map((name) => name.toLowerCase());
  return listFilterPaths(filter).every((path) => known.includes(path.join('.').toLowerCase()));
}

/** The visible records that the filter matches, in order of creation; one indexed comparison spares the scan. */
function selectRecords(state: TargetState, kind: RecordKind, filter: Filter | undefined): StoredRecord[] {
  const { store } = state;
  const ids = (filter === undefined ? undefined : findCandidates(state, kind, filter)) ?? store.listIds(kind);
  const found: StoredRecord[] = [];
  for (const id of ids) {
    const record = store.find(kind, id);
    if (record === undefined || !store.isVisible(record) || state.hidden.has(id)) continue;
    if (filter === undefined || matchesFilter(parseRecord(state, record), filter, state.caseRules[kind]))
      found.push(record);
  }
  return found;
}

function parseRecord(state: TargetState, record: StoredRecord): JsonObject {
  const value = JSON.parse(record.json) as JsonObject;
  const groups = record.kind === 'User' ? state.store.groupsOf(record.id) : [];
  if (groups.length > 0) value['groups'] = groups.map((group) => ({ value: group.id, display: group.userName }));
  return value;
}

function findCandidates(state: TargetState, kind: RecordKind, filter: Filter): string[] | undefined {
  if (filter.kind === 'and')
    return findCandidates(state, kind, filter.left) ?? findCandidates(state, kind, filter.right);
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  const name = filter.path.join('.').toLowerCase();
  if (name === 'id') return [filter.value];
  if (name === 'externalid') return state.store.findByExternalId(kind, filter.value);
  if (name === (kind === 'User' ? 'username' : 'displayname')) return state.store.findByName(kind, filter.value);
  if (kind === 'Group' && name === 'members.value') return state.store.groupsOf(filter.value).map(({ id }) => id);
  return undefined;
}

function sortRecords(records: StoredRecord[], query: URLSearchParams): StoredRecord[] {
  const sortBy = query.get('sortBy');
  if (sortBy === null) return records;
  const path = sortBy.split('.');
  const keys = new Map(
    records.map((record) => [record, sortKey(listValues(JSON.parse(record.json) as JsonObject, path))]),
  );
  const sign = query.get('sortOrder') === 'descending' ? -1 : 1;
  return records.toSorted((left, right) => {
    const a = keys.get(left) ?? '';
    const b = keys.get(right) ?? '';
    return a === b ? 0 : a < b ? -sign : sign;
  });
}

function sortKey(values: JsonValue[]): string {
  const primary = values.find((value) => isObject(value) && value['primary'] === true) ?? values[0];
  const value = isObject(primary) ? primary['value'] : primary;
  return String(value ?? '').toLowerCase();
}

interface Page {
  records: StoredRecord[];
  startIndex: number | undefined;
  nextCursor: string | undefined;
}

function cutPage(state: TargetState, records: StoredRecord[], query: URLSearchParams, kind: RecordKind): Page {
  const { profile } = state;
  const count = Math.min(Math.max(readInteger(query, 'count', profile.defaultPageSize), 0), profile.maxPageSize);
  const wantsCursor = profile.cursor === 'forced' || (profile.cursor === 'offered' && query.has('cursor'));
  if (wantsCursor) return cutCursorPage(state, records, query, kind, count);
  const wanted = profile.ignoresStartIndex ? 1 : Math.max(readInteger(query, 'startIndex', 1), 1);
  const startIndex =
    profile.pastTheEndRepeats && wanted > records.length ? Math.max(records.length - count + 1, 1) : wanted;
  return { records: records.slice(startIndex - 1, startIndex - 1 + count), startIndex: wanted, nextCursor: undefined };
}

function readInteger(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^-?\d+$/.test(text))
    throw new ScimFailure(400, `${name} must be a whole number, not "${text}"`, 'invalidValue');
  return Number(text);
}

/** RFC 9865: the cursor carries all that continues it, so that the target keeps no state. */
function cutCursorPage(
  state: TargetState,
  records: StoredRecord[],
  query: URLSearchParams,
  kind: RecordKind,
  count: number,
): Page {
  const same = JSON.stringify([kind, query.get('filter'), query.get('sortBy'), query.get('sortOrder')]);
  const text = query.get('cursor') ?? '';
  let from = 0;
  if (text !== '') {
    const cursor = parseCursor(text);
    if (cursor.same !== same) throw new ScimFailure(400, 'The cursor belongs to another query', 'invalidCursor');
    if (cursor.expiresAtMs < state.now()) throw new ScimFailure(400, 'The cursor has expired', 'expiredCursor');
    const at = records.findIndex(({ id }) => id === cursor.lastId);
    from = at === -1 ? cursor.position : at + 1;
  }
  const page = records.slice(from, from + count);
  const last = page.at(-1);
  const isLast = from + page.length >= records.length || last === undefined;
  const next = {
    same,
    lastId: last?.id,
    position: from + page.length,
    expiresAtMs: state.now() + state.profile.cursorTimeoutMs,
  };
  const nextCursor = isLast ? undefined : Buffer.from(JSON.stringify(next)).toString('base64url');
  return { records: page, startIndex: undefined, nextCursor };
}

function parseCursor(text: string): { same: string; lastId: string; position: number; expiresAtMs: number } {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isObject(value) && typeof value['same'] === 'string') return value as ReturnType<typeof parseCursor>;
  } catch {
    // told below
  }
  throw new ScimFailure(400, 'The cursor is not one of this target', 'invalidCursor');
}
