import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorError, HttpRequest } from '@usher/connector-sdk';
import { createPreviewTransport, type Exchange, PreviewStop, recordExchanges } from '../../src/transport/index.ts';
import { openLoopback, openTransport, startTarget } from './local-target.ts';

const read: HttpRequest = { method: 'GET', path: 'Users?count=1', effect: 'read' };
const write: HttpRequest = { method: 'POST', path: 'Users', body: '{"userName":"ann"}', effect: 'write' };
const TOKEN = 'canary-bearer-token-0123456789';

const bound = (port: number) => ({
  authorize: () => ({ authorization: `Bearer ${TOKEN}` }),
  credentialOrigins: [`http://127.0.0.1:${port}`],
});

describe('a request', () => {
  it('carries the base URL as it was written, and what every target expects', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}/Scim/v2/?tenant=7`, bound(target.port));
    await transport.request(read);
    await transport.request(write);
    const [first, second] = target.requests;
    assert.equal(first?.url, '/Scim/v2/Users?count=1&tenant=7');
    assert.equal(first?.headers['user-agent'], 'usher/0.0.0-test');
    assert.equal(first?.headers.accept, 'application/scim+json, application/json;q=0.9');
    assert.equal(first?.headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(first?.headers['content-type'], undefined);
    assert.equal(second?.url, '/Scim/v2/Users?tenant=7');
    assert.equal(second?.headers['content-type'], 'application/scim+json');
    assert.equal(second?.body, write.body);
  });

  it('may choose its content type, and may not set what the host sets', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, bound(target.port));
    await transport.request({ ...write, headers: { 'Content-Type': 'application/json', 'if-match': 'W/"1"' } });
    assert.equal(target.requests[0]?.headers['content-type'], 'application/json');
    for (const name of ['Authorization', 'host', 'content-length', 'transfer-encoding', 'cookie', 'connection']) {
      await assert.rejects(
        transport.request({ ...write, headers: { [name]: 'x' } }),
        (error: ConnectorError) => error.kind === 'invalid_request',
      );
    }
    const unsendable: Record<string, string>[] = [{ 'x-a': 'b\r\nx-c: d' }, { 'x a': 'b' }];
    for (const headers of unsendable) {
      await assert.rejects(
        transport.request({ ...write, headers }),
        (error: ConnectorError) => error.kind === 'invalid_request',
      );
    }
    await assert.rejects(
      transport.request({ ...write, path: '../admin' }),
      (error: ConnectorError) => error.kind === 'invalid_request',
    );
    assert.equal(target.requests.length, 1);
  });

  it('is not sent when its time has passed by the moment a connection is there, and the connection goes on', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, bound(target.port));
    const asked: number[] = [];
    const mayBegin = () => asked.push(target.requests.length) > 2;
    for (let round = 0; round < 2; round += 1) {
      await assert.rejects(
        transport.request(write, { mayBegin }),
        (error: ConnectorError) => error.kind === 'transient' && /was not sent: its time passed/.test(error.message),
      );
    }
    await transport.request(write, { mayBegin });
    assert.deepEqual([asked, target.requests.length], [[0, 0, 0], 1]);
  });

  it('gives any status, repeated headers joined, text by its charset and without its mark', async (t) => {
    const target = await startTarget(t, (request, response) => {
      if (request.url === '/latin') {
        response.setHeader('content-type', 'text/html; charset=iso-8859-1');
        return void response.end(Buffer.from('Zo\xeb', 'latin1'));
      }
      if (request.url === '/marked') return void response.end('\ufeff{"a":1}');
      response.writeHead(503, { 'retry-after': '7', 'X-Two': ['a', 'b'] });
      response.end('<html>busy</html>');
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    const response = await transport.request(read);
    assert.equal(response.status, 503);
    assert.equal(response.headers['retry-after'], '7');
    assert.equal(response.headers['x-two'], 'a, b');
    assert.equal(response.body, '<html>busy</html>');
    assert.equal((await transport.request({ ...read, path: 'latin' })).body, 'Zoë');
    assert.equal((await transport.request({ ...read, path: 'marked' })).body, '{"a":1}');
  });

  it('puts many chunks together', async (t) => {
    const text = 'é'.repeat(50_000);
    const target = await startTarget(t, async (_, response) => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 7777) {
        response.write(bytes.subarray(at, at + 7777));
        await sleep(1);
      }
      response.end();
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    assert.equal((await transport.request(read)).body, text);
  });

  it('keeps connections, and never more of them than the concurrency', async (t) => {
    const target = await startTarget(t, (_, response) => void setTimeout(() => response.end('{}'), 5));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, { concurrency: 3 });
    await Promise.all(Array.from({ length: 30 }, () => transport.request(write)));
    assert.equal(target.requests.length, 30);
    assert.equal(target.connections(), 3);
  });
});

describe('a redirect', () => {
  it('is followed within the origin when it is 307 or 308, with method, body and credential, three times', async (t) => {
    const target = await startTarget(t, (request, response) => {
      const step = Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 0);
      if (step === 3) return void response.end('{"id":"1"}');
      response.writeHead(step % 2 ? 307 : 308, { location: `/step/${step + 1}` });
      response.end();
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}/step`, bound(target.port));
    const exchanges: Exchange[] = [];
    const response = await recordExchanges(transport, (exchange) => exchanges.push(exchange)).request({
      ...write,
      path: '0',
    });
    assert.equal(response.body, '{"id":"1"}');
    assert.deepEqual(
      target.requests.map((r) => `${r.method} ${r.url} ${r.body} ${r.headers.authorization}`),
      [
        `POST /step/0 ${write.body} Bearer ${TOKEN}`,
        `POST /step/1 ${write.body} Bearer ${TOKEN}`,
        `POST /step/2 ${write.body} Bearer ${TOKEN}`,
        `POST /step/3 ${write.body} Bearer ${TOKEN}`,
      ],
    );
    assert.deepEqual(
      exchanges.map((exchange) => exchange.status),
      [308, 307, 308, 200],
    );
  });

  it('without end comes to an end', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.writeHead(307, { location: '/again' });
      response.end();
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    assert.equal((await transport.request(write)).status, 307);
    assert.equal(target.requests.length, 4);
  });

  for (const location of [
    '//evil.test/x',
    'http://127.0.0.1:1/x',
    'https://127.0.0.1/x',
    'file:///etc/passwd',
    'http://[',
    '',
  ]) {
    it(`to ${location || 'nowhere'} is the answer`, async (t) => {
      const target = await startTarget(t, (_, response) => {
        response.writeHead(307, location === '' ? {} : { location });
        response.end();
      });
      const transport = openTransport(t, `http://127.0.0.1:${target.port}`, bound(target.port));
      assert.equal((await transport.request(write)).status, 307);
      assert.equal(target.requests.length, 1);
    });
  }
});

