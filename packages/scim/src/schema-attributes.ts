import { isObject, type JsonObject, type JsonValue, readBoolean, readKey } from './json.ts';
import { coreUrn1 } from './schema-urns.ts';

/** One attribute that an account may have, with the characteristics of RFC 7643 §2.2. */
export interface ScimAttribute {
  /** Attribute path, also of sub-attributes and of the usual elements: `emails[type eq "work"].value`. */
  path: string;
  type: 'string' | 'boolean' | 'decimal' | 'integer' | 'dateTime' | 'reference' | 'binary' | 'complex';
  multiValued: boolean;
  required: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly';
  returned: 'always' | 'never' | 'default' | 'request';
  uniqueness: 'none' | 'server' | 'global';
  caseExact: boolean;
  canonicalValues?: string[];
  description?: string;
}

const attributeTypes = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'reference',
  'binary',
  'complex',
] as const;
const mutabilities = ['readWrite', 'readOnly', 'immutable', 'writeOnly'] as const;
const returns = ['always', 'never', 'default', 'request'] as const;
const uniquenesses = ['none', 'server', 'global'] as const;
/** RFC 7643 §4.1.2: for schemas that do not say which types an attribute's elements may have. */
const usualTypes: Readonly<Record<string, string[]>> = {
  emails: ['work', 'home', 'other'],
  phonenumbers: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
  addresses: ['work', 'home', 'other'],
  photos: ['photo', 'thumbnail'],
};
const mostAttributes = 2000;

/**
 * The attributes of one schema definition (RFC 7643 §7, or SCIM 1.1 §11), flat: each attribute, its sub-attributes, and
 * for multi-valued ones the sub-attributes of each usual element (`addresses[type eq "work"].locality`). `prefix` is
 * the extension's URN, empty for the core schema. Missing characteristics get the RFC's defaults; what cannot be read
 * is left out. Never throws.
 */
export function flattenSchema(schema: JsonObject, prefix: string): ScimAttribute[] {
  const flat: ScimAttribute[] = [];
  for (const definition of readDefinitions(schema, 'attributes')) {
    const attribute = parseAttribute(definition, prefix === '' ? '' : `${prefix}:`);
    if (attribute === undefined) continue;
    flat.push(attribute, ...flattenSubAttributes(definition, attribute));
    if (flat.length > mostAttributes) break;
  }
  return flat.slice(0, mostAttributes);
}

/**
 * The attributes of a SCIM 1.1 schema (its §11), flat as by {@link flattenSchema}: there one document lists those of the
 * extensions too, and each attribute names its schema. Never throws.
 */
export function flattenSchema1(schema: JsonObject): ScimAttribute[] {
  const core = readText(schema, 'schema') ?? coreUrn1;
  return readDefinitions(schema, 'attributes')
    .flatMap((definition) => {
      const urn = readText(definition, 'schema') ?? core;
      const isCore = urn === core || urn === coreUrn1;
      return flattenSchema({ attributes: [definition] }, isCore ? '' : urn);
    })
    .slice(0, mostAttributes);
}

function flattenSubAttributes(definition: JsonObject, parent: ScimAttribute): ScimAttribute[] {
  if (parent.type !== 'complex') return [];
  const subs = readDefinitions(definition, 'subAttributes');
  const prefixes = parent.multiValued ? buildElementPrefixes(parent.path, subs) : [`${parent.path}.`];
  return prefixes.flatMap((prefix) =>
    subs.flatMap((sub): ScimAttribute[] => {
      const attribute = parseAttribute(sub, prefix);
      if (attribute === undefined) return [];
      // In a filtered element the type is the path's, and `primary` would have to be unset elsewhere.
      if (parent.multiValued && /\.(type|primary|display|\$ref)$/i.test(attribute.path)) return [];
      const isFixed = parent.mutability === 'readOnly' || parent.mutability === 'immutable';
      // A sub-attribute is required of an element that is there, not of the account.
      return [{ ...attribute, required: false, ...(isFixed ? { mutability: parent.mutability } : {}) }];
    }),
  );
}

function buildElementPrefixes(path: string, subs: JsonObject[]): string[] {
  const type = subs.find((sub) => readText(sub, 'name')?.toLowerCase() === 'type');
  if (type === undefined) return [];
  const declared = readTexts(type, 'canonicalValues');
  const types = declared.length > 0 ? declared : (usualTypes[path.toLowerCase()] ?? []);
  return types.slice(0, 20).map((value) => `${path}[type eq ${JSON.stringify(value)}].`);
}

function parseAttribute(definition: JsonObject, prefix: string): ScimAttribute | undefined {
  const name = readText(definition, 'name');
  if (name === undefined || !/^[a-z$][\w$-]{0,100}$/i.test(name)) return undefined;
  const canonicalValues = readTexts(definition, 'canonicalValues');
  const description = readText(definition, 'description')?.slice(0, 500);
  const isReadOnly1 = readBoolean(readKey(definition, 'readOnly')) === true;
  return {
    path: `${prefix}${name}`,
    type: readOneOf(definition, 'type', attributeTypes, 'string'),
    multiValued: readBoolean(readKey(definition, 'multiValued')) ?? false,
    required: readBoolean(readKey(definition, 'required')) ?? false,
    mutability: readOneOf(definition, 'mutability', mutabilities, isReadOnly1 ? 'readOnly' : 'readWrite'),
    returned: readOneOf(definition, 'returned', returns, 'default'),
    uniqueness: readOneOf(definition, 'uniqueness', uniquenesses, 'none'),
    caseExact: readBoolean(readKey(definition, 'caseExact')) ?? false,
    ...(canonicalValues.length > 0 ? { canonicalValues } : {}),
    ...(description === undefined ? {} : { description }),
  };
}

function readDefinitions(holder: JsonObject, name: string): JsonObject[] {
  const value = readKey(holder, name);
  return Array.isArray(value) ? value.filter(isObject).slice(0, 500) : [];
}

function readText(holder: JsonObject, name: string): string | undefined {
  const value = readKey(holder, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readTexts(holder: JsonObject, name: string): string[] {
  const value: JsonValue | undefined = readKey(holder, name);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').slice(0, 200) : [];
}

function readOneOf<Word extends string>(
  holder: JsonObject,
  name: string,
  words: readonly Word[],
  otherwise: Word,
): Word {
  const value = readText(holder, name)?.toLowerCase();
  return words.find((word) => word.toLowerCase() === value) ?? otherwise;
}
