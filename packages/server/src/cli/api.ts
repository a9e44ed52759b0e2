import type { ApiAccess as ServerAccess } from '../config.ts';
import type { Problem } from '../http/error-reply.ts';
import { VERSION } from '../version.ts';

/** Where the API is, the key, and why what is asked is done. */
interface ApiAccess extends ServerAccess {
  readonly reason?: string | undefined;
}

/** The API refused, or could not be reached. `problem` is there when it answered with one. */
export class ApiError extends Error {
  readonly problem: Problem | undefined;
  constructor(message: string, problem?: Problem) {
    super(message);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly csv?: Blob | ReadableStream<Uint8Array>;
  /** For a change of a record: its ETag, or * for whichever it has. */
  readonly ifMatch?: string;
}

export interface ListPage {
  items: Row[];
  nextCursor: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is the API's description's business, and the commands print what is there
export type Row = Record<string, any>;

/** The caller of the API: one key, one server. */
export interface Api {
  call(method: string, path: string, options?: CallOptions): Promise<Row>;
  /** Pages together until `most` items are there. */
  list(path: string, query: Query, most: number): Promise<ListPage>;
  /** A file as it comes; memory does not grow with it. */
  download(path: string, query: Query): Promise<ReadableStream<Uint8Array>>;
}

const PAGE = 500;

export function createApi(access: ApiAccess): Api {
  const call = (method: string, path: string, options: CallOptions = {}) => send(access, method, path, options);
  return {
    call,
    list: async (path, query, most) => {
      const items: Row[] = [];
      let cursor: string | null = null;
      do {
        const limit = Math.min(PAGE, most - items.length);
        const page = await call('GET', path, { query: { ...query, limit, ...(cursor === null ? {} : { cursor }) } });
        items.push(...page['items']);
        cursor = page['nextCursor'] ?? null;
      } while (cursor !== null && items.length < most);
      return { items, nextCursor: cursor };
    },
    download: async (path, query) => {
      const answer = await request(access, 'GET', path, { query });
      if (!answer.ok || answer.body === null) await readAnswer(answer, access.url, access.key !== undefined);
      if (answer.body === null) throw new ApiError(`${access.url} answered with nothing.`);
      return answer.body;
    },
  };
}

/** `/apps/:app/preview` with its parts encoded: names may hold any character. */
export function pathOf(strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return strings.map((text, i) => text + (i < parts.length ? encodeURIComponent(String(parts[i])) : '')).join('');
}

async function send(access: ApiAccess, method: string, path: string, options: CallOptions): Promise<Row> {
  return await readAnswer(await request(access, method, path, options), access.url, access.key !== undefined);
}

async function request(
  { url, key, reason }: ApiAccess,
  method: string,
  path: string,
  options: CallOptions,
): Promise<Response> {
  const target = new URL(`${url}/api/v1${path}`);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  // The audit tells the command line from other programs by it.
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': `usher-cli/${VERSION}` };
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
  if (reason !== undefined) headers['x-usher-reason'] = encodeURIComponent(reason);
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch;
  if (options.csv !== undefined) headers['content-type'] = 'text/csv';
  else if (options.body !== undefined) headers['content-type'] = 'application/json';
  const body = options.csv ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  try {
    const wanted = { method, headers, redirect: 'manual', duplex: 'half', ...(body === undefined ? {} : { body }) };
    return await fetch(target, wanted as RequestInit);
  } catch (error) {
    throw new ApiError(describeUnreachable(url, error));
  }
}

async function readAnswer(answer: Response, url: string, hasKey: boolean): Promise<Row> {
  const text = await answer.text();
  const json = parseJson(text);
  if (answer.ok && json !== undefined) return json;
  if (answer.ok && text === '') return {};
  if (json && typeof json['code'] === 'string' && typeof json['detail'] === 'string') {
    const hint = answer.status === 401 && !hasKey ? ' Set USHER_API_KEY, or give --key.' : '';
    throw new ApiError(`${json['detail']}${hint}`, json as unknown as Problem);
  }
  throw new ApiError(
    `${url} answered ${answer.status} with something that is not Usher's. Check --url or USHER_URL${answer.status >= 300 && answer.status < 400 ? '; it points elsewhere by a redirect, which is not followed' : ''}.`,
  );
}

function parseJson(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

function describeUnreachable(url: string, error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const why = cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
  return `No Usher answers at ${url} (${why}). Start one with "usher serve", or give its address with --url or USHER_URL.`;
}