describe('the credential', () => {
  it('is attached to no origin that it was not entered for', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    let asked = 0;
    const authorize = () => {
      asked++;
      return { authorization: `Bearer ${TOKEN}` };
    };
    for (const credentialOrigins of [undefined, [], ['http://127.0.0.1'], [`https://127.0.0.1:${target.port}`]]) {
      const transport = openTransport(t, `http://127.0.0.1:${target.port}`, { authorize, credentialOrigins });
      await assert.rejects(transport.request(write), (error: ConnectorError) => {
        assert.equal(error.kind, 'unauthorized');
        assert.match(error.message, /Enter the credential again/);
        return true;
      });
    }
    assert.equal(asked, 0);
    assert.equal(target.connections(), 0);
  });

  it('is renewed once for all the requests that were refused with it', async (t) => {
    let current = 'old-token';
    let renewals = 0;
    const target = await startTarget(t, (request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer new-token' ? 200 : 401;
      response.end('{}');
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, {
      authorize: async () => ({ authorization: `Bearer ${current}` }),
      credentialOrigins: [`http://127.0.0.1:${target.port}`],
      onUnauthorized: async () => {
        renewals++;
        await sleep(20);
        current = 'new-token';
        return true;
      },
    });
    const responses = await Promise.all(Array.from({ length: 6 }, () => transport.request(write)));
    assert.deepEqual(
      responses.map((response) => response.status),
      [200, 200, 200, 200, 200, 200],
    );
    assert.equal(renewals, 1);
  });

  it('is not renewed again for a refusal that comes late', async (t) => {
    let current = 'old-token';
    let renewals = 0;
    const target = await startTarget(t, (request, response) => {
      response.statusCode = request.headers.authorization === 'Bearer new-token' ? 200 : 401;
      setTimeout(() => response.end('{}'), request.url === '/late' ? 80 : 0);
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, {
      authorize: () => ({ authorization: `Bearer ${current}` }),
      credentialOrigins: [`http://127.0.0.1:${target.port}`],
      onUnauthorized: async () => {
        renewals++;
        current = 'new-token';
        return true;
      },
    });
    const late = transport.request({ ...write, path: 'late' });
    assert.equal((await transport.request(write)).status, 200);
    assert.equal((await late).status, 200);
    assert.equal(renewals, 1);
  });

  it('is not tried a third time', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.statusCode = 401;
      response.end();
    });
    let renewals = 0;
    const options = { ...bound(target.port), onUnauthorized: async () => ++renewals > 0 };
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, options);
    assert.equal((await transport.request(write)).status, 401);
    assert.equal(target.requests.length, 2);
    const hopeless = openTransport(t, `http://127.0.0.1:${target.port}`, {
      ...options,
      onUnauthorized: async () => false,
    });
    assert.equal((await hopeless.request(write)).status, 401);
    assert.equal(target.requests.length, 3);
  });

  it('does not come back in an answer', async (t) => {
    const target = await startTarget(t, (request, response) => {
      response.statusCode = 401;
      response.setHeader('x-echo', request.headers.authorization ?? '');
      response.end(`Invalid: ${request.headers.authorization}`);
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, bound(target.port));
    const response = await transport.request(read);
    assert.ok(!JSON.stringify(response).includes(TOKEN));
    assert.equal(response.body, 'Invalid: [redacted]');
  });
});

