import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { assertRevision, etagOf, requireIfMatch } from '../../src/http/entity-tag.ts';
import type { RouteFamily } from '../../src/http/http-app.ts';
import { createHttpFixture, type HttpFixture } from './http-fixture.ts';

const body = z.strictObject({
  name: z.string().min(2).max(10),
  kind: z.enum(['one', 'two']).optional(),
  count: z.int().min(0).max(5).optional(),
  rules: z
    .array(z.strictObject({ target: z.string(), when: z.enum(['always', 'never']) }))
    .max(2)
    .optional(),
});
let reached = 0;
let readFault = '';

const trialRoutes: RouteFamily = (app) => {
  const config = { scope: 'apps:write' } as const;
  app.post('/trial', { config, schema: { body } }, async (request) => {
    reached += 1;
    return request.body;
  });
  app.post('/trial/act', { config }, async () => {
    reached += 1;
    return { ok: true };
  });
  app.post('/trial/csv', { config: { ...config, consumes: 'text/csv' }, bodyLimit: 1000 }, async (request) => {
    const content = await readText(request.body as Readable).catch((error: Error) => {
      readFault = error.message;
      throw error;
    });
    reached += 1;
    return { length: content.length };
  });
  app.get(
    '/trial',
    {
      config,
      schema: { querystring: z.strictObject({ q: z.string().optional(), n: z.coerce.number().int().optional() }) },
    },
    async (request) => request.query,
  );
  app.patch('/trial', { config: { ...config, ifMatch: true }, schema: { body } }, async (request, reply) => {
    assertRevision(requireIfMatch(request), 7);
    reached += 1;
    return reply.header('etag', etagOf(8)).send({ ok: true });
  });
  app.get('/trial/fault', { config }, async () => {
    throw new Error('canary: password=hunter2 at /secret/path');
  });
  app.get(
    '/trial/odd-answer',
    { config, schema: { response: { 200: z.object({ a: z.string() }) } } },
    async () => ({ a: 5 }) as never,
  );
  app.get('/trial/nul', { config, schema: { querystring: z.strictObject({ q: z.string() }) } }, async (request) => {
    const { rows } = await http.ground.pool.query('select $1::text as q', [request.query.q]);
    return rows[0];
  });
  app.get('/trial/address', { config }, async (request) => ({
    origin: request.actor.origin,
    host: request.host,
    protocol: request.protocol,
    ip: request.ip,
  }));
};

let http: HttpFixture;
before(async () => {
  http = await createHttpFixture(() => [trialRoutes]);
});
after(() => http.close());

async function assertRefused(
  answer: Awaited<ReturnType<HttpFixture['send']>>,
  status: number,
  code: string,
  note: string,
): Promise<void> {
  assert.equal(answer.status, status, `${note}: ${answer.text}`);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(answer.json.code, code, note);
  assert.equal(answer.json.status, status);
  assert.ok(answer.json.title && answer.json.detail && answer.json.type, note);
  assert.match(answer.json.instance, /^urn:uuid:[0-9a-f-]{36}$/);
  assert.equal(answer.json.instance.slice(9), answer.headers['x-request-id']);
}

test('Each wrong member of a body is named with what is wrong and the fix', async () => {
  const table: Array<[string, string, RegExp]> = [
    ['{}', 'name', /missing/],
    ['{"name":null}', 'name', /null/],
    ['{"name":5}', 'name', /a number, not a string/],
    ['{"name":"x"}', 'name', /too few characters/],
    ['{"name":"12345678901"}', 'name', /too many characters/],
    ['{"name":"ok","kind":"three"}', 'kind', /"three"/],
    ['{"name":"ok","count":1.5}', 'count', /not an integer/],
    ['{"name":"ok","count":6}', 'count', /too large/],
    ['{"name":"ok","count":"1"}', 'count', /a string, not a number/],
    ['{"name":"ok","rules":{}}', 'rules', /an object, not an array/],
    [
      '{"name":"ok","rules":[{"target":"a","when":"always"},{"target":"b","when":"often"}]}',
      'rules[1].when',
      /"often"/,
    ],
    ['{"name":"ok","rules":[{"target":"a","when":"always","x":1}]}', 'rules[0].x', /not known/],
    ['{"name":"ok","Name":"ok"}', 'Name', /not known/],
    ['{"name":"ok","userId":"someone"}', 'userId', /not known/],
    ['{"name":"ok","tenantId":1}', 'tenantId', /not known/],
    ['"text"', 'body', /a string, not an object/],
    ['[]', 'body', /a list, not an object/],
  ];
  for (const [payload, field, problem] of table) {
    const answer = await http.send('POST', '/api/v1/trial', { body: payload });
    await assertRefused(answer, 400, 'invalid_request', payload);
    const [error] = answer.json.errors;
    assert.equal(error.field, field, answer.text);
    assert.match(error.problem, problem, payload);
    assert.ok(error.fix.length >= 8, `${payload}: ${error.fix}`);
  }
  assert.equal(reached, 0, 'a wrong body reached the handler');
});

