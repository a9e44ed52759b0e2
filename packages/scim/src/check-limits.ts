import { parseAttributePath } from './attribute-path.ts';
import type { AttributeChange } from './build-patch.ts';
import type { Dialect } from './dialect.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { readKey } from './json.ts';
import { ScimError } from './scim-error.ts';

/**
 * Refuses, before anything is sent, what the target is documented not to take: a value that is too long, or a second
 * value where it holds one. Throws `invalid_request` that names the attribute and the limit.
 */
export function assertTakesResource(resource: JsonObject, { attributes, label }: Dialect): void {
  for (const name of attributes.singleValued) {
    const held = readKey(resource, name);
    if (!Array.isArray(held) || held.length < 2) continue;
    throw refuse(name, `${label} takes one value only of ${name}, not ${held.length}. Map one of them.`);
  }
}

/** The same for one value at a path, on create and update. */
export function assertTakesValue(path: string, value: JsonValue, { attributes, label }: Dialect): void {
  const most = attributes.maxLength[path];
  if (most === undefined || typeof value !== 'string' || value.length <= most) return;
  throw refuse(
    path,
    `${label} takes at most ${most} characters for ${path}; this value has ${value.length}. Shorten it in the mapping.`,
  );
}

/** The same for changes; also of attributes that the target takes on create only. */
export function assertTakesChanges(changes: readonly AttributeChange[], dialect: Dialect): void {
  const { immutable } = dialect.attributes;
  for (const change of changes) {
    if (change.operation === 'set') assertTakesValue(change.path, change.value, dialect);
    if (immutable.length === 0) continue;
    const { attribute } = parseAttributePath(change.path);
    if (!immutable.some((name) => name === change.path || name === attribute)) continue;
    throw refuse(
      change.path,
      `${dialect.label} takes ${change.path} on create only, and it has changed. Map it on create only, or change it at the target.`,
    );
  }
}

function refuse(attribute: string, message: string): ScimError {
  return new ScimError('invalid_request', message, { attribute });
}
