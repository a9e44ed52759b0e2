import { ScimError } from './scim-error.ts';

/** One `attribute eq value` of a value path's filter. */
export interface ValueComparison {
  attribute: string;
  value: string | number | boolean;
}

/**
 * An attribute path taken apart: `urn:…:User:addresses[type eq "work"].locality` is `{ urn, attribute: 'addresses',
 * where: [{ attribute: 'type', value: 'work' }], sub: 'locality' }`. `urn` is present for extensions only.
 */
export interface AttributePath {
  /** The path as it was given. */
  text: string;
  urn: string | undefined;
  attribute: string;
  /** All must hold for an element to be meant; absent without a filter in the path. */
  where: readonly ValueComparison[] | undefined;
  /** The filter as written, without its brackets. */
  whereText: string | undefined;
  sub: string | undefined;
  /** Known to hold several elements: by its filter, or by RFC 7643 §4.1.2 and §4.2. */
  multiValued: boolean;
}

const multiValuedAttributes = new Set([
  'emails',
  'phonenumbers',
  'ims',
  'photos',
  'addresses',
  'groups',
  'entitlements',
  'roles',
  'x509certificates',
  'members',
]);
const coreUrn = /^urn:(ietf:params:scim:schemas:core:2\.0(:(user|group))?|scim:schemas:core:1\.0)$/i;
const localPart = /^([a-z$][\w$-]*)(?:\[(.*)\])?(?:\.([a-z$][\w$-]*))?$/is;
const comparison = /^\s*([a-z$][\w$-]*)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?)\s*(?:and\s+(?=\S)|$)/is;

const parsed = new Map<string, AttributePath>();
const parsedLimit = 5000;

/**
 * Takes an attribute path apart (RFC 7644 §3.10): a name, a sub-attribute after a dot, a filter of `eq` comparisons
 * joined by `and` in brackets, an extension's URN in front with a colon (or, as SCIM 1.1 targets write it, a dot
 * after the version). A core URN in front is dropped. Results are kept, so that a path costs one map look-up.
 * Throws `invalid_request` that shows the path when it is none of these.
 */
export function parseAttributePath(text: string): AttributePath {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const path = parse(text);
  // Paths come from configurations, so there are few; emptied rather than grown if somebody feeds others in.
  if (parsed.size >= parsedLimit) parsed.clear();
  parsed.set(text, path);
  return path;
}

function parse(text: string): AttributePath {
  const { urn, local } = splitUrn(text);
  const match = localPart.exec(local);
  if (match === null || text.length > 1000) throw buildPathError(text, 'it is not of the form name[filter].sub');
  const [, attribute = '', whereText, sub] = match;
  const where = whereText === undefined ? undefined : parseWhere(text, whereText);
  const multiValued = where !== undefined || (urn === undefined && multiValuedAttributes.has(attribute.toLowerCase()));
  return {
    text,
    urn: urn !== undefined && coreUrn.test(urn) ? undefined : urn,
    attribute,
    where,
    whereText,
    sub,
    multiValued,
  };
}

function splitUrn(text: string): { urn: string | undefined; local: string } {
  if (!/^urn:/i.test(text)) return { urn: undefined, local: text };
  const bracket = text.indexOf('[');
  const colon = text.lastIndexOf(':', bracket === -1 ? text.length : bracket);
  const head = text.slice(0, colon);
  const local = text.slice(colon + 1);
  // `urn:scim:schemas:extension:enterprise:1.0.department`: the version belongs to the URN.
  const dotted = /^(\d+(?:\.\d+)*)\.([a-z$].*)$/is.exec(local);
  if (dotted !== null) return { urn: `${head}:${dotted[1]}`, local: dotted[2] ?? '' };
  return { urn: head, local };
}

function parseWhere(text: string, whereText: string): ValueComparison[] {
  const comparisons: ValueComparison[] = [];
  let rest = whereText;
  while (rest !== '') {
    const match = comparison.exec(rest);
    if (match === null)
      throw buildPathError(text, `its filter [${whereText}] is more than comparisons by eq joined by and`);
    comparisons.push({ attribute: match[1] ?? '', value: parseOperand(text, match[2] ?? '') });
    rest = rest.slice(match[0].length);
  }
  if (comparisons.length === 0) throw buildPathError(text, 'its filter is empty');
  return comparisons;
}

function parseOperand(text: string, operand: string): string | number | boolean {
  try {
    return JSON.parse(operand.startsWith('"') ? operand : operand.toLowerCase()) as string | number | boolean;
  } catch {
    throw buildPathError(text, `${operand} is not a JSON value`);
  }
}

function buildPathError(text: string, reason: string): ScimError {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return new ScimError(
    'invalid_request',
    `"${shown}" is not an attribute path: ${reason}. Write it like name.givenName, emails[type eq "work"].value or ` +
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department.',
  );
}