test('All wrong members are told at once', async () => {
  const answer = await http.send('POST', '/api/v1/trial', { body: { name: '', kind: 'x', more: 1 } });
  assert.deepEqual(answer.json.errors.map((error: { field: string }) => error.field).sort(), ['kind', 'more', 'name']);
});

test('What is not JSON is refused with the place of the fault', async () => {
  const table: Array<[string, RegExp]> = [
    ['{"name":"ok"', /not valid JSON/],
    ['{"name":"ok",}', /not valid JSON/],
    ["{'name':'ok'}", /not valid JSON/],
    ['name=ok', /not valid JSON/],
    ['', /body/i],
    [' ', /blank/],
    ['{"name":"ok","__proto__":{"kind":"one"}}', /__proto__/],
    ['{"name":"ok","constructor":{"prototype":{"kind":"one"}}}', /constructor/],
    ['\u0000', /not valid JSON/],
  ];
  for (const [payload, detail] of table) {
    const answer = await http.send('POST', '/api/v1/trial', {
      body: payload,
      headers: { 'content-length': String(Buffer.byteLength(payload)) },
    });
    assert.equal(answer.status, 400, `${JSON.stringify(payload)}: ${answer.text}`);
    assert.match(answer.json.detail, detail, payload);
  }
  assert.equal(reached, 0);
});

test('Only the content type of the route is read, however others are written', async () => {
  const refused = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/json\t',
    '\tapplication/json',
    'application/json;\tcharset=utf-8',
    'application/jsonx',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=y',
    'application/merge-patch+json',
    'text/csv',
    'application',
    'JSON',
    '',
  ];
  for (const type of refused) {
    const answer = await http.send('POST', '/api/v1/trial', { body: '{"x":1}', headers: { 'content-type': type } });
    await assertRefused(answer, 415, 'unsupported_media_type', JSON.stringify(type));
  }
  assert.equal(reached, 0);
  for (const type of [
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ]) {
    const answer = await http.send('POST', '/api/v1/trial', {
      body: '{"name":"ok"}',
      headers: { 'content-type': type },
    });
    assert.equal(answer.status, 200, `${type}: ${answer.text}`);
  }
  const csv = await http.send('POST', '/api/v1/trial/csv', {
    body: 'a,b\n1,2\n',
    headers: { 'content-type': 'text/csv; charset=utf-8' },
  });
  assert.deepEqual(csv.json, { length: 8 });
  const json = await http.send('POST', '/api/v1/trial/csv', { body: '{"a":1}' });
  await assertRefused(json, 415, 'unsupported_media_type', 'JSON where CSV is read');
  const zipped = await http.send('POST', '/api/v1/trial', {
    body: '{"name":"ok"}',
    headers: { 'content-encoding': 'gzip' },
  });
  await assertRefused(zipped, 415, 'unsupported_media_type', 'gzip');
});

test('Too large bodies are refused, streamed ones too', async () => {
  reached = 0;
  const large = await http.send('POST', '/api/v1/trial', { body: JSON.stringify({ name: 'x'.repeat(1_100_000) }) });
  await assertRefused(large, 413, 'too_large', 'JSON');
  const csv = await http.send('POST', '/api/v1/trial/csv', {
    body: 'x'.repeat(1001),
    headers: { 'content-type': 'text/csv' },
  });
  await assertRefused(csv, 413, 'too_large', 'CSV');
  assert.equal(reached, 0);
});

test('A route that takes no body refuses one, and takes none or an empty object', async () => {
  const answer = await http.send('POST', '/api/v1/trial/act', { body: { force: true } });
  await assertRefused(answer, 400, 'invalid_request', 'a body');
  assert.equal((await http.send('POST', '/api/v1/trial/act')).status, 200);
  assert.equal((await http.send('POST', '/api/v1/trial/act', { body: {} })).status, 200);
});

test('Query members are checked as bodies are', async () => {
  const table: Array<[string, string]> = [
    ['?z=1', 'query.z'],
    ['?q=1&q=2', 'query.q'],
    ['?n=x', 'query.n'],
    ['?n=1.5', 'query.n'],
    ['?q[]=1', 'query.q[]'],
    ['?__proto__[x]=1', 'query.__proto__[x]'],
  ];
  for (const [query, field] of table) {
    const answer = await http.send('GET', `/api/v1/trial${query}`);
    await assertRefused(answer, 400, 'invalid_request', query);
    assert.equal(answer.json.errors[0].field, field, answer.text);
  }
});

test('A NUL character is refused, not a fault of ours', async () => {
  const answer = await http.send('GET', '/api/v1/trial/nul?q=%00');
  await assertRefused(answer, 400, 'invalid_request', 'NUL');
});

test('A change needs If-Match with the present ETag', async () => {
  const patch = (ifMatch?: string) =>
    http.send('PATCH', '/api/v1/trial', {
      body: { name: 'ok' },
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    });
  await assertRefused(await patch(), 428, 'precondition_required', 'none');
  await assertRefused(await patch('"6"'), 412, 'precondition_failed', 'an older one');
  await assertRefused(await patch('7'), 412, 'precondition_failed', 'without quotes');
  await assertRefused(await patch('"abc"'), 412, 'precondition_failed', 'foreign');
  for (const good of ['"7"', 'W/"7"', '"5", "7"', '*']) {
    const answer = await patch(good);
    assert.equal(answer.status, 200, `${good}: ${answer.text}`);
    assert.equal(answer.headers['etag'], '"8"');
  }
});

