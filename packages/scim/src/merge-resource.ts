import { parseAttributePath } from './attribute-path.ts';
import type { AttributeChange } from './build-patch.ts';
import { clearAttribute, type FlatAttributes, setAttribute } from './build-resource.ts';
import type { Dialect } from './dialect.ts';
import { findKey, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { readAttribute } from './read-attribute.ts';

/** Read-only in RFC 7643 §3.1 and §4.1, or never to be sent back. */
const neverPut = ['meta', 'groups', 'password'];

/**
 * The whole resource for a PUT (RFC 7644 §3.5.1): what the target showed, with the changes made, so that attributes
 * nobody here manages survive a target that clears what is omitted. Desired attributes that the target did not show
 * are put in as well, for a target that does not return them would clear them too. `current` does not change.
 */
export function mergeForPut(
  current: JsonObject,
  changes: readonly AttributeChange[],
  desired: FlatAttributes,
  options: { coreSchema: string; clear: Dialect['put']['clear'] },
): JsonObject {
  const merged = structuredClone(current);
  for (const name of neverPut) {
    const key = findKey(merged, name);
    if (key !== undefined) delete merged[key];
  }
  const schemas = new Set<string>(readSchemas(merged));
  if (schemas.size === 0) schemas.add(options.coreSchema);
  for (const text of Object.keys(desired)) {
    const value = desired[text];
    const path = parseAttributePath(text);
    if (value === undefined || isUnassigned(value) || readAttribute(merged, path) !== undefined) continue;
    setAttribute(merged, path, value);
    if (path.urn !== undefined) schemas.add(path.urn);
  }
  for (const change of changes) {
    const path = parseAttributePath(change.path);
    if (change.operation === 'set') {
      dropFlatKey(merged, change.path);
      setAttribute(merged, path, change.value);
      if (path.urn !== undefined) schemas.add(path.urn);
      continue;
    }
    dropFlatKey(merged, change.path);
    clearAttribute(merged, path);
    const blank: JsonValue = options.clear === 'null' ? null : '';
    if (options.clear !== 'omit' && path.where === undefined && !path.multiValued) setAttribute(merged, path, blank);
  }
  merged[findKey(merged, 'schemas') ?? 'schemas'] = [...schemas];
  return merged;
}

/** `"name.givenName"` as one key (GitLab) would contradict the object beside it. */
function dropFlatKey(resource: JsonObject, path: string): void {
  if (!path.includes('.')) return;
  const key = findKey(resource, path);
  if (key !== undefined) delete resource[key];
}

function readSchemas(resource: JsonObject): string[] {
  const key = findKey(resource, 'schemas');
  const held = key === undefined ? undefined : resource[key];
  return Array.isArray(held) ? held.filter((urn): urn is string => typeof urn === 'string') : [];
}
