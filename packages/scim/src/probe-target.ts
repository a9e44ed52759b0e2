import type { DialectOverrides } from './dialect.ts';
import { type Discovery, discover } from './discovery.ts';
import { type EndpointContext, exchange } from './exchange.ts';
import { buildEqualsFilter } from './filter.ts';
import { type ListAnswer, parseListAnswer } from './list-page.ts';
import { readAttribute } from './read-attribute.ts';
import { ScimError } from './scim-error.ts';

/** How a target answers a search, seen rather than declared. */
export type SeenFilter =
  | 'works'
  /** Everybody comes, whatever was asked for. */
  | 'ignored'
  /** Refused with an error. */
  | 'refused'
  /** Nobody comes, although somebody is there. */
  | 'finds nobody'
  /** There was nobody to look for. */
  | 'unknown';

/** What a target says of itself beside what it was seen to do. */
export interface TargetProbe {
  discovery: Discovery;
  /** Headers of its answers, for {@link suggestDialects}. */
  headers: Record<string, string>;
  filter: SeenFilter;
  /** By `externalId`, with a value that nobody has. */
  externalIdFilter: 'taken' | 'refused' | 'ignored' | 'unknown';
  /** Whether userName is found in other letters. */
  caseSensitive: boolean | undefined;
  /** A search without a match is answered with 404. */
  emptyIs404: boolean | undefined;
  paging: 'works' | 'ignored' | 'unknown';
  /** A version comes with a user. */
  versions: boolean | undefined;
  groups: 'present' | 'absent' | 'failing' | 'unknown';
  /** A boolean or a name came in another form than the standard's. */
  oddities: string[];
  /** What was seen, as a dialect has it; lay it over with {@link buildDialect}. */
  overrides: DialectOverrides;
}

/** Reserved by RFC 2606: nobody has it. */
const NOBODY = 'no-such-user@usher.invalid';

/**
 * Asks a target about itself, and tries by reading what it does: one page of users, searches for somebody who is there
 * and for nobody, a second page, one page of groups. Writes nothing; about ten requests. Throws only for what would fail
 * every request alike (`unauthorized`, `rate_limited`) and when the users cannot be listed at all.
 */
export async function probeTarget(users: EndpointContext, groups: EndpointContext): Promise<TargetProbe> {
  const discovery = await discover(users);
  const headers: Record<string, string> = {};
  const first = await askList(users, `${users.path}?startIndex=1&count=2`, headers);
  if (first instanceof ScimError) throw first;
  const [someone] = first.resources;
  const name = someone === undefined ? undefined : readAttribute(someone.representation, 'userName');
  const nobody = await askList(users, searchPath(users, 'userName', NOBODY), headers);
  const found =
    typeof name === 'string' ? await askList(users, searchPath(users, 'userName', name), headers) : undefined;
  const probe: TargetProbe = {
    discovery,
    headers,
    filter: judgeFilter(nobody, found, someone?.id),
    externalIdFilter: judgeExternalId(await askList(users, searchPath(users, 'externalId', NOBODY), headers)),
    caseSensitive: undefined,
    emptyIs404: nobody instanceof ScimError ? (nobody.status === 404 ? true : undefined) : false,
    paging: await probePaging(users, first),
    versions: someone === undefined ? undefined : someone.version !== undefined,
    groups: await probeGroups(groups),
    oddities: listOddities(first),
    overrides: {},
  };
  if (probe.filter === 'works' && typeof name === 'string') probe.caseSensitive = await probeCase(users, name);
  probe.overrides = buildOverrides(probe);
  return probe;
}

function searchPath({ path }: EndpointContext, attribute: string, value: string): string {
  return `${path}?filter=${encodeURIComponent(buildEqualsFilter(attribute, value))}`;
}

