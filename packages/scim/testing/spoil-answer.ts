import { gzipSync } from 'node:zlib';
import { ERROR_URN } from './attribute-definitions.ts';
import type { FaultEffect, RetryAfter } from './fault-schedule.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { spellBooleans } from './render-record.ts';
import type { TargetAnswer } from './target-state.ts';

/** How an answer reaches the reader, or does not. */
export type Delivery =
  | { kind: 'whole' }
  | { kind: 'destroy'; reset: boolean }
  | { kind: 'hang'; ms: number }
  | { kind: 'cut'; bytes: number }
  | { kind: 'endless'; maxBytes: number }
  | { kind: 'gzip'; packed: Buffer }
  | { kind: 'slow'; bytesPerChunk: number; everyMs: number };

export interface Spoilt {
  answer: TargetAnswer;
  delivery: Delivery;
}

const WHOLE: Delivery = { kind: 'whole' };
const JSON_TYPE = { 'content-type': 'application/scim+json' };
const TEN_YEARS_S = 315_360_000;

export function renderRetryAfter(form: RetryAfter, nowMs: number): string {
  if (typeof form === 'number') return String(form);
  if (typeof form === 'object') return new Date(nowMs + form.dateInMs).toUTCString();
  if (form === 'negative') return '-30';
  if (form === 'ten-years') return String(TEN_YEARS_S);
  if (form === 'ten-years-date') return new Date(nowMs + TEN_YEARS_S * 1000).toUTCString();
  return form === 'garbage' ? 'soon, perhaps' : '';
}

/**
 * The answer that takes the place of the true one; undefined when the effect does not answer by itself. `trueStatus` is that of
 * an answer that was there already: an empty body hides what was done, but does not make a success of a refusal.
 */
export function buildFaultAnswer(effect: FaultEffect, nowMs: number, trueStatus?: number): Spoilt | undefined {
  const plain = (status: number, headers: Record<string, string>, body: string): Spoilt => ({
    answer: { status, headers, body },
    delivery: WHOLE,
  });
  const none = (delivery: Delivery): Spoilt => ({ answer: { status: 0, headers: {}, body: '' }, delivery });
  switch (effect.kind) {
    case 'destroy':
      return none({ kind: 'destroy', reset: effect.reset ?? false });
    case 'hang':
      return none({ kind: 'hang', ms: effect.ms ?? 30_000 });
    case 'status':
      return plain(effect.status, statusHeaders(effect, nowMs), statusBody(effect));
    case 'html':
      return plain(effect.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }, HTML_PAGE);
    case 'body':
      return plain(
        effect.status ?? 200,
        { 'content-type': effect.contentType ?? 'application/scim+json' },
        effect.body,
      );
    case 'empty-body':
      return plain(effect.status ?? (trueStatus !== undefined && trueStatus >= 400 ? trueStatus : 200), JSON_TYPE, '');
    case 'redirect':
      return plain(effect.status ?? 307, { location: effect.location }, '');
    case 'endless-body':
      return {
        answer: { status: 200, headers: JSON_TYPE, body: '' },
        delivery: { kind: 'endless', maxBytes: effect.maxBytes ?? 2 ** 30 },
      };
    case 'gzip-bomb': {
      const packed = gzipSync(Buffer.alloc(effect.bytes, 0x20));
      const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
      return { answer: { status: 200, headers, body: '' }, delivery: { kind: 'gzip', packed } };
    }
    default:
      return undefined;
  }
}

const HTML_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body><form method="post">Sign in</form></body></html>';

function statusHeaders(effect: FaultEffect & { kind: 'status' }, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = { ...JSON_TYPE, ...effect.headers };
  if (effect.retryAfter !== undefined) headers['retry-after'] = renderRetryAfter(effect.retryAfter, nowMs);
  return headers;
}

function statusBody({ status, scimType, detail }: FaultEffect & { kind: 'status' }): string {
  if (status === 204 || status === 304) return '';
  return JSON.stringify({
    schemas: [ERROR_URN],
    status: String(status),
    scimType,
    detail: detail ?? `Injected ${status}`,
  });
}

/** The object that an answer is; undefined when it is none, or none any more: another effect may have cut it. */
export function readObject({ body }: TargetAnswer): JsonObject | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    return undefined;
  }
}

/** Applies an effect that alters the true answer. `otherId` is what `reuse-id` puts in. */
export function alterAnswer(effect: FaultEffect, { answer, delivery }: Spoilt, otherId: string | undefined): Spoilt {
  const size = Buffer.byteLength(answer.body);
  switch (effect.kind) {
    case 'cut-body':
      return { answer, delivery: { kind: 'cut', bytes: Math.min(effect.bytes ?? Math.floor(size / 2), size) } };
    case 'slow-loris':
      return {
        answer,
        delivery: { kind: 'slow', bytesPerChunk: effect.bytesPerChunk ?? 1, everyMs: effect.everyMs ?? 50 },
      };
    case 'truncated-json':
      return { answer: { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }, delivery };
    case 'wrong-content-type':
      return {
        answer: { ...answer, headers: { ...answer.headers, 'content-type': effect.contentType ?? 'text/plain' } },
        delivery,
      };
    default: {
      const value = readObject(answer);
      if (value === undefined) return { answer, delivery };
      const altered = alterList(effect, value) ?? eachRecord(value, (record) => alterRecord(effect, record, otherId));
      return { answer: { ...answer, body: JSON.stringify(altered) }, delivery };
    }
  }
}

function alterList(effect: FaultEffect, value: JsonObject): JsonObject | undefined {
  const records = value['Resources'];
  if (!Array.isArray(records)) return undefined;
  switch (effect.kind) {
    case 'empty-list':
      return { ...value, totalResults: 0, itemsPerPage: 0, nextCursor: undefined, Resources: [] };
    case 'shrinking-total':
      return { ...value, totalResults: 0 };
    case 'duplicate-records':
      return { ...value, itemsPerPage: records.length * 2, Resources: [...records, ...records] };
    case 'missing-record':
      return { ...value, Resources: records.slice(1) };
    case 'same-page':
      return { ...value, nextCursor: value['nextCursor'] === undefined ? undefined : 'c2FtZQ' };
    default:
      return undefined;
  }
}

function eachRecord(value: JsonObject, alter: (record: JsonObject) => JsonObject): JsonObject {
  const records = value['Resources'];
  if (!Array.isArray(records)) return alter(value);
  return { ...value, Resources: records.map((record) => (isObject(record) ? alter(record) : record)) };
}

function alterRecord(effect: FaultEffect, record: JsonObject, otherId: string | undefined): JsonObject {
  switch (effect.kind) {
    case 'reuse-id':
      return otherId === undefined ? record : { ...record, id: otherId };
    case 'wrong-case':
      return upperCaseNames(record);
    case 'string-booleans':
      return spellBooleans(record) as JsonObject;
    case 'extra-schemas':
      return {
        ...record,
        schemas: [...listOf(record['schemas']), 'urn:example:params:scim:schemas:vendor:9.9:Surprise'],
      };
    case 'missing-schemas':
      return { ...record, schemas: undefined };
    default:
      return record;
  }
}

function upperCaseNames(record: JsonObject): JsonObject {
  const upper = (value: JsonValue | undefined) => (typeof value === 'string' ? value.toUpperCase() : value);
  const emails = listOf(record['emails']).map((email) =>
    isObject(email) ? { ...email, value: upper(email['value']) } : email,
  );
  return {
    ...record,
    userName: upper(record['userName']),
    emails: record['emails'] === undefined ? undefined : emails,
  };
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
