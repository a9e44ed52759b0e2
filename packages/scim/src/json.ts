/** A JSON value, as `JSON.parse` gives it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. Names come from the target: look them up with {@link readKey}, never by `object[name]`. */
export interface JsonObject {
  [name: string]: JsonValue;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The key of `object` that is `name` without regard to letter case (RFC 7643 §2.1); the exact one wins. */
export function findKey(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const wanted = name.toLowerCase();
  for (const key of Object.keys(object)) {
    if (key.length === name.length && key.toLowerCase() === wanted) return key;
  }
  return undefined;
}

/** The value under `name` without regard to letter case; own keys only, so that no name can reach a prototype. */
export function readKey(object: JsonObject, name: string): JsonValue | undefined {
  const key = findKey(object, name);
  return key === undefined ? undefined : object[key];
}

/** RFC 7643 §2.5: unassigned, `null` and `[]` are one state. `''` is what some targets make of a cleared value. */
export function isUnassigned(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A whole number that may have come as text (`"totalResults": "12"`); `undefined` for anything else. */
export function readInteger(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A boolean that may have come as text (`"active": "True"`); `undefined` for anything else. */
export function readBoolean(value: JsonValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Whether `value` nests deeper than `levels`: such a value would overflow whatever walks it later. */
export function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && isDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}
