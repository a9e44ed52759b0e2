import { type AttributePath, parseAttributePath } from './attribute-path.ts';
import { findKey, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { matchesWhere } from './read-attribute.ts';

/** Attribute path → value, flat: `{ 'name.givenName': 'Ada', 'emails[type eq "work"].value': 'ada@example.com' }`. */
export type FlatAttributes = Readonly<Record<string, JsonValue>>;

/**
 * A SCIM resource from flat attributes: sub-attributes grouped into objects, value paths into elements that carry what
 * their filter says, extensions under their URN, which is added to `schemas`. Blank values (`null`, `''`, `[]`) are
 * left out. Throws `invalid_request` for a bad path.
 */
export function buildResource(attributes: FlatAttributes, coreSchema: string): JsonObject {
  const schemas: string[] = [coreSchema];
  const resource: JsonObject = { schemas };
  for (const text in attributes) {
    const value = attributes[text];
    if (value === undefined || isUnassigned(value)) continue;
    const path = parseAttributePath(text);
    setAttribute(resource, path, value);
    if (path.urn !== undefined && !schemas.includes(path.urn)) schemas.push(path.urn);
  }
  return resource;
}

/**
 * Gives the attribute at `path` this value, in place: objects, lists and elements on the way are made when missing,
 * and found in any letter case when not. A multi-valued attribute named without a filter (`emails.value`) means its
 * only element. Lists and objects on the way are changed, so pass a resource that is yours.
 */
export function setAttribute(resource: JsonObject, path: AttributePath, value: JsonValue): void {
  const scope = path.urn === undefined ? resource : enterObject(resource, path.urn);
  const { attribute, where, sub } = path;
  if (where === undefined && !(path.multiValued && sub !== undefined)) {
    if (sub === undefined) scope[findKey(scope, attribute) ?? attribute] = copy(value);
    else {
      const parent = enterObject(scope, attribute);
      parent[findKey(parent, sub) ?? sub] = copy(value);
    }
    return;
  }
  const elements = enterList(scope, attribute);
  const element = where === undefined ? enterOnly(elements) : enterElement(elements, where);
  if (sub !== undefined) element[findKey(element, sub) ?? sub] = copy(value);
  else if (isObject(value)) Object.assign(element, copy(value));
  else element['value'] = value;
}

/**
 * Leaves the attribute at `path` without a value, in place. Clearing the `value` of an element takes the element away,
 * for an e-mail address of which only the type is left is no address. Containers that become empty go too.
 */
export function clearAttribute(resource: JsonObject, path: AttributePath): void {
  const scopeKey = path.urn === undefined ? undefined : findKey(resource, path.urn);
  const scope = path.urn === undefined ? resource : resource[scopeKey ?? ''];
  if (!isObject(scope)) return;
  const key = findKey(scope, path.attribute);
  const held = key === undefined ? undefined : scope[key];
  if (key === undefined || held === undefined) return;
  const left = path.where === undefined && path.sub === undefined ? undefined : clearInside(held, path);
  if (isUnassigned(left) || (isObject(left) && Object.keys(left).length === 0)) delete scope[key];
  else scope[key] = left as JsonValue;
  if (scopeKey !== undefined && Object.keys(scope).length === 0) delete resource[scopeKey];
}

function clearInside(held: JsonValue, { where, sub }: AttributePath): JsonValue | undefined {
  if (Array.isArray(held)) {
    return held.filter((element) => {
      if (where !== undefined && !matchesWhere(element, where)) return true;
      if (sub === undefined || sub.toLowerCase() === 'value' || !isObject(element)) return false;
      delete element[findKey(element, sub) ?? sub];
      return Object.keys(element).length > 0;
    });
  }
  if (!isObject(held) || sub === undefined) return undefined;
  delete held[findKey(held, sub) ?? sub];
  return held;
}

/** A later path may lead into this value (`name`, then `name.givenName`), and the caller's must not change. */
function copy(value: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

function enterObject(parent: JsonObject, name: string): JsonObject {
  const key = findKey(parent, name) ?? name;
  const held = parent[key];
  if (isObject(held)) return held;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

function enterList(parent: JsonObject, name: string): JsonValue[] {
  const key = findKey(parent, name) ?? name;
  const held = parent[key];
  if (Array.isArray(held)) return held;
  const made: JsonValue[] = isObject(held) ? [held] : [];
  parent[key] = made;
  return made;
}

function enterOnly(elements: JsonValue[]): JsonObject {
  const only = elements[0];
  if (elements.length === 1 && isObject(only)) return only;
  const made: JsonObject = {};
  elements.splice(0, elements.length, made);
  return made;
}

function enterElement(elements: JsonValue[], where: NonNullable<AttributePath['where']>): JsonObject {
  const found = elements.find((element): element is JsonObject => matchesWhere(element, where));
  if (found !== undefined) return found;
  const made: JsonObject = {};
  for (const { attribute, value } of where) made[attribute] = value;
  elements.push(made);
  return made;
}
