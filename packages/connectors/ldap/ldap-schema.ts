import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import { type LdapGround, send, valuesOf } from './ldap-ground.ts';
import type { LdapOptions } from './ldap-options.ts';
import { type Definition, parseDefinition } from './parse-definition.ts';

type Definitions = Map<string, Definition>;

/**
 * The attributes that entries of the configured object classes may have, as the server describes them. Everything is a
 * text here, as it is on the wire; what another syntax wants of it is the server's to say.
 */
export async function readLdapSchema(ground: LdapGround): Promise<AccountSchema> {
  const everything = { attribute: 'objectClass', present: true } as const;
  const root = await send(ground, {
    operation: 'search',
    base: '',
    scope: 'base',
    filter: everything,
    attributes: ['subschemaSubentry'],
  });
  const [place = 'cn=Subschema'] = root.entries[0] ? valuesOf(root.entries[0], 'subschemaSubentry') : [];
  const { entries } = await send(ground, {
    operation: 'search',
    base: place,
    scope: 'base',
    filter: everything,
    attributes: ['objectClasses', 'attributeTypes'],
  });
  const read = (name: string) => indexByName(entries[0] ? valuesOf(entries[0], name) : []);
  const attributes = buildAttributes(read('objectClasses'), read('attributeTypes'), ground.options);
  return { source: attributes.length > 2 ? 'target' : 'default', attributes };
}

function indexByName(texts: readonly string[]): Definitions {
  const found: Definitions = new Map();
  for (const text of texts) {
    const definition = parseDefinition(text);
    for (const name of definition?.names ?? []) if (definition) found.set(name.toLowerCase(), definition);
  }
  return found;
}

function buildAttributes(classes: Definitions, types: Definitions, options: LdapOptions): AttributeSchema[] {
  const required = new Map<string, boolean>();
  for (const name of options.objectClasses) collect(name, classes, required, new Set());
  const attributes = new Map<string, AttributeSchema>();
  for (const [name, isRequired] of required) {
    if (name === 'objectclass') continue;
    const type = types.get(name);
    const path = type?.names[0] ?? name;
    if (!attributes.has(path)) attributes.set(path, buildAttribute(path, isRequired, type, types, options));
  }
  const { nameAttribute, groupBase } = options;
  if (![...attributes.keys()].some((path) => path.toLowerCase() === nameAttribute.toLowerCase())) {
    attributes.set(nameAttribute, buildAttribute(nameAttribute, true, undefined, types, options));
  }
  const own: AttributeSchema[] = [
    { ...plain('active'), type: 'boolean', description: 'Whether the account is enabled' },
  ];
  if (groupBase !== undefined) {
    const description = `Names of groups below ${groupBase}`;
    own.push({ ...plain('groups'), multiValued: true, description });
  }
  return [...own, ...attributes.values()];
}

/** MUST and MAY of a class and of those it is derived from. */
function collect(name: string, classes: Definitions, required: Map<string, boolean>, seen: Set<string>): void {
  const key = name.toLowerCase();
  const found = classes.get(key);
  if (!found || seen.has(key)) return;
  seen.add(key);
  for (const attribute of found.values['MUST'] ?? []) required.set(attribute.toLowerCase(), true);
  for (const attribute of found.values['MAY'] ?? []) {
    if (!required.has(attribute.toLowerCase())) required.set(attribute.toLowerCase(), false);
  }
  for (const parent of found.values['SUP'] ?? []) collect(parent, classes, required, seen);
}

function buildAttribute(
  path: string,
  isRequired: boolean,
  type: Definition | undefined,
  types: Definitions,
  { nameAttribute, multiValued }: LdapOptions,
): AttributeSchema {
  const names = (type?.names ?? [path]).map((name) => name.toLowerCase());
  const isName = names.includes(nameAttribute.toLowerCase());
  const isSecret = /password|passwd|pwd$/i.test(path);
  const description = type?.values['DESC']?.[0];
  return {
    ...plain(path),
    multiValued: multiValued.some((one) => names.includes(one.toLowerCase())),
    required: isRequired || isName,
    mutability: type?.flags.has('NO-USER-MODIFICATION') ? 'readOnly' : isSecret ? 'writeOnly' : 'readWrite',
    uniqueness: isName ? 'server' : 'none',
    caseExact: /^caseExact/i.test(inherited(type, 'EQUALITY', types) ?? ''),
    ...(description === undefined ? {} : { description }),
  };
}

/** A type without a rule of its own has that of the type it is derived from. */
function inherited(type: Definition | undefined, keyword: string, types: Definitions): string | undefined {
  let at = type;
  for (let depth = 0; at && depth < 10; depth++) {
    const own = at.values[keyword]?.[0];
    if (own !== undefined) return own;
    at = types.get((at.values['SUP']?.[0] ?? '').toLowerCase());
  }
  return undefined;
}

function plain(path: string): AttributeSchema {
  return {
    path,
    type: 'text',
    multiValued: false,
    required: false,
    mutability: 'readWrite',
    uniqueness: 'none',
    caseExact: false,
  };
}
