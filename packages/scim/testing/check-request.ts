import { BULK_URN, findAttribute, PATCH_URN, type RecordSchema, SEARCH_URN } from './attribute-definitions.ts';
import { type AttributeProblem, checkRecord, checkValue } from './check-attributes.ts';
import { isObject, isUnassigned, type JsonObject, type JsonValue } from './json.ts';
import { parsePatchPath } from './patch-path.ts';
import { type Filter, listFilterPaths, parseFilter } from './scim-filter.ts';
import type { RequestRoute, TargetRequest, TargetState } from './target-state.ts';

/**
 * What in a request breaks the rules for SCIM requests, whether or not this target minds. Words for a person, one each.
 */
export function checkRequest(state: TargetState, request: TargetRequest, route: RequestRoute): string[] {
  const found = [...checkUrl(request, route), ...checkHeaders(state, request), ...checkQuery(state, route)];
  if (request.method === 'GET' || request.method === 'DELETE') {
    if (request.body !== '') found.push(`${request.method} has a body`);
    return found;
  }
  const body = readBody(request.body);
  if (body === undefined) return [...found, 'the body is not a JSON object'];
  const schema = route.kind === undefined ? undefined : state.schemas[route.kind];
  if (route.operation === 'create' && schema !== undefined) found.push(...checkWhole(body, schema));
  if (route.operation === 'replace' && schema !== undefined)
    found.push(...checkWhole(withoutOwnId(body, route), schema));
  if (route.operation === 'patch' && schema !== undefined) {
    found.push(...(state.profile.scimVersion === '1.1' ? checkPatchV1(body, schema) : checkPatch(body, schema)));
  }
  if (route.operation === 'bulk') found.push(...checkBulk(body));
  if (route.operation === 'search' && !namesSchema(body, SEARCH_URN)) found.push(`schemas does not name ${SEARCH_URN}`);
  return found;
}

