export const REDACTED = '[redacted]';

const SECRET_NAME = /passw(or)?d|passphrase|secret|token|api[-_]?key|private[-_]?key|client[-_]?assertion/i;
const SECRET_HEADER = /authorization|cookie|token|secret|password|api-?key/i;
// Names that the pattern catches and that hold nothing secret.
const HARMLESS_NAME =
  /^(changePassword|passwordExpired|token_?type|next_?page_?token|tokenEndpoint|token_endpoint(_auth.*)?)$/i;
const MAX_DEPTH = 100;

/** Headers as they may be kept. `own` are the lower-case names of the headers that carry this app's credential. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  own: ReadonlySet<string>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    kept[name] = own.has(name) || SECRET_HEADER.test(name) ? REDACTED : headers[name]!;
  }
  return kept;
}

/** The values of query parameters with a secret's name. */
export function redactUrl(url: string): string {
  const query = url.indexOf('?');
  if (query === -1 || !SECRET_NAME.test(url)) return url;
  const parameters = url.slice(query + 1).split('&');
  const kept = parameters.map((parameter) => {
    const name = parameter.split('=', 1)[0] ?? '';
    return isSecretName(name) ? `${name}=${REDACTED}` : parameter;
  });
  return `${url.slice(0, query)}?${kept.join('&')}`;
}

/**
 * A body as it may be kept: the members of JSON and the fields of forms whose name says password, secret or token, and
 * the value of a PATCH operation on such a path. The text itself when there is nothing to hide, which one search tells.
 */
export function redactBody(body: string): string {
  if (!SECRET_NAME.test(body)) return body;
  const start = body.trimStart().charAt(0);
  if (start === '{' || start === '[') return redactJson(body);
  return body.replace(/([\w.-]{0,60})=([^&\s"'<>]{1,4096})/g, (field, name: string) =>
    isSecretName(name) ? `${name}=${REDACTED}` : field,
  );
}

function redactJson(body: string): string {
  const seen = { isChanged: false, isTooDeep: false };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return '[withheld: it names a secret and is not valid JSON]';
  }
  const kept = redactValue(value, false, 0, seen);
  if (seen.isTooDeep) return '[withheld: it names a secret and is nested too deeply]';
  return seen.isChanged ? JSON.stringify(kept) : body;
}

type Seen = { isChanged: boolean; isTooDeep: boolean };

function redactValue(value: unknown, isSecret: boolean, depth: number, seen: Seen): unknown {
  if (depth > MAX_DEPTH) {
    seen.isTooDeep = true;
    return undefined;
  }
  if (typeof value === 'string' || typeof value === 'number') {
    if (!isSecret || value === '') return value;
    seen.isChanged = true;
    return REDACTED;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, isSecret, depth + 1, seen));
  const members = Object.entries(value);
  // {"op":"replace","path":"password","value":"…"}: the name is in one member and the secret in another.
  const isSecretPath = members.some(
    ([name, path]) => name.toLowerCase() === 'path' && typeof path === 'string' && isSecretName(path),
  );
  const kept = members.map(([name, member]): [string, unknown] => {
    const hides = isSecret || isSecretName(name) || (isSecretPath && name.toLowerCase() === 'value');
    return [name, redactValue(member, hides, depth + 1, seen)];
  });
  return Object.fromEntries(kept);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
}

/** The secret texts within credential headers: the values, and the part after the scheme (`Bearer x`). */
export function findSecretTexts(headers: Readonly<Record<string, string>>): string[] {
  const texts = new Set<string>();
  for (const value of Object.values(headers)) {
    texts.add(value);
    const [, scheme = '', rest = ''] = /^(\S+) +(.+)$/.exec(value) ?? [];
    if (rest !== '') texts.add(rest);
    if (scheme.toLowerCase() === 'basic') {
      const decoded = Buffer.from(rest, 'base64').toString('utf8');
      texts.add(decoded.slice(decoded.indexOf(':') + 1));
    }
  }
  // Shorter ones would blank out ordinary words.
  return [...texts].filter((text) => text.length >= 8).sort((a, b) => b.length - a.length);
}

/** The text without any of the secrets: a target may send our credential back in an error page. */
export function removeSecrets(text: string, secrets: readonly string[]): string {
  let kept = text;
  for (const secret of secrets) {
    if (kept.includes(secret)) kept = kept.replaceAll(secret, REDACTED);
  }
  return kept;
}

/** A body cut at the limit, with a line that says so. */
export function cutBody(body: string, maxChars: number): string {
  if (body.length <= maxChars) return body;
  return `${body.slice(0, maxChars)}\n[… ${body.length - maxChars} more characters were not kept]`;
}
