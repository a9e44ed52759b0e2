import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.ts';
import type { BodyType } from './http-app.ts';

const JSON_TYPE = /^application\/json[ ]*(?:;[ ]*charset="?utf-8"?[ ]*)?$/i;
const CSV_TYPE = /^text\/csv[ ]*(?:;[ ]*(?:charset="?utf-8"?|header="?(?:present|absent)"?)[ ]*)*$/i;
const TYPES: Record<BodyType, RegExp> = { 'application/json': JSON_TYPE, 'text/csv': CSV_TYPE };

/** Replaces Fastify's parsers: JSON, and CSV as a stream where a route asks for it. Nothing else is read. */
export function setBodyParsers(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients name the type of a body that they do not send.
    if (body === '') return done(null, undefined);
    parseJson(request, body as string, (error, value) => {
      if (!error) done(null, value);
      else done(new Refusal('invalid_request', `The body is not valid JSON: ${describeJsonFault(body as string)}`));
    });
  });
  app.addContentTypeParser('text/csv', (request, payload, done) => {
    const body = limitBytes(request.routeOptions.bodyLimit ?? app.initialConfig.bodyLimit ?? 0);
    // Without a listener an error would end the process; whoever reads the body still gets it.
    body.on('error', () => {});
    payload.on('close', () => {
      if (!payload.readableEnded) body.destroy(new Refusal('invalid_request', 'The upload broke off. Send it again.'));
    });
    done(null, payload.pipe(body));
  });
  app.addHook('onResponse', async (request) => {
    // What is left of a refused upload is let run off, or its sender would wait for us, and we for nothing.
    if (!(request.body instanceof Transform) || request.body.readableEnded) return;
    request.raw.unpipe(request.body);
    request.raw.resume();
    request.body.destroy();
  });
}

function describeJsonFault(body: string): string {
  if (body.trim() === '') return 'it is blank. Send a JSON object, or nothing.';
  try {
    JSON.parse(body);
    return 'a member is called "__proto__" or "constructor". Leave it out.';
  } catch (error) {
    return `${error instanceof Error ? error.message : error}. Correct it there.`;
  }
}

/** Fastify counts the bytes only of bodies that it reads itself. */
function limitBytes(mostBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostBytes)
        done(new Refusal('too_large', `The body is larger than ${mostBytes} bytes. Send it in parts.`));
      else done(null, chunk);
    },
  });
}

/** One content type for each route, so that no other one goes around its schema (as in CVE-2026-25223). */
export async function checkContentType(request: FastifyRequest): Promise<void> {
  if (request.is404 || !hasBody(request)) return;
  const wanted = request.routeOptions.config.consumes ?? 'application/json';
  const sent = request.headers['content-type'];
  if (sent === undefined || !TYPES[wanted].test(sent)) {
    const problem = sent === undefined ? 'is missing' : `is ${JSON.stringify(sent)}, which this route does not take`;
    throw new Refusal('unsupported_media_type', `Content-Type ${problem}. Send ${wanted} in UTF-8.`, [
      { field: 'header.content-type', problem, fix: `Send "${wanted}".` },
    ]);
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal(
      'unsupported_media_type',
      `Content-Encoding ${JSON.stringify(encoding)} is not read. Send the body uncompressed.`,
      [{ field: 'header.content-encoding', problem: 'is not read here', fix: 'Send the body uncompressed.' }],
    );
  }
}

/** A route without a body's schema would ignore what was sent; the caller meant something by it. */
export async function checkNoBody(request: FastifyRequest): Promise<void> {
  const { schema, config } = request.routeOptions;
  if (request.is404 || schema?.body !== undefined || config.consumes !== undefined) return;
  const { body } = request;
  const empty = body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0);
  if (!empty) throw new Refusal('invalid_request', 'This route takes no body. Send none, or look for the right route.');
}

function hasBody(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  if (request.headers['transfer-encoding'] !== undefined) return true;
  const length = request.headers['content-length'];
  return length !== undefined && length !== '0';
}
