import type { FieldProblem } from '../refusal.ts';

type JsonSchema = Readonly<Record<string, unknown>>;
export type ConnectorOptions = Record<string, unknown>;

/**
 * Checks connector options against the connector's own schema: the subset of JSON Schema 2020-12 that options schemas
 * are written in (type, enum, const, oneOf of constants, pattern, lengths, minimum, maximum, items, properties,
 * required, additionalProperties). Other keywords describe and are passed over.
 */
export function checkOptions(schema: JsonSchema, options: unknown, field = 'connectorOptions'): FieldProblem[] {
  const allowed = listAllowed(schema);
  if (allowed) return allowed.includes(options) ? [] : [refuseValue(field, options, allowed)];
  const wanted = readTypes(schema);
  if (wanted.length > 0 && !wanted.some((type) => hasType(options, type))) {
    const names = wanted.join(' or ');
    return [{ field, problem: `is ${nameType(options)}, not ${names}`, fix: `Give ${article(names)}.` }];
  }
  if (typeof options === 'string') return checkText(schema, options, field);
  if (typeof options === 'number') return checkNumber(schema, options, field);
  if (Array.isArray(options)) return checkList(schema, options, field);
  if (isObject(options)) return checkObject(schema, options, field);
  return [];
}

/** The options with the schema's defaults where they say nothing: what a connector is given. */
export function fillDefaults(schema: JsonSchema, options: ConnectorOptions): ConnectorOptions {
  const filled: ConnectorOptions = { ...options };
  for (const [name, property] of Object.entries(readProperties(schema))) {
    if (!Object.hasOwn(filled, name) && Object.hasOwn(property, 'default')) filled[name] = property['default'];
  }
  return filled;
}

function checkObject(schema: JsonSchema, options: Record<string, unknown>, field: string): FieldProblem[] {
  const properties = readProperties(schema);
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const problems = required
    .filter((name) => !Object.hasOwn(options, name))
    .map((name) => ({ field: `${field}.${name}`, problem: 'is missing', fix: 'Give it.' }));
  for (const [name, value] of Object.entries(options)) {
    const place = `${field}.${name}`;
    // An own property only: `constructor` is no option of anything.
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property) problems.push(...checkOptions(property, value, place));
    else if (schema['additionalProperties'] === false) {
      const known = Object.keys(properties).join(', ') || 'none';
      problems.push({ field: place, problem: 'is not an option of this connector', fix: `Its options are: ${known}.` });
    } else if (isObject(schema['additionalProperties'])) {
      problems.push(...checkOptions(schema['additionalProperties'], value, place));
    }
  }
  return problems;
}

function checkList(schema: JsonSchema, list: unknown[], field: string): FieldProblem[] {
  const problems = checkSize(schema, list.length, 'Items', 'items', field);
  const items = schema['items'];
  if (!isObject(items)) return problems;
  return [...problems, ...list.flatMap((item, index) => checkOptions(items, item, `${field}[${index}]`))];
}

function checkText(schema: JsonSchema, text: string, field: string): FieldProblem[] {
  const problems = checkSize(schema, [...text].length, 'Length', 'characters', field);
  const { pattern } = schema;
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(text)) {
    problems.push({ field, problem: `is ${show(text)}, which has not the right form`, fix: `Match ${pattern}.` });
  }
  return problems;
}

function checkNumber(schema: JsonSchema, value: number, field: string): FieldProblem[] {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && value < minimum) {
    return [{ field, problem: `is ${value}, which is too small`, fix: `Give at least ${minimum}.` }];
  }
  if (typeof maximum === 'number' && value > maximum) {
    return [{ field, problem: `is ${value}, which is too large`, fix: `Give at most ${maximum}.` }];
  }
  return [];
}

function checkSize(schema: JsonSchema, size: number, what: string, unit: string, field: string): FieldProblem[] {
  const least = schema[`min${what}`];
  const most = schema[`max${what}`];
  if (typeof least === 'number' && size < least) {
    return [{ field, problem: `has ${size} ${unit}, too few`, fix: `Give at least ${least} ${unit}.` }];
  }
  if (typeof most === 'number' && size > most) {
    return [{ field, problem: `has ${size} ${unit}, too many`, fix: `Give at most ${most} ${unit}.` }];
  }
  return [];
}

function refuseValue(field: string, value: unknown, allowed: readonly unknown[]): FieldProblem {
  const values = allowed.map((one) => JSON.stringify(one)).join(', ');
  return { field, problem: `is ${show(value)}, which is not allowed`, fix: `Give one of ${values}.` };
}

/** The values of an `enum`, a `const`, or a `oneOf` of constants, which is an enum with titles. */
function listAllowed(schema: JsonSchema): unknown[] | undefined {
  if (Array.isArray(schema['enum'])) return schema['enum'];
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  const { oneOf } = schema;
  if (!Array.isArray(oneOf) || !oneOf.every((one) => isObject(one) && Object.hasOwn(one, 'const'))) return undefined;
  return oneOf.map((one: Record<string, unknown>) => one['const']);
}

function readProperties(schema: JsonSchema): Record<string, JsonSchema> {
  return isObject(schema['properties']) ? (schema['properties'] as Record<string, JsonSchema>) : {};
}

function readTypes(schema: JsonSchema): string[] {
  const { type } = schema;
  return Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? show(value) : article(typeof value);
}

function article(name: string): string {
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
