import { carry } from './carry.ts';
import { ConnectorError, type ConnectorErrorKind } from './connector-error.ts';
import type { HttpTransport } from './transport.ts';

/** What marks a request of the app's transport as one of LDAP; see {@link createLdapTransport}. */
export const LDAP_CONTENT_TYPE = 'application/vnd.usher.ldap+json';

/**
 * A search filter (RFC 4511 §4.5.1.7) as a value, so that nothing has to be escaped: the host writes it. Several values
 * are several assertions, joined by `and` or `or`.
 */
export type LdapFilter =
  | { and: readonly LdapFilter[] }
  | { or: readonly LdapFilter[] }
  | { not: LdapFilter }
  | { attribute: string; equals: string }
  | { attribute: string; startsWith: string }
  | { attribute: string; atLeast: string }
  | { attribute: string; present: true };

/**
 * One LDAP operation. DNs are texts of RFC 4514; build an RDN with {@link buildRdn}. Values are texts; what is not UTF-8
 * comes as `base64:…`. `search` alone reads; every other operation is a write, and a dry run stops before it.
 */
export type LdapRequest =
  | {
      operation: 'search';
      base: string;
      scope: 'base' | 'one' | 'sub';
      filter: LdapFilter;
      /** `*` for all user attributes, `+` for all operational ones. */
      attributes: readonly string[];
      /** The most entries wanted; the answer has the code 4 when there were more. */
      limit?: number;
    }
  | { operation: 'add'; dn: string; attributes: Readonly<Record<string, readonly string[]>> }
  | { operation: 'modify'; dn: string; changes: readonly LdapModification[] }
  | { operation: 'rename'; dn: string; newRdn: string; newParent?: string }
  | { operation: 'delete'; dn: string };

/** One change of an entry. `replace` without values takes the attribute away, and is no error when it is not there. */
export interface LdapModification {
  change: 'add' | 'delete' | 'replace';
  attribute: string;
  values: readonly string[];
}

/** An entry as the server shows it: names as the server writes them, at least one value for each. */
export interface LdapEntry {
  dn: string;
  attributes: Record<string, string[]>;
}

/** The answer to an operation. Any result code (RFC 4511 appendix A) is returned, never thrown; 0 is success. */
export interface LdapAnswer {
  code: number;
  /** What the server said besides. */
  message: string;
  /** Of a search; empty for everything else. */
  entries: LdapEntry[];
}

/**
 * The only way from a connector to an LDAP server. Connects, binds and limits on the host's side; the connector sees no
 * secret. Rejects with a {@link ConnectorError} when there is no answer: `transient` when the operation certainly did not
 * reach the server, `ambiguous` when a write may have been made, `unauthorized` when the server refuses to bind.
 */
export interface LdapTransport {
  request(request: LdapRequest): Promise<LdapAnswer>;
}

/**
 * LDAP over an app's transport, whose base URL is `ldaps://…`: each operation takes the same way as an HTTP request, with
 * its turn, its time-out, its place in the log, and its end in a dry run. The host makes it; a test may as well.
 */
export function createLdapTransport(http: HttpTransport): LdapTransport {
  return {
    request: (request) =>
      carry<LdapAnswer>(http, LDAP_CONTENT_TYPE, request, request.operation === 'search' ? 'read' : 'write'),
  };
}

/**
 * The error for an answer that is not a success, by its result code alone. `constraintViolation` (19) is
 * `invalid_request`, though servers give it for a taken unique value too: search for the value, and say `already_exists`
 * when somebody has it. Unknown codes are `ambiguous` after a write.
 */
export function buildLdapError(
  request: LdapRequest,
  answer: LdapAnswer,
  kind: ConnectorErrorKind = classifyLdapCode(answer.code, request.operation === 'search' ? 'read' : 'write'),
): ConnectorError {
  const name = codeNames[answer.code] ?? 'unknown';
  const message = `LDAP ${request.operation} was answered with ${answer.code} (${name}): ${explain(kind)}`;
  const detail = answer.message.replace(/\s+/g, ' ').trim().slice(0, 500);
  return new ConnectorError(kind, message, { detail: detail === '' ? undefined : detail });
}

/** What a result code means for an operation with this effect. Total: every number has a kind. */
export function classifyLdapCode(code: number, effect: 'read' | 'write'): ConnectorErrorKind {
  switch (code) {
    case 32: // noSuchObject
      return 'not_found';
    case 68: // entryAlreadyExists
      return 'already_exists';
    case 8: // strongerAuthRequired
    case 13: // confidentialityRequired
    case 48: // inappropriateAuthentication
    case 49: // invalidCredentials
    case 50: // insufficientAccessRights
      return 'unauthorized';
    case 2: // protocolError
    case 7: // authMethodNotSupported
    case 10: // referral
    case 12: // unavailableCriticalExtension
      return 'unsupported';
    case 122: // assertionFailed (RFC 4528)
      return 'precondition_failed';
    case 3: // timeLimitExceeded
    case 11: // adminLimitExceeded
    case 51: // busy
    case 52: // unavailable
      return 'transient';
    case 4: // sizeLimitExceeded
    case 53: // unwillingToPerform
      return 'invalid_request';
  }
  // Attribute, name and update errors (appendix A.2.3 to A.2.5): the server refuses these values.
  if ((code >= 16 && code <= 21) || (code >= 33 && code <= 36) || (code >= 64 && code <= 71)) return 'invalid_request';
  return effect === 'write' ? 'ambiguous' : 'transient';
}

/**
 * A relative distinguished name, `uid=ada`, whatever the value holds: every character but letters, digits, `-`, `_`, `.`,
 * `@` and inner blanks is written as its UTF-8 bytes in hexadecimal (RFC 4514 §2.4), which every server reads.
 */
export function buildRdn(attribute: string, value: string): string {
  if (!/^[a-z][a-z0-9-]*$/i.test(attribute) || value === '') {
    throw new ConnectorError('invalid_request', `No entry can be named by ${attribute}="${value}". Give it a value.`);
  }
  const bytes = new TextEncoder().encode(value);
  const written = Array.from(bytes, (byte, index) => {
    const character = String.fromCharCode(byte);
    const isInnerBlank = character === ' ' && index > 0 && index < bytes.length - 1;
    if (isInnerBlank || /[A-Za-z0-9_.@-]/.test(character)) return character;
    return `\\${byte.toString(16).padStart(2, '0')}`;
  });
  return `${attribute}=${written.join('')}`;
}

const codeNames: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  34: 'invalidDNSyntax',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  64: 'namingViolation',
  65: 'objectClassViolation',
  66: 'notAllowedOnNonLeaf',
  67: 'notAllowedOnRDN',
  68: 'entryAlreadyExists',
  69: 'objectClassModsProhibited',
  71: 'affectsMultipleDSAs',
  80: 'other',
  122: 'assertionFailed',
};

function explain(kind: ConnectorErrorKind): string {
  switch (kind) {
    case 'not_found':
      return 'there is no such entry.';
    case 'already_exists':
      return 'an entry of that name exists already.';
    case 'unauthorized':
      return 'the bind is not accepted, or not allowed to do this. Renew the credential, or give it the right.';
    case 'transient':
      return 'the server is not able to answer now. Nothing was changed.';
    case 'unsupported':
      return 'the server does not do this.';
    case 'invalid_request':
      return 'the server refuses these values.';
    default:
      return 'whether it was done is not known.';
  }
}
