import type { LdapEntry, LdapFilter, LdapRequest } from '@usher/connector-sdk';
import { REDACTED } from '../redact.ts';
import type { TargetUrl } from '../target-url.ts';

/** Attributes that hold a password, its hash or a key: never shown, and never read. */
const SECRET_ATTRIBUTE = /passw|pwd$|pwdhistory|secret|principalkey|krbextradata|authpassword/i;

export function isSecretAttribute(name: string): boolean {
  return SECRET_ATTRIBUTE.test(name);
}

/** An operation as people read it: an LDAP URL (RFC 4516) and, for a write, LDIF (RFC 2849). */
export function showLdapOperation(
  operation: LdapRequest,
  { origin }: TargetUrl,
): { method: string; url: string; body: string } {
  if (operation.operation === 'search') {
    const { base, scope, filter, attributes } = operation;
    const wanted = attributes.map(encodeURIComponent).join(',');
    const written = formatFilter(filter);
    return {
      method: 'SEARCH',
      url: `${origin}/${encodeURI(base)}?${wanted}?${scope}?${encodeURIComponent(written)}`,
      body: `base: ${base}\nscope: ${scope}\nfilter: ${written}`,
    };
  }
  const url = `${origin}/${encodeURI(operation.dn)}`;
  return { method: METHODS[operation.operation], url, body: formatChange(operation) };
}

const METHODS = { add: 'ADD', modify: 'MODIFY', rename: 'MODRDN', delete: 'DELETE' } as const;

function formatChange(operation: Exclude<LdapRequest, { operation: 'search' }>): string {
  const dn = line('dn', operation.dn);
  switch (operation.operation) {
    case 'add':
      return [dn, 'changetype: add', ...formatAttributes(operation.attributes)].join('\n');
    case 'modify':
      return [
        dn,
        'changetype: modify',
        ...operation.changes.flatMap(({ change, attribute, values }) => [
          `${change}: ${attribute}`,
          ...formatAttributes({ [attribute]: values }),
          '-',
        ]),
      ].join('\n');
    case 'rename': {
      const parent = operation.newParent === undefined ? [] : [line('newsuperior', operation.newParent)];
      return [dn, 'changetype: modrdn', line('newrdn', operation.newRdn), 'deleteoldrdn: 1', ...parent].join('\n');
    }
    case 'delete':
      return `${dn}\nchangetype: delete`;
  }
}

export function formatEntries(entries: readonly LdapEntry[]): string {
  return entries.map(({ dn, attributes }) => [line('dn', dn), ...formatAttributes(attributes)].join('\n')).join('\n\n');
}

function formatAttributes(attributes: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(attributes).flatMap(([name, values]) =>
    values.map((value) => (isSecretAttribute(name) ? `${name}: ${REDACTED}` : line(name, value))),
  );
}

/** RFC 2849: what is not a safe string is in base64, after two colons. Readable Unicode is left readable. */
function line(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what makes a value unsafe.
  const isSafe = !/[\x00-\x1f\x7f]|^[ :<]| $/.test(value);
  return isSafe ? `${name}: ${value}` : `${name}:: ${Buffer.from(value, 'utf8').toString('base64')}`;
}

/** A filter as RFC 4515 writes it; the values are escaped, so nothing in them can change it. */
export function formatFilter(filter: LdapFilter): string {
  if ('and' in filter) return `(&${filter.and.map(formatFilter).join('')})`;
  if ('or' in filter) return `(|${filter.or.map(formatFilter).join('')})`;
  if ('not' in filter) return `(!${formatFilter(filter.not)})`;
  if ('present' in filter) return `(${filter.attribute}=*)`;
  if ('equals' in filter) return `(${filter.attribute}=${escapeValue(filter.equals)})`;
  if ('startsWith' in filter) return `(${filter.attribute}=${escapeValue(filter.startsWith)}*)`;
  return `(${filter.attribute}>=${escapeValue(filter.atLeast)})`;
}

function escapeValue(value: string): string {
  return value.replace(/[\\*()\0]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
