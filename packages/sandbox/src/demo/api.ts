import { DemoError } from './demo-folder.ts';

/** What the API answered, with the ETag that a change of the record needs. */
export interface Answer<Body> {
  body: Body;
  etag: string;
}

/** The HTTP API as any script would call it: JSON in and out, problem JSON turned into an error that says what is wrong. */
export class Api {
  readonly url: string;
  readonly #key: string;
  readonly #signal: AbortSignal;

  constructor(url: string, key: string, signal: AbortSignal) {
    this.url = url;
    this.#key = key;
    this.#signal = signal;
  }

  async get<Body>(path: string): Promise<Body> {
    return (await this.send<Body>('GET', path)).body;
  }

  async post<Body>(path: string, body?: unknown): Promise<Body> {
    return (await this.send<Body>('POST', path, body)).body;
  }

  /** Reads a record and changes it on the strength of what was read: refused if anybody changed it in between. */
  async change<Body>(record: string, method: string, path: string, body: unknown): Promise<Body> {
    const { etag } = await this.send('GET', record);
    return (await this.send<Body>(method, path, body, { 'if-match': etag })).body;
  }

  async import<Body>(csv: string, options: Record<string, string>): Promise<Body> {
    const query = new URLSearchParams(options);
    return (await this.send<Body>('POST', `/users/import?${query}`, csv, { 'content-type': 'text/csv' })).body;
  }

  async send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      signal: this.#signal,
      headers: {
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }).catch((error: Error) => {
      this.#signal.throwIfAborted();
      throw new DemoError(`Usher does not answer at ${this.url} any more: ${(error.cause as Error) ?? error}`);
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(method, path, response.status, text);
    return { body: (text === '' ? undefined : JSON.parse(text)) as Body, etag: response.headers.get('etag') ?? '*' };
  }
}

export class ApiError extends Error {
  readonly status: number;
  /** What is wrong, in the API's words. */
  readonly detail: string;
  readonly problems: { field: string; problem: string; fix: string }[];

  constructor(method: string, path: string, status: number, text: string) {
    const problem = readProblem(text);
    const fields = problem.errors.map((each) => `\n  ${each.field} ${each.problem}. ${each.fix}`).join('');
    super(`${method} ${path} was answered with ${status}: ${problem.detail}${fields}`);
    this.name = 'ApiError';
    this.status = status;
    this.detail = problem.detail;
    this.problems = problem.errors;
  }
}

function readProblem(text: string): { detail: string; errors: { field: string; problem: string; fix: string }[] } {
  try {
    const { detail = text, errors = [] } = JSON.parse(text);
    return { detail, errors };
  } catch {
    return { detail: text.slice(0, 500), errors: [] };
  }
}