describe('giving up', () => {
  it('before a connection is free sends nothing, and is not ambiguous', async (t) => {
    let release = (): void => {};
    const target = await startTarget(t, (request, response) => {
      if (request.url === '/hold') release = () => response.end('{}');
      else response.end('{}');
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, {
      concurrency: 1,
      limits: { totalMs: 2000 },
    });
    const held = transport.request({ ...write, path: 'hold' });
    while (target.requests.length === 0) await sleep(5);
    const controller = new AbortController();
    const queued = recordExchanges(transport, () => {}, controller.signal).request(write);
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(
      queued,
      (error: ConnectorError) => error.kind === 'transient' && /before it was sent/.test(error.message),
    );
    release();
    assert.equal((await held).status, 200);
    assert.equal((await transport.request({ ...write, path: 'next' })).status, 200);
    assert.deepEqual(
      target.requests.map((request) => request.url),
      ['/hold', '/next'],
    );
    assert.equal(target.connections(), 1, 'the connection was kept');
  });

  it('by the deadline while waiting says that the connections are busy', async (t) => {
    const target = await startTarget(t, () => {});
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, { concurrency: 1, limits: { totalMs: 60 } });
    const [first, second] = await Promise.allSettled([transport.request(write), transport.request(write)]);
    assert.equal(first.status === 'rejected' && first.reason.kind, 'ambiguous');
    assert.equal(second.status === 'rejected' && second.reason.kind, 'transient');
    assert.equal(target.requests.length, 1);
  });

  it('after it was sent leaves a write ambiguous', async (t) => {
    const target = await startTarget(t, () => {});
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    const controller = new AbortController();
    const sent = transport.request(write, { signal: controller.signal });
    while (target.requests.length === 0) await sleep(5);
    controller.abort();
    await assert.rejects(sent, (error: ConnectorError) => error.kind === 'ambiguous');
    await assert.rejects(
      transport.request(write, { signal: controller.signal }),
      (error: ConnectorError) => error.kind === 'transient',
    );
    assert.equal(target.requests.length, 1);
  });
});

