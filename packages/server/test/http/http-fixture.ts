import { createAccess, ensureAdminKey } from '../../src/access/index.ts';
import type { Ground } from '../../src/ground.ts';
import type { HttpApp, RouteFamily } from '../../src/http/http-app.ts';
import { buildHttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';
import { createTestLog, type TestLog } from '../support/test-log.ts';

/** A server on a database of its own, with an admin key. */
export interface HttpFixture {
  readonly app: HttpApp;
  readonly ground: Ground;
  readonly clock: ManualClock;
  readonly log: TestLog;
  readonly database: TestDatabase;
  readonly adminKey: string;
  /** Sends a request with a key, the admin's unless another is given. */
  send(method: string, url: string, options?: SendOptions): Promise<Answer>;
  makeKey(scopes: string[], more?: object): Promise<{ id: string; key: string }>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly address?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export async function createHttpFixture(
  routes: (ground: Ground) => RouteFamily[] = () => [],
  more: Partial<HttpServerOptions> = {},
): Promise<HttpFixture> {
  const database = await createTestDatabase();
  const clock = createManualClock();
  const log = createTestLog();
  const ground: Ground = { pool: database.pool, clock, log };
  const { made: adminKey } = await ensureAdminKey(ground, undefined);
  if (adminKey === undefined) throw new Error('The first start made no key');
  const start = async (): Promise<HttpApp> => {
    const app = await buildHttpServer({
      ground,
      access: createAccess(ground),
      routes: routes(ground),
      place: { host: '127.0.0.1' },
      ...more,
    });
    await app.ready();
    return app;
  };
  const app = await start().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });

  const send = async (method: string, url: string, options: SendOptions = {}): Promise<Answer> => {
    const { key = adminKey, body, headers = {}, address } = options;
    const answer = await app.inject({
      method: method as 'GET',
      url,
      ...(address === undefined ? {} : { remoteAddress: address }),
      headers: {
        host: 'localhost:4780',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const isJson = /[/+]json/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: isJson ? JSON.parse(answer.body) : undefined,
    };
  };
  let keys = 0;
  return {
    app,
    ground,
    clock,
    log,
    database,
    adminKey,
    send,
    makeKey: async (scopes, options = {}) => {
      const { status, json, text } = await send('POST', '/api/v1/keys', {
        body: { name: `key ${++keys}`, scopes, ...options },
      });
      if (status !== 201) throw new Error(`The key was not made: ${text}`);
      return json;
    },
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}
