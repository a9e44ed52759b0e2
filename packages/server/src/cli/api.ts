import type { ApiAccess } from '../config.ts';
import type { Problem } from '../http/error-reply.ts';

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
  };
}

/** `/apps/:app/preview` with its parts encoded: names may hold any character. */
export function pathOf(strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return strings.map((text, i) => text + (i < parts.length ? encodeURIComponent(String(parts[i])) : '')).join('');
}

async function send({ url, key }: ApiAccess, method: string, path: string, options: CallOptions): Promise<Row> {
  const target = new URL(`${url}/api/v1${path}`);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) target.searchParams.set(name, String(value));
  }
  const headers: Record<string, string> = { accept: 'application/json' };
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
  if (options.csv !== undefined) headers['content-type'] = 'text/csv';
  else if (options.body !== undefined) headers['content-type'] = 'application/json';
  const body = options.csv ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  let answer: Response;
  try {
    const request = { method, headers, redirect: 'manual', duplex: 'half', ...(body === undefined ? {} : { body }) };
    answer = await fetch(target, request as RequestInit);
  } catch (error) {
    throw new ApiError(describeUnreachable(url, error));
  }
  return await readAnswer(answer, url, key !== undefined);
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
