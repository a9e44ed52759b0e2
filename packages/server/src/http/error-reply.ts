import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { TooManyAttempts } from '../access/index.ts';
import { findSqlState, isCommitOutcomeUnknown, isRetryable } from '../db/index.ts';
import { type FieldProblem, REFUSAL_CODES, Refusal, type RefusalCode } from '../refusal.ts';
import { describeInvalidRequest, RequestInvalidError } from './validate-request.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 9457, with our code and the fields that are wrong. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: RefusalCode;
  detail: string;
  /** Names this occurrence; the log has it as `requestId`. */
  instance: string;
  errors: FieldProblem[];
}

/** A refusal with the headers that go with it, such as Allow or Retry-After. */
export class RefusalWithHeaders extends Refusal {
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: RefusalCode, message: string, problems: FieldProblem[], headers: Readonly<Record<string, string>>) {
    super(code, message, problems);
    this.headers = headers;
  }
}

/** The only place where an error becomes an answer. What is not a refusal is our bug: logged whole, told in one neutral sentence. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toRefusal(error);
  if (refusal) {
    if (refusal.code === 'unavailable') request.log.warn({ err: error }, 'Answered that Usher is not ready');
    if (refusal instanceof RefusalWithHeaders) reply.headers(refusal.headers);
    if (refusal instanceof TooManyAttempts) reply.header('retry-after', String(refusal.retryAfterSeconds));
    return sendProblem(reply, buildProblem(refusal.code, refusal.message, refusal.problems, request.id));
  }
  request.log.error({ err: error }, 'A request failed through a fault of Usher');
  const detail = `Usher failed; nothing is known to be wrong with the request. The log has the cause under the request id ${request.id}.`;
  return sendProblem(reply, buildProblem('internal', detail, [], request.id));
}

export function buildProblem(code: RefusalCode, detail: string, errors: FieldProblem[], requestId: string): Problem {
  const { status, title } = REFUSAL_CODES[code];
  return { type: `urn:usher:error:${code}`, title, status, code, detail, instance: `urn:uuid:${requestId}`, errors };
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="usher"');
  // A serializer of the route would judge the problem by the schema of a good answer.
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem);
}

function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof RequestInvalidError) {
    const problems = describeInvalidRequest(error);
    return new Refusal('invalid_request', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
  }
  return toDatabaseRefusal(error) ?? toFastifyRefusal(error);
}

function toDatabaseRefusal(error: unknown): Refusal | undefined {
  if (isCommitOutcomeUnknown(error)) {
    return new Refusal(
      'unavailable',
      'The connection to the database was lost while the change was being stored. It may or may not have happened: look before you repeat it.',
    );
  }
  if (isRetryable(error)) {
    return new RefusalWithHeaders(
      'unavailable',
      'The database cannot be reached at the moment, and nothing was changed. Try again shortly.',
      [],
      { 'retry-after': '5' },
    );
  }
  const state = findSqlState(error);
  // PostgreSQL's text holds no NUL, and nothing else of a request makes it say so.
  if (state === '22021' || state === '22P05') {
    return new Refusal('invalid_request', 'A text of the request holds a NUL character. Take it out.');
  }
  return undefined;
}

const FASTIFY_CODES: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'The body is larger than this route takes. Send less at once.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'The body has no content type, or one that this route does not take. Send application/json.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: [
    'invalid_request',
    'The content type is JSON and the body is empty. Send a JSON object.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path has a wrong percent-encoding. Encode it as UTF-8.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'A part of the path is longer than any name or id.'],
};

function toFastifyRefusal(error: unknown): Refusal | undefined {
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>;
  const known = typeof code === 'string' ? FASTIFY_CODES[code] : undefined;
  if (known) return new Refusal(known[0], known[1]);
  // What serves files refuses paths that leave its folder.
  if (statusCode === 403 || statusCode === 404) return new Refusal('not_found', 'There is nothing at this path.');
  if (statusCode === 400) return new Refusal('invalid_request', 'The request cannot be understood.');
  return undefined;
}
