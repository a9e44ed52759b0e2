import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import { type AttributePath, parseAttributePath } from '@usher/scim';

/**
 * The attribute a path addresses: itself; for an element that the schema does not list (`emails[type eq "x"].value`),
 * what it says of every element, or a text of the multi-valued attribute.
 */
export function findAttribute(schema: AccountSchema, path: string): AttributeSchema | undefined {
  const find = (wanted: string) =>
    schema.attributes.find((attribute) => attribute.path.toLowerCase() === wanted.toLowerCase());
  const exact = find(path);
  const filter = /^(.*)\[[^\]]*\](.*)$/.exec(path);
  if (exact || !filter) return exact;
  const element = find(`${filter[1]}${filter[2]}`);
  if (element) return { ...element, multiValued: false };
  const whole = find(filter[1] ?? '');
  // RFC 7643 §2.4: `primary` is the one part of elements that is no text.
  const type = filter[2]?.toLowerCase() === '.primary' ? 'boolean' : 'text';
  return whole?.multiValued ? { ...whole, path, type, multiValued: false, required: false } : undefined;
}

/** The attribute that a path is a part of: `emails` of `emails[type eq "work"].value`. */
export function rootOf(path: string): string {
  const local = path.replace(/\[[^\]]*\].*$/, '');
  const urn = /^urn:.*:/i.exec(local)?.[0] ?? '';
  return (urn + local.slice(urn.length).replace(/\..*$/, '')).toLowerCase();
}

/** The path taken apart, or why it cannot be. Only SCIM has filters and URNs; other targets name things as they like. */
export function takeApart(path: string): AttributePath | { problem: string } | undefined {
  if (!path.includes('[') && !/^urn:/i.test(path)) return undefined;
  try {
    return parseAttributePath(path);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Equal for two spellings of one place in the account. */
export function placeOf(path: string): string {
  const parts = takeApart(path);
  if (!parts || 'problem' in parts) return path.trim().toLowerCase();
  const where = (parts.where ?? []).map(({ attribute, value }) => [attribute.toLowerCase(), value]).sort();
  return JSON.stringify([parts.urn?.toLowerCase(), parts.attribute.toLowerCase(), where, parts.sub?.toLowerCase()]);
}

/** The attributes of a target, with those that an administrator described laid over them. */
export function overlaySchema(
  read: AccountSchema | undefined,
  described: readonly AttributeSchema[],
): AccountSchema | undefined {
  if (described.length === 0) return read;
  const own = new Set(described.map(({ path }) => path.toLowerCase()));
  const kept = (read?.attributes ?? []).filter(({ path }) => !own.has(path.toLowerCase()));
  const source = !read || read.source === 'default' ? 'administrator' : read.source;
  return { source, attributes: [...kept, ...described] };
}

/** One thing that a target says of its attributes otherwise than before. */
export interface SchemaChange {
  path: string;
  /** In words: "is required now", "is new". */
  change: string;
  /** It can make requests fail that were right before. */
  breaks: boolean;
}

/** What changed in what a target says of its attributes. */
export function diffSchemas(before: AccountSchema, after: AccountSchema): SchemaChange[] {
  const was = new Map(before.attributes.map((attribute) => [attribute.path.toLowerCase(), attribute]));
  const is = new Map(after.attributes.map((attribute) => [attribute.path.toLowerCase(), attribute]));
  const gone = before.attributes.filter(({ path }) => !is.has(path.toLowerCase()));
  return [
    ...gone.map(({ path }) => ({ path, change: 'is no longer an attribute of the target', breaks: true })),
    ...after.attributes.flatMap((attribute) => {
      const old = was.get(attribute.path.toLowerCase());
      if (old) return diffAttribute(old, attribute);
      const change = attribute.required ? 'is new, and required' : 'is new';
      return [{ path: attribute.path, change, breaks: attribute.required }];
    }),
  ];
}

function diffAttribute(old: AttributeSchema, attribute: AttributeSchema): SchemaChange[] {
  const { path } = attribute;
  const changes: SchemaChange[] = [];
  const say = (change: string, breaks: boolean) => changes.push({ path, change, breaks });
  if (old.required !== attribute.required)
    say(attribute.required ? 'is required now' : 'is no longer required', attribute.required);
  if (old.type !== attribute.type) say(`takes ${attribute.type} now, ${old.type} before`, true);
  if (old.multiValued !== attribute.multiValued)
    say(attribute.multiValued ? 'takes several values now' : 'takes one value now', true);
  if (old.mutability !== attribute.mutability)
    say(`is ${attribute.mutability} now, ${old.mutability} before`, attribute.mutability !== 'readWrite');
  if (old.uniqueness !== attribute.uniqueness)
    say(
      attribute.uniqueness === 'none' ? 'need not be unique any more' : 'must be unique now',
      attribute.uniqueness !== 'none',
    );
  const lost = (old.canonicalValues ?? []).filter((value) => !(attribute.canonicalValues ?? [value]).includes(value));
  if (lost.length > 0) say(`no longer names ${lost.join(', ')} among its values`, true);
  return changes;
}
