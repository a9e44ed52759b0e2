import { findAttribute, type RecordSchema } from './attribute-definitions.ts';
import { checkValue } from './check-attributes.ts';
import { equalJson, findKey, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { type PatchPath, parsePatchPath } from './patch-path.ts';
import { coerceValue, refuses } from './read-attributes.ts';
import { ScimFailure } from './scim-failure.ts';
import { type CaseRule, type Filter, FilterSyntaxError, matchesFilter } from './scim-filter.ts';
import type { TargetProfile } from './target-profile.ts';

export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  path: string | undefined;
  value: JsonValue | undefined;
}

interface PatchScope {
  record: JsonObject;
  schema: RecordSchema;
  profile: TargetProfile;
  isCaseExact: CaseRule;
}

/**
 * Applies operations to `record` in place, in order (RFC 7644 section 3.5.2). Throws ScimFailure; the caller works on a
 * copy, so that a refused PATCH changes nothing.
 */
export function applyPatch(scope: PatchScope, operations: PatchOperation[]): void {
  for (const operation of operations) applyOperation(scope, operation);
}

function applyOperation(scope: PatchScope, operation: PatchOperation): void {
  if (operation.path === undefined) {
    applyWithoutPath(scope, operation);
    return;
  }
  const path = readPath(operation.path, scope);
  assertWritable(path, operation, scope);
  if (path.attribute === undefined) {
    applyToExtension(scope, path, operation);
    return;
  }
  const value = operation.op === 'remove' ? operation.value : readValue(path, operation.value, scope.profile);
  applyToAttribute(scope, path, { ...operation, value });
}

/** The value as the target takes it. Throws ScimFailure invalidValue where types are checked and it has the wrong one. */
function readValue(path: PatchPath, value: JsonValue | undefined, profile: TargetProfile): JsonValue | undefined {
  const definition = path.sub === undefined ? path.definition : path.subDefinition;
  if (definition === undefined || isUnassigned(value)) return value;
  const read = coerceValue(definition, value as JsonValue, profile);
  if (!profile.checksTypes) return read;
  const isElement = definition.multiValued && (path.filter !== undefined || !Array.isArray(read));
  const problem = checkValue(definition, read, definition.name, isElement).find(({ kind }) => refuses(kind, profile));
  if (problem !== undefined) throw new ScimFailure(400, problem.message, 'invalidValue');
  return read;
}

function readPath(text: string, { schema, profile }: PatchScope): PatchPath {
  let path: PatchPath;
  try {
    path = parsePatchPath(text, schema);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw new ScimFailure(400, error.message, 'invalidPath');
    throw error;
  }
  const isUnknown = path.attribute !== undefined && path.definition === undefined;
  const isUnknownSub = path.sub !== undefined && path.subDefinition === undefined;
  if (profile.unknownAttributes === 'reject' && (isUnknown || isUnknownSub)) {
    throw new ScimFailure(400, `There is no attribute "${text}"`, 'invalidPath');
  }
  return path;
}

function assertWritable(path: PatchPath, { op, value }: PatchOperation, { record }: PatchScope): void {
  const { definition, subDefinition } = path;
  if (definition?.mutability === 'readOnly' || subDefinition?.mutability === 'readOnly') {
    throw new ScimFailure(400, `"${path.attribute}" is read-only`, 'mutability');
  }
  if (definition?.required && (op === 'remove' || isUnassigned(value) || value === '')) {
    throw new ScimFailure(400, `"${path.attribute}" is required and cannot be cleared`, 'invalidValue');
  }
  if (definition?.mutability === 'immutable' && !isUnassigned(record[definition.name])) {
    throw new ScimFailure(400, `"${path.attribute}" cannot change once it is set`, 'mutability');
  }
}

function applyWithoutPath(scope: PatchScope, { op, value }: PatchOperation): void {
  if (op === 'remove') throw new ScimFailure(400, 'A remove needs a path', 'noTarget');
  if (!isObject(value)) throw new ScimFailure(400, `The value of ${op} without path must be an object`, 'invalidValue');
  for (const [key, inner] of Object.entries(value)) {
    if (key.toLowerCase() === 'schemas') continue;
    // RFC 7644 section 3.5.2.1: an id that is repeated as it is would be no change; strict servers refuse it (mutability)
    if (key.toLowerCase() === 'id' && !scope.profile.rejectsIdInPatch && inner === scope.record['id']) continue;
    if (key.toLowerCase() === 'id' && !scope.profile.checksTypes) continue;
    applyOperation(scope, { op, path: key, value: inner });
  }
}

