import { getCaseless, isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';

export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A filter of RFC 7644 section 3.4.2.2. `path` is the segments under the record, an extension's URN being one. */
export type Filter =
  | { kind: 'compare'; operator: CompareOperator; path: string[]; value: string | number | boolean | null }
  | { kind: 'present'; path: string[] }
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; filter: Filter }
  | { kind: 'element'; path: string[]; filter: Filter };

export class FilterSyntaxError extends Error {}

const COMPARE: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y;
const NAME = /^(?:[A-Za-z][A-Za-z0-9_-]*|\$ref)$/;

/** Splits `urn:…:User:name.givenName` into URN and names. Throws FilterSyntaxError outside the grammar. */
export function parseAttributePath(text: string): string[] {
  let urn: string | undefined;
  let rest = text;
  if (/^urn:/i.test(text)) {
    const colon = text.lastIndexOf(':');
    urn = text.slice(0, colon);
    rest = text.slice(colon + 1);
  }
  const names = rest.split('.');
  if (names.length > 2 || !names.every((name) => NAME.test(name))) {
    throw new FilterSyntaxError(`"${text}" is no attribute path; write attribute, attribute.sub or urn:…:attribute`);
  }
  if (urn === undefined || /^urn:ietf:params:scim:schemas:core:2\.0:(User|Group)$/i.test(urn)) return names;
  return [urn, ...names];
}

/** Parses a filter. Operators are taken in any case, as the ABNF says. Throws FilterSyntaxError. */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let position = 0;
  const peek = () => tokens[position]?.toLowerCase();
  const next = () => {
    const token = tokens[position++];
    if (token === undefined) throw new FilterSyntaxError(`the filter ends too early: ${text}`);
    return token;
  };
  const expect = (wanted: string) => {
    const token = next();
    if (token !== wanted) throw new FilterSyntaxError(`found ${token} where ${wanted} must be: ${text}`);
  };

  const parseOr = (): Filter => {
    let left = parseAnd();
    while (peek() === 'or') {
      position++;
      left = { kind: 'or', left, right: parseAnd() };
    }
    return left;
  };
  const parseAnd = (): Filter => {
    let left = parseTerm();
    while (peek() === 'and') {
      position++;
      left = { kind: 'and', left, right: parseTerm() };
    }
    return left;
  };
  const parseGroup = (): Filter => {
    expect('(');
    const filter = parseOr();
    expect(')');
    return filter;
  };
  const parseTerm = (): Filter => {
    if (peek() === '(') return parseGroup();
    if (peek() === 'not' && tokens[position + 1] === '(') {
      position++;
      return { kind: 'not', filter: parseGroup() };
    }
    const path = parseAttributePath(next());
    return peek() === '[' ? parseElement(path) : parseComparison(path);
  };
  const parseElement = (path: string[]): Filter => {
    expect('[');
    const filter = parseOr();
    expect(']');
    // emails[type eq "work"].value eq "x" is outside the RFC's grammar, yet servers and clients know it
    const suffix = tokens[position];
    if (suffix === undefined || !suffix.startsWith('.')) return { kind: 'element', path, filter };
    position++;
    const inner = parseComparison([suffix.slice(1)]);
    return { kind: 'element', path, filter: { kind: 'and', left: filter, right: inner } };
  };
  const parseComparison = (path: string[]): Filter => {
    const operator = next().toLowerCase();
    if (operator === 'pr') return { kind: 'present', path };
    if (!COMPARE.has(operator)) throw new FilterSyntaxError(`${operator} is no operator of a filter: ${text}`);
    return { kind: 'compare', operator: operator as CompareOperator, path, value: parseLiteral(next()) };
  };

  const filter = parseOr();
  if (position < tokens.length) throw new FilterSyntaxError(`nothing may follow here: ${tokens[position]} in ${text}`);
  return filter;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new FilterSyntaxError(`cannot read the filter from character ${from}: ${text}`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return tokens;
}

