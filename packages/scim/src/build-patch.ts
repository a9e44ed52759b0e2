import { type AttributePath, parseAttributePath } from './attribute-path.ts';
import { clearAttribute, setAttribute } from './build-resource.ts';
import type { PatchDialect } from './dialect.ts';
import { isObject, type JsonObject, type JsonValue, readKey } from './json.ts';
import { readAttribute } from './read-attribute.ts';
import { patchOpUrn } from './schema-urns.ts';

/** `set` gives the attribute this value, whatever it was; `clear` leaves it without one. */
export type AttributeChange =
  | { path: string; operation: 'set'; value: JsonValue }
  | { path: string; operation: 'clear' };

/** One operation of a PATCH request (RFC 7644 §3.5.2). */
export type PatchOperation = JsonObject;

/** The body of a PATCH request. `Operations` has its capital (§3.5.2). */
export function buildPatchBody(operations: PatchOperation[]): JsonObject {
  return { schemas: [patchOpUrn], Operations: operations };
}

/**
 * The operations that make these changes, one for each, with explicit paths and JSON types. A set is `replace`, which
 * RFC 7644 §3.5.2.3 lets stand for `add`; a clear is `remove`; clearing an element's `value` removes the element.
 *
 * With `current`, the representation read last, elements that do not exist yet are added as such (a value path that
 * selects nothing is `noTarget`), and clears of what is not there are left out. A dialect without value paths needs
 * `current` for changes inside multi-valued attributes: the attribute is replaced as a whole, other elements kept.
 * A dialect without paths is written as one operation whose value is a partial resource; it needs `current` for changes
 * inside anything, for targets replace `name` by the one part of it that they are given.
 */
export function buildPatchOperations(
  changes: readonly AttributeChange[],
  dialect: PatchDialect,
  current?: JsonObject,
): PatchOperation[] {
  if (dialect.form === 'noPath') return buildPathless(changes, dialect, current);
  const operations: PatchOperation[] = [];
  const merged = new Map<string, JsonObject>();
  for (const change of changes) {
    const path = parseAttributePath(change.path);
    const isAbsent = current !== undefined && isMissing(current, path);
    if (change.operation === 'clear' && isAbsent) continue;
    const isElement = path.where !== undefined || (path.multiValued && path.sub !== undefined);
    if (isElement && !dialect.valuePaths) mergeWhole(merged, change, path, current);
    else if (isElement && path.where === undefined) mergeWhole(merged, change, path, undefined);
    else if (isElement && isAbsent && !hasElement(current, path)) addElement(operations, change, path, dialect);
    else if (change.operation === 'clear') operations.push(buildClear(path, dialect));
    else operations.push(buildSet(path, change.value, dialect));
  }
  for (const [target, holder] of merged) operations.push(buildWhole(target, holder, dialect));
  return operations;
}

function buildPathless(
  changes: readonly AttributeChange[],
  dialect: PatchDialect,
  current: JsonObject | undefined,
): PatchOperation[] {
  const partial: JsonObject = {};
  for (const change of changes) {
    const path = parseAttributePath(change.path);
    const root = path.urn ?? path.attribute;
    const isInside = path.urn !== undefined || path.sub !== undefined || path.where !== undefined;
    const held = isInside && current !== undefined ? readKey(current, root) : undefined;
    if (held !== undefined && !Object.hasOwn(partial, root)) partial[root] = structuredClone(held);
    if (change.operation === 'set') {
      const isText = isManager(path) && !isObject(change.value);
      const target = isText ? { ...path, sub: dialect.manager === 'text' ? undefined : 'value' } : path;
      setAttribute(partial, target, wireValue(change.value, path, dialect));
    } else if (path.where === undefined && !path.multiValued) {
      // RFC 7643 §2.5: null is unassigned; leaving it out would leave it as it is.
      setAttribute(partial, isManager(path) ? { ...path, sub: undefined } : path, null);
    } else {
      clearAttribute(partial, path);
      if (!Object.hasOwn(partial, root)) partial[root] = path.urn === undefined ? [] : {};
    }
  }
  return Object.keys(partial).length === 0 ? [] : [{ op: spell('replace', dialect), value: partial }];
}

/** Whether the changes can only be written by somebody who knows the account as it is. */
export function needsCurrent(changes: readonly AttributeChange[], dialect: PatchDialect): boolean {
  if (dialect.form === 'path' && dialect.valuePaths) return false;
  return changes.some((change) => {
    const { where, sub, urn, multiValued } = parseAttributePath(change.path);
    if (dialect.form === 'noPath') return where !== undefined || sub !== undefined || urn !== undefined;
    return where !== undefined || (multiValued && sub !== undefined);
  });
}

/** Whether any change reaches into an element, where a strict target may find nothing to change. */
export function reachesElements(changes: readonly AttributeChange[]): boolean {
  return changes.some(({ path }) => parseAttributePath(path).where !== undefined);
}