function applyToExtension(scope: PatchScope, path: PatchPath, { op, value }: PatchOperation): void {
  const urn = path.extension ?? '';
  const key = findKey(scope.record, urn) ?? urn;
  if (op === 'remove' || isUnassigned(value)) {
    delete scope.record[key];
    return;
  }
  if (!isObject(value)) throw new ScimFailure(400, `The value of ${urn} must be an object`, 'invalidValue');
  if (scope.profile.pathlessExtensionReplaces) delete scope.record[key];
  for (const [name, inner] of Object.entries(value))
    applyOperation(scope, { op, path: `${urn}:${name}`, value: inner });
}

function applyToAttribute(scope: PatchScope, path: PatchPath, operation: PatchOperation): void {
  const parent = findParent(scope, path, operation.op !== 'remove');
  if (parent === undefined) return;
  const key = findKey(parent, path.attribute ?? '') ?? (path.attribute as string);
  if (path.filter !== undefined) applyToElements(scope, parent, key, path, path.filter, operation);
  else if (path.sub !== undefined) applyToSubAttribute(parent, key, path, path.sub, operation);
  else if (operation.op === 'remove') removeAttribute(scope, parent, key, path, operation.value);
  else setAttribute(scope, parent, key, path, operation);
  if (isUnassigned(parent[key]) || (isObject(parent[key]) && Object.keys(parent[key]).length === 0)) delete parent[key];
  dropEmptyExtension(scope.record, path);
}

function findParent({ record }: PatchScope, path: PatchPath, create: boolean): JsonObject | undefined {
  if (path.extension === undefined) return record;
  const key = findKey(record, path.extension) ?? path.extension;
  const found = record[key];
  if (isObject(found)) return found;
  if (!create) return undefined;
  const made: JsonObject = {};
  record[key] = made;
  return made;
}

function dropEmptyExtension(record: JsonObject, path: PatchPath): void {
  const key = path.extension === undefined ? undefined : findKey(record, path.extension);
  if (key === undefined) return;
  const extension = record[key];
  if (isObject(extension) && Object.keys(extension).length === 0) delete record[key];
}

function setAttribute(
  { profile }: PatchScope,
  parent: JsonObject,
  key: string,
  path: PatchPath,
  { op, value }: PatchOperation,
): void {
  const old = parent[key];
  if (isUnassigned(value)) {
    if (op === 'replace') delete parent[key];
    return;
  }
  if (path.definition?.multiValued || Array.isArray(old)) {
    const given = asArray(value);
    const kept = op === 'add' && Array.isArray(old) ? old : [];
    const isMember = path.attribute === 'members';
    const has = (list: JsonValue[], item: JsonValue) => (isMember ? includesMember(list, item) : includes(list, item));
    const doubles = isMember && profile.duplicatesMembers;
    const added = given.filter((item, index) => doubles || (!has(kept, item) && !has(given.slice(0, index), item)));
    parent[key] = keepOnePrimary([...kept, ...added], added);
    return;
  }
  if (isObject(old) && isObject(value)) mergeInto(old, value);
  else parent[key] = value;
}

function applyToSubAttribute(
  parent: JsonObject,
  key: string,
  path: PatchPath,
  sub: string,
  operation: PatchOperation,
): void {
  const old = parent[key];
  if (Array.isArray(old) || path.definition?.multiValued) {
    const elements = Array.isArray(old) ? old.filter(isObject) : [];
    if (elements.length === 0 && operation.op !== 'remove') {
      throw new ScimFailure(400, `"${path.attribute}" has no value whose "${sub}" could be set`, 'noTarget');
    }
    for (const element of elements) setSub(element, sub, operation);
    return;
  }
  if (isObject(old)) setSub(old, sub, operation);
  else if (operation.op !== 'remove' && !isUnassigned(operation.value)) parent[key] = { [sub]: operation.value };
}