describe('recording', () => {
  it('keeps every exchange without a secret, and cuts long bodies', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.setHeader('set-cookie', 'session=canary-cookie');
      response.end(JSON.stringify({ id: '1', password: 'canary-password', note: 'x'.repeat(5000), echo: TOKEN }));
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, {
      authorize: () => ({ 'X-Acme-Key': TOKEN }),
      credentialOrigins: [`http://127.0.0.1:${target.port}`],
      limits: { maxRecordedChars: 1000 },
    });
    const exchanges: Exchange[] = [];
    const recorded = recordExchanges(transport, (exchange) => exchanges.push(exchange));
    const body = JSON.stringify({ userName: 'ann', password: 'canary-password' });
    const response = await recorded.request({ ...write, body });
    assert.match(response.body, /canary-password/, 'the connector sees the answer itself');
    const [exchange] = exchanges;
    assert.equal(exchange?.method, 'POST');
    assert.equal(exchange?.url, `http://127.0.0.1:${target.port}/Users`);
    assert.equal(exchange?.status, 200);
    assert.ok(exchange && exchange.latencyMs > 0 && exchange.latencyMs < 5000);
    assert.equal(exchange?.requestHeaders['x-acme-key'], '[redacted]');
    assert.equal(exchange?.requestBody, '{"userName":"ann","password":"[redacted]"}');
    assert.match(exchange?.responseBody ?? '', /more characters were not kept/);
    assert.doesNotMatch(JSON.stringify(exchanges), /canary/);
    assert.equal(target.requests[0]?.body, body);
  });

  it('keeps what failed', async (t) => {
    const transport = openTransport(t, 'http://127.0.0.1:9');
    const exchanges: Exchange[] = [];
    await assert.rejects(recordExchanges(transport, (exchange) => exchanges.push(exchange)).request(write));
    assert.equal(exchanges[0]?.status, undefined);
    assert.equal(exchanges[0]?.error?.kind, 'transient');
    assert.match(exchanges[0]?.error?.message ?? '', /refused/);
  });
});

describe('a dry run', () => {
  it('lets reads pass and stops at the first write with the request that would be sent', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{"Resources":[]}'));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}/scim?tenant=7`, bound(target.port));
    const preview = createPreviewTransport(transport);
    assert.equal((await preview.request(read)).body, '{"Resources":[]}');
    const stop = await preview.request(write).then(
      () => assert.fail('it was sent'),
      (error: unknown) => error,
    );
    assert.ok(stop instanceof PreviewStop);
    assert.deepEqual(stop.request, preview.captured);
    assert.ok(!JSON.stringify(stop.request).includes(TOKEN));
    await assert.rejects(preview.request({ ...write, method: 'DELETE', path: 'Users/1' }), PreviewStop);
    assert.equal(preview.captured?.method, 'POST', 'the first write is kept');
    assert.equal(target.requests.length, 1);

    // What the preview promised is what goes out.
    await transport.request(write);
    const sent = target.requests[1];
    assert.equal(preview.captured?.url, `http://127.0.0.1:${target.port}${sent?.url}`);
    assert.equal(preview.captured?.body, sent?.body);
    for (const [name, value] of Object.entries(preview.captured?.headers ?? {})) {
      if (name === 'authorization') assert.equal(value, '[redacted]');
      else assert.equal(sent?.headers[name], value, name);
    }
  });

  it('takes a request without a known effect for a write', async (t) => {
    const target = await startTarget(t, (_, response) => void response.end('{}'));
    const preview = createPreviewTransport(openTransport(t, `http://127.0.0.1:${target.port}`));
    await assert.rejects(preview.request({ method: 'GET', path: 'x' } as HttpRequest), PreviewStop);
    assert.equal(target.connections(), 0);
  });
});

it('refuses a private CA that is none', (t) => {
  assert.throws(() => openTransport(t, 'https://127.0.0.1', { policy: openLoopback, extraCa: 'rubbish' }), /PEM/);
});