test('A fault of ours is told in one neutral sentence, and logged whole', async () => {
  for (const url of ['/api/v1/trial/fault', '/api/v1/trial/odd-answer']) {
    const answer = await http.send('GET', url);
    await assertRefused(answer, 500, 'internal', url);
    assert.doesNotMatch(answer.text, /canary|hunter2|secret|at .*\.ts|stack/);
    assert.ok(answer.json.detail.includes(answer.headers['x-request-id']));
    const logged = http.log.entries.find(
      (entry) => entry['requestId'] === answer.headers['x-request-id'] && entry['err'],
    );
    assert.ok(logged, 'the log does not have the cause');
  }
});

test('No header of the request decides where it came from', async () => {
  const spoofed = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
    'x-real-ip': '203.0.113.9',
    'x-request-id': 'mine',
    'x-http-method-override': 'DELETE',
  };
  const plain = await http.send('GET', '/api/v1/trial/address');
  const answer = await http.send('GET', '/api/v1/trial/address', { headers: spoofed });
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, plain.json);
  assert.equal(answer.json.origin, '127.0.0.1');
  assert.notEqual(answer.headers['x-request-id'], 'mine');
  const description = await http.send('GET', '/api/v1/openapi.json', { key: null, headers: spoofed });
  assert.doesNotMatch(description.text, /evil/);
});

test('A name that was made to point here is refused, on open routes too', async () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:4780',
    '10.0.0.1',
    'local\thost',
    'a b',
    '[::2]',
  ]) {
    for (const url of ['/api/v1/trial/address', '/healthz', '/api/v1/openapi.json', '/api/docs/']) {
      const answer = await http.send('GET', url, { headers: { host } });
      assert.equal(answer.status, 400, `${host} ${url}: ${answer.text.slice(0, 100)}`);
      assert.equal(answer.json.errors[0].field, 'header.host');
    }
  }
  for (const host of ['localhost', 'LOCALHOST:4780', '127.0.0.1:9', '127.1.2.3', '[::1]:4780']) {
    assert.equal((await http.send('GET', '/healthz', { headers: { host } })).status, 200, host);
  }
});

test('Every answer carries the security headers, errors too', async () => {
  for (const [method, url, key] of [
    ['GET', '/healthz', null],
    ['GET', '/api/v1/me', undefined],
    ['GET', '/api/v1/me', null],
    ['GET', '/nothing', null],
    ['PUT', '/api/v1/me', null],
    ['GET', '/api/v1/trial/fault', undefined],
    ['GET', '/%zz', null],
    ['GET', '/metrics', null],
    ['GET', '/api/docs/', null],
    ['GET', '/api/docs/static/swagger-ui.css', null],
  ] as const) {
    const { headers } = await http.send(method, url, key === undefined ? {} : { key });
    assert.match(String(headers['content-security-policy']), /default-src '(self|none)'/, url);
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, url);
    assert.equal(headers['x-content-type-options'], 'nosniff', url);
    assert.equal(headers['referrer-policy'], 'no-referrer', url);
    if (!url.includes('static')) assert.match(String(headers['cache-control']), /no-store/, url);
    assert.equal(headers['server'], undefined);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('On a socket: what is not HTTP gets a problem too, and the listener goes on', async () => {
  const address = await http.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = new URL(address);
  const talk = (request: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(request));
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
  assert.match(await talk('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 .*problem\+json.*"code":"invalid_request"/s);
  assert.match(
    await talk(`GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  );
  assert.match(await talk('GET /healthz HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await talk('GET /healthz HTTP/1.1\r\nhost: evil.example\r\n\r\n'), /^HTTP\/1\.1 400 .*header\.host/s);
  assert.match(
    await talk('GET http://evil.example/healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    /^HTTP\/1\.1 (200|400|404) /,
  );
  assert.match(
    await talk('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
    /^HTTP\/1\.1 200 .*"status":"ok"/s,
  );
});

test('An upload that breaks off reaches its reader as an error, and one that is refused early does not stall', async () => {
  const { port } = http.app.server.address() as { port: number };
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${http.adminKey}\r\ncontent-type: text/csv\r\ncontent-length: ${length}\r\n\r\n`;
  const before = reached;
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head('/api/v1/trial/csv', 900)}a,b\n`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  const brokeOff = () => /broke off/.test(readFault);
  for (let i = 0; i < 50 && !brokeOff(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(brokeOff(), 'the handler still waits');
  assert.equal(reached, before);

  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const upload = connect(port, '127.0.0.1', () => {
      upload.write(head('/api/v1/trial/csv', 30_000_000));
      upload.write('x'.repeat(30_000_000), () =>
        upload.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n'),
      );
    });
    upload.on('data', (chunk) => {
      text += chunk;
    });
    upload.on('close', () => resolve(text));
    upload.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 413 .*HTTP\/1\.1 200 /s);
});
