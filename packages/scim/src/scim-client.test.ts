import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  buildDialect,
  createScimClient,
  type DialectOverrides,
  type JsonObject,
  ScimError,
  type ScimRequest,
  type ScimResponse,
  standardDialect,
} from './index.ts';

/** Answers in order, and says which requests came. The transport is the library's only way out, so this is all of it. */
function connect(answers: Partial<ScimResponse>[], overrides: DialectOverrides = {}) {
  const requests: ScimRequest[] = [];
  const client = createScimClient({
    transport: {
      async request(request) {
        requests.push(request);
        const answer = answers[requests.length - 1];
        if (answer === undefined)
          throw new Error(`request ${requests.length} was not expected: ${request.method} ${request.path}`);
        return { status: 200, headers: {}, body: '', ...answer };
      },
    },
    now: () => new Date('2026-03-01T12:00:00Z'),
    dialect: buildDialect(standardDialect, overrides),
  });
  const lines = () => requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
  const bodies = () => requests.map(({ body }) => (body === undefined ? undefined : (JSON.parse(body) as JsonObject)));
  return { client, requests, lines, bodies };
}

const json = (value: unknown, more: Partial<ScimResponse> = {}) => ({ body: JSON.stringify(value), ...more });
const list = (...resources: object[]) => json({ totalResults: resources.length, Resources: resources });
const isKind = (kind: string) => (error: unknown) => error instanceof ScimError && error.kind === kind;
const set = (path: string, value: string) => ({ path, operation: 'set', value }) as const;
const ada = { userName: 'ada', externalId: '005A' };

