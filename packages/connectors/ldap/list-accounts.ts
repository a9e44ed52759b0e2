import type { ConnectorContext, LdapEntry, ListRequest } from '@usher/connector-sdk';
import { accountClassOf } from './account-class.ts';
import { type LdapGround, searchAccounts, valuesOf } from './ldap-ground.ts';
import type { LdapOptions } from './ldap-options.ts';

/** Ids that one search asks for. */
const IDS_AT_ONCE = 100;
/** How long the ids of one listing are remembered between its pages. */
const REMEMBERED_MS = 5 * 60_000;

/**
 * One page of accounts, in the order of their ids; the cursor is the last id of the page before. LDAP's own paging holds
 * its place in the connection, which the next page need not come over: so the ids are read, and the page by them.
 */
export async function listAccounts(
  ground: LdapGround,
  context: ConnectorContext<LdapOptions>,
  { cursor, limit }: ListRequest,
): Promise<{ entries: LdapEntry[]; nextCursor?: string }> {
  const { idAttribute } = ground.options;
  const ids = await listIds(ground, context, cursor === undefined);
  const from = cursor === undefined ? 0 : ids.findIndex((id) => id > cursor);
  const wanted = from === -1 ? [] : ids.slice(from, from + Math.max(1, limit));
  const entries: LdapEntry[] = [];
  for (let at = 0; at < wanted.length; at += IDS_AT_ONCE) {
    const some = wanted.slice(at, at + IDS_AT_ONCE);
    entries.push(...(await searchAccounts(ground, { or: some.map((id) => ({ attribute: idAttribute, equals: id })) })));
  }
  const last = wanted.at(-1);
  const isLast = last === undefined || last === ids.at(-1);
  return isLast ? { entries } : { entries, nextCursor: last };
}

interface Remembered {
  ids: string[];
  at: number;
}

async function listIds(
  ground: LdapGround,
  { memory, now }: ConnectorContext<LdapOptions>,
  anew: boolean,
): Promise<string[]> {
  const { idAttribute } = ground.options;
  const at = now().getTime();
  const known = memory.get('ldap.ids') as Remembered | undefined;
  if (known && !anew && at - known.at < REMEMBERED_MS) return known.ids;
  const isAccount = { attribute: 'objectClass', equals: accountClassOf(ground.options) };
  const entries = await searchAccounts(ground, isAccount, [idAttribute]);
  const ids = entries.flatMap((entry) => valuesOf(entry, idAttribute).slice(0, 1)).sort();
  memory.set('ldap.ids', { ids, at } satisfies Remembered);
  return ids;
}