function buildSet(path: AttributePath, value: JsonValue, dialect: PatchDialect): PatchOperation {
  if (isManager(path)) {
    const id = isObject(value) ? (readKey(value, 'value') ?? null) : value;
    if (dialect.manager === 'text')
      return { op: spell('replace', dialect), path: writeManagerPath(path, dialect), value: id };
    // `manager.value` is noTarget at strict targets as long as there is no manager.
    if (dialect.manager === 'object' && !isObject(value)) {
      return { op: spell('replace', dialect), path: writeManagerPath(path, dialect), value: { value: id } };
    }
  }
  return { op: spell('replace', dialect), path: writePath(path, dialect), value: wireValue(value, path, dialect) };
}

function buildClear(path: AttributePath, dialect: PatchDialect): PatchOperation {
  const written = isManager(path) ? writeManagerPath(path, dialect) : writePath(path, dialect, isWholeElement(path));
  if (dialect.clear === 'remove' || path.where !== undefined) return { op: spell('remove', dialect), path: written };
  return { op: spell('replace', dialect), path: written, value: dialect.clear === 'replaceNull' ? null : '' };
}

function isWholeElement({ where, sub }: AttributePath): boolean {
  return where !== undefined && sub?.toLowerCase() === 'value';
}

function addElement(
  operations: PatchOperation[],
  change: AttributeChange,
  path: AttributePath,
  dialect: PatchDialect,
): void {
  if (change.operation === 'clear') return;
  const target = writeAttribute(path, dialect);
  const op = spell('add', dialect);
  const earlier = operations.find((operation) => operation['op'] === op && operation['path'] === target);
  const holder: JsonObject = { [path.attribute]: earlier?.['value'] ?? [] };
  setAttribute(holder, { ...path, urn: undefined }, wireValue(change.value, path, dialect));
  if (earlier === undefined) operations.push({ op, path: target, value: holder[path.attribute] ?? [] });
}

/** Applies a change to a copy of the whole attribute; `current` undefined starts from nothing. */
function mergeWhole(
  merged: Map<string, JsonObject>,
  change: AttributeChange,
  path: AttributePath,
  current: JsonObject | undefined,
): void {
  const local: AttributePath = { ...path, urn: undefined };
  const whole = path.urn === undefined ? path.attribute : `${path.urn}:${path.attribute}`;
  let holder = merged.get(whole);
  if (holder === undefined) {
    const held = current === undefined ? undefined : readAttribute(current, whole);
    holder = { [path.attribute]: held === undefined ? [] : structuredClone(held) };
    merged.set(whole, holder);
  }
  if (change.operation === 'set') setAttribute(holder, local, change.value);
  else clearAttribute(holder, local);
}

function buildWhole(target: string, holder: JsonObject, dialect: PatchDialect): PatchOperation {
  const path = parseAttributePath(target);
  const value = holder[path.attribute];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return buildClear(path, dialect);
  return { op: spell('replace', dialect), path: writeAttribute(path, dialect), value: wireValue(value, path, dialect) };
}

function isMissing(current: JsonObject, path: AttributePath): boolean {
  return readAttribute(current, path) === undefined;
}

function hasElement(current: JsonObject | undefined, path: AttributePath): boolean {
  return current !== undefined && readAttribute(current, { ...path, sub: undefined }) !== undefined;
}

/** `urn:…:User:manager` or `urn:…:User:manager.value`, whose value is the manager's remote id (RFC 7643 §4.3). */
function isManager({ attribute, sub, urn, where }: AttributePath): boolean {
  return (
    urn !== undefined &&
    where === undefined &&
    attribute.toLowerCase() === 'manager' &&
    (sub === undefined || sub.toLowerCase() === 'value')
  );
}

function writeManagerPath(path: AttributePath, dialect: PatchDialect): string {
  return dialect.manager === 'valuePath' ? `${writeAttribute(path, dialect)}.value` : writeAttribute(path, dialect);
}

function writeAttribute({ urn, attribute }: AttributePath, { extensionSeparator }: PatchDialect): string {
  return urn === undefined ? attribute : `${urn}${extensionSeparator}${attribute}`;
}

function writePath(path: AttributePath, dialect: PatchDialect, elementOnly = false): string {
  const { sub, whereText } = path;
  if (path.urn === undefined && sub === undefined && whereText === undefined) return path.attribute;
  const where = whereText === undefined ? '' : `[${whereText}]`;
  return `${writeAttribute(path, dialect)}${where}${sub === undefined || elementOnly ? '' : `.${sub}`}`;
}

function wireValue(value: JsonValue, path: AttributePath, dialect: PatchDialect): JsonValue {
  if (typeof value === 'boolean' && dialect.booleans === 'text') return value ? 'True' : 'False';
  // A whole multi-valued attribute is a list, even of one.
  return path.multiValued && path.sub === undefined && path.where === undefined && !Array.isArray(value)
    ? [value]
    : value;
}

function spell(op: 'add' | 'replace' | 'remove', { opCase }: PatchDialect): string {
  return opCase === 'lower' ? op : op.charAt(0).toUpperCase() + op.slice(1);
}
