import { findAttribute, type RecordSchema } from './attribute-definitions.ts';
import { findKey, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { ScimFailure } from './scim-failure.ts';

/**
 * Applies a PATCH of SCIM 1.1 section 3.3.2 to `record` in place: the body is a partial record, `meta.attributes` names
 * what is cleared first, and an element with `operation: "delete"` removes the element of that value.
 */
export function applyPatchV1(record: JsonObject, body: JsonObject, schema: RecordSchema): void {
  const meta = body['meta'];
  const cleared = isObject(meta) && Array.isArray(meta['attributes']) ? meta['attributes'] : [];
  for (const name of cleared) if (typeof name === 'string') clearAttribute(record, name, schema);
  mergePartial(record, body, schema);
}

function clearAttribute(record: JsonObject, name: string, schema: RecordSchema): void {
  const urn = [...schema.extensions.keys()].find((known) => name.toLowerCase().startsWith(`${known.toLowerCase()}`));
  const inside = urn === undefined ? record : getExtension(record, urn);
  const path = urn === undefined ? name : name.slice(urn.length).replace(/^[.:]/, '');
  if (urn !== undefined && path === '') {
    delete record[findKey(record, urn) ?? urn];
    return;
  }
  if (inside === undefined) return;
  const [attribute = '', sub] = path.split('.');
  const definition = findAttribute(urn === undefined ? schema.core : (schema.extensions.get(urn) ?? []), attribute);
  if (definition?.required || definition?.mutability === 'readOnly') {
    throw new ScimFailure(400, `"${name}" cannot be cleared`);
  }
  const key = findKey(inside, attribute);
  if (key === undefined) return;
  const value = inside[key];
  if (sub === undefined) delete inside[key];
  else if (isObject(value)) delete value[findKey(value, sub) ?? sub];
}

function getExtension(record: JsonObject, urn: string): JsonObject | undefined {
  const key = findKey(record, urn);
  const value = key === undefined ? undefined : record[key];
  return isObject(value) ? value : undefined;
}

function mergePartial(target: JsonObject, partial: JsonObject, schema: RecordSchema): void {
  for (const [name, value] of Object.entries(partial)) {
    if (['schemas', 'meta', 'id'].includes(name)) continue;
    const key = findKey(target, name) ?? findAttribute(schema.core, name)?.name ?? name;
    if (isUnassigned(value)) continue;
    if (Array.isArray(value)) target[key] = mergeElements(target[key], value);
    else if (isObject(value) && isObject(target[key])) mergePartial(target[key], value, schema);
    else target[key] = value;
    if (isUnassigned(target[key])) delete target[key];
  }
}

function mergeElements(old: JsonValue | undefined, given: JsonValue[]): JsonValue[] {
  let elements = Array.isArray(old) ? [...old] : [];
  for (const item of given) {
    if (!isObject(item)) {
      if (!elements.includes(item)) elements.push(item);
      continue;
    }
    const { operation, ...element } = item;
    const isSame = (other: JsonValue) =>
      isObject(other) && other['value'] === element['value'] && sameType(other, element);
    elements = elements.filter((other) => !isSame(other));
    if (operation === 'delete') continue;
    if (element['primary'] === true)
      elements = elements.map((other) => (isObject(other) ? { ...other, primary: false } : other));
    elements.push(element);
  }
  return elements;
}

function sameType(left: JsonObject, right: JsonObject): boolean {
  return right['type'] === undefined || left['type'] === right['type'];
}