describe('create', () => {
  const created: [string, Partial<ScimResponse>[], string[]][] = [
    ['201 with a body', [json({ id: '1' }, { status: 201 })], []],
    ['200 with a body', [json({ ID: 1 })], []],
    ['a byte order mark', [{ status: 201, body: '\uFEFF{"id":"1"}' }], []],
    [
      'an empty body and a Location',
      [{ status: 201, headers: { location: 'https://x/scim/Users/1?a=b' } }, json({ id: '1' })],
      ['GET Users/1'],
    ],
    [
      'an empty body and no Location',
      [{ status: 201 }, list({ id: '1', ...ada })],
      ['GET Users?filter=externalId eq "005A"'],
    ],
    [
      'a body without id',
      [json({ userName: 'ada' }, { status: 201 }), list({ id: '1', ...ada })],
      ['GET Users?filter=externalId eq "005A"'],
    ],
    [
      'a Location that names no user',
      [{ status: 202, headers: { location: 'https://evil.example/..' } }, list(), list({ id: '1', ...ada })],
      ['GET Users?filter=externalId eq "005A"', 'GET Users?filter=userName eq "ada"'],
    ],
  ];
  for (const [name, answers, then] of created) {
    it(`takes ${name}`, async () => {
      const { client, lines } = connect(answers);
      assert.equal((await client.users.create(ada)).id, '1');
      assert.deepEqual(lines(), ['POST Users', ...then]);
    });
  }

  const failed: [string, Partial<ScimResponse>[], string, string | undefined][] = [
    ['a cut body', [{ status: 201, body: '{"id":"1","userNa' }], 'ambiguous', undefined],
    ['a login page', [{ status: 200, body: '<html>Log in</html>' }], 'ambiguous', undefined],
    ['success without an account anywhere', [{ status: 201 }, list(), list()], 'ambiguous', undefined],
    ['success, then a refusal to search', [{ status: 201 }, { status: 401 }], 'ambiguous', undefined],
    [
      'success, then two accounts',
      [{ status: 201 }, list({ id: '1', ...ada }, { id: '2', ...ada })],
      'ambiguous',
      undefined,
    ],
    [
      'a Location that cannot be read yet',
      [{ status: 201, headers: { location: '/Users/1' } }, { status: 404 }],
      'partially_created',
      '1',
    ],
    ['an empty id', [json({ id: '' }, { status: 201 }), list(), list()], 'ambiguous', undefined],
    ['409 without scimType', [{ status: 409 }], 'already_exists', undefined],
    [
      'an error inside 200',
      [json({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409' })],
      'already_exists',
      undefined,
    ],
    ['SCIM 1.1 errors inside 200', [json({ Errors: [{ code: '400' }] })], 'ambiguous', undefined],
    ['504', [{ status: 504 }], 'ambiguous', undefined],
    ['404', [{ status: 404 }], 'unsupported', undefined],
  ];
  for (const [name, answers, kind, remoteId] of failed) {
    it(`takes ${name} for ${kind}`, async () => {
      const { client } = connect(answers);
      await assert.rejects(
        client.users.create(ada),
        (error) => isKind(kind)(error) && (error as ScimError).remoteId === remoteId,
      );
    });
  }
});

describe('find', () => {
  it('gives only what carries the value, and reads the list when the filter was ignored', async () => {
    const pageOne = json({
      totalResults: 3,
      Resources: [
        { id: '1', userName: 'x' },
        { id: '2', userName: 'y' },
      ],
    });
    const { client, lines } = connect([
      pageOne,
      pageOne,
      json({ totalResults: 3, startIndex: 3, Resources: [{ id: '3', userName: 'ADA' }] }),
    ]);
    assert.deepEqual(
      (await client.users.find('userName', 'ada')).map(({ id }) => id),
      ['3'],
    );
    assert.deepEqual(lines().slice(1), ['GET Users?startIndex=1&count=100', 'GET Users?startIndex=3&count=100']);
    assert.ok(client.learned.ignoredFilters?.has('userName'));
  });

  it('takes an ignored filter as read when the answer holds everything', async () => {
    const { client, lines } = connect([list({ id: '1', userName: 'x' }, { id: '2', userName: 'Ada' })]);
    assert.deepEqual(
      (await client.users.find('userName', 'ada')).map(({ id }) => id),
      ['2'],
    );
    assert.equal(lines().length, 1);
  });

  it('asks for another form, then reads the list, and remembers what was refused', async () => {
    const refusal = json({ scimType: 'invalidFilter' }, { status: 400 });
    const { client, lines } = connect([refusal, refusal, refusal, list(), list()]);
    const path = 'emails[type eq "work"].value';
    assert.deepEqual(await client.users.find(path, 'a@example.com'), []);
    assert.deepEqual(await client.users.find(path, 'b@example.com'), []);
    assert.deepEqual(lines().slice(3), ['GET Users?startIndex=1&count=100', 'GET Users?startIndex=1&count=100']);
  });

  it('does not take an address of another type', async () => {
    const { client } = connect([list({ id: '1', emails: [{ type: 'home', value: 'a@example.com' }] })]);
    assert.deepEqual(await client.users.find('emails[type eq "work"].value', 'a@example.com'), []);
  });

  it('compares externalId exactly', async () => {
    const { client } = connect([list({ id: '1', externalId: '005a' }, { id: '2', externalId: '005A' })]);
    assert.deepEqual(
      (await client.users.find('externalId', '005A')).map(({ id }) => id),
      ['2'],
    );
  });

  it('reads in full what a list shows without the attribute', async () => {
    const { client, lines } = connect([list({ id: '1' }), json({ id: '1', userName: 'ada' })]);
    assert.equal((await client.users.find('userName', 'ada')).length, 1);
    assert.equal(lines()[1], 'GET Users/1');
  });

  it('gives up a scan at its limit, saying what to do', async () => {
    const page = (start: number) =>
      json({ totalResults: 900, Resources: Array.from({ length: 100 }, (_, index) => ({ id: `${start + index}` })) });
    const { client } = connect([page(1), page(101)], { filter: { supported: false, scanLimit: 200 } });
    await assert.rejects(
      client.users.find('userName', 'ada'),
      (error) => isKind('unsupported')(error) && /scan limit/.test(String(error)),
    );
  });

  it('tells an endpoint that is not there from nobody found', async () => {
    await assert.rejects(connect([{ status: 404 }]).client.users.find('userName', 'ada'), isKind('unsupported'));
    const lenient = connect([{ status: 404 }], { filter: { emptyIs404: true } });
    assert.deepEqual(await lenient.client.users.find('userName', 'ada'), []);
  });
});

describe('get', () => {
  it('does not take a login page or another account for the account', async () => {
    for (const answer of [{ body: '<html>' }, {}, json({ id: '2' }), json([{ id: '1' }]), json(null)]) {
      await assert.rejects(connect([answer]).client.users.get('1'), isKind('transient'));
    }
  });

  it('encodes the id as one segment', async () => {
    const { client, requests } = connect([json({ id: 'k&K/d ä?' })]);
    await client.users.get('k&K/d ä?');
    assert.equal(requests[0]?.path, 'Users/k%26K%2Fd%20%C3%A4%3F');
  });

  it('refuses ids that address something else', async () => {
    for (const id of ['', '.', '..', '\ud800']) {
      const { client, requests } = connect([]);
      await assert.rejects(client.users.delete(id), isKind('invalid_request'));
      assert.equal(requests.length, 0);
    }
  });
});

describe('update', () => {
  it('goes on with PUT when PATCH is refused, and remembers it', async () => {
    const account = {
      schemas: ['urn:example'],
      id: '1',
      Title: 'x',
      meta: { version: 'W/"1"' },
      groups: [{ value: 'g' }],
    };
    const put = json({ id: '1' });
    const { client, lines, bodies } = connect([{ status: 501 }, json(account), put, json(account), put]);
    await client.users.update({ id: '1', changes: [set('title', 'y')], desired: { title: 'y', nickName: 'n' } });
    await client.users.update({ id: '1', changes: [set('title', 'z')] });
    assert.deepEqual(lines(), ['PATCH Users/1', 'GET Users/1', 'PUT Users/1', 'GET Users/1', 'PUT Users/1']);
    assert.deepEqual(bodies()[2], { schemas: ['urn:example'], id: '1', Title: 'y', nickName: 'n' });
  });

  it('goes on with PATCH when PUT is refused', async () => {
    const { client, lines } = connect([json({ id: '1' }), { status: 405 }, { status: 204 }], { update: 'put' });
    assert.equal(await client.users.update({ id: '1', changes: [set('title', 'y')] }), undefined);
    assert.deepEqual(lines(), ['GET Users/1', 'PUT Users/1', 'PATCH Users/1']);
  });

  it('never writes after a reading that failed', async () => {
    for (const answer of [{ status: 500 }, { body: '<html>' }, { status: 404 }]) {
      const { client, lines } = connect([answer], { update: 'put' });
      await assert.rejects(client.users.update({ id: '1', changes: [set('title', 'y')] }));
      assert.deepEqual(lines(), ['GET Users/1']);
    }
  });

  it('sends If-Match only where versions are honoured', async () => {
    for (const etag of [true, false]) {
      const { client, requests } = connect([{ status: 204 }], { etag });
      await client.users.update({ id: '1', version: 'W/"7"', changes: [set('title', 'y')] });
      assert.equal(requests[0]?.headers?.['if-match'], etag ? 'W/"7"' : undefined);
    }
    const changed = connect([{ status: 412 }], { etag: true });
    await assert.rejects(
      changed.client.users.update({ id: '1', version: '"7"', changes: [set('a', 'y')] }),
      isKind('precondition_failed'),
    );
  });

  it('reads again and repeats once when somebody was between its own read and PUT', async () => {
    const { client, requests } = connect(
      [
        json({ id: '1', meta: { version: '"1"' } }),
        { status: 412 },
        json({ id: '1', meta: { version: '"2"' } }),
        { status: 200 },
      ],
      { etag: true, update: 'put' },
    );
    await client.users.update({ id: '1', changes: [set('title', 'y')] });
    assert.deepEqual(
      requests.map(({ headers }) => headers?.['if-match']),
      [undefined, '"1"', undefined, '"2"'],
    );
  });

  it('takes an unreadable answer for ambiguous, an empty one for done', async () => {
    const change = { id: '1', changes: [set('title', 'y')] };
    await assert.rejects(connect([{ body: '{"id":' }]).client.users.update(change), isKind('ambiguous'));
    await assert.rejects(connect([{ body: '<html>' }]).client.users.update(change), isKind('ambiguous'));
    assert.equal(await connect([{}]).client.users.update(change), undefined);
    assert.equal(await connect([json({})]).client.users.update(change), undefined);
  });

  it('repeats noTarget once at most', async () => {
    const noTarget = json({ scimType: 'noTarget' }, { status: 400 });
    const change = { id: '1', changes: [set('emails[type eq "work"].value', 'x')] };
    const { client, lines } = connect([noTarget, json({ id: '1' }), noTarget]);
    await assert.rejects(client.users.update(change), isKind('invalid_request'));
    assert.deepEqual(lines(), ['PATCH Users/1', 'GET Users/1', 'PATCH Users/1']);
  });

  it('writes the list whole where a filter in a path is refused by name, as Better Auth does when one is taken away', async () => {
    const invalidPath = json({ scimType: 'invalidPath' }, { status: 400 });
    const work = { type: 'work', value: 'w' };
    const held = json({ id: '1', emails: [work, { type: 'home', value: 'h' }] });
    const change = { id: '1', changes: [{ path: 'emails[type eq "home"].value', operation: 'clear' } as const] };
    const { client, lines, bodies } = connect([invalidPath, held, { status: 204 }]);
    await client.users.update(change);
    assert.deepEqual(lines(), ['PATCH Users/1', 'GET Users/1', 'PATCH Users/1']);
    assert.deepEqual(bodies()[2]?.['Operations'], [{ op: 'replace', path: 'emails', value: [work] }]);
    const refused = connect([invalidPath, held, invalidPath]);
    await assert.rejects(refused.client.users.update(change), isKind('invalid_request'));
  });

  it('sends nothing for no change', async () => {
    assert.equal(await connect([]).client.users.update({ id: '1', changes: [] }), undefined);
  });

  it('refuses verbs that are switched off', async () => {
    const off = connect([], { users: { patch: false, put: false, delete: false, create: false } });
    await assert.rejects(off.client.users.update({ id: '1', changes: [set('title', 'y')] }), isKind('unsupported'));
    await assert.rejects(off.client.users.delete('1'), isKind('unsupported'));
    await assert.rejects(off.client.users.create(ada), isKind('unsupported'));
  });
});

describe('the limits of a dialect', () => {
  const limits = { attributes: { maxLength: { userName: 5 }, immutable: ['userName'], singleValued: ['emails'] } };
  const calls: [string, (users: ReturnType<typeof connect>['client']['users']) => Promise<unknown>, string][] = [
    ['a long value on create', (users) => users.create({ userName: 'sixsix' }), 'userName'],
    [
      'a change of what is taken on create only',
      (users) => users.update({ id: '1', changes: [set('userName', 'new')] }),
      'userName',
    ],
    [
      'a second address',
      (users) => users.create({ userName: 'ada', emails: [{ value: 'a' }, { value: 'b' }] }),
      'emails',
    ],
  ];
  for (const [name, call, attribute] of calls) {
    it(`refuse ${name}, naming it, and send nothing`, async () => {
      const { client, requests } = connect([], limits);
      await assert.rejects(
        call(client.users),
        (error) => isKind('invalid_request')(error) && (error as ScimError).attribute === attribute,
      );
      assert.equal(requests.length, 0);
    });
  }
});

describe('delete', () => {
  for (const answer of [{ status: 200 }, { status: 202 }, { status: 204 }, { status: 200, body: 'OK' }]) {
    it(`takes ${answer.status} ${answer.body ?? ''} for done`, () => connect([answer]).client.users.delete('1'));
  }
  it('reports what is gone already, and a login page', async () => {
    await assert.rejects(connect([{ status: 404 }]).client.users.delete('1'), isKind('not_found'));
    const page = { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } };
    await assert.rejects(connect([page]).client.users.delete('1'), isKind('ambiguous'));
  });
});

describe('list', () => {
  const page = (ids: number[], more: object = {}) =>
    json({ Resources: ids.map((id) => ({ id: String(id) })), ...more });
  const readAll = async (answers: Partial<ScimResponse>[], overrides: DialectOverrides = {}) => {
    const { client, lines } = connect(answers, { ...overrides, paging: { pageSize: 2, ...overrides.paging } });
    const ids: string[] = [];
    for await (const { id } of client.users.iterate()) ids.push(id);
    return { ids: ids.join(' '), queries: lines().map((line) => line.replace('GET Users', '')) };
  };

  it('goes on behind what came, whatever was asked for', async () => {
    const { ids, queries } = await readAll([
      page([1], { totalResults: 3 }),
      page([2], { totalResults: 3 }),
      page([3], { totalResults: 3 }),
    ]);
    assert.equal(ids, '1 2 3');
    assert.deepEqual(queries, ['?startIndex=1&count=2', '?startIndex=2&count=2', '?startIndex=3&count=2']);
  });

  const read: [string, Partial<ScimResponse>[], string][] = [
    ['an empty list', [page([], { totalResults: 0 })], ''],
    ['a list without Resources', [json({ totalResults: '0' })], ''],
    ['a bare array', [json([{ id: '1' }]), page([])], '1'],
    ['a lone resource', [json({ id: '1', userName: 'x' }), page([])], '1'],
    [
      'a total that is the page size',
      [page([1, 2], { totalResults: 2 }), page([3], { totalResults: 1 }), page([])],
      '1 2 3',
    ],
    ['no total', [page([1, 2]), page([3]), page([])], '1 2 3'],
    ['the first page again at the end', [page([1, 2], { totalResults: 2 }), page([1, 2], { totalResults: 2 })], '1 2'],
    ['an account twice', [page([1, 1], { totalResults: 2 }), page([2, 2], { totalResults: 2 })], '1 2'],
    ['elements that are no accounts', [json({ totalResults: 2, Resources: [null, { id: '1' }] }), page([])], '1'],
    ['text for numbers', [page([1], { totalResults: '1' })], '1'],
    ['a total that is too high', [page([1, 2], { totalResults: 9 }), page([], { totalResults: 9 })], '1 2'],
  ];
  for (const [name, answers, expected] of read) {
    it(`reads ${name}`, async () => assert.equal((await readAll(answers)).ids, expected));
  }

  it('does not believe a total that is the page, where the target pages by fewer than were asked for (old AWS, Polis)', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => index);
    const pages = [ids.slice(0, 10), ids.slice(10, 20), ids.slice(20), []];
    const { ids: read } = await readAll(
      pages.map((some) => page(some, { totalResults: some.length })),
      { paging: { pageSize: 100 } },
    );
    assert.equal(read, ids.join(' '));
  });

  it('reports a target that gives its first page for ever', async () => {
    const first = page([1, 2], { totalResults: 9 });
    for (const search of [{ status: 501 }, { status: 405 }, { body: '<html>' }, first, page([], { totalResults: 9 })]) {
      await assert.rejects(readAll([first, first, search]), isKind('unsupported'));
    }
    await assert.rejects(readAll([first, first], { scimVersion: '1.1' }), isKind('unsupported'));
  });

  it('searches by POST where startIndex in the address is ignored, as SCIMMY does under Express 5', async () => {
    const first = page([1, 2], { totalResults: 5 });
    const { client, requests, lines, bodies } = connect(
      [first, first, page([3, 4], { totalResults: 5 }), page([5], { totalResults: 5 })],
      { paging: { pageSize: 2 } },
    );
    const ids: string[] = [];
    for await (const { id } of client.users.iterate()) ids.push(id);
    assert.equal(ids.join(' '), '1 2 3 4 5');
    assert.deepEqual(lines().slice(2), ['POST Users/.search', 'POST Users/.search']);
    assert.deepEqual(bodies().slice(2), [
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], startIndex: 3, count: 2 },
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], startIndex: 5, count: 2 },
    ]);
    assert.ok(requests.every(({ effect }) => effect === 'read'));
  });

  it('reports an empty first page of a full target', async () => {
    await assert.rejects(readAll([page([], { totalResults: 9 })]), isKind('unsupported'));
  });

  it('pages by cursor when told to, and when a target does so unasked', async () => {
    for (const method of ['cursor', 'index'] as const) {
      const answers = [page([1], { nextCursor: 'a/b' }), page([2], { nextCursor: 'c' }), page([3])];
      const { ids, queries } = await readAll(answers, { paging: { method } });
      assert.equal(ids, '1 2 3');
      assert.deepEqual(queries, [
        method === 'cursor' ? '?cursor&count=2' : '?startIndex=1&count=2',
        '?cursor=a/b&count=2',
        '?cursor=c&count=2',
      ]);
    }
  });

  it('reports cursors that go in circles', async () => {
    const circle = [page([1], { nextCursor: 'a' }), page([2], { nextCursor: 'b' }), page([3], { nextCursor: 'a' })];
    await assert.rejects(readAll(circle), isKind('unsupported'));
  });

  it('says that a forgotten cursor needs a new beginning', async () => {
    const expired = json({ scimType: 'expiredCursor' }, { status: 400 });
    await assert.rejects(readAll([page([1], { nextCursor: 'a' }), expired]), isKind('precondition_failed'));
  });

  it('does not take a page that is no list for the end', async () => {
    for (const answer of [{ body: '<html>' }, {}, json({}), json({ totalResults: 4 }), json('x')]) {
      await assert.rejects(readAll([answer]), isKind('transient'));
    }
  });

  it('refuses a cursor that is not its own', async () => {
    for (const cursor of ['x', '', 'eyJzdGFydCI6MH0', Buffer.from('{"start":-1,"pages":0}').toString('base64url')]) {
      await assert.rejects(connect([]).client.users.list({ cursor, limit: 1 }), isKind('invalid_request'));
    }
  });
});

