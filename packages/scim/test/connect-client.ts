import {
  buildDialect,
  createScimClient,
  type Dialect,
  type DialectOverrides,
  findDialect,
  type JsonObject,
  type ScimClient,
  ScimError,
  type ScimRequest,
  type ScimResponse,
  standardDialect,
} from '../src/index.ts';
import type { FaultTarget } from '../testing/index.ts';

/** A client of the target over HTTP, and everything that it sends. */
export function connectClient(
  target: FaultTarget,
  dialect: string | Dialect = standardDialect,
  overrides: DialectOverrides = {},
): { client: ScimClient; sent: ScimRequest[]; lines(): string[]; bodies(): JsonObject[] } {
  const base = typeof dialect === 'string' ? (findDialect(dialect) as Dialect) : dialect;
  return connect(
    async ({ method, path, headers = {}, body }) => {
      const response = await fetch(`${target.url}/${path}`, {
        method,
        headers: { ...headers, 'user-agent': 'test' },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
    buildDialect(base, overrides),
  );
}

/** A client that is answered in order. */
export function scriptClient(answers: Partial<ScimResponse>[], overrides: DialectOverrides = {}) {
  let next = 0;
  return connect(
    async ({ method, path }) => {
      const answer = answers[next++];
      if (answer === undefined) throw new Error(`${method} ${path} was not expected`);
      return { status: 200, headers: {}, body: '', ...answer };
    },
    buildDialect(standardDialect, overrides),
  );
}

function connect(answer: (request: ScimRequest) => Promise<ScimResponse>, dialect: Dialect) {
  const sent: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      request: (request) => {
        sent.push(request);
        return answer(request);
      },
    },
    now: () => new Date('2026-03-01T12:00:00Z'),
    dialect,
  });
  return {
    client,
    sent,
    lines: () => sent.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
    bodies: () => sent.flatMap(({ body }) => (body === undefined ? [] : [JSON.parse(body) as JsonObject])),
  };
}

export const json = (value: unknown, more: Partial<ScimResponse> = {}): Partial<ScimResponse> => ({
  body: JSON.stringify(value),
  ...more,
});
export const set = (path: string, value: string | boolean | JsonObject[]) =>
  ({ path, operation: 'set', value }) as const;
export const clear = (path: string) => ({ path, operation: 'clear' }) as const;
export const isKind = (kind: string) => (error: unknown) => error instanceof ScimError && error.kind === kind;
