import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import type { TestContext } from 'node:test';
import type { NetworkPolicy, ResolveHost, TargetTransport, TargetTransportOptions } from '../../src/transport/index.ts';
import { createTargetTransport } from '../../src/transport/index.ts';

export type CertificateName = 'good' | 'other' | 'expired' | 'self-signed';

const read = (file: string): string => readFileSync(new URL(`./certificates/${file}`, import.meta.url), 'utf8');

export const testAuthority = read('ca.pem');

export interface LocalTarget {
  readonly port: number;
  /** How often a socket was opened, whether or not anything was sent on it. */
  connections(): number;
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
}

async function listen(
  t: TestContext,
  server: Server | TcpServer,
  host: string,
): Promise<{ port: number; count(): number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, count: () => connections };
}

/** A target that answers by `answer`, over TLS when a certificate is named. The request's body has been read. */
export async function startTarget(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  options: { certificate?: CertificateName; host?: string } = {},
): Promise<LocalTarget> {
  const requests: LocalTarget['requests'] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response, body);
    });
  };
  const { certificate } = options;
  const server = certificate
    ? createTlsServer({ cert: read(`${certificate}.pem`), key: read(`${certificate}.key.pem`) }, listener)
    : createServer(listener);
  const { port, count } = await listen(t, server, options.host ?? '127.0.0.1');
  return { port, connections: count, requests };
}

/** A target below HTTP: it is given the socket after the first bytes came. */
export async function startRawTarget(t: TestContext, answer: (socket: Socket) => void): Promise<LocalTarget> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => answer(socket));
  });
  const { port, count } = await listen(t, server, '127.0.0.1');
  return { port, connections: count, requests: [] };
}

export const openLoopback: NetworkPolicy = {
  allowHttp: true,
  allowedNetworks: [{ address: '127.0.0.1', prefix: 32, family: 4 }],
};

export const resolveTo =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** A transport that may reach this machine's loopback and closes with the test. */
export function openTransport(
  t: TestContext,
  baseUrl: string,
  options: Partial<TargetTransportOptions> = {},
): TargetTransport {
  const transport = createTargetTransport({
    baseUrl,
    policy: openLoopback,
    concurrency: 4,
    version: '0.0.0-test',
    ...options,
  });
  t.after(() => void transport.close());
  return transport;
}
