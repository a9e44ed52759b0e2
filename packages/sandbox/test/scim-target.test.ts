import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { goDead, noFaults, refuseAuth, type ScimTarget, startScimTarget } from '../src/index.ts';

const token = 'sandbox-token';
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

type Json = { [name: string]: Json } & Json[] & string;
interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

let target: ScimTarget;

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${target.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? ({} as Json) : JSON.parse(text) };
}

function user(userName: string, more: object = {}): object {
  return { schemas: [userUrn, enterpriseUrn], userName, externalId: `ext-${userName}`, active: true, ...more };
}

async function create(userName: string, more: object = {}): Promise<string> {
  const { status, body } = await send('POST', '/Users', user(userName, more));
  assert.equal(status, 201, JSON.stringify(body));
  return String(body['id']);
}

function patch(...operations: object[]): object {
  return { schemas: [patchUrn], Operations: operations };
}

async function findUserNames(filter: string): Promise<string[]> {
  const { status, body } = await send('GET', `/Users?filter=${encodeURIComponent(filter)}`);
  assert.equal(status, 200, JSON.stringify(body));
  return (body['Resources'] ?? []).map((found: Json) => String(found['userName']));
}

describe('the SCIM target', () => {
  before(async () => {
    target = await startScimTarget({ token });
  });
  after(() => target.stop());

  it('listens on loopback and answers only to its bearer credential', async () => {
    assert.match(target.url, /^http:\/\/127\.0\.0\.1:\d+\/scim\/v2$/);
    for (const authorization of ['', 'Bearer other', `Basic ${token}`, token]) {
      const { status, body } = await send('GET', '/Users', undefined, { authorization });
      assert.equal(status, 401, authorization);
      assert.equal(body['schemas']?.[0], 'urn:ietf:params:scim:api:messages:2.0:Error');
    }
  });

  it('declares users with the enterprise extension, groups and what it can do', async () => {
    const config = (await send('GET', '/ServiceProviderConfig')).body as unknown as Record<
      string,
      { supported: boolean }
    >;
    assert.deepEqual(
      ['patch', 'filter', 'bulk', 'sort', 'etag'].map((name) => config[name]?.supported),
      [true, true, true, true, false],
    );
    assert.equal((config['authenticationSchemes'] as unknown as object[]).length, 1);
    const schemas = (await send('GET', '/Schemas')).body['Resources'] as unknown as { id: string }[];
    assert.deepEqual(schemas.map(({ id }) => id).sort(), [groupUrn, userUrn, enterpriseUrn].sort());
    const types = (await send('GET', '/ResourceTypes')).body['Resources'] as unknown as { endpoint: string }[];
    assert.deepEqual(types.map(({ endpoint }) => endpoint).sort(), ['/Groups', '/Users']);
  });

  it('creates an account, answers its representation and gives it to the oracle', async () => {
    const { status, body } = await send('POST', '/Users', {
      ...user('Zoë.O’Brien@example.com'),
      name: { givenName: 'Zoë', familyName: "O'Brien" },
      password: 'never kept',
      emails: [{ value: 'zoe@example.com', type: 'work', primary: true }],
      [enterpriseUrn]: { department: 'R&D, "Labs"', manager: { value: 'm-1' } },
    });
    assert.equal(status, 201);
    assert.equal(body['meta']?.['location'], `${target.url}/Users/${body['id']}`);
    const stored = target.accounts().find(({ id }) => id === String(body['id']));
    assert.deepEqual(stored?.['name'], { familyName: "O'Brien", givenName: 'Zoë' });
    assert.deepEqual(stored?.[enterpriseUrn], { department: 'R&D, "Labs"', manager: { value: 'm-1' } });
    assert.equal(JSON.stringify(stored).includes('never kept'), false);
  });

  it('gives an account the same id in every run, and another one to its successor', async () => {
    const first = await create('same@example.com');
    const other = await startScimTarget({ token });
    const response = await fetch(`${other.url}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(user('SAME@example.com')),
    });
    const created = (await response.json()) as { id: string; meta: { location: string } };
    await other.stop();
    assert.equal(created.id, first);
    assert.ok(created.meta.location.startsWith(other.url), created.meta.location);
    assert.equal((await send('DELETE', `/Users/${first}`)).status, 204);
    assert.notEqual(await create('same@example.com'), first);
  });

  it('refuses a userName in any letter case and an externalId that is taken, on create and on change', async () => {
    const taken = await create('taken@example.com');
    const free = await create('free@example.com');
    const attempts: [string, string, unknown][] = [
      ['POST', '/Users', { ...user('TAKEN@Example.com'), externalId: 'fresh' }],
      ['POST', '/Users', { ...user('fresh@example.com'), externalId: 'ext-taken@example.com' }],
      ['PUT', `/Users/${free}`, user('Taken@example.com', { externalId: 'ext-free@example.com' })],
      ['PATCH', `/Users/${free}`, patch({ op: 'replace', path: 'userName', value: 'TAKEN@example.com' })],
      ['PATCH', `/Users/${free}`, patch({ op: 'replace', path: 'externalId', value: 'ext-taken@example.com' })],
    ];
    for (const [method, path, body] of attempts) {
      const answer = await send(method, path, body);
      assert.equal(answer.status, 409, `${method} ${JSON.stringify(body)}`);
      assert.equal(answer.body['scimType'], 'uniqueness');
      assert.ok(answer.body['detail']?.includes(taken), answer.body['detail']);
    }
    const ownName = await send(
      'PATCH',
      `/Users/${free}`,
      patch({ op: 'replace', path: 'userName', value: 'FREE@example.com' }),
    );
    assert.equal(ownName.status, 200);
    assert.deepEqual(await findUserNames('userName eq "free@example.com"'), ['FREE@example.com']);
  });

  it('frees the names of a deleted or renamed account', async () => {
    const id = await create('leaver@example.com');
    await send('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'userName', value: 'renamed@example.com' }));
    await create('leaver@example.com', { externalId: 'other' });
    assert.equal((await send('DELETE', `/Users/${id}`)).status, 204);
    assert.equal((await send('DELETE', `/Users/${id}`)).status, 404);
    assert.equal((await send('GET', `/Users/${id}`)).status, 404);
    await create('renamed@example.com', { externalId: 'ext-leaver@example.com' });
  });

  it('changes by PATCH what it is told to, and answers 204 when nothing changed', async () => {
    const id = await create('patched@example.com', {
      title: 'Clerk',
      [enterpriseUrn]: { department: 'Sales', employeeNumber: '7' },
    });
    const before = target.accounts().find((account) => account.id === id);
    const changed = await send(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'replace', path: `${enterpriseUrn}:department`, value: 'Finance' },
        { op: 'replace', path: 'active', value: false },
        { op: 'remove', path: 'title' },
      ),
    );
    assert.equal(changed.status, 200);
    const stored = target.accounts().find((account) => account.id === id);
    assert.deepEqual(stored?.[enterpriseUrn], { employeeNumber: '7', department: 'Finance' });
    assert.equal(stored?.['active'], false);
    assert.equal('title' in (stored ?? {}), false);
    assert.equal(stored?.meta.created, before?.meta.created);
    const again = await send('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: false }));
    assert.equal(again.status, 204);
    assert.equal(target.accounts().find((account) => account.id === id)?.meta.lastModified, stored?.meta.lastModified);
  });

  it('is as strict as its library', async () => {
    const id = await create('strict@example.com');
    const wrong: [object, string][] = [
      [{ op: 'replace', path: 'active', value: 'False' }, 'invalidValue'],
      [{ op: 'replace', path: 'favouriteColour', value: 'red' }, 'invalidPath'],
      [{ op: 'replace', path: 'emails[type eq "home"].value', value: 'h@example.com' }, 'noTarget'],
    ];
    for (const [operation, scimType] of wrong) {
      const { status, body } = await send('PATCH', `/Users/${id}`, patch(operation));
      assert.deepEqual([status, body['scimType']], [400, scimType], JSON.stringify(operation));
    }
    assert.equal((await send('POST', '/Users', { schemas: [userUrn], displayName: 'no name' })).status, 400);
    const unreadable = await send('POST', '/Users', '{"userName":');
    assert.deepEqual([unreadable.status, unreadable.body['scimType']], [400, 'invalidSyntax']);
    assert.equal((await send('GET', '/Nothing')).status, 404);
  });

  it('finds accounts by each indexed attribute alone, joined, and by what has no index', async () => {
    const dept = { [enterpriseUrn]: { department: 'Finders' } };
    await create('find.a@example.com', {
      ...dept,
      emails: [
        { value: 'Shared@example.com', type: 'work' },
        { value: 'a@home.example.com', type: 'home' },
      ],
    });
    const b = await create('find.b@example.com', {
      ...dept,
      active: false,
      emails: [{ value: 'shared@example.com', type: 'home' }],
    });
    const a = 'find.a@example.com';
    const cases: [string, string[]][] = [
      ['userName eq "FIND.A@example.com"', [a]],
      ['USERNAME Eq "find.a@example.com"', [a]],
      ['externalId eq "ext-find.a@example.com"', [a]],
      ['externalId eq "EXT-FIND.A@example.com"', []],
      [`id eq "${b}"`, ['find.b@example.com']],
      ['emails.value eq "shared@example.com"', [a, 'find.b@example.com']],
      ['emails[type eq "home"].value eq "shared@example.com"', ['find.b@example.com']],
      ['userName eq "find.b@example.com" and active eq true', []],
      ['userName eq "find.b@example.com" and active eq false', ['find.b@example.com']],
      ['userName eq "find.a@example.com" or externalId eq "ext-find.b@example.com"', [a, 'find.b@example.com']],
      ['userName eq "find.a@example.com" or emails.value eq "shared@example.com"', [a, 'find.b@example.com']],
      [`${enterpriseUrn}:department eq "Finders"`, [a, 'find.b@example.com']],
      ['userName sw "find." and active eq true', [a]],
      ['userName eq "nobody@example.com"', []],
    ];
    for (const [filter, expected] of cases) assert.deepEqual((await findUserNames(filter)).sort(), expected, filter);
    assert.equal((await send('GET', '/Users?filter=userName%20equals%20%22x%22')).status, 400);
  });

  it('keeps groups, their members and who is in them', async () => {
    const [x, y] = [await create('group.x@example.com'), await create('group.y@example.com')];
    const group = await send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Élan', members: [{ value: x }] });
    assert.equal(group.status, 201);
    const path = `/Groups/${group.body['id']}`;
    assert.equal((await send('POST', '/Groups', { schemas: [groupUrn], displayName: 'ÉLAN' })).status, 409);
    const add = patch({ op: 'add', path: 'members', value: [{ value: x }, { value: y }] });
    assert.equal((await send('PATCH', path, add)).status, 200);
    const membersNow = () => ((target.groups()[0]?.['members'] ?? []) as { value: string }[]).map(({ value }) => value);
    assert.deepEqual(membersNow(), [x, y]);
    assert.equal((await send('GET', `/Users/${y}`)).body['groups']?.[0]?.['display'], 'Élan');
    const unknown = patch({ op: 'add', path: 'members', value: [{ value: 'nobody' }] });
    assert.equal((await send('PATCH', path, unknown)).body['scimType'], 'invalidValue');
    await send('PATCH', path, patch({ op: 'remove', path: `members[value eq "${x}"]` }));
    assert.deepEqual(membersNow(), [y]);
    await send('DELETE', `/Users/${y}`);
    assert.deepEqual(membersNow(), []);
    const found = await send('GET', `/Groups?filter=${encodeURIComponent('displayName eq "élan"')}`);
    assert.equal(found.body['totalResults'] as unknown, 1);
    assert.equal((await send('DELETE', path)).status, 204);
  });
});

describe("the SCIM target's pages", () => {
  const names = Array.from({ length: 12 }, (_, index) => `p${String(index + 1).padStart(2, '0')}@example.com`);
  before(async () => {
    target = await startScimTarget({ token });
    for (const name of names) await create(name);
  });
  after(() => target.stop());

  it('are exact whatever the start and the count', async () => {
    // Such that SCIMMY's own slicing would take each of its ways, the ambiguous lengths among them.
    for (let startIndex = 1; startIndex <= 14; startIndex += 1) {
      for (const count of [0, 1, 3, 4, 6, 12, 100]) {
        const { body } = await send('GET', `/Users?startIndex=${startIndex}&count=${count}&sortBy=userName`);
        assert.deepEqual(
          (body['Resources'] ?? []).map((found) => found['userName']),
          names.slice(startIndex - 1, startIndex - 1 + count),
          `startIndex ${startIndex}, count ${count}`,
        );
        assert.deepEqual([body['totalResults'], body['startIndex']] as unknown[], [names.length, startIndex]);
      }
    }
  });

  it('sorts descending', async () => {
    const { body } = await send('GET', '/Users?sortBy=userName&sortOrder=descending&startIndex=2&count=2');
    assert.deepEqual(
      body['Resources']?.map((found) => found['userName']),
      ['p11@example.com', 'p10@example.com'],
    );
  });
});

describe('faults of the SCIM target', () => {
  before(async () => {
    target = await startScimTarget({ token });
  });
  after(() => target.stop());

  it('answers the next so many requests with a status and Retry-After, then goes on', async () => {
    target.setFaults({ rules: [{ answer: { status: 429, retryAfter: 3 }, times: 2, method: 'POST', path: '/Users' }] });
    assert.equal((await send('GET', '/Users')).status, 200);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { status, headers } = await send('POST', '/Users', user('late@example.com'));
      assert.deepEqual([status, headers.get('retry-after')], [429, '3']);
    }
    assert.equal((await send('POST', '/Users', user('late@example.com'))).status, 201);
  });

  it('applies a request whose answer is lost, when told so', async () => {
    target.setFaults({ rules: [{ answer: 'reset', times: 1, afterApplying: true }] });
    await assert.rejects(send('POST', '/Users', user('ambiguous@example.com')));
    assert.deepEqual(await findUserNames('userName eq "ambiguous@example.com"'), ['ambiguous@example.com']);
    target.setFaults({ rules: [{ answer: { status: 503 }, times: 1, afterApplying: true }] });
    const { status, body } = await send('POST', '/Users', user('ambiguous2@example.com'));
    assert.deepEqual([status, body['status']], [503, '503']);
    assert.equal((await findUserNames('userName eq "ambiguous2@example.com"')).length, 1);
  });

  it('refuses the credential, is dead, hangs, and comes back', async () => {
    const countBefore = target.accounts().length;
    target.setFaults({ rules: [refuseAuth] });
    assert.equal((await send('POST', '/Users', user('refused@example.com'))).status, 401);
    target.setFaults({ rules: [goDead] });
    await assert.rejects(send('POST', '/Users', user('dead@example.com')));
    target.setFaults({ rules: [{ answer: 'hang' }] });
    const hanging = fetch(`${target.url}/Users`, { signal: AbortSignal.timeout(100) });
    await assert.rejects(hanging, { name: 'TimeoutError' });
    target.setFaults(noFaults);
    assert.equal((await send('GET', '/Users')).status, 200);
    assert.equal(target.accounts().length, countBefore);
  });

  it('is slow when told so', async () => {
    target.setFaults({ rules: [], delayMs: 80 });
    const started = performance.now();
    await send('GET', '/ServiceProviderConfig');
    assert.ok(performance.now() - started >= 75);
    target.setFaults(noFaults);
  });

  it('says what is wrong with a fault that it does not understand', () => {
    const wrong: [unknown, RegExp][] = [
      [{ rules: [{ answer: 'explode' }] }, /rules\[0\]\.answer/],
      [{ rules: [{ answer: { status: 99 } }] }, /status/],
      [{ rules: [{ answer: 'reset', tmes: 1 }] }, /unknown field 'tmes'/],
      [{ delayMs: -1 }, /delayMs/],
      [[], /expected an object/],
    ];
    for (const [faults, message] of wrong) assert.throws(() => target.setFaults(faults as never), message);
  });
});

describe('the log of the SCIM target', () => {
  before(async () => {
    target = await startScimTarget({ token, requestLogSize: 5 });
  });
  after(() => target.stop());

  it('holds what came, as it came, and what was answered', async () => {
    const id = await create('logged@example.com');
    const operation = patch({ op: 'add', path: 'emails', value: [{ value: 'l@example.com', type: 'work' }] });
    await send('PATCH', `/Users/${id}`, operation);
    await send('GET', '/Users?filter=userName%20eq%20%22x%22');
    await send('GET', '/Users', undefined, { authorization: 'Bearer wrong' });
    const requests = target.requests();
    assert.deepEqual(
      requests.map(({ seq, method, path, status }) => [seq, method, path, status]),
      [
        [1, 'POST', '/Users', 201],
        [2, 'PATCH', `/Users/${id}`, 200],
        [3, 'GET', '/Users?filter=userName%20eq%20%22x%22', 200],
        [4, 'GET', '/Users', 401],
      ],
    );
    assert.deepEqual(requests[0]?.body, user('logged@example.com'));
    assert.deepEqual(requests[1]?.body, operation);
    assert.equal(JSON.stringify(requests).includes(token), false);
  });

  it('keeps the last ones, and counts them all', async () => {
    for (let index = 0; index < 20; index += 1) await send('GET', `/Users/none-${index}`);
    const requests = target.requests();
    assert.deepEqual([requests.length, requests[0]?.seq, requests.at(-1)?.path], [5, 20, '/Users/none-19']);
    const { received, byRoute, byStatus } = target.counts();
    assert.equal(received, 24);
    assert.deepEqual(byRoute, { 'POST /Users': 1, 'PATCH /Users/:id': 1, 'GET /Users': 2, 'GET /Users/:id': 20 });
    assert.deepEqual(byStatus, { 200: 2, 201: 1, 401: 1, 404: 20 });
  });
});
