import { type AttributeDefinition, findAttribute, type RecordSchema } from './attribute-definitions.ts';
import { findKey, isObject, type JsonObject, type JsonValue } from './json.ts';

/** One thing wrong with a value that a request carries. */
export interface AttributeProblem {
  kind: 'unknown' | 'type' | 'read-only' | 'required' | 'null' | 'primary' | 'schemas' | 'case';
  path: string;
  message: string;
}

/** What is wrong with a whole record as a client sends it in POST or PUT (RFC 7643 sections 2, 3 and 7). */
export function checkRecord(body: JsonObject, schema: RecordSchema): AttributeProblem[] {
  const problems = [...checkSchemas(body, schema)];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'schemas') continue;
    const urn = [...schema.extensions.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
    if (urn === undefined) problems.push(...checkAttribute(schema.core, name, value, name));
    else problems.push(...checkExtension(schema.extensions.get(urn) ?? [], urn, value));
  }
  for (const definition of schema.core) {
    if (!definition.required) continue;
    const key = findKey(body, definition.name);
    const value = key === undefined ? undefined : body[key];
    if (value === undefined || value === null || value === '') {
      problems.push({
        kind: 'required',
        path: definition.name,
        message: `${definition.name} is required and is not there`,
      });
    }
  }
  return problems;
}

function checkSchemas(body: JsonObject, schema: RecordSchema): AttributeProblem[] {
  const schemas = body['schemas'];
  const problem = (message: string): AttributeProblem => ({ kind: 'schemas', path: 'schemas', message });
  if (!Array.isArray(schemas) || !schemas.every((urn) => typeof urn === 'string')) {
    return [problem('schemas must be an array of URNs')];
  }
  const problems: AttributeProblem[] = [];
  if (!schemas.includes(schema.coreUrn)) problems.push(problem(`schemas does not name ${schema.coreUrn}`));
  if (new Set(schemas).size !== schemas.length) problems.push(problem('schemas names a URN twice'));
  for (const urn of schema.extensions.keys()) {
    if (body[urn] !== undefined && !schemas.includes(urn))
      problems.push(problem(`${urn} is used and schemas does not name it`));
  }
  for (const urn of schemas) {
    if (urn !== schema.coreUrn && !schema.extensions.has(urn as string))
      problems.push(problem(`${urn} is no schema of this target`));
  }
  return problems;
}

function checkExtension(
  definitions: AttributeDefinition[],
  urn: string,
  value: JsonValue | undefined,
): AttributeProblem[] {
  if (!isObject(value)) return [{ kind: 'type', path: urn, message: `${urn} must be an object` }];
  return Object.entries(value).flatMap(([name, inner]) => checkAttribute(definitions, name, inner, `${urn}:${name}`));
}

function checkAttribute(
  definitions: AttributeDefinition[],
  name: string,
  value: JsonValue | undefined,
  path: string,
): AttributeProblem[] {
  const definition = findAttribute(definitions, name);
  if (definition === undefined) return [{ kind: 'unknown', path, message: `${path} is no attribute of the schema` }];
  const problems: AttributeProblem[] = [];
  if (definition.name !== name) {
    problems.push({ kind: 'case', path, message: `${path} is spelt ${definition.name} in the schema` });
  }
  if (definition.mutability === 'readOnly') {
    problems.push({ kind: 'read-only', path, message: `${path} is read-only and must not be sent` });
    return problems;
  }
  return [...problems, ...checkValue(definition, value, path)];
}

/** What is wrong with the value of one attribute; a single element is given for an array when `isElement`. */
export function checkValue(
  definition: AttributeDefinition,
  value: JsonValue | undefined,
  path: string,
  isElement = false,
): AttributeProblem[] {
  if (value === null || value === undefined) {
    return [{ kind: 'null', path, message: `${path} is null; leave it out, or remove it by PATCH` }];
  }
  if (definition.multiValued && !isElement) return checkElements(definition, value, path);
  if (definition.type === 'complex') {
    if (!isObject(value)) return [{ kind: 'type', path, message: `${path} must be an object, not ${describe(value)}` }];
    return Object.entries(value).flatMap(([name, inner]) =>
      checkAttribute(definition.subAttributes, name, inner, `${path}.${name}`),
    );
  }
  if (hasType(definition, value)) return [];
  return [{ kind: 'type', path, message: `${path} must be a ${definition.type}, not ${describe(value)}` }];
}

function checkElements(definition: AttributeDefinition, value: JsonValue, path: string): AttributeProblem[] {
  if (!Array.isArray(value))
    return [{ kind: 'type', path, message: `${path} must be an array, not ${describe(value)}` }];
  const problems = value.flatMap((item, index) => checkValue(definition, item, `${path}[${index}]`, true));
  if (value.filter((item) => isObject(item) && item['primary'] === true).length > 1) {
    problems.push({ kind: 'primary', path, message: `${path} has more than one primary value` });
  }
  return problems;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function hasType(definition: AttributeDefinition, value: JsonValue): boolean {
  switch (definition.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'decimal':
      return typeof value === 'number';
    case 'dateTime':
      return typeof value === 'string' && DATE_TIME.test(value);
    default:
      return typeof value === 'string';
  }
}

function describe(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
