import { type AttributePath, parseAttributePath } from './attribute-path.ts';
import type { AttributeChange } from './build-patch.ts';
import { setAttribute } from './build-resource.ts';
import { isObject, type JsonObject, type JsonValue, readKey } from './json.ts';
import { readAttribute } from './read-attribute.ts';
import { coreUrn1 } from './schema-urns.ts';

/**
 * The body of a SCIM 1.1 PATCH (§3.3.2): a partial resource. Cleared attributes are named in `meta.attributes`,
 * extensions with a dot after the URN. Elements of multi-valued attributes are matched by their `value`, so a changed
 * element is the old one with `operation: "delete"` and the new one beside it: that needs `current`, the
 * representation read last, whenever a change reaches into an element.
 */
export function buildPatchBody1(changes: readonly AttributeChange[], current: JsonObject | undefined): JsonObject {
  const schemas = [coreUrn1];
  const body: JsonObject = { schemas };
  const cleared: string[] = [];
  for (const change of changes) {
    const path = parseAttributePath(change.path);
    if (path.where !== undefined) changeElement(body, change, path, current);
    else if (change.operation === 'clear') cleared.push(writePath1(path));
    else {
      if (path.multiValued) cleared.push(writePath1({ ...path, sub: undefined }));
      setAttribute(body, path, change.value);
    }
    if (path.urn !== undefined && !schemas.includes(path.urn)) schemas.push(path.urn);
  }
  if (cleared.length > 0) body['meta'] = { attributes: [...new Set(cleared)] };
  return body;
}

function changeElement(
  body: JsonObject,
  change: AttributeChange,
  path: AttributePath,
  current: JsonObject | undefined,
): void {
  const before = current === undefined ? undefined : readAttribute(current, { ...path, sub: undefined });
  const scope = path.urn === undefined ? body : enterExtension(body, path.urn);
  const held = scope[path.attribute];
  const elements: JsonValue[] = Array.isArray(held) ? held : [];
  scope[path.attribute] = elements;
  const old = isObject(before) ? before : undefined;
  const oldValue = old === undefined ? undefined : readKey(old, 'value');
  // A second change of the same element meets the element that the first one made.
  const made = elements.find(
    (element) => isObject(element) && readKey(element, 'operation') === undefined && isMade(element, path),
  );
  const after: JsonObject = isObject(made) ? made : old === undefined ? {} : structuredClone(old);
  if (made === undefined && oldValue !== undefined) {
    const type = old === undefined ? undefined : readKey(old, 'type');
    elements.push({ value: oldValue, ...(type === undefined ? {} : { type }), operation: 'delete' });
  }
  const holder: JsonObject = { [path.attribute]: Object.keys(after).length === 0 ? [] : [after] };
  if (change.operation === 'set') {
    setAttribute(holder, { ...path, urn: undefined }, change.value);
    const list = holder[path.attribute];
    const element = Array.isArray(list) ? list[0] : undefined;
    if (made === undefined && element !== undefined) elements.push(element);
  } else if (path.sub !== undefined && path.sub.toLowerCase() !== 'value') {
    delete after[path.sub];
    if (made === undefined && Object.keys(after).length > 0) elements.push(after);
  }
  if (elements.length === 0) delete scope[path.attribute];
}

function isMade(element: JsonObject, { where }: AttributePath): boolean {
  return (where ?? []).every(({ attribute, value }) => readKey(element, attribute) === value);
}

function enterExtension(body: JsonObject, urn: string): JsonObject {
  const held = body[urn];
  if (isObject(held)) return held;
  const made: JsonObject = {};
  body[urn] = made;
  return made;
}

function writePath1({ urn, attribute, sub }: AttributePath): string {
  return `${urn === undefined ? '' : `${urn}.`}${attribute}${sub === undefined ? '' : `.${sub}`}`;
}
