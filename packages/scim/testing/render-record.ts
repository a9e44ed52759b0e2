import { findAttribute } from './attribute-definitions.ts';
import { findKey, isObject, type JsonObject, type JsonValue } from './json.ts';
import type { StoredRecord } from './record-store.ts';
import type { TargetState } from './target-state.ts';

/** Which attributes a read asks for (RFC 7644 section 3.9). */
export interface Projection {
  attributes: string[] | undefined;
  excluded: string[] | undefined;
}

export function readProjection(query: URLSearchParams): Projection {
  const list = (name: string) =>
    query
      .get(name)
      ?.split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return { attributes: list('attributes'), excluded: list('excludedAttributes') };
}

export const WHOLE: Projection = { attributes: undefined, excluded: undefined };

/** The record as the target answers it, as JSON text. */
export function renderRecord(record: StoredRecord, state: TargetState, projection: Projection = WHOLE): string {
  const { profile, store } = state;
  const groups = record.kind === 'User' && profile.groups ? store.groupsOf(record.id) : [];
  let json = record.json;
  if (groups.length > 0) {
    const shown = groups.map((group) => ({ value: group.id, display: group.userName, type: 'direct' }));
    json = `${json.slice(0, -1)},"groups":${JSON.stringify(shown)}}`;
  }
  const isWhole = projection.attributes === undefined && projection.excluded === undefined;
  const isAsStored =
    !profile.stringBooleansReturned && !profile.flatNames && profile.membersReturned >= record.members.length;
  if (isWhole && isAsStored) return json;
  const value = JSON.parse(json) as JsonObject;
  if (Array.isArray(value['members'])) value['members'] = value['members'].slice(0, profile.membersReturned);
  if (profile.flatNames) flattenName(value);
  const shown = isWhole ? value : project(value, projection, state.schemas[record.kind].core);
  return JSON.stringify(profile.stringBooleansReturned ? spellBooleans(shown) : shown);
}

function flattenName(value: JsonObject): void {
  const name = value['name'];
  if (!isObject(name)) return;
  delete value['name'];
  for (const [sub, text] of Object.entries(name)) value[`name.${sub}`] = text;
}

export function spellBooleans(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((item) => spellBooleans(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spellBooleans(inner)]));
}

function project(value: JsonObject, projection: Projection, core: Parameters<typeof findAttribute>[0]): JsonObject {
  const always = (name: string) =>
    name === 'schemas' || name === 'id' || findAttribute(core, name)?.returned === 'always';
  if (projection.attributes !== undefined) {
    const kept: JsonObject = {};
    for (const name of Object.keys(value)) if (always(name)) kept[name] = value[name];
    for (const path of projection.attributes) copyPath(value, kept, splitPath(path, value));
    return kept;
  }
  const kept = structuredClone(value);
  for (const path of projection.excluded ?? []) {
    const names = splitPath(path, value);
    if (!always(names[0] ?? '')) deletePath(kept, names);
  }
  return kept;
}

/** The segments of `urn:…:attribute.sub` as the record spells them. */
function splitPath(path: string, value: JsonObject): string[] {
  const urn = Object.keys(value).find(
    (key) => key.startsWith('urn:') && path.toLowerCase().startsWith(key.toLowerCase()),
  );
  if (urn === undefined) return path.replace(/^urn:.*:/i, '').split('.');
  const rest = path.slice(urn.length + 1);
  return rest === '' ? [urn] : [urn, ...rest.split('.')];
}

function copyPath(from: JsonObject, to: JsonObject, [name, ...rest]: string[]): void {
  const key = name === undefined ? undefined : findKey(from, name);
  if (key === undefined) return;
  const value = from[key];
  if (rest.length === 0 || typeof value !== 'object' || value === null) {
    to[key] = value;
  } else if (Array.isArray(value)) {
    const old = Array.isArray(to[key]) ? to[key] : value.map(() => ({}));
    value.forEach((item, index) => {
      const target = old[index];
      if (isObject(item) && isObject(target)) copyPath(item, target, rest);
    });
    to[key] = old;
  } else {
    const target = isObject(to[key]) ? to[key] : {};
    copyPath(value, target, rest);
    to[key] = target;
  }
}

function deletePath(from: JsonObject, [name, ...rest]: string[]): void {
  const key = name === undefined ? undefined : findKey(from, name);
  if (key === undefined) return;
  if (rest.length === 0) {
    delete from[key];
    return;
  }
  const value = from[key];
  for (const item of Array.isArray(value) ? value : [value]) if (isObject(item)) deletePath(item, rest);
}