function readBody(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutOwnId({ id, ...rest }: JsonObject, route: RequestRoute): JsonObject {
  return id === undefined || id === route.id ? rest : { id, ...rest };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function checkUrl({ method, url }: TargetRequest, route: RequestRoute): string[] {
  const found: string[] = [];
  if (!METHODS.includes(method)) found.push(`${method} is no method of SCIM`);
  const path = url.split('?', 1)[0] ?? '';
  if (route.operation === 'unknown' && route.segments[0] !== 'Me')
    found.push(`${path} is no endpoint of SCIM for ${method}`);
  for (const segment of path.split('/')) {
    // RFC 3986 section 3.3: pchar; anything else must be percent-encoded, two hexadecimal digits each
    if (!/^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$/.test(segment)) {
      found.push(`the path segment "${segment}" is not percent-encoded`);
    }
  }
  return found;
}

function checkHeaders({ profile }: TargetState, { headers, body }: TargetRequest): string[] {
  const found: string[] = [];
  if (body !== '') {
    const type = String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase();
    if (type !== 'application/scim+json' && type !== 'application/json') {
      found.push(`the media type is "${type}"; SCIM bodies are application/scim+json`);
    } else if (profile.scimVersion === '1.1' && type !== 'application/json')
      found.push('SCIM 1.1 bodies are application/json');
  }
  const accept = headers['accept'];
  if (accept !== undefined && !/scim\+json|application\/json|\*\/\*|application\/\*/i.test(String(accept))) {
    found.push(`Accept "${String(accept)}" admits no SCIM answer`);
  }
  for (const name of ['if-match', 'if-none-match']) {
    const value = headers[name];
    if (value !== undefined && !/^(\*|(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*)$/.test(String(value))) {
      found.push(`${name} must be an entity tag, not ${String(value)}`);
    }
  }
  return found;
}

const LIST_PARAMETERS = new Set([
  'filter',
  'startIndex',
  'count',
  'cursor',
  'sortBy',
  'sortOrder',
  'attributes',
  'excludedAttributes',
]);

function checkQuery(state: TargetState, route: RequestRoute): string[] {
  const { query } = route;
  if (query.size === 0) return [];
  const found: string[] = [];
  const allowed = route.operation === 'list' ? LIST_PARAMETERS : new Set(['attributes', 'excludedAttributes']);
  for (const name of new Set(query.keys())) {
    if (!allowed.has(name)) found.push(`${name} is no parameter of this request`);
    if (query.getAll(name).length > 1) found.push(`${name} is given more than once`);
  }
  for (const name of ['startIndex', 'count']) {
    const text = query.get(name);
    if (text !== null && !/^\d+$/.test(text)) found.push(`${name} must be a whole number, not "${text}"`);
  }
  if (query.get('startIndex') === '0') found.push('startIndex counts from 1');
  if (query.has('cursor') && query.has('startIndex')) found.push('cursor and startIndex exclude each other');
  if (query.has('attributes') && query.has('excludedAttributes'))
    found.push('attributes and excludedAttributes exclude each other');
  const filter = query.get('filter');
  const schema = route.kind === undefined ? undefined : state.schemas[route.kind];
  if (filter !== null && schema !== undefined) found.push(...checkFilter(filter, schema));
  return found;
}

function checkFilter(text: string, schema: RecordSchema): string[] {
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    return [`the filter cannot be read: ${(error as Error).message}`];
  }
  return listFilterPaths(filter).flatMap((path) => {
    const isExtension = path[0]?.startsWith('urn:');
    const definitions = isExtension ? (schema.extensions.get(path[0] ?? '') ?? []) : schema.core;
    const [name = '', sub] = isExtension ? path.slice(1) : path;
    const definition = findAttribute(definitions, name);
    const isKnown =
      definition !== undefined && (sub === undefined || findAttribute(definition.subAttributes, sub) !== undefined);
    return isKnown ? [] : [`the filter names ${path.join('.')}, which is no attribute`];
  });
}

const messages = (problems: AttributeProblem[]) => problems.map(({ message }) => message);

function checkWhole(body: JsonObject, schema: RecordSchema): string[] {
  return messages(checkRecord(body, schema));
}

function namesSchema(body: JsonObject, urn: string): boolean {
  return Array.isArray(body['schemas']) && body['schemas'].length === 1 && body['schemas'][0] === urn;
}

function checkPatch(body: JsonObject, schema: RecordSchema): string[] {
  const found: string[] = [];
  if (!namesSchema(body, PATCH_URN)) found.push(`schemas of a PATCH must be ["${PATCH_URN}"]`);
  for (const key of Object.keys(body))
    if (key !== 'schemas' && key !== 'Operations') found.push(`a PATCH has no "${key}"`);
  const operations = body['Operations'];
  if (!Array.isArray(operations) || operations.length === 0)
    return [...found, 'Operations must be an array with operations'];
  operations.forEach((operation, index) => {
    const problems = isObject(operation) ? checkOperation(operation, schema) : ['it must be an object'];
    found.push(...problems.map((problem) => `operation ${index + 1}: ${problem}`));
  });
  return found;
}

function checkOperation(operation: JsonObject, schema: RecordSchema): string[] {
  const { op, path, value, ...others } = operation;
  const found = Object.keys(others).map((key) => `an operation has no "${key}"`);
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    found.push(`op must be add, replace or remove, not ${JSON.stringify(op)}`);
  if (path !== undefined && typeof path !== 'string') return [...found, 'path must be a string'];
  if (op === 'remove') {
    if (path === undefined) found.push('remove needs a path');
    if (value !== undefined) found.push('remove takes no value: a strict target removes the whole attribute');
  } else if (value === undefined) found.push(`${String(op)} needs a value`);
  if (path !== undefined)
    return [...found, ...checkTarget(path, op === 'remove' ? undefined : value, schema, op === 'remove')];
  if (op === 'remove' || value === undefined) return found;
  if (!isObject(value)) return [...found, 'the value of an operation without path must be an object'];
  for (const [name, inner] of Object.entries(value)) found.push(...checkTarget(name, inner, schema, false));
  return found;
}

function checkTarget(text: string, value: JsonValue | undefined, schema: RecordSchema, isRemove: boolean): string[] {
  let path: ReturnType<typeof parsePatchPath>;
  try {
    path = parsePatchPath(text, schema);
  } catch (error) {
    return [(error as Error).message];
  }
  if (path.attribute === undefined) {
    if (isRemove || !isObject(value)) return isRemove ? [] : [`the value of ${text} must be an object`];
    return Object.entries(value).flatMap(([name, inner]) => checkTarget(`${text}:${name}`, inner, schema, false));
  }
  const { definition, subDefinition } = path;
  if (definition === undefined || (path.sub !== undefined && subDefinition === undefined))
    return [`there is no attribute "${text}"`];
  const last = subDefinition ?? definition;
  if (definition.mutability === 'readOnly' || last.mutability === 'readOnly') return [`"${text}" is read-only`];
  if (isRemove)
    return definition.required && path.sub === undefined ? [`"${text}" is required and cannot be removed`] : [];
  if (!text.includes(definition.name)) return [`"${text}" is spelt ${definition.name} in the schema`];
  // RFC 7643 section 2.5: [] is "unassigned", so replacing by it clears
  if (Array.isArray(value) && isUnassigned(value)) return [];
  const isElement = last.multiValued && (path.filter !== undefined || !Array.isArray(value));
  return messages(checkValue(last, value, text, isElement));
}

/** SCIM 1.1 section 3.3.2: the body is a partial record. */
function checkPatchV1(body: JsonObject, schema: RecordSchema): string[] {
  if (body['Operations'] !== undefined) return ['a PATCH of SCIM 1.1 is a partial record, not Operations'];
  const found: string[] = [];
  const { meta, ...rest } = body;
  if (meta !== undefined) {
    const names = isObject(meta) ? meta['attributes'] : undefined;
    const isRight =
      Array.isArray(names) &&
      names.every((name) => typeof name === 'string') &&
      isObject(meta) &&
      Object.keys(meta).length === 1;
    if (!isRight) found.push('meta of a PATCH must hold attributes, a list of names, alone');
  }
  const clean = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, withoutDeleteMarks(value, found)]),
  );
  return [...found, ...messages(checkRecord(clean, schema).filter(({ kind }) => kind !== 'required'))];
}

