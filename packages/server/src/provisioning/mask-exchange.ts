import type { Exchange } from '../transport/index.ts';

/**
 * What an exchange may tell of people beyond who they are: how to reach them, where they live, and what states and banks know them
 * by. Secrets are not among it: they never were kept.
 */
const PERSONAL =
  /^(?:e?mails?|email_?address(?:es)?|phone.*|mobile.*|home_?phone|fax.*|address(?:es)?|street.*|postal_?code|zip|photos?|picture|ims|birth.*|date_?of_?birth|.*(?:ssn|social_?security|national_?id|passport|tax_?id|iban|bank_?account|salary|emergency).*)$/i;
const PLAIN_MEMBERS = new Set(['type', 'primary', 'op', 'schemas']);
const DEEPEST = 60;

export type MaskedPart = 'url' | 'request' | 'response';

/** An exchange as people see it, with the JSON pointers (RFC 6901) of what is masked in each body; "" is a body as a whole. */
export interface MaskedExchange extends Exchange {
  readonly masked: Readonly<Record<MaskedPart, readonly string[]>>;
}

/** Pure. */
export function maskExchange(exchange: Exchange): MaskedExchange {
  const request = maskBody(exchange.requestBody);
  const response = maskBody(exchange.responseBody);
  const url = maskUrl(exchange.url);
  return {
    ...exchange,
    url,
    requestBody: request.text,
    responseBody: response.text,
    masked: { url: url === exchange.url ? [] : [''], request: request.paths, response: response.paths },
  };
}

/** The one value that stands behind a mask; undefined when there is none at this place. */
export function unmask(exchange: Exchange, part: MaskedPart, path: string): unknown {
  if (!maskExchange(exchange).masked[part].includes(path)) return undefined;
  if (part === 'url') return exchange.url;
  const body = part === 'request' ? exchange.requestBody : exchange.responseBody;
  if (path === '') return body;
  let value: unknown = JSON.parse(body ?? 'null');
  for (const step of path.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  }
  return value;
}

function maskBody(body: string | undefined): { text: string | undefined; paths: string[] } {
  if (body === undefined || body === '') return { text: body, paths: [] };
  const paths: string[] = [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // What cannot be understood, such as a body that was cut, could hold anything.
    return { text: describeMasked(body), paths: [''] };
  }
  const masked = maskValue(parsed, '', false, paths, 0);
  return { text: paths.length === 0 ? body : JSON.stringify(masked), paths };
}

function maskValue(value: unknown, path: string, isPersonal: boolean, paths: string[], depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number') {
    if (!isPersonal || value === '') return value;
    paths.push(path);
    return describeMasked(String(value));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) {
    paths.push(path);
    return describeMasked(JSON.stringify(value));
  }
  if (Array.isArray(value))
    return value.map((item, i) => maskValue(item, `${path}/${i}`, isPersonal, paths, depth + 1));
  // {"op":"replace","path":"emails[type eq \"work\"].value","value":"…"}: the name is in one member, the value in another.
  const target = Reflect.get(value, 'path');
  const isAboutPersonal = typeof target === 'string' && target.split(/[.[\]:\s]+/).some((name) => PERSONAL.test(name));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const inner = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (PLAIN_MEMBERS.has(name)) return [name, member];
      const hides = isPersonal || PERSONAL.test(name) || (isAboutPersonal && name === 'value');
      return [name, maskValue(member, inner, hides, paths, depth + 1)];
    }),
  );
}

/** A search names what it looks for: `filter=emails.value eq "…"`. */
function maskUrl(url: string): string {
  const query = url.indexOf('?');
  if (query === -1) return url;
  const parameters = url.slice(query + 1).split('&');
  const kept = parameters.map((parameter) => {
    const text = decode(parameter.replaceAll('+', ' '));
    const names = text.split(/[^A-Za-z0-9_]+/);
    if (!names.some((name) => PERSONAL.test(name))) return parameter;
    return `${parameter.split('=', 1)[0]}=${encodeURIComponent(describeMasked(text.slice(text.indexOf('=') + 1)))}`;
  });
  return `${url.slice(0, query)}?${kept.join('&')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Its length to the next of a few steps: enough to see that something is there. */
function describeMasked(text: string): string {
  const length = [8, 16, 32, 64, 256].find((most) => text.length <= most);
  return `[masked, ${length === undefined ? 'long' : `up to ${length} characters`}]`;
}
