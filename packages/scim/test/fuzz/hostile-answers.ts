import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  createScimClient,
  type Dialect,
  ScimError,
  type ScimResponse,
  standardDialect,
  standardDialect1,
} from '../../src/index.ts';
import type { FuzzProperty } from './fuzz-property.ts';

const mostRequests = 300;

const name = fc.oneof(
  fc.constantFrom(
    'id',
    'ID',
    'Resources',
    'totalResults',
    'startIndex',
    'nextCursor',
    'meta',
    'schemas',
    'Errors',
    'status',
  ),
  fc.constantFrom('userName', 'emails', 'value', 'type', '__proto__', 'constructor', 'toString', 'detail', 'scimType'),
  fc.string({ maxLength: 5 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      null,
      true,
      'true',
      '',
      '1',
      '..',
      'a',
      '\ud800',
      0,
      1,
      -1,
      1e308,
      'urn:ietf:params:scim:api:messages:2.0:Error',
    ),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5 }),
  ),
}));
const account = fc.record({
  id: fc.constantFrom('1', '2', '..'),
  userName: fc.constantFrom('ada', 'ADA', null),
  emails: value,
  meta: value,
});
const page = fc.record({
  Resources: fc.oneof(fc.array(account, { maxLength: 3 }), value),
  totalResults: fc.oneof(fc.constantFrom(0, 1, 2, 1000, '7', -1), value),
  nextCursor: fc.option(fc.constantFrom('a', 'b', ''), { nil: undefined }),
});
const bulkAnswer = fc.record({
  Operations: fc.oneof(
    fc.array(
      fc.record({
        method: fc.constantFrom('POST', 'PATCH', 'DELETE', 7),
        bulkId: fc.constantFrom('a', 'b', null),
        location: fc.oneof(fc.constantFrom('/Users/1', 'https://x/Users/%', '/Users/..', ''), value),
        status: fc.oneof(fc.constantFrom('201', 204, '404', { code: '400' }), value),
        response: value,
      }),
      { maxLength: 4 },
    ),
    value,
  ),
});
const deep = fc.nat(20_000).map((levels) => '['.repeat(levels) + ']'.repeat(levels));
const body = fc.oneof(
  fc.oneof(value, account, page, bulkAnswer).map((any) => JSON.stringify(any)),
  fc.oneof(value, account, page).map((any) => JSON.stringify(any).slice(0, 20)),
  deep,
  deep.map((nested) => `{"id":"1","emails":${nested}}`),
  fc.constantFrom('', ' ', '\uFEFF', '<html>', 'null', '{"id":"1"}', '{"__proto__":{"id":"1"}}'),
  fc.string({ unit: 'binary' }),
);
const header = fc.constantFrom('location', 'retry-after', 'content-type', 'etag', 'x-ratelimit-reset', '__proto__');
const answer: fc.Arbitrary<ScimResponse> = fc.record({
  status: fc.oneof(fc.constantFrom(200, 200, 200, 201, 204, 400, 404, 409, 429, 500, 501), fc.integer(), fc.double()),
  headers: fc.dictionary(
    header,
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('https://x/Users/1', '/Users/%', '-1')),
  ),
  body,
});

const work = 'emails[type eq "work"].value';
const changes = [
  { path: work, operation: 'set', value: 'x' },
  { path: 'name.givenName', operation: 'clear' },
  { path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value', operation: 'set', value: '7' },
] as const;

function attempt(
  dialect: Dialect,
  answers: ScimResponse[],
  call: (client: ReturnType<typeof createScimClient>) => Promise<unknown>,
) {
  let requests = 0;
  const client = createScimClient({
    transport: {
      async request({ path }) {
        requests += 1;
        assert.ok(requests <= mostRequests, 'it goes in circles');
        assert.match(
          path,
          /^(Users|Groups|Bulk|ServiceProviderConfigs?|ResourceTypes|Schemas)($|[/?])/,
          'it leaves its endpoints',
        );
        assert.doesNotMatch(path, /\/\.{0,2}($|\?)/);
        return answers[requests % answers.length] as ScimResponse;
      },
    },
    now: () => new Date(0),
    dialect,
  });
  const finished = call(client).then(() => undefined);
  return finished.catch((error: unknown) => {
    if (!(error instanceof ScimError)) throw error;
    assert.ok(error.retryAfterMs === undefined || (error.retryAfterMs >= 0 && error.retryAfterMs <= 86_400_000));
    assert.ok((error.detail ?? '').length <= 501);
  });
}

const calls: [string, (client: ReturnType<typeof createScimClient>) => Promise<unknown>][] = [
  ['create', ({ users }) => users.create({ userName: 'ada', externalId: '1', [work]: 'x' })],
  ['find', ({ users }) => users.find(work, 'Ada')],
  ['find by userName', ({ users }) => users.find('userName', 'ADA')],
  ['get', ({ users }) => users.get('1')],
  ['update', ({ users }) => users.update({ id: '1', changes, desired: { userName: 'ada' } })],
  ['delete', ({ users }) => users.delete('1')],
  [
    'iterate',
    async ({ users }) => {
      for await (const user of users.iterate()) assert.ok(user.id);
    },
  ],
  ['discover', (client) => client.discover()],
  [
    'bulk',
    async (client) => {
      const results = await client.bulk([
        { operation: 'create', bulkId: 'a', attributes: { userName: 'ada' } },
        { operation: 'update', id: 'bulkId:a', changes },
        { operation: 'update', id: '1', changes: [{ path: work, operation: 'set', value: 'bulkId:a' }] },
        { operation: 'delete', id: '1' },
      ]);
      assert.equal(results.length, 4);
      for (const result of results) {
        if (result.outcome === 'done') assert.ok(result.id);
        if (result.outcome === 'failed') assert.ok(result.error instanceof ScimError);
      }
    },
  ],
  [
    'members',
    ({ groups }) =>
      groups.changeMembers('1', { add: [{ id: 'a' }, { id: 'b' }], remove: ['c'], wanted: [{ id: 'a' }] }),
  ],
];

const dialects: Dialect[] = [
  standardDialect,
  { ...standardDialect, update: 'put', etag: true },
  { ...standardDialect, patch: { ...standardDialect.patch, valuePaths: false } },
  { ...standardDialect, patch: { ...standardDialect.patch, form: 'noPath' } },
  standardDialect1,
  { ...standardDialect, bulk: { supported: true, maxOperations: 3, maxPayloadBytes: 5000 } },
];

/** Whatever a target answers, a call ends, soon, with a result or a ScimError, and never goes elsewhere. */
export const hostileAnswers: FuzzProperty = {
  name: 'hostile answers',
  check: async (parameters) =>
    fc.check(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...calls),
        fc.constantFrom(...dialects),
        async (answers, [, call], dialect) => {
          await attempt(dialect, answers, call);
          assert.equal(({} as { id?: string }).id, undefined, 'no prototype was changed');
        },
      ),
      parameters as never,
    ),
};
