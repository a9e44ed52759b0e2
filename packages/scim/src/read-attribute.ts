import { type AttributePath, parseAttributePath, type ValueComparison } from './attribute-path.ts';
import { isObject, isUnassigned, type JsonObject, type JsonValue, readBoolean, readKey } from './json.ts';

/**
 * The value at an attribute path of a SCIM resource; `undefined` when it has none (absent, `null`, `[]` and `''` alike,
 * RFC 7643 §2.5). Reads leniently what targets write wrongly: names in any letter case, `"True"` for a boolean, flat
 * keys such as `"name.givenName"`, an object where a list belongs. Of several elements that the path means, the
 * primary one is read, else the first.
 */
export function readAttribute(resource: JsonObject, path: string | AttributePath): JsonValue | undefined {
  const { elements, attributePath } = select(resource, path);
  if (elements.length > 1) {
    const primary = elements.find((element) => isObject(element) && readBoolean(readKey(element, 'primary')) === true);
    const value = primary === undefined ? undefined : readSub(primary, attributePath);
    if (value !== undefined) return value;
  }
  for (const element of elements) {
    const value = readSub(element, attributePath);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Every value at an attribute path: `emails.value` of three addresses is three values. Lenient like {@link readAttribute}. */
export function readAttributeValues(resource: JsonObject, path: string | AttributePath): JsonValue[] {
  const { elements, attributePath } = select(resource, path);
  return elements.flatMap((element) => readSub(element, attributePath) ?? []);
}

/** `active`, leniently; `undefined` when the target does not say. */
export function readActive(resource: JsonObject): boolean | undefined {
  return readBoolean(readKey(resource, 'active'));
}

/** Whether an element satisfies every comparison; text is compared without regard to letter case, as `type` is. */
export function matchesWhere(element: JsonValue, where: readonly ValueComparison[]): boolean {
  return (
    isObject(element) &&
    where.every(({ attribute, value }) => {
      const found = readKey(element, attribute);
      if (typeof value === 'boolean') return readBoolean(found) === value;
      if (typeof value === 'string') return typeof found === 'string' && found.toLowerCase() === value.toLowerCase();
      return found === value || (typeof found === 'string' && found.trim() !== '' && Number(found) === value);
    })
  );
}

function select(
  resource: JsonObject,
  path: string | AttributePath,
): { elements: readonly JsonValue[]; attributePath: AttributePath } {
  const attributePath = typeof path === 'string' ? parseAttributePath(path) : path;
  const { attribute, sub, where, multiValued } = attributePath;
  const scope = findScope(resource, attributePath);
  const value = scope === undefined ? undefined : readKey(scope, attribute);
  const lacksSub = sub !== undefined && where === undefined && isObject(value) && readKey(value, sub) === undefined;
  if (scope === undefined || value === undefined || value === null || lacksSub) {
    const flat = readFlat(resource, scope, attributePath);
    // Wrapped under the name that readSub is going to look for.
    return { elements: flat === undefined ? [] : [sub === undefined ? flat : { [sub]: flat }], attributePath };
  }
  if (where !== undefined) {
    return { elements: (Array.isArray(value) ? value : [value]).filter((e) => matchesWhere(e, where)), attributePath };
  }
  // A whole multi-valued attribute is one value; with a sub-attribute each element is asked.
  if (Array.isArray(value) && sub !== undefined) return { elements: value, attributePath };
  return { elements: [multiValued && sub === undefined && isObject(value) ? [value] : value], attributePath };
}

function findScope(resource: JsonObject, { urn }: AttributePath): JsonObject | undefined {
  if (urn === undefined) return resource;
  const extension = readKey(resource, urn);
  return isObject(extension) ? extension : undefined;
}

function readFlat(resource: JsonObject, scope: JsonObject | undefined, path: AttributePath): JsonValue | undefined {
  const { attribute, sub, urn, text } = path;
  if (sub !== undefined && scope !== undefined) {
    const flat = readKey(scope, `${attribute}.${sub}`);
    if (flat !== undefined) return flat;
  }
  return urn !== undefined || sub !== undefined ? readKey(resource, text) : undefined;
}

function readSub(element: JsonValue, { attribute, sub }: AttributePath): JsonValue | undefined {
  if (sub === undefined) return coerce(element, attribute);
  if (isObject(element)) return coerce(readKey(element, sub), sub);
  // `"manager": "26118915"`, `"emails": ["a@example.com"]`: the bare text is the value.
  return sub.toLowerCase() === 'value' && !Array.isArray(element) ? coerce(element, sub) : undefined;
}

function coerce(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (isUnassigned(value)) return undefined;
  if (typeof value === 'string' && /^(active|primary)$/i.test(name)) return readBoolean(value) ?? value;
  return value;
}
