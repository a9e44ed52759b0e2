import type { ServerResponse } from 'node:http';
import type { Delivery } from './spoil-answer.ts';
import type { TargetAnswer } from './target-state.ts';

/**
 * Writes an answer as the delivery says. Resolves to whether the reader was given a whole answer; `signal` ends every
 * wait. A reader that goes away ends it too.
 */
export async function deliverAnswer(
  response: ServerResponse,
  answer: TargetAnswer,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<boolean> {
  const { socket } = response;
  switch (delivery.kind) {
    case 'whole':
      return deliverWhole(response, answer);
    case 'gzip':
      response.writeHead(answer.status, { ...answer.headers, 'content-length': delivery.packed.length });
      response.end(delivery.packed);
      return true;
    case 'destroy':
      if (delivery.reset) socket?.resetAndDestroy();
      else socket?.destroy();
      return false;
    case 'hang':
      await pause(delivery.ms, response, signal);
      socket?.destroy();
      return false;
    case 'cut':
      response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
      await new Promise<void>((resolve) => {
        response.write(Buffer.from(answer.body).subarray(0, delivery.bytes), () => resolve());
      });
      socket?.destroy();
      return false;
    case 'endless':
      return await deliverEndless(response, answer, delivery.maxBytes);
    case 'slow':
      return await deliverSlowly(response, answer, delivery, signal);
  }
}

export function deliverWhole(response: ServerResponse, answer: TargetAnswer): boolean {
  if (response.destroyed || response.socket?.destroyed) return false;
  const { headers, body } = answer;
  const size = Buffer.byteLength(body);
  const hasBody = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, hasBody ? { ...headers, 'content-length': size } : headers);
  // as many bytes as characters: plain ASCII, which is written faster so
  response.end(body, size === body.length ? 'latin1' : 'utf8');
  return true;
}

/** Waits, no longer than the reader stays. */
export function pause(ms: number, response: ServerResponse | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      response?.removeListener('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    response?.once('close', done);
    if (signal.aborted || response?.destroyed) done();
  });
}

async function deliverEndless(response: ServerResponse, answer: TargetAnswer, maxBytes: number): Promise<boolean> {
  const chunk = Buffer.from('{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]},'.repeat(1000));
  response.writeHead(answer.status, answer.headers);
  response.write('{"Resources":[');
  for (let sent = 0; sent < maxBytes && !response.destroyed; sent += chunk.length) {
    if (response.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      const done = () => {
        response.removeListener('drain', done);
        response.removeListener('close', done);
        resolve();
      };
      response.once('drain', done);
      response.once('close', done);
    });
  }
  response.socket?.destroy();
  return false;
}

async function deliverSlowly(
  response: ServerResponse,
  answer: TargetAnswer,
  { bytesPerChunk, everyMs }: { bytesPerChunk: number; everyMs: number },
  signal: AbortSignal,
): Promise<boolean> {
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
  response.flushHeaders();
  for (let at = 0; at < bytes.length && !response.destroyed && !signal.aborted; at += bytesPerChunk) {
    response.write(bytes.subarray(at, at + bytesPerChunk));
    await pause(everyMs, response, signal);
  }
  if (response.destroyed || signal.aborted) {
    response.socket?.destroy();
    return false;
  }
  response.end();
  return true;
}
