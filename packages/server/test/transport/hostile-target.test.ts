import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { ConnectorError, type HttpRequest } from '@usher/connector-sdk';
import type { TransportLimits } from '../../src/transport/index.ts';
import { openTransport, startRawTarget, startTarget } from './local-target.ts';

const read: HttpRequest = { method: 'GET', path: 'Users', effect: 'read' };
const write: HttpRequest = { method: 'POST', path: 'Users', body: '{"userName":"ann"}', effect: 'write' };

/** The same fault must be `transient` to a read and `ambiguous` to a write. */
async function assertUnfinished(send: (request: HttpRequest) => Promise<unknown>, says: RegExp): Promise<void> {
  for (const [request, kind] of [
    [read, 'transient'],
    [write, 'ambiguous'],
  ] as const) {
    await assert.rejects(send(request), (error: unknown) => {
      assert.ok(error instanceof ConnectorError, String(error));
      assert.equal(error.kind, kind);
      assert.match(error.message, says);
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(error.message, /:\d{4,5}\b/, 'no port');
      return true;
    });
  }
}

const limits = (given: Partial<TransportLimits>): { limits: Partial<TransportLimits> } => ({ limits: given });

describe('a target that misbehaves', () => {
  it('closes after the request', async (t) => {
    const target = await startRawTarget(t, (socket) => socket.destroy());
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /closed the connection/);
  });

  it('resets after the request', async (t) => {
    const target = await startRawTarget(t, (socket) => void socket.resetAndDestroy());
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /closed the connection/);
  });

  it('cuts the body short', async (t) => {
    const target = await startRawTarget(
      t,
      (socket) => void socket.end('HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{"id":"1"'),
    );
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /closed the connection/);
  });

  it('cuts a chunked body short', async (t) => {
    const target = await startRawTarget(
      t,
      (socket) => void socket.end('HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'),
    );
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /closed the connection/);
  });

  it('never answers', async (t) => {
    const target = await startRawTarget(t, () => {});
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, limits({ headersMs: 80 }));
    await assertUnfinished((request) => transport.request(request), /did not begin to answer/);
  });

  it('falls silent within the body', async (t) => {
    const target = await startRawTarget(
      t,
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
    );
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, limits({ bodyIdleMs: 80 }));
    await assertUnfinished((request) => transport.request(request), /sent nothing for/);
  });

  it('sends one byte at a time for ever', async (t) => {
    const target = await startRawTarget(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, limits({ totalMs: 150 }));
    await assertUnfinished((request) => transport.request(request), /did not finish its answer within/);
  });

  it('sends headers for ever', async (t) => {
    const target = await startRawTarget(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write(`x-${Math.floor(performance.now())}: ${'y'.repeat(4000)}\r\n`), 1);
      socket.on('close', () => clearInterval(drip));
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /more headers than/);
  });

  it('sends a body without end', async (t) => {
    let sent = 0;
    const target = await startRawTarget(t, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const pour = (): void => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536))) sent += 65_536;
      };
      socket.on('drain', pour);
      pour();
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, limits({ maxBodyBytes: 1024 * 1024 }));
    await assertUnfinished((request) => transport.request(request), /more than 1024 KiB/);
    const before = sent;
    await sleep(50);
    assert.equal(sent, before, 'the connection is closed, so that nothing more is sent');
  });

  it('announces more than the limit', async (t) => {
    const target = await startRawTarget(
      t,
      (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n'),
    );
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /more than 8192 KiB/);
  });

  it('sends a bomb of a thousand times its size', async (t) => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    assert.ok(bomb.length < 60_000);
    const target = await startTarget(t, (_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(bomb);
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`, limits({ maxBodyBytes: 1024 * 1024 }));
    await assertUnfinished((request) => transport.request(request), /more than 1024 KiB/);
  });

  for (const encoding of ['gzip, gzip', 'x-unknown', '__proto__', 'constructor']) {
    it(`answers in the encoding "${encoding}"`, async (t) => {
      const target = await startTarget(t, (_, response) => {
        response.setHeader('content-encoding', encoding);
        response.end(gzipSync(gzipSync('{}')));
      });
      const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
      await assertUnfinished((request) => transport.request(request), /not asked for/);
    });
  }

  it('sends compressed rubbish', async (t) => {
    const target = await startTarget(t, (_, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('not gzip');
    });
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /broken/);
  });

  it('speaks something else than HTTP', async (t) => {
    const target = await startRawTarget(t, (socket) => void socket.end('SSH-2.0-OpenSSH_9.9 secret-banner\r\n'));
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    await assertUnfinished((request) => transport.request(request), /^(?!.*banner).*(not HTTP|closed the connection)/);
  });

  it('sends header names that would reach into objects', async (t) => {
    const target = await startRawTarget(
      t,
      (socket) =>
        void socket.end(
          'HTTP/1.1 200 OK\r\n__proto__: a\r\n__proto__: b\r\nconstructor: c\r\nx: 1\r\nx: 2\r\ncontent-length: 2\r\n\r\n{}',
        ),
    );
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    const response = await transport.request(read);
    assert.equal(response.body, '{}');
    assert.equal(response.headers['x'], '1, 2');
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });

  it('does not listen', async (t) => {
    const target = await startRawTarget(t, () => {});
    const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
    const gone = openTransport(t, 'http://target.test:9', {
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    await assert.rejects(
      gone.request(write),
      (error: ConnectorError) => error.kind === 'transient' && /refused the connection/.test(error.message),
    );
    assert.ok(transport);
  });

  it('has a name that DNS does not know', async (t) => {
    const resolve = async (): Promise<never> => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const transport = openTransport(t, 'http://target.test', { resolve });
    await assert.rejects(
      transport.request(write),
      (error: ConnectorError) => error.kind === 'transient' && /does not exist in DNS/.test(error.message),
    );
    const silent = openTransport(t, 'http://target.test', {
      resolve: () => new Promise(() => {}),
      limits: { connectMs: 60 },
    });
    await assert.rejects(
      silent.request(write),
      (error: ConnectorError) => error.kind === 'transient' && /in time/.test(error.message),
    );
    const empty = openTransport(t, 'http://target.test', { resolve: async () => [] });
    await assert.rejects(empty.request(write), (error: ConnectorError) => error.kind === 'transient');
  });

  const encodings: [name: string, packed: Buffer][] = [
    ['gzip', gzipSync('{"é":1}')],
    ['br', brotliCompressSync('{"é":1}')],
    ['deflate', deflateSync('{"é":1}')],
    ['deflate', deflateRawSync('{"é":1}')],
  ];
  for (const [encoding, packed] of encodings) {
    it(`may answer in ${encoding}`, async (t) => {
      const target = await startTarget(t, (_, response) => {
        response.setHeader('content-encoding', encoding);
        response.end(packed);
      });
      const transport = openTransport(t, `http://127.0.0.1:${target.port}`);
      assert.equal((await transport.request(read)).body, '{"é":1}');
    });
  }
});