describe('discover', () => {
  it('degrades document by document', async () => {
    const { client, lines } = connect([
      { status: 404 },
      json({ patch: { supported: 'false' }, etag: { supported: true } }),
      { status: 500 },
      { body: '<html>' },
    ]);
    const { overrides, userAttributes, problems } = await client.discover();
    assert.deepEqual(lines(), [
      'GET ServiceProviderConfig',
      'GET ServiceProviderConfigs',
      'GET ResourceTypes',
      'GET Schemas',
    ]);
    assert.equal(overrides.update, 'put');
    assert.equal(overrides.etag, true);
    assert.equal(userAttributes, undefined);
    assert.deepEqual(
      problems.map(({ document }) => document),
      ['ResourceTypes', 'Schemas'],
    );
  });

  it('takes endpoint paths, but no way off the base URL', async () => {
    for (const [endpoint, expected] of [
      ['/v2/People', 'v2/People'],
      ['https://evil.example/scim/People', 'People'],
      ['/../x', undefined],
      ['//evil.example/', undefined],
    ] as const) {
      const types = json({
        Resources: [{ name: 'User', schema: 'urn:ietf:params:scim:schemas:core:2.0:User', endpoint }],
      });
      const { client } = connect([json({}), types, json({})]);
      assert.equal((await client.discover()).overrides.paths?.users, expected, endpoint);
    }
  });

  it('reports a refused credential instead of degrading', async () => {
    await assert.rejects(connect([{ status: 401 }]).client.discover(), isKind('unauthorized'));
  });
});
