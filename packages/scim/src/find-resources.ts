import { parseAttributePath } from './attribute-path.ts';
import { type EndpointContext, exchange, type ScimResource } from './exchange.ts';
import { buildEqualsFilters } from './filter.ts';
import { getResource } from './get-resource.ts';
import type { JsonValue } from './json.ts';
import { type ListAnswer, listPage, parseListAnswer } from './list-page.ts';
import { readAttribute, readAttributeValues } from './read-attribute.ts';
import { ScimError } from './scim-error.ts';

/** Results that lack the attribute are read in full, one by one: lists are often shorter than what `get` shows. */
const mostFullReads = 5;

/**
 * Every SCIM resource whose attribute at `path` has this value, checked here: targets ignore filters, or match more
 * than was asked. `externalId` and `id` compare exactly, everything else without regard to letter case (RFC 7643
 * §4.1). A refused filter is asked in its other forms; if none is taken, or the answer shows that the filter was
 * ignored, the list is read instead, up to the dialect's `scanLimit`.
 */
export async function findResources(endpoint: EndpointContext, path: string, value: string): Promise<ScimResource[]> {
  const { filter } = endpoint.dialect;
  const mayFilter = filter.supported && (filter.attributes === 'any' || includesPath(filter.attributes, path));
  if (!mayFilter || endpoint.learned.ignoredFilters?.has(path)) return scan(endpoint, path, value);
  const wanted = [value];
  if (filter.caseSensitive && !isCaseExact(path) && value.toLowerCase() !== value) wanted.push(value.toLowerCase());
  for (const operand of wanted) {
    const answer = await search(endpoint, path, operand);
    if (answer === 'refused') return scan(endpoint, path, value);
    const found = await verify(endpoint, answer.resources, path, value);
    if (found === 'ignored') {
      const isWhole = answer.totalResults !== undefined && answer.received >= answer.totalResults;
      if (isWhole) return answer.resources.filter((resource) => hasValue(resource, path, value));
      endpoint.learned.ignoredFilters = (endpoint.learned.ignoredFilters ?? new Set()).add(path);
      return scan(endpoint, path, value);
    }
    if (found.length > 0) return found;
  }
  return [];
}

async function search(endpoint: EndpointContext, path: string, value: string): Promise<ListAnswer | 'refused'> {
  const forms = buildEqualsFilters(path, value, endpoint.dialect.patch.extensionSeparator);
  const { learned } = endpoint;
  // A refusal of an awkward value (a quote, a backslash) says nothing about the next one.
  const isPlain = /^[\w.@+ -]*$/.test(value);
  for (const [index, filter] of forms.entries()) {
    if (learned.refusedFilters?.has(`${path}#${index}`)) continue;
    try {
      return await requestSearch(endpoint, filter);
    } catch (error) {
      if (!isFilterRefusal(error)) throw error;
      if (isPlain) learned.refusedFilters = (learned.refusedFilters ?? new Set()).add(`${path}#${index}`);
    }
  }
  return 'refused';
}

async function requestSearch(endpoint: EndpointContext, filter: string): Promise<ListAnswer> {
  const nothing: ListAnswer = { resources: [], received: 0, totalResults: 0, startIndex: 1, nextCursor: undefined };
  try {
    const path = `${endpoint.path}?filter=${encodeURIComponent(filter)}`;
    const { body, status } = await exchange(endpoint, { method: 'GET', path, effect: 'read' });
    if (body.form === 'none' && status === 204) return nothing;
    const answer = body.form === 'json' ? parseListAnswer(body.value) : undefined;
    if (answer !== undefined) return answer;
  } catch (error) {
    if (endpoint.dialect.filter.emptyIs404 && error instanceof ScimError && error.status === 404) return nothing;
    throw error;
  }
  throw new ScimError('transient', `The search of ${endpoint.path} was answered with something that is not a list.`);
}

function isFilterRefusal(error: unknown): boolean {
  if (!(error instanceof ScimError) || error.status === undefined) return false;
  // tooMany (RFC 7644 §3.12) refuses this search, and reading everything would be more still.
  if (error.scimType?.toLowerCase() === 'toomany') return false;
  return error.kind === 'invalid_request' || [405, 501].includes(error.status);
}

async function verify(
  endpoint: EndpointContext,
  resources: ScimResource[],
  path: string,
  value: string,
): Promise<ScimResource[] | 'ignored'> {
  const found: ScimResource[] = [];
  let unread = mostFullReads;
  let isIgnored = false;
  const whole = { ...parseAttributePath(path), where: undefined, sub: undefined };
  for (const given of resources) {
    const isShort = readAttribute(given.representation, whole) === undefined && unread-- > 0 && endpoint.verbs.get;
    const resource = isShort ? ((await getResource(endpoint, given.id)) ?? given) : given;
    if (hasValue(resource, path, value)) found.push(resource);
    else if (!isLooseMatch(resource, path, value)) isIgnored = true;
  }
  return isIgnored ? 'ignored' : found;
}

function hasValue(resource: ScimResource, path: string, value: string): boolean {
  return readAttributeValues(resource.representation, path).some((held) => isEqual(held, value, isCaseExact(path)));
}

/** What a filter may have meant: another element of the list, or another letter case. */
function isLooseMatch({ representation }: ScimResource, path: string, value: string): boolean {
  const { attribute, sub, urn, where } = parseAttributePath(path);
  const loosely = where === undefined ? path : `${urn === undefined ? '' : `${urn}:`}${attribute}.${sub ?? 'value'}`;
  return readAttributeValues(representation, loosely).some((held) => isEqual(held, value, false));
}

function isEqual(held: JsonValue, value: string, caseExact: boolean): boolean {
  if (typeof held === 'object') return false;
  const text = String(held);
  return caseExact ? text === value : text.toLowerCase() === value.toLowerCase();
}

/** RFC 7643 §3.1 and §7: ids are opaque; every other attribute that can identify somebody ignores letter case. */
function isCaseExact(path: string): boolean {
  return /^(externalId|id|members\.value)$/i.test(path);
}

function includesPath(paths: readonly string[], path: string): boolean {
  return paths.some((known) => known.toLowerCase() === path.toLowerCase());
}

async function scan(endpoint: EndpointContext, path: string, value: string): Promise<ScimResource[]> {
  const { filter, paging } = endpoint.dialect;
  const found = new Map<string, ScimResource>();
  let read = 0;
  let cursor: string | undefined;
  do {
    if (read >= filter.scanLimit || !endpoint.verbs.list) throw buildScanError(path, read);
    const page = await listPage(endpoint, { cursor, limit: paging.pageSize });
    read += Math.max(page.resources.length, 1);
    for (const resource of page.resources) if (hasValue(resource, path, value)) found.set(resource.id, resource);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return [...found.values()];
}

function buildScanError(path: string, read: number): ScimError {
  return new ScimError(
    'unsupported',
    `The target cannot be searched by ${path}, and its list was read up to the limit of ${read} accounts without an end. ` +
      'Choose a matching attribute that it can filter, or raise the scan limit in the options.',
  );
}
