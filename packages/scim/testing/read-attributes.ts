import { type AttributeDefinition, findAttribute, type RecordSchema } from './attribute-definitions.ts';
import { type AttributeProblem, checkRecord } from './check-attributes.ts';
import { getCaseless, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import type { RecordKind, RecordStore } from './record-store.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetProfile } from './target-profile.ts';

/** Whether a target of the profile refuses a request because of the problem (others are merely noted as violations). */
export function refuses(kind: AttributeProblem['kind'], profile: TargetProfile): boolean {
  if (kind === 'unknown') return profile.unknownAttributes === 'reject';
  return kind === 'type' || kind === 'required' || kind === 'primary' || kind === 'schemas';
}

/** Reads a value as the profile's target does: string booleans, and a manager given as a bare string. */
export function coerceValue(definition: AttributeDefinition, value: JsonValue, profile: TargetProfile): JsonValue {
  if (definition.type === 'boolean' && typeof value === 'string' && profile.stringBooleans === 'coerce') {
    const lower = value.toLowerCase();
    return lower === 'true' ? true : lower === 'false' ? false : value;
  }
  if (definition.name === 'manager' && typeof value === 'string' && profile.managerAsString) return { value };
  return value;
}

/**
 * The attributes of a POST or PUT body as the target keeps them. Unassigned ones are left out (RFC 7643 section 2.5),
 * read-only ones are ignored (RFC 7644 section 3.3). Throws ScimFailure 400 as the profile is strict.
 */
export function readAttributes(body: JsonObject, schema: RecordSchema, profile: TargetProfile): JsonObject {
  const coerced = coerceRecord(body, schema, profile);
  if (profile.checksTypes) {
    const problem = checkRecord(coerced, schema).find(({ kind }) => refuses(kind, profile));
    if (problem !== undefined) {
      const isSyntax = problem.kind === 'unknown' || problem.kind === 'schemas';
      throw new ScimFailure(400, problem.message, isSyntax ? 'invalidSyntax' : 'invalidValue');
    }
  }
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(coerced)) {
    if (isUnassigned(value)) continue;
    const definition = findAttribute(schema.core, name);
    if (definition === undefined && profile.unknownAttributes === 'ignore' && !isKnownExtension(name, schema)) continue;
    kept[definition?.name ?? name] = value;
  }
  return kept;
}

function isKnownExtension(name: string, schema: RecordSchema): boolean {
  return name === 'schemas' || [...schema.extensions.keys()].some((urn) => urn.toLowerCase() === name.toLowerCase());
}

function coerceRecord(body: JsonObject, schema: RecordSchema, profile: TargetProfile): JsonObject {
  if (profile.stringBooleans !== 'coerce' && !profile.managerAsString) return body;
  const copy: JsonObject = { ...body };
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    const extension = schema.extensions.get(name);
    if (extension !== undefined && isObject(value)) copy[name] = coerceAll(extension, value, profile);
    else copy[name] = coerceAll(schema.core, { [name]: value }, profile)[name];
  }
  return copy;
}

function coerceAll(definitions: AttributeDefinition[], values: JsonObject, profile: TargetProfile): JsonObject {
  const copy: JsonObject = { ...values };
  for (const [name, value] of Object.entries(values)) {
    const definition = findAttribute(definitions, name);
    if (definition === undefined || value === undefined) continue;
    const parts = definition.subAttributes;
    if (Array.isArray(value))
      copy[name] = value.map((item) => (isObject(item) ? coerceAll(parts, item, profile) : item));
    else if (isObject(value)) copy[name] = coerceAll(parts, value, profile);
    else copy[name] = coerceValue(definition, value, profile);
  }
  return copy;
}

/** Checks and rewrites that hold for the result of POST, PUT and PATCH alike. Changes `attributes` in place. */
export function finishAttributes(
  kind: RecordKind,
  attributes: JsonObject,
  before: JsonObject | undefined,
  profile: TargetProfile,
  store: RecordStore,
): void {
  const nameKey = kind === 'User' ? 'userName' : 'displayName';
  const name = getCaseless(attributes, nameKey);
  if (typeof name !== 'string' || name === '') throw new ScimFailure(400, `${nameKey} is required`, 'invalidValue');
  for (const immutable of profile.immutableAttributes) {
    if (before !== undefined && JSON.stringify(before[immutable]) !== JSON.stringify(attributes[immutable])) {
      throw new ScimFailure(400, `${immutable} cannot change at this target`, 'mutability');
    }
  }
  if (kind === 'Group') {
    checkMembers(attributes, before, profile, store);
    return;
  }
  if (name.length > profile.maxUserNameLength) {
    throw new ScimFailure(400, `userName is longer than ${profile.maxUserNameLength} characters`, 'invalidValue');
  }
  if (profile.singleEmail && Array.isArray(attributes['emails']) && attributes['emails'].length > 1) {
    throw new ScimFailure(400, 'emails takes one value at this target', 'invalidValue');
  }
  if (profile.normalisesUserName !== 'no') {
    const base =
      profile.normalisesUserName === 'strip-domain' ? name.replace(/@.*$/, '').replace(/[^A-Za-z0-9]+/g, '-') : name;
    attributes['userName'] = base.toLowerCase();
  }
}

function checkMembers(
  attributes: JsonObject,
  before: JsonObject | undefined,
  profile: TargetProfile,
  store: RecordStore,
): void {
  const members = Array.isArray(attributes['members']) ? attributes['members'] : [];
  if (profile.unknownMember === 'store' && !profile.memberTypeRequired && !profile.memberDisplayRequired) return;
  const old = new Set(
    Array.isArray(before?.['members']) ? before['members'].map((member) => isObject(member) && member['value']) : [],
  );
  for (const member of members) {
    const id = isObject(member) ? member['value'] : undefined;
    if (!isObject(member) || typeof id !== 'string') {
      throw new ScimFailure(400, 'A member must be an object with the value of an id', 'invalidValue');
    }
    if (old.has(id)) continue;
    const isKnown = store.find('User', id) !== undefined || store.find('Group', id) !== undefined;
    if (profile.unknownMember === 'reject' && !isKnown)
      throw new ScimFailure(400, `There is no record "${id}" to be a member`, 'invalidValue');
    if (profile.memberTypeRequired && member['type'] === undefined)
      throw new ScimFailure(400, 'A member needs a type', 'invalidValue');
    if (profile.memberDisplayRequired && member['display'] === undefined)
      throw new ScimFailure(422, 'A member needs a display', 'invalidValue');
  }
}