function applyToElements(
  scope: PatchScope,
  parent: JsonObject,
  key: string,
  path: PatchPath,
  filter: Filter,
  operation: PatchOperation,
): void {
  const old = parent[key];
  const elements = Array.isArray(old) ? old : [];
  const inner: CaseRule = (names) => scope.isCaseExact([path.attribute ?? '', ...names]);
  const selects = (item: JsonValue) => matchesFilter(isObject(item) ? item : { value: item }, filter, inner);
  const selected = elements.filter(selects);
  if (operation.op === 'remove') {
    if (path.sub === undefined) parent[key] = elements.filter((item) => !selected.includes(item));
    else for (const element of selected) if (isObject(element)) setSub(element, path.sub, operation);
    return;
  }
  if (selected.length === 0) {
    // RFC 7644 section 3.5.2.3: a replace whose filter selects nothing fails with noTarget; for add the RFC is silent
    if (operation.op === 'add' && scope.profile.addThroughValuePathCreates) {
      parent[key] = [...elements, buildElement(filter, path, operation.value)];
      return;
    }
    throw new ScimFailure(400, `No value of "${path.attribute}" is selected by the filter`, 'noTarget');
  }
  parent[key] = elements.map((item) => (selected.includes(item) ? changeElement(item, path, operation) : item));
  const changed = (parent[key] as JsonValue[]).filter((_, index) => selected.includes(elements[index] as JsonValue));
  parent[key] = keepOnePrimary(parent[key] as JsonValue[], changed);
}

function changeElement(item: JsonValue, path: PatchPath, operation: PatchOperation): JsonValue {
  const copy = structuredClone(item);
  if (path.sub !== undefined && isObject(copy)) {
    setSub(copy, path.sub, operation);
    return copy;
  }
  const value = operation.value ?? null;
  // RFC 7644 section 3.5.2.3: matching values are replaced, not merged
  if (operation.op === 'replace' || !isObject(value) || !isObject(copy)) return value;
  mergeInto(copy, value);
  return copy;
}

function buildElement(filter: Filter, path: PatchPath, value: JsonValue | undefined): JsonValue {
  const made: JsonObject = {};
  const collect = (part: Filter): void => {
    if (part.kind === 'and') {
      collect(part.left);
      collect(part.right);
    } else if (part.kind === 'compare' && part.operator === 'eq' && part.path.length === 1) {
      made[part.path[0] as string] = part.value;
    }
  };
  collect(filter);
  if (path.sub !== undefined) made[path.sub] = value ?? null;
  else if (isObject(value)) mergeInto(made, value);
  return made;
}

function removeAttribute(
  scope: PatchScope,
  parent: JsonObject,
  key: string,
  path: PatchPath,
  value: JsonValue | undefined,
): void {
  const old = parent[key];
  if (value === undefined || scope.profile.removeWithList === 'empties' || !Array.isArray(old)) {
    delete parent[key];
    return;
  }
  const listed = asArray(value).map((item) => (isObject(item) ? item['value'] : item));
  parent[key] = old.filter((item) => !listed.includes(isObject(item) ? item['value'] : item));
  if ((parent[key] as JsonValue[]).length === 0 && path.definition?.multiValued) delete parent[key];
}

function setSub(target: JsonObject, sub: string, { op, value }: PatchOperation): void {
  const key = findKey(target, sub) ?? sub;
  if (op === 'remove' || isUnassigned(value)) delete target[key];
  else target[key] = value;
}

function mergeInto(target: JsonObject, value: JsonObject): void {
  for (const [name, inner] of Object.entries(value))
    setSub(target, name, { op: 'replace', path: undefined, value: inner });
}

function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function includes(list: JsonValue[], wanted: JsonValue): boolean {
  return list.some((item) => equalJson(item, wanted));
}

function includesMember(list: JsonValue[], wanted: JsonValue): boolean {
  if (!isObject(wanted)) return list.includes(wanted);
  return list.some((item) => isObject(item) && item['value'] === wanted['value']);
}

/** RFC 7644 section 3.5.2: setting one value primary makes the others not so. */
function keepOnePrimary(all: JsonValue[], changed: JsonValue[]): JsonValue[] {
  const winner = changed.findLast((item) => isObject(item) && item['primary'] === true);
  if (winner === undefined) return all;
  return all.map((item) =>
    item !== winner && isObject(item) && item['primary'] === true ? { ...item, primary: false } : item,
  );
}

/** Case-exactness as the schema has it; attributes that it does not know are caseless (RFC 7643 section 2.2). */
export function buildCaseRule(schema: RecordSchema, allExact: boolean): CaseRule {
  return (path) => {
    if (allExact) return true;
    const extension = [...schema.extensions.keys()].find((urn) => urn.toLowerCase() === path[0]?.toLowerCase());
    const names = extension === undefined ? path : path.slice(1);
    let definitions = extension === undefined ? schema.core : (schema.extensions.get(extension) ?? []);
    let exact = false;
    for (const name of names) {
      const definition = findAttribute(definitions, name);
      exact = definition?.caseExact ?? false;
      definitions = definition?.subAttributes ?? [];
    }
    // "emails eq x" compares the values of the attribute
    const value = findAttribute(definitions, 'value');
    return value === undefined ? exact : value.caseExact;
  };
}
