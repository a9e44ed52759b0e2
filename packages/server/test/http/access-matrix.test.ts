import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { SCOPES } from '../../src/access/index.ts';
import type { RouteFamily } from '../../src/http/http-app.ts';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

/** A route for each scope, so that each is tried whatever routes the product has. */
const trialRoutes: RouteFamily = (app) => {
  for (const scope of SCOPES) {
    app.get(`/trial/${scope.replace(':', '-')}`, { config: { scope } }, async (request) => ({
      who: request.actor.name,
    }));
  }
  app.post(
    '/trial/things/:id',
    {
      config: { scope: 'apps:write' },
      schema: { params: z.strictObject({ id: z.string() }), body: z.strictObject({ n: z.int() }) },
    },
    async () => ({ ok: true }),
  );
};

interface Route {
  readonly method: string;
  readonly url: string;
  readonly scope: string | undefined;
}

let http: HttpFixture;
let routes: Route[];
before(async () => {
  http = await createHttpFixture(() => [trialRoutes]);
  const { paths } = (await http.send('GET', '/api/v1/openapi.json', { key: null })).json;
  routes = Object.entries(paths as Record<string, Record<string, { security: Array<{ key?: string[] }> }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        url: path.replace(/\{[^}]+\}/g, '0198c5a2-7d3e-7000-8000-000000000000'),
        scope: security.length === 0 ? 'none' : security[0]?.key?.[0],
      })),
  );
});
after(() => http.close());

const network = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

test('Every route but the open ones refuses a request without a key, with a wrong one, and with every malformed header', async () => {
  let n = 0;
  const guarded = routes.filter((route) => route.scope !== 'none');
  assert.ok(guarded.length >= 14, `only ${guarded.length} guarded routes are described`);
  for (const { method, url } of guarded) {
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer short',
      'Basic YTpi',
      `Bearer ush_${'A'.repeat(43)}`,
      `ush_${'A'.repeat(43)}`,
    ]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await http.send(method, url, { key: null, headers, address: network(++n) });
      assert.equal(answer.status, 401, `${method} ${url} with ${authorization}: ${answer.text}`);
      assert.equal(answer.json.code, 'unauthenticated');
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/);
    }
  }
});

/** The wider scopes that let one do what a scope is for. Everything else must not. */
const OPENED_BY: Record<string, readonly string[]> = {
  'directory:read': ['directory:write'],
  'apps:read': ['apps:operate', 'apps:write'],
  'apps:operate': ['apps:write'],
  'reasons:read': ['provisioning:read', 'provisioning:write', 'holds:release'],
  'provision:now': ['provisioning:write'],
  'provisioning:read': ['provisioning:write', 'holds:release'],
  'exchanges:unmask': ['exchanges:read'],
  'keys:read': ['keys:write'],
  'people:read': ['people:write'],
  'alerts:read': ['alerts:write'],
  'vault:read': ['vault:write'],
};

test('Every route refuses a key with every scope but its own and the wider ones', async () => {
  for (const { method, url, scope } of routes.filter((route) => route.scope !== 'none' && route.scope !== undefined)) {
    const others = SCOPES.filter((other) => other !== scope && !OPENED_BY[scope ?? '']?.includes(other));
    const { key } = await http.makeKey(others);
    const answer = await http.send(method, url, { key });
    assert.equal(answer.status, 403, `${method} ${url}: ${answer.text}`);
    assert.ok(answer.json.detail.includes(scope), answer.text);
  }
});

test('Every route lets the key of its own scope through, and those of the wider ones', async () => {
  for (const scope of SCOPES) {
    for (const granted of [scope, ...(OPENED_BY[scope] ?? [])]) {
      const { key } = await http.makeKey([granted]);
      const answer = await http.send('GET', `/api/v1/trial/${scope.replace(':', '-')}`, { key });
      assert.equal(answer.status, 200, `${granted} for ${scope}: ${answer.text}`);
    }
  }
});

test('No way of writing a path goes around the key', async () => {
  for (const { method, url } of routes.filter((route) => route.scope !== 'none')) {
    const variants = [
      url.replace('/api', '//api'),
      url.replace('/v1/', '/v1//'),
      url.replace('/v1/', '/v1%2F'),
      url.replace('/v1/', '/v1%2f'),
      url.replace('/v1/', '/%761/'),
      url.replace('/api', '/%61pi'),
      url.replace('/api', '/API'),
      url.replace('/v1/', '/./v1/'),
      url.replace('/v1/', '/x/../v1/'),
      url.replace('/v1/', '/v1/%2e%2e/v1/'),
      url.replace('/v1/', '/v1;a=b/'),
      url.replace('/v1/', '\\v1\\'),
      `${url}/`,
      `${url}.`,
      `${url}%20`,
      `${url}%00`,
      `${url}%09`,
      `${url};x`,
      `${url}%3Fx`,
      `${url}#x`,
      `http://localhost${url}`,
      `/api/docs/..${url}`,
      `/api/docs/static/..%2f..%2f..${url}`,
    ];
    for (const variant of variants) {
      const answer = await http.send(method, variant, { key: null });
      assert.ok(
        [400, 401, 404, 405].includes(answer.status),
        `${method} ${variant} gave ${answer.status}: ${answer.text.slice(0, 200)}`,
      );
      assert.ok(answer.status !== 405 || String(answer.headers['allow']).length > 0);
    }
  }
});

test('Other methods of a path are refused, and the answer names those it has', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const answer = await http.send(method, '/api/v1/audit');
    assert.equal(answer.status, 405, answer.text);
    assert.equal(answer.headers['allow'], 'GET, HEAD');
    assert.equal(answer.json.code, 'method_not_allowed');
  }
  const unknown = await http.send('GET', '/api/v1/nothing');
  assert.equal(unknown.status, 404);
  assert.match(unknown.json.detail, /GET \/api\/v1\/nothing/);
});

test('Open routes tell nothing about anybody', async () => {
  const open = routes.filter((route) => route.scope === 'none').map((route) => `${route.method} ${route.url}`);
  assert.deepEqual(open.sort(), ['GET /healthz', 'GET /metrics', 'GET /readyz']);
});

test('The server does not start with a route that has no scope, an unknown one, or drops members silently', async () => {
  const broken: Array<[RouteFamily, RegExp]> = [
    [(app) => void app.get('/a', async () => 'x'), /GET \/api\/v1\/a: it declares no config\.scope/],
    [(app) => void app.get('/b', { config: {} as never }, async () => 'x'), /declares no config\.scope/],
    [
      (app) => void app.get('/c', { config: { scope: 'everything' as never } }, async () => 'x'),
      /"everything" does not exist/,
    ],
    [
      (app) =>
        void app.post(
          '/d',
          {
            config: { scope: 'apps:write' },
            schema: { body: z.strictObject({ inner: z.array(z.object({ a: z.string() })).optional() }) },
          },
          async () => 'x',
        ),
      /POST \/api\/v1\/d: body\.inner drops unknown members/,
    ],
  ];
  for (const [family, message] of broken) {
    await assert.rejects(
      createHttpFixture(() => [family]),
      message,
    );
  }
});