function withoutDeleteMarks(value: JsonValue | undefined, found: string[]): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  return value.map((item) => {
    if (!isObject(item) || item['operation'] === undefined) return item;
    const { operation, ...element } = item;
    if (operation !== 'delete')
      found.push(`operation of an element must be "delete", not ${JSON.stringify(operation)}`);
    return element;
  });
}

function checkBulk(body: JsonObject): string[] {
  const found = namesSchema(body, BULK_URN) ? [] : [`schemas of a bulk request must be ["${BULK_URN}"]`];
  const operations = body['Operations'];
  if (!Array.isArray(operations) || operations.length === 0)
    return [...found, 'Operations must be an array with operations'];
  operations.forEach((operation, index) => {
    const method = isObject(operation) ? operation['method'] : undefined;
    const say = (problem: string) => found.push(`operation ${index + 1}: ${problem}`);
    if (!isObject(operation) || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(String(method)))
      say('method must be POST, PUT, PATCH or DELETE');
    else {
      if (typeof operation['path'] !== 'string' || !operation['path'].startsWith('/')) say('path must begin with /');
      if (method === 'POST' && typeof operation['bulkId'] !== 'string') say('POST needs a bulkId');
      if (method !== 'DELETE' && !isObject(operation['data'])) say(`${String(method)} needs data`);
    }
  });
  return found;
}