async function askList(
  endpoint: EndpointContext,
  path: string,
  headers: Record<string, string> = {},
): Promise<ListAnswer | ScimError> {
  try {
    const answer = await exchange(endpoint, { method: 'GET', path, effect: 'read' });
    for (const [name, value] of Object.entries(answer.headers)) if (name !== '__proto__') headers[name] = value;
    const list = answer.body.form === 'json' ? parseListAnswer(answer.body.value) : undefined;
    return (
      list ?? new ScimError('unsupported', `GET ${path.split('?', 1)[0]} was answered with something that is no list.`)
    );
  } catch (error) {
    if (!(error instanceof ScimError) || error.kind === 'unauthorized' || error.kind === 'rate_limited') throw error;
    return error;
  }
}

function judgeFilter(
  nobody: ListAnswer | ScimError,
  found: ListAnswer | ScimError | undefined,
  id?: string,
): SeenFilter {
  if (!(nobody instanceof ScimError) && nobody.received > 0) return 'ignored';
  if (nobody instanceof ScimError && nobody.status !== 404) return 'refused';
  if (found === undefined) return 'unknown';
  if (found instanceof ScimError) return 'refused';
  return found.resources.some((resource) => resource.id === id) ? 'works' : 'finds nobody';
}

function judgeExternalId(answer: ListAnswer | ScimError): TargetProbe['externalIdFilter'] {
  if (answer instanceof ScimError) return answer.status === 404 ? 'taken' : 'refused';
  return answer.received > 0 ? 'ignored' : 'taken';
}

async function probeCase(users: EndpointContext, name: string): Promise<boolean | undefined> {
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return undefined;
  const found = await askList(users, searchPath(users, 'userName', other));
  if (found instanceof ScimError) return found.status === 404 ? true : undefined;
  return found.received === 0;
}

async function probePaging(users: EndpointContext, first: ListAnswer): Promise<TargetProbe['paging']> {
  const [one, two] = first.resources;
  if (one === undefined || (two === undefined && (first.totalResults ?? 0) < 2)) return 'unknown';
  const second = await askList(users, `${users.path}?startIndex=2&count=1`);
  if (second instanceof ScimError || second.resources[0] === undefined) return 'unknown';
  return second.resources[0].id === one.id ? 'ignored' : 'works';
}

async function probeGroups(groups: EndpointContext): Promise<TargetProbe['groups']> {
  const answer = await askList(groups, `${groups.path}?startIndex=1&count=1`);
  if (!(answer instanceof ScimError)) return 'present';
  if (answer.status === 404 || answer.status === 405 || answer.status === 501) return 'absent';
  return answer.status === undefined ? 'unknown' : 'failing';
}

function listOddities({ resources }: ListAnswer): string[] {
  const oddities = new Set<string>();
  for (const { representation } of resources) {
    for (const [name, value] of Object.entries(representation)) {
      if (/^active$/i.test(name) && typeof value === 'string') oddities.add('active comes as text');
      if (/^(username|active|emails|externalid)$/i.test(name) && !STANDARD_NAMES.has(name))
        oddities.add(`${name} is spelt otherwise than the standard has it`);
      if (/^name\./i.test(name)) oddities.add('the parts of a name come as flat members');
    }
  }
  return [...oddities].slice(0, 10);
}

const STANDARD_NAMES = new Set(['userName', 'active', 'emails', 'externalId']);

/** Only what was seen for certain, and only where it narrows what would be sent. */
function buildOverrides(probe: TargetProbe): DialectOverrides {
  const { filter, externalIdFilter, caseSensitive, emptyIs404, paging, versions, groups } = probe;
  const overrides: DialectOverrides = {};
  if (filter === 'ignored' || filter === 'refused' || filter === 'finds nobody')
    overrides.filter = { supported: false };
  else if (filter === 'works') {
    overrides.filter = {
      supported: true,
      ...(externalIdFilter === 'taken' ? {} : { attributes: ['userName'] }),
      ...(caseSensitive === undefined ? {} : { caseSensitive }),
    };
  }
  if (emptyIs404 === true) overrides.filter = { ...overrides.filter, emptyIs404 };
  if (paging === 'ignored') overrides.paging = { method: 'none' };
  if (versions === false) overrides.etag = false;
  if (groups === 'absent' || groups === 'failing') {
    overrides.groups = { create: false, get: false, list: false, patch: false, put: false, delete: false };
  }
  return overrides;
}
