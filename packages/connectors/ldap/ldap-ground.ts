import {
  buildLdapError,
  ConnectorError,
  type ConnectorErrorKind,
  type LdapAnswer,
  type LdapEntry,
  type LdapFilter,
  type LdapRequest,
  type LdapTransport,
} from '@usher/connector-sdk';
import type { LdapOptions } from './ldap-options.ts';

/** What every part of the connector works on. */
export interface LdapGround {
  ldap: LdapTransport;
  options: LdapOptions;
}

/** Sends an operation and gives its answer if it is a success; else throws, as `kindOf` says where it says something. */
export async function send(
  { ldap }: LdapGround,
  request: LdapRequest,
  kindOf: (code: number) => ConnectorErrorKind | undefined = () => undefined,
): Promise<LdapAnswer> {
  const answer = await ldap.request(request);
  if (answer.code === 0) return answer;
  throw buildLdapError(request, answer, kindOf(answer.code));
}

/** A base that is not there is the configuration's fault, never an account's. */
export function missingBase(base: string): ConnectorError {
  return new ConnectorError('unsupported', `There is no entry ${base} at the server. Correct the connector's options.`);
}

/** Everything that accounts may be below. */
export function basesOf({ options }: LdapGround): string[] {
  const { base, formerBase, disableBy } = options;
  return disableBy === 'move' && formerBase !== undefined ? [base, formerBase] : [base];
}

/** Accounts that a filter selects, with their attributes. */
export async function searchAccounts(
  ground: LdapGround,
  filter: LdapFilter,
  attributes: readonly string[] = wantedAttributes(ground),
  limit?: number,
): Promise<LdapEntry[]> {
  const entries = new Map<string, LdapEntry>();
  for (const base of basesOf(ground)) {
    const plain = { operation: 'search', base, scope: 'sub', filter, attributes } as const;
    const request: LdapRequest = limit === undefined ? plain : { ...plain, limit };
    const answer = await ground.ldap.request(request);
    if (answer.code === 32) throw missingBase(base);
    // More than were asked for is an answer too.
    if (answer.code !== 0 && !(answer.code === 4 && limit !== undefined)) throw buildLdapError(request, answer);
    for (const entry of answer.entries) entries.set(entry.dn.toLowerCase(), entry);
  }
  return [...entries.values()];
}

/** Operational attributes come only when they are named. */
function wantedAttributes({ options }: LdapGround): string[] {
  return ['*', options.idAttribute, options.disableAttribute];
}

/** The entry of an account by its remote id; undefined when there is none. */
export async function findEntry(ground: LdapGround, remoteId: string): Promise<LdapEntry | undefined> {
  const { idAttribute } = ground.options;
  const found = await searchAccounts(ground, { attribute: idAttribute, equals: remoteId });
  return found.find((entry) => valuesOf(entry, idAttribute).includes(remoteId));
}

export async function getEntry(ground: LdapGround, remoteId: string): Promise<LdapEntry> {
  const entry = await findEntry(ground, remoteId);
  if (entry) return entry;
  throw new ConnectorError('not_found', `There is no entry with the ${ground.options.idAttribute} ${remoteId}.`);
}

/** The values of an attribute; names are case-insensitive (RFC 4512 §1.4). */
export function valuesOf({ attributes }: LdapEntry, name: string): string[] {
  if (Object.hasOwn(attributes, name)) return attributes[name] ?? [];
  const wanted = name.toLowerCase();
  const found = Object.keys(attributes).find((known) => known.toLowerCase() === wanted);
  return found === undefined ? [] : (attributes[found] ?? []);
}

/** What a DN is below: everything after its first comma that is not escaped (RFC 4514 §2.4). */
export function parentOf(dn: string): string {
  for (let at = 0; at < dn.length; at++) {
    if (dn[at] === '\\') at += 1;
    else if (dn[at] === ',') return dn.slice(at + 1).trimStart();
  }
  return '';
}