function parseLiteral(token: string): string | number | boolean | null {
  try {
    const value: unknown = JSON.parse(token);
    if (value === null || typeof value !== 'object') return value as string | number | boolean | null;
  } catch {
    // told below
  }
  throw new FilterSyntaxError(`${token} is no value; write a JSON string, number, true, false or null`);
}

/** What decides whether two strings are equal: the attribute's path, its URN included, to case-exactness. */
export type CaseRule = (path: string[]) => boolean;

export function matchesFilter(record: JsonObject, filter: Filter, isCaseExact: CaseRule): boolean {
  switch (filter.kind) {
    case 'and':
      return matchesFilter(record, filter.left, isCaseExact) && matchesFilter(record, filter.right, isCaseExact);
    case 'or':
      return matchesFilter(record, filter.left, isCaseExact) || matchesFilter(record, filter.right, isCaseExact);
    case 'not':
      return !matchesFilter(record, filter.filter, isCaseExact);
    case 'element':
      return listValues(record, filter.path).some((element) => {
        // a simple multi-valued attribute is filtered by the name "value" (RFC 7644 section 3.5.2)
        const scope = isObject(element) ? element : { value: element };
        return matchesFilter(scope, filter.filter, (inner) => isCaseExact([...filter.path, ...inner]));
      });
    case 'present':
      return listValues(record, filter.path).some(isPresent);
    case 'compare':
      return matchesComparison(record, filter, isCaseExact);
  }
}

function isPresent(value: JsonValue): boolean {
  if (isUnassigned(value) || value === '') return false;
  return !isObject(value) || Object.values(value).some((inner) => inner !== undefined && isPresent(inner));
}

function matchesComparison(record: JsonObject, filter: Filter & { kind: 'compare' }, isCaseExact: CaseRule): boolean {
  // "emails co x" means the value of each email (RFC 7644 section 3.4.2.2, example)
  const values = listValues(record, filter.path).map((value) => (isObject(value) ? value['value'] : value));
  const present = values.filter((value) => !isUnassigned(value));
  if (filter.value === null) return filter.operator === 'eq' ? present.length === 0 : present.length > 0;
  if (filter.operator === 'ne' && present.length === 0) return true;
  const exact = isCaseExact(filter.path);
  return present.some((value) => compares(filter.operator, value, filter.value, exact));
}

function compares(operator: CompareOperator, left: JsonValue | undefined, right: JsonValue, exact: boolean): boolean {
  if (typeof left === 'string' && typeof right === 'string' && !exact) {
    return compareValues(operator, left.toLowerCase(), right.toLowerCase());
  }
  return compareValues(operator, left, right);
}

function compareValues(operator: CompareOperator, left: JsonValue | undefined, right: JsonValue): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (typeof left !== typeof right || typeof left === 'boolean') return false;
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === 'co') return left.includes(right);
    if (operator === 'sw') return left.startsWith(right);
    if (operator === 'ew') return left.endsWith(right);
    return ordered(operator, left < right ? -1 : left > right ? 1 : 0);
  }
  if (typeof left === 'number' && typeof right === 'number') return ordered(operator, left - right);
  return false;
}

function ordered(operator: CompareOperator, sign: number): boolean {
  if (operator === 'gt') return sign > 0;
  if (operator === 'ge') return sign >= 0;
  if (operator === 'lt') return sign < 0;
  return operator === 'le' && sign <= 0;
}

/** The values at a path, arrays being spread at each step. */
export function listValues(record: JsonObject, path: string[]): JsonValue[] {
  let values: JsonValue[] = [record];
  for (const name of path) {
    values = values.flatMap((value) => {
      const found = isObject(value) ? getCaseless(value, name) : undefined;
      return found === undefined ? [] : Array.isArray(found) ? found : [found];
    });
  }
  return values;
}

/** Every attribute path that a filter names, those inside a value filter under their attribute. */
export function listFilterPaths(filter: Filter): string[][] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...listFilterPaths(filter.left), ...listFilterPaths(filter.right)];
    case 'not':
      return listFilterPaths(filter.filter);
    case 'element':
      return [filter.path, ...listFilterPaths(filter.filter).map((inner) => [...filter.path, ...inner])];
    default:
      return [filter.path];
  }
}
