import { type AttributeDefinition, findAttribute, type RecordSchema } from './attribute-definitions.ts';
import { type Filter, FilterSyntaxError, parseFilter } from './scim-filter.ts';

/** A path of RFC 7644 section 3.5.2: `[urn:]attribute[filter].sub`; without attribute it is a whole extension. */
export interface PatchPath {
  /** The extension's URN as the schema spells it; undefined for core attributes. */
  extension: string | undefined;
  attribute: string | undefined;
  filter: Filter | undefined;
  sub: string | undefined;
  /** What the schema knows of the attribute; undefined: nothing. */
  definition: AttributeDefinition | undefined;
  subDefinition: AttributeDefinition | undefined;
}

const NAME = /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/;

/** Parses a path. Throws FilterSyntaxError when it is outside the grammar; unknown names are no error here. */
export function parsePatchPath(text: string, schema: RecordSchema): PatchPath {
  const { head, filter, tail } = splitValueFilter(text);
  const { extension, rest } = splitUrn(head, schema);
  if (rest === '' && extension !== undefined && filter === undefined) {
    return { extension, attribute: undefined, filter, sub: undefined, definition: undefined, subDefinition: undefined };
  }
  const [attribute = '', sub, ...more] = rest.split('.');
  const badSub = sub !== undefined && (!NAME.test(sub) || filter !== undefined);
  if (!NAME.test(attribute) || badSub || more.length > 0) {
    throw new FilterSyntaxError(`"${text}" is no PATCH path; write attribute, attribute.sub or attribute[filter].sub`);
  }
  const definitions = extension === undefined ? schema.core : (schema.extensions.get(extension) ?? []);
  const definition = findAttribute(definitions, attribute);
  const lastSub = tail ?? sub;
  const subDefinition = lastSub === undefined ? undefined : findAttribute(definition?.subAttributes ?? [], lastSub);
  return {
    extension,
    attribute: definition?.name ?? attribute,
    filter,
    sub: subDefinition?.name ?? lastSub,
    definition,
    subDefinition,
  };
}

function splitValueFilter(text: string): { head: string; filter: Filter | undefined; tail: string | undefined } {
  const open = text.indexOf('[');
  if (open === -1) return { head: text, filter: undefined, tail: undefined };
  const close = text.lastIndexOf(']');
  const after = text.slice(close + 1);
  const isTail = after === '' || (after.startsWith('.') && NAME.test(after.slice(1)));
  if (close < open || !isTail) throw new FilterSyntaxError(`the brackets of "${text}" enclose no filter`);
  return {
    head: text.slice(0, open),
    filter: parseFilter(text.slice(open + 1, close)),
    tail: after === '' ? undefined : after.slice(1),
  };
}

function splitUrn(head: string, schema: RecordSchema): { extension: string | undefined; rest: string } {
  if (!/^urn:/i.test(head)) return { extension: undefined, rest: head };
  const lower = head.toLowerCase();
  for (const urn of [schema.coreUrn, ...schema.extensions.keys()]) {
    const wanted = urn.toLowerCase();
    const extension = urn === schema.coreUrn ? undefined : urn;
    if (lower === wanted && extension !== undefined) return { extension, rest: '' };
    if (lower.startsWith(`${wanted}:`)) return { extension, rest: head.slice(urn.length + 1) };
  }
  const colon = head.lastIndexOf(':');
  return { extension: head.slice(0, colon), rest: head.slice(colon + 1) };
}
