import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  BULK_URN,
  CORE_URN_V1,
  ENTERPRISE_URN,
  GROUP_URN,
  PATCH_URN,
  SEARCH_URN,
  USER_URN,
} from './attribute-definitions.ts';
import { type FaultTarget, startFaultTarget } from './fault-target.ts';
import type { JsonObject } from './json.ts';

interface Reply {
  status: number;
  headers: Headers;
  body: JsonObject;
}

async function call(
  target: FaultTarget,
  method: string,
  path: string,
  body?: JsonObject,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const type = target.profile.scimVersion === '1.1' ? 'application/json' : 'application/scim+json';
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${target.url}${path}`, {
    method,
    ...sent,
    headers: { ...(body && { 'content-type': type }), ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as JsonObject),
  };
}

const user = (name: string, more: JsonObject = {}): JsonObject => ({
  schemas: [USER_URN],
  userName: name,
  externalId: `x-${name}`,
  ...more,
});
const patchOf = (...operations: JsonObject[]): JsonObject => ({ schemas: [PATCH_URN], Operations: operations });
const ids = (reply: Reply) => (reply.body['Resources'] as JsonObject[]).map(({ userName }) => userName);
const filtered = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

describe('the strict target is a SCIM 2.0 server', () => {
  let target: FaultTarget;
  before(async () => {
    target = await startFaultTarget();
  });
  after(() => target.stop());

  test('creates, reads, changes and deletes a user', async () => {
    const made = await call(
      target,
      'POST',
      '/Users',
      user('ann', { active: true, [ENTERPRISE_URN]: { department: 'Tax' }, schemas: [USER_URN, ENTERPRISE_URN] }),
    );
    assert.equal(made.status, 201);
    const path = `/Users/${made.body['id']}`;
    assert.equal(made.headers.get('location'), `${target.url}${path}`);
    assert.equal(made.headers.get('etag'), (made.body['meta'] as JsonObject)['version']);
    assert.deepEqual((await call(target, 'GET', path)).body, made.body);

    const patched = await call(
      target,
      'PATCH',
      path,
      patchOf({ op: 'replace', path: `${ENTERPRISE_URN}:department`, value: 'Law' }),
    );
    assert.deepEqual(patched.body[ENTERPRISE_URN], { department: 'Law' });
    assert.notEqual(patched.headers.get('etag'), made.headers.get('etag'));

    const put = await call(target, 'PUT', path, user('ann2'));
    assert.equal(put.body['userName'], 'ann2');
    assert.equal(put.body[ENTERPRISE_URN], undefined);
    assert.equal((await call(target, 'DELETE', path)).status, 204);
    assert.equal((await call(target, 'GET', path)).status, 404);
    assert.equal((await call(target, 'DELETE', path)).status, 404);
  });

  test('names are unique in any letter case, and externalId is unique', async () => {
    await call(target, 'POST', '/Users', user('bob'));
    for (const taken of [user('BOB', { externalId: 'other' }), user('bob2', { externalId: 'x-bob' })]) {
      const reply = await call(target, 'POST', '/Users', taken);
      assert.equal(reply.status, 409);
      assert.equal(reply.body['scimType'], 'uniqueness');
    }
    assert.deepEqual(ids(await call(target, 'GET', filtered('userName eq "Bob"'))), ['bob']);
    assert.deepEqual(ids(await call(target, 'GET', filtered('externalId eq "X-BOB"'))), []);
    assert.deepEqual(ids(await call(target, 'GET', filtered('externalId eq "x-bob" and active eq true'))), ['bob']);
  });

  test('a name is free again after a rename and after a deletion', async () => {
    const made = await call(target, 'POST', '/Users', user('eve'));
    await call(
      target,
      'PATCH',
      `/Users/${made.body['id']}`,
      patchOf({ op: 'replace', path: 'userName', value: 'eve-2' }),
    );
    const second = await call(target, 'POST', '/Users', user('eve', { externalId: 'second' }));
    assert.equal(second.status, 201);
    await call(target, 'DELETE', `/Users/${second.body['id']}`);
    assert.equal((await call(target, 'POST', '/Users', user('eve', { externalId: 'third' }))).status, 201);
  });

  test('a write bound to an old version is refused, and an equal write makes no new version', async () => {
    const made = await call(target, 'POST', '/Users', user('fay', { title: 'Dr' }));
    const path = `/Users/${made.body['id']}`;
    const version = made.headers.get('etag') ?? '';
    const same = await call(target, 'PATCH', path, patchOf({ op: 'replace', path: 'title', value: 'Dr' }), {
      'if-match': version,
    });
    assert.equal(same.headers.get('etag'), version);
    await call(target, 'PATCH', path, patchOf({ op: 'replace', path: 'title', value: 'Prof' }));
    const late = await call(target, 'PATCH', path, patchOf({ op: 'remove', path: 'title' }), { 'if-match': version });
    assert.equal(late.status, 412);
    assert.equal(
      (await call(target, 'GET', path, undefined, { 'if-none-match': same.headers.get('etag') ?? '' })).status,
      200,
    );
  });

  test('a refused PATCH changes nothing, also when its first operation was good', async () => {
    const made = await call(target, 'POST', '/Users', user('gus'));
    const path = `/Users/${made.body['id']}`;
    const reply = await call(
      target,
      'PATCH',
      path,
      patchOf(
        { op: 'replace', path: 'title', value: 'Dr' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' },
      ),
    );
    assert.equal(reply.status, 400);
    assert.deepEqual((await call(target, 'GET', path)).body, made.body);
  });

  test('membership shows in the group and in its user, and ends with the user', async () => {
    const member = await call(target, 'POST', '/Users', user('hal'));
    const id = member.body['id'] as string;
    const group = await call(target, 'POST', '/Groups', { schemas: [GROUP_URN], displayName: 'Ops' });
    const path = `/Groups/${group.body['id']}`;
    const add = patchOf({ op: 'add', path: 'members', value: [{ value: id }] });
    assert.equal((await call(target, 'PATCH', path, add)).status, 200);
    assert.equal(
      (await call(target, 'PATCH', path, patchOf({ op: 'add', path: 'members', value: [{ value: 'nobody' }] }))).status,
      400,
    );
    assert.equal(((await call(target, 'GET', `/Users/${id}`)).body['groups'] as JsonObject[])[0]?.['display'], 'Ops');
    const found = await call(
      target,
      'GET',
      `/Groups?filter=${encodeURIComponent(`members.value eq "${id}"`)}&excludedAttributes=members`,
    );
    assert.deepEqual(
      (found.body['Resources'] as JsonObject[]).map(({ displayName, members }) => [displayName, members]),
      [['Ops', undefined]],
    );
    await call(target, 'DELETE', `/Users/${id}`);
    assert.equal((await call(target, 'GET', path)).body['members'], undefined);
  });

  test('attributes and excludedAttributes cut what is returned', async () => {
    const made = await call(target, 'POST', '/Users', user('ida', { name: { givenName: 'I', familyName: 'D' } }));
    const path = `/Users/${made.body['id']}`;
    const some = await call(target, 'GET', `${path}?attributes=name.givenName`);
    assert.deepEqual(some.body, { schemas: [USER_URN], id: made.body['id'], name: { givenName: 'I' } });
    assert.equal((await call(target, 'GET', `${path}?excludedAttributes=name,meta`)).body['name'], undefined);
  });

  test('discovery names what there is', async () => {
    const config = await call(target, 'GET', '/ServiceProviderConfig');
    assert.deepEqual(config.body['patch'], { supported: true });
    const types = await call(target, 'GET', '/ResourceTypes');
    assert.deepEqual(
      (types.body['Resources'] as JsonObject[]).map(({ endpoint }) => endpoint),
      ['/Users', '/Groups'],
    );
    const schema = await call(target, 'GET', `/Schemas/${USER_URN}`);
    const userName = (schema.body['attributes'] as JsonObject[]).find(({ name }) => name === 'userName');
    assert.equal(userName?.['required'], true);
    assert.equal((await call(target, 'GET', '/Schemas?filter=id+pr')).status, 403);
  });

  test('bulk carries out operations that name one another, and search takes a body', async () => {
    const reply = await call(target, 'POST', '/Bulk', {
      schemas: [BULK_URN],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'u', data: user('joe') },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'g',
          data: { schemas: [GROUP_URN], displayName: 'Bulk', members: [{ value: 'bulkId:u' }] },
        },
        { method: 'DELETE', path: '/Users/nobody' },
      ],
    });
    assert.deepEqual(
      (reply.body['Operations'] as JsonObject[]).map(({ status }) => status),
      ['201', '201', '404'],
    );
    const found = await call(target, 'POST', '/Users/.search', {
      schemas: [SEARCH_URN],
      filter: 'groups.display eq "Bulk"',
    });
    assert.deepEqual(ids(found), ['joe']);
  });

  test('all these requests were well formed but for the three that meant harm', () => {
    assert.deepEqual(
      target.violations().map((text) => text.replace(/^#\d+ /, '').replace(/Users\/[0-9a-f-]+/, 'Users/…')),
      ['GET /scim/v2/Schemas?filter=id+pr: filter is no parameter of this request'],
    );
  });
});

test('pages reach every user once, by index and by cursor', async () => {
  await using target = await startFaultTarget({ profile: { base: 'plain', cursor: 'offered', maxPageSize: 7 } });
  for (let number = 1; number <= 20; number++) target.createAccount({ userName: `u${number}` });
  const byIndex: unknown[] = [];
  for (let startIndex = 1; startIndex <= 20; startIndex += 7) {
    const reply = await call(target, 'GET', `/Users?startIndex=${startIndex}&count=50`);
    assert.equal(reply.body['totalResults'], 20);
    byIndex.push(...ids(reply));
  }
  const byCursor: unknown[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const reply: Reply = await call(target, 'GET', `/Users?cursor=${cursor}&count=7`);
    byCursor.push(...ids(reply));
    // a record that goes between two pages moves no other one
    if (cursor === '') target.deleteAccount(target.getAccount('u3').id);
    cursor = reply.body['nextCursor'] as string | undefined;
  }
  const all = Array.from({ length: 20 }, (_, index) => `u${index + 1}`);
  assert.deepEqual(byIndex, all);
  assert.deepEqual(byCursor, all);
  assert.deepEqual(ids(await call(target, 'GET', '/Users?startIndex=99')), []);
  assert.equal((await call(target, 'GET', '/Users?cursor=nonsense')).body['scimType'], 'invalidCursor');
});

test('a target of SCIM 1.1 has its own shapes', async () => {
  await using target = await startFaultTarget({ profile: 'scim-1.1' });
  assert.ok(target.url.endsWith('/scim/v1'));
  const made = await call(target, 'POST', '/Users', { schemas: [CORE_URN_V1], userName: 'ann', title: 'Dr' });
  const path = `/Users/${made.body['id']}`;
  const changed = await call(target, 'PATCH', path, {
    schemas: [CORE_URN_V1],
    meta: { attributes: ['title'] },
    active: false,
  });
  assert.equal(changed.body['active'], false);
  assert.equal(changed.body['title'], undefined);
  assert.deepEqual((await call(target, 'GET', '/Users/none')).body, {
    Errors: [{ description: 'There is no User "none"', code: '404' }],
  });
  assert.equal((await call(target, 'GET', '/ServiceProviderConfigs')).status, 200);
  assert.equal((await call(target, 'GET', '/Schemas/Users')).status, 200);
  assert.equal((await call(target, 'GET', '/ResourceTypes')).status, 404);
  assert.deepEqual(
    target.violations().filter((text) => !text.includes('/ResourceTypes')),
    [],
  );
});

test('the bearer token is asked for, and nothing happens without it', async () => {
  await using target = await startFaultTarget({ token: 'right' });
  assert.equal((await call(target, 'POST', '/Users', user('ann'))).status, 401);
  assert.equal((await call(target, 'POST', '/Users', user('ann'), { authorization: 'Bearer wrong' })).status, 401);
  assert.equal(target.accounts().size, 0);
  assert.equal((await call(target, 'POST', '/Users', user('ann'), { authorization: 'Bearer right' })).status, 201);
});

test('without checks a body is kept word for word and still answered as a record', async () => {
  await using target = await startFaultTarget({ profile: 'plain', record: false });
  const body = user('zoë', { active: false, shoeSize: 43, title: 'née "Ö"' });
  const made = await call(target, 'POST', '/Users', body);
  const { id: _id, meta, ...kept } = made.body;
  assert.deepEqual(kept, body);
  assert.equal((meta as JsonObject)['resourceType'], 'User');
  assert.deepEqual(target.getAccount('ZOË').attributes, made.body);
  const { id, shoeSize, active } = (
    await call(target, 'POST', '/Users', user('amy', { id: 'mine', title: null, active: true }))
  ).body;
  assert.notEqual(id, 'mine');
  assert.deepEqual([shoeSize, active], [undefined, true]);
  assert.equal(target.counts.creates, 2);
});
