import { Secret } from './secret.ts';

/** Credentials whose headers never change by themselves. OAuth, whose access tokens do, stands beside them. */
export type StaticCredential =
  | { readonly kind: 'bearer'; readonly token: Secret }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'header'; readonly name: string; readonly value: Secret }
  /** Nothing is sent: the client certificate of the connection says who it is. */
  | { readonly kind: 'certificate' };

export const STATIC_CREDENTIAL_KINDS = ['bearer', 'basic', 'header', 'certificate'] as const;

export interface CredentialProblem {
  /** The member that is wrong, such as `token`. */
  readonly field: string;
  readonly message: string;
}

export type ParsedCredential =
  | { readonly ok: true; readonly credential: StaticCredential }
  | { readonly ok: false; readonly problems: readonly CredentialProblem[] };

/** What may be shown of a credential. */
export type CredentialSummary =
  | { readonly kind: 'bearer' }
  | { readonly kind: 'basic'; readonly username: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'certificate' };

const MAX_SECRET_CHARS = 16_384;

// Headers that say how a request is to be read rather than who sends it.
const REFUSED_NAMES = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'if-match',
  'if-none-match',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-http-method-override',
]);

const FIELDS: Record<StaticCredential['kind'], readonly string[]> = {
  bearer: ['token'],
  basic: ['username', 'password'],
  header: ['name', 'value'],
  certificate: [],
};

/** Reads what an administrator entered or what was sealed. Names every problem, and repeats no secret. */
export function parseCredential(input: unknown): ParsedCredential {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse([{ field: '', message: 'The credential must be an object with a kind.' }]);
  }
  const given = input as Record<string, unknown>;
  const kind = STATIC_CREDENTIAL_KINDS.find((known) => known === given['kind']);
  if (!kind) {
    const message = `The kind of credential must be one of ${STATIC_CREDENTIAL_KINDS.join(', ')}.`;
    return refuse([{ field: 'kind', message }]);
  }
  const problems: CredentialProblem[] = [];
  const known = FIELDS[kind];
  for (const field of Object.keys(given)) {
    if (field === 'kind' || known.includes(field)) continue;
    const message = `A credential of the kind ${kind} has no "${field.slice(0, 60)}"; it has ${known.join(' and ') || 'nothing else'}.`;
    problems.push({ field, message });
  }
  const read = (field: string, check: (text: string) => string | undefined): string => {
    const value = given[field];
    const message = typeof value === 'string' && value !== '' ? check(value) : `The ${field} is missing.`;
    if (message !== undefined) problems.push({ field, message });
    return typeof value === 'string' ? value : '';
  };
  const credential = readKind(kind, read);
  return problems.length > 0 ? refuse(problems) : { ok: true, credential };
}

type ReadField = (field: string, check: (text: string) => string | undefined) => string;

function readKind(kind: StaticCredential['kind'], read: ReadField): StaticCredential {
  if (kind === 'certificate') return { kind };
  if (kind === 'bearer') return { kind, token: new Secret(read('token', checkToken)) };
  if (kind === 'basic') {
    const username = read('username', checkUsername);
    return { kind, username, password: new Secret(read('password', checkPassword)) };
  }
  return { kind, name: read('name', checkHeaderName), value: new Secret(read('value', checkHeaderValue)) };
}

function refuse(problems: readonly CredentialProblem[]): ParsedCredential {
  return { ok: false, problems };
}

function checkToken(token: string): string | undefined {
  if (/^bearer\s/i.test(token)) return 'The token begins with "Bearer"; enter only what follows it.';
  if (/\s/.test(token)) return 'The token has a blank or a line break; paste it again without it.';
  if (!/^[\x21-\x7e]+$/.test(token)) return 'The token holds characters that no header can carry; paste it again.';
  return checkLength('token', token);
}

function checkUsername(username: string): string | undefined {
  // RFC 7617 section 2: the first colon ends the user name.
  if (username.includes(':')) return 'The user name holds a colon, which basic authentication cannot carry.';
  return checkNoControls('user name', username) ?? checkLength('user name', username);
}

function checkPassword(password: string): string | undefined {
  return checkNoControls('password', password) ?? checkLength('password', password);
}

function checkHeaderName(name: string): string | undefined {
  // RFC 9110 section 5.6.2: a token.
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) {
    return 'The header name may hold letters, digits and hyphens only, such as X-Api-Key.';
  }
  if (REFUSED_NAMES.has(name.toLowerCase())) return `The header ${name} is not for credentials; Usher sets it itself.`;
  return undefined;
}

function checkHeaderValue(value: string): string | undefined {
  if (value !== value.trim()) return 'The header value begins or ends with a blank or a line break; remove it.';
  if (!/^[\x20-\x7e]+$/.test(value))
    return 'The header value holds characters that no header can carry; paste it again.';
  return checkLength('header value', value);
}

function checkNoControls(what: string, text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return /[\x00-\x1f\x7f]/.test(text) ? `The ${what} holds a line break or a control character; remove it.` : undefined;
}

function checkLength(what: string, text: string): string | undefined {
  return text.length > MAX_SECRET_CHARS
    ? `The ${what} has more than ${MAX_SECRET_CHARS} characters, more than targets accept.`
    : undefined;
}

/** The headers, lower-case, that carry the credential. Make them once for each credential, not for each request. */
export function buildAuthorization(credential: StaticCredential): Readonly<Record<string, string>> {
  switch (credential.kind) {
    case 'bearer':
      return { authorization: `Bearer ${credential.token.reveal()}` };
    case 'basic': {
      // RFC 7617 section 2.1: UTF-8, which targets that name no charset mostly take as well.
      const pair = Buffer.from(`${credential.username}:${credential.password.reveal()}`, 'utf8');
      return { authorization: `Basic ${pair.toString('base64')}` };
    }
    case 'certificate':
      return {};
    case 'header':
      return { [credential.name.toLowerCase()]: credential.value.reveal() };
  }
}

/** The text to seal; the only place where a whole credential leaves its secrets. {@link parseCredential} reads it back. */
export function serializeCredential(credential: StaticCredential): Secret {
  const plain = Object.entries(credential).map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  return new Secret(JSON.stringify(Object.fromEntries(plain)));
}

/** For the console and the API: which credential it is, and nothing that could be used. */
export function summarizeCredential(credential: StaticCredential): CredentialSummary {
  if (credential.kind === 'basic') return { kind: 'basic', username: credential.username };
  if (credential.kind === 'header') return { kind: 'header', name: credential.name };
  return { kind: credential.kind };
}
