import type {
  ConnectorErrorKind,
  HttpRequest,
  HttpResponse,
  LdapAnswer,
  SqlAnswer,
  TargetProtocol,
} from '../src/index.ts';

/** An answer that has one meaning, whatever was asked. */
export interface ToldAnswer {
  name: string;
  answer: HttpResponse;
  kind: ConnectorErrorKind;
  /** Whether the error carries the status of the answer. */
  status?: number;
  retryAfterMs?: number;
}

const json = { 'content-type': 'application/json' };

function carried(answer: LdapAnswer | SqlAnswer): HttpResponse {
  return { status: 200, headers: {}, body: JSON.stringify(answer) };
}

const refusal = (code: number): HttpResponse => carried({ code, message: 'no', entries: [] });
const failure = (sqlstate: string): HttpResponse => carried({ ok: false, sqlstate, message: 'no' });

/** What every connector of a protocol has to understand alike. */
export const TOLD_ANSWERS: Readonly<Record<TargetProtocol, readonly ToldAnswer[]>> = {
  http: [
    { name: '401', answer: { status: 401, headers: {}, body: '' }, kind: 'unauthorized', status: 401 },
    { name: '403', answer: { status: 403, headers: {}, body: '{"message":"no"}' }, kind: 'unauthorized', status: 403 },
    {
      name: '429',
      answer: { status: 429, headers: { 'retry-after': '7' }, body: '' },
      kind: 'rate_limited',
      status: 429,
      retryAfterMs: 7_000,
    },
  ],
  ldap: [
    { name: 'insufficientAccessRights', answer: refusal(50), kind: 'unauthorized' },
    { name: 'busy', answer: refusal(51), kind: 'transient' },
  ],
  sql: [
    { name: '42501 (insufficient privilege)', answer: failure('42501'), kind: 'unauthorized' },
    { name: '53300 (too many connections)', answer: failure('53300'), kind: 'transient' },
  ],
};

/** Answers that a connector must take without throwing anything but its own kinds of error. */
export const HOSTILE_ANSWERS: Readonly<Record<TargetProtocol, Readonly<Record<string, HttpResponse>>>> = {
  http: {
    '200 without a body': { status: 200, headers: {}, body: '' },
    '204': { status: 204, headers: {}, body: '' },
    'a page of HTML': {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html><body>Sign in</body></html>',
    },
    'JSON that is cut off': { status: 200, headers: json, body: '{"id":"1","items":[{"id' },
    'an empty object': { status: 200, headers: json, body: '{}' },
    'an empty list': { status: 200, headers: json, body: '[]' },
    'a list of nothing': { status: 200, headers: json, body: '[null,1,"x",{"id":null}]' },
    null: { status: 200, headers: json, body: 'null' },
    'a text': { status: 200, headers: json, body: '"text"' },
    'fields of the wrong kinds': {
      status: 200,
      headers: json,
      body: '{"id":{"a":1},"items":7,"Resources":"x","data":null,"totalResults":"many","__proto__":{"id":"1"}}',
    },
    'a body nested 10,000 deep': { status: 200, headers: json, body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` },
    '201 with an id that is a number': { status: 201, headers: json, body: '{"id":12345678901234567890}' },
    'a redirect elsewhere': { status: 302, headers: { location: 'https://elsewhere.example/' }, body: '' },
    '400': { status: 400, headers: json, body: '{"message":{"a":[1]}}' },
    '404 as HTML': { status: 404, headers: {}, body: '<h1>Not found</h1>' },
    '405': { status: 405, headers: {}, body: '' },
    '412': { status: 412, headers: {}, body: '' },
    '500': { status: 500, headers: {}, body: 'Traceback (most recent call last)' },
    '501': { status: 501, headers: {}, body: '' },
    '503 with a date that is none': { status: 503, headers: { 'retry-after': 'tomorrow' }, body: '' },
    'status 0': { status: 0, headers: {}, body: '' },
    'status 999': { status: 999, headers: {}, body: '' },
  },
  ldap: {
    'success without entries': carried({ code: 0, message: '', entries: [] }),
    'an entry without anything': carried({ code: 0, message: '', entries: [{ dn: '', attributes: {} }] }),
    'an entry of odd names': carried({
      code: 0,
      message: '',
      entries: [{ dn: 'x', attributes: { '': [''], constructor: ['1'], 'cn;lang-en': ['a', ''], entryUUID: [''] } }],
    }),
    ...Object.fromEntries([1, 4, 10, 19, 32, 49, 53, 65, 80, 4096].map((code) => [`code ${code}`, refusal(code)])),
  },
  sql: {
    'no rows': carried({ ok: true, rows: [], rowCount: 0 }),
    'a row of nothing': carried({ ok: true, rows: [{}], rowCount: 1 }),
    'rows of nulls and lists': carried({ ok: true, rows: [{ id: null, x: [1] }, { id: {} }], rowCount: 2 }),
    ...Object.fromEntries(
      ['22P02', '23502', '25006', '40001', '42P01', '57014', 'XX000', ''].map((code) => [code, failure(code)]),
    ),
  },
};

/** Answers after which no connection is good. */
export function listBadAnswers(protocol: TargetProtocol): HttpResponse[] {
  if (protocol === 'ldap') return [32, 49, 50].map(refusal);
  if (protocol === 'sql') return ['28P01', '42P01', '53300'].map(failure);
  return [401, 404, 500].map((status) => ({ status, headers: {}, body: '<html>' }));
}

/** Answers everything alike, but what the host itself would refuse. */
export function answerAlways(answer: HttpResponse): { request(request: HttpRequest): Promise<HttpResponse> } {
  return { request: async () => answer };
}
