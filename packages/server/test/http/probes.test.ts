import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAccess } from '../../src/access/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { buildHttpServer } from '../../src/http/server.ts';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

let http: HttpFixture;
let engineProblem: string | undefined;
before(async () => {
  http = await createHttpFixture(() => [], { readiness: [{ name: 'engine', check: async () => engineProblem }] });
});
after(() => http.close());
const probe = (url: string) => http.send('GET', url, { key: null });

test('The probes answer without a key', async () => {
  const health = await probe('/healthz');
  assert.deepEqual(health.json, { status: 'ok', at: http.clock.now().toISOString() });
  const ready = await probe('/readyz');
  assert.equal(ready.status, 200, ready.text);
  assert.deepEqual(
    ready.json.checks.map((check: { name: string }) => check.name),
    ['database', 'migrations', 'engine'],
  );
});

test('Another part that is not ready makes the server not ready', async () => {
  engineProblem = 'is starting';
  const ready = await probe('/readyz');
  assert.equal(ready.status, 503);
  assert.deepEqual(ready.json.checks.at(-1), { name: 'engine', ok: false, problem: 'is starting' });
  engineProblem = undefined;
});

test('A schema that lacks a migration makes the server not ready', async () => {
  await http.database.pool.query('update schema_migration set number = number + 1000');
  assert.equal((await probe('/readyz')).status, 200, 'a newer schema is fine');
  await http.database.pool.query('create table put_aside as select * from schema_migration');
  await http.database.pool.query('delete from schema_migration');
  const ready = await probe('/readyz');
  assert.equal(ready.status, 503);
  assert.match(ready.json.checks[1].problem, /usher migrate/);
  await http.database.pool.query('insert into schema_migration select * from put_aside');
  await http.database.pool.query('update schema_migration set number = number - 1000');
});

test('Metrics name routes by their pattern and tell of the process', async () => {
  await http.send('DELETE', '/api/v1/keys/0198c5a2-7d3e-7000-8000-000000000000');
  const metrics = await probe('/metrics');
  assert.equal(metrics.status, 200);
  assert.match(String(metrics.headers['content-type']), /^text\/plain/);
  assert.match(
    metrics.text,
    /usher_http_request_duration_seconds_count\{method="DELETE",route="\/api\/v1\/keys\/:id",status="404"\} 1/,
  );
  assert.match(metrics.text, /process_resident_memory_bytes \d/);
  assert.doesNotMatch(metrics.text, /0198c5a2/);
});

test('The API description is OpenAPI 3.1 with problems and the security scheme', async () => {
  const { json } = await probe('/api/v1/openapi.json');
  assert.match(json.openapi, /^3\.1\./);
  assert.equal(json.components.securitySchemes.key.scheme, 'bearer');
  const create = json.paths['/api/v1/keys'].post;
  assert.deepEqual(create.security, [{ key: ['keys:write'] }, { session: ['keys:write'] }]);
  assert.deepEqual(create['x-roles'], ['administrator']);
  assert.equal(create.requestBody.content['application/json'].schema.additionalProperties, false);
  assert.ok(create.responses['201'] && create.responses['401'] && create.responses['415']);
  assert.deepEqual(create.responses['401'].content, {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  });
  const text = JSON.stringify(json);
  for (const [reference] of text.matchAll(/#\/components\/schemas\/[^"]+/g)) {
    assert.ok(json.components.schemas[reference.slice(21)], `${reference} points nowhere`);
  }
});

test('The documentation is served from here alone', async () => {
  const page = await probe('/api/docs');
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.text, /https?:\/\//);
  for (const path of [
    'static/swagger-ui-bundle.js',
    'static/swagger-ui.css',
    'static/swagger-initializer.js',
    'json',
  ]) {
    assert.equal((await probe(`/api/docs/${path}`)).status, 200, path);
  }
  for (const path of [
    'static/../package.json',
    'static/%2e%2e/package.json',
    'static/..%2fpackage.json',
    'static/....//package.json',
    'static/.%00./x',
  ]) {
    const answer = await probe(`/api/docs/${path}`);
    assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
    assert.match(String(answer.headers['content-type']), /problem/, path);
  }
});

test('While the database is away the process is healthy, not ready, and refuses with 503', async () => {
  const pool = createPool({ url: 'postgres://usher:canary@127.0.0.1:1/usher', size: 2, name: 'test', log: http.log });
  const ground = { ...http.ground, pool };
  const app = await buildHttpServer({ ground, access: createAccess(ground), routes: [], place: { host: '127.0.0.1' } });
  try {
    const headers = { host: 'localhost', authorization: `Bearer ${http.adminKey}` };
    assert.equal((await app.inject({ url: '/healthz', headers })).statusCode, 200);
    const ready = await app.inject({ url: '/readyz', headers });
    assert.equal(ready.statusCode, 503);
    assert.doesNotMatch(ready.body, /ECONN|Error|canary/);
    const answer = await app.inject({ url: '/api/v1/me', headers });
    assert.equal(answer.statusCode, 503, answer.body);
    assert.equal(answer.headers['retry-after'], '5');
    assert.doesNotMatch(answer.body, /ECONN|canary/);
  } finally {
    await app.close();
    await pool.end();
  }
});
