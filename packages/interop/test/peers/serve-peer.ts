import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Serves one peer on loopback for the process that started this one: tells it the address on standard output, and ends
 * when the other end of standard input is gone, however it went. A process of its own keeps a peer's globals apart.
 */
export async function servePeer(build: (origin: string) => Promise<{ handle: RequestListener; basePath: string }>) {
  let handle: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response));
  // A busy machine must not turn a kept connection into a cut one.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const built = await build(origin);
  handle = built.handle;
  process.stdout.write(`${JSON.stringify({ url: origin + built.basePath })}\n`);
  const end = () => process.exit(0);
  process.stdin.once('end', end).once('close', end).once('error', end).resume();
}
