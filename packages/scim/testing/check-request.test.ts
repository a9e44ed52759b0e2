import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CORE_URN_V1, ENTERPRISE_URN, PATCH_URN, USER_URN } from './attribute-definitions.ts';
import type { ProfileName } from './build-profile.ts';
import { buildCore } from './fault-target.ts';
import type { JsonObject } from './json.ts';

const TYPE = { 'content-type': 'application/scim+json' };

async function violations(
  method: string,
  url: string,
  body?: JsonObject | string,
  headers: Record<string, string> = TYPE,
  profile: ProfileName = 'strict',
): Promise<string[]> {
  const core = buildCore({ profile });
  const base = profile === 'strict' ? '/scim/v2' : '/scim/v1';
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  await core.serve({ method, url: `${base}${url}`, headers, body: text });
  return core.exchanges[0]?.violations ?? [];
}

const user = (more: JsonObject): JsonObject => ({ schemas: [USER_URN], userName: 'u', ...more });
const patch = (operation: JsonObject, more: JsonObject = {}): JsonObject => ({
  schemas: [PATCH_URN],
  Operations: [operation],
  ...more,
});

describe('what a request may not do', () => {
  const bodies: [string, JsonObject | string, RegExp][] = [
    ['no schemas', { userName: 'u' }, /schemas must be an array/],
    [
      'an extension that schemas does not name',
      user({ [ENTERPRISE_URN]: { department: 'x' } }),
      /is used and schemas does not name it/,
    ],
    ['no userName', { schemas: [USER_URN] }, /userName is required/],
    ['an id', user({ id: 'x' }), /id is read-only/],
    ['meta', user({ meta: { version: '1' } }), /meta is read-only/],
    ['groups', user({ groups: [] }), /groups is read-only/],
    ['null', user({ title: null }), /title is null/],
    ['a boolean as text', user({ active: 'False' }), /active must be a boolean/],
    ['an object for a list', user({ emails: { value: 'x' } }), /emails must be an array/],
    [
      'two primaries',
      user({
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      }),
      /more than one primary/,
    ],
    ['an unknown attribute', user({ shoeSize: 1 }), /shoeSize is no attribute/],
    ['another spelling', user({ DisplayName: 'x' }), /is spelt displayName/],
    [
      'a manager as text',
      user({ schemas: [USER_URN, ENTERPRISE_URN], [ENTERPRISE_URN]: { manager: 'm' } }),
      /manager must be an object/,
    ],
    ['no JSON', '{', /not a JSON object/],
  ];
  for (const [name, body, expected] of bodies) {
    test(`POST with ${name}`, async () =>
      assert.match((await violations('POST', '/Users', body)).join('\n'), expected));
  }

  const patches: [string, JsonObject, RegExp][] = [
    ['an upper-case op', patch({ op: 'Replace', path: 'title', value: 'x' }), /op must be add, replace or remove/],
    ['operations in lower case', { schemas: [PATCH_URN], operations: [] }, /a PATCH has no "operations"/],
    ['the schemas of a user', patch({ op: 'remove', path: 'title' }, { schemas: [USER_URN] }), /schemas of a PATCH/],
    ['a remove with a value', patch({ op: 'remove', path: 'emails', value: [] }), /remove takes no value/],
    ['a remove without path', patch({ op: 'remove' }), /remove needs a path/],
    ['an add without value', patch({ op: 'add', path: 'title' }), /add needs a value/],
    ['a path outside the grammar', patch({ op: 'add', path: 'emails[type eq work]', value: {} }), /is no value/],
    ['a read-only path', patch({ op: 'replace', path: 'meta.version', value: 'x' }), /is read-only/],
    ['an id in the value', patch({ op: 'replace', value: { id: 'x' } }), /"id" is read-only/],
    ['an unknown path', patch({ op: 'replace', path: 'shoeSize', value: 1 }), /there is no attribute/],
    ['a wrong type', patch({ op: 'replace', path: 'active', value: 'False' }), /active must be a boolean/],
    [
      'a dotted extension',
      patch({ op: 'replace', path: `${ENTERPRISE_URN}.department`, value: 'x' }),
      /no PATCH path|there is no attribute/,
    ],
    ['the removal of userName', patch({ op: 'remove', path: 'userName' }), /is required/],
  ];
  for (const [name, body, expected] of patches) {
    test(`PATCH with ${name}`, async () =>
      assert.match((await violations('PATCH', '/Users/1', body)).join('\n'), expected));
  }

  const urls: [string, string, RegExp][] = [
    ['GET', '/Users/a"b', /not percent-encoded/],
    ['GET', '/Users/a%2', /not percent-encoded/],
    ['GET', '/Users/a/b', /no endpoint/],
    ['GET', '/users', /no endpoint/],
    ['GET', '/Users?filter=userName%20is%20x', /filter cannot be read/],
    ['GET', '/Users?filter=shoeSize%20eq%201', /is no attribute/],
    ['GET', '/Users?startIndex=0', /counts from 1/],
    ['GET', '/Users?count=ten', /whole number/],
    ['GET', '/Users?cursor=&startIndex=1', /exclude each other/],
    ['GET', '/Users?page=2', /no parameter/],
  ];
  for (const [method, url, expected] of urls) {
    test(`${method} ${url}`, async () =>
      assert.match((await violations(method, url, undefined, {})).join('\n'), expected));
  }

  test('headers: media type, entity tag, a body on DELETE', async () => {
    assert.match((await violations('POST', '/Users', user({}), { 'content-type': 'text/plain' })).join(), /media type/);
    assert.match((await violations('DELETE', '/Users/1', undefined, { 'if-match': '3' })).join(), /entity tag/);
    assert.match((await violations('DELETE', '/Users/1', {})).join(), /DELETE has a body/);
  });

  test('a PATCH of SCIM 1.1 is a partial record', async () => {
    const json = { 'content-type': 'application/json' };
    assert.match(
      (await violations('PATCH', '/Users/1', patch({ op: 'remove', path: 'title' }), json, 'scim-1.1')).join(),
      /partial record/,
    );
    const wrong = { schemas: [CORE_URN_V1], members: [{ value: 'a', operation: 'add' }] };
    assert.match((await violations('PATCH', '/Groups/1', wrong, json, 'scim-1.1')).join(), /must be "delete"/);
    const right = { schemas: [CORE_URN_V1], meta: { attributes: ['title'] }, active: true };
    assert.deepEqual(await violations('PATCH', '/Users/1', right, json, 'scim-1.1'), []);
  });
});

describe('what a request may do', () => {
  const right: [string, string, JsonObject][] = [
    [
      'POST',
      '/Users',
      user({
        schemas: [USER_URN, ENTERPRISE_URN],
        active: false,
        emails: [{ value: 'a@x', type: 'work', primary: true }],
        [ENTERPRISE_URN]: { manager: { value: 'm' } },
      }),
    ],
    ['PUT', '/Users/7', user({ id: '7' })],
    ['PATCH', '/Users/k%26Kd%2F7', patch({ op: 'replace', path: 'emails[type eq "work"].value', value: 'a' })],
    ['PATCH', '/Users/7', patch({ op: 'add', path: `${ENTERPRISE_URN}:department`, value: 'x' })],
    ['PATCH', '/Users/7', patch({ op: 'replace', path: 'emails', value: [] })],
    ['PATCH', '/Users/7', patch({ op: 'replace', value: { active: false, [ENTERPRISE_URN]: { department: 'x' } } })],
    ['PATCH', '/Groups/7', patch({ op: 'remove', path: 'members[value eq "1"]' })],
    ['PATCH', '/Groups/7', patch({ op: 'add', path: 'members', value: [{ value: '1', type: 'User' }] })],
  ];
  for (const [method, url, body] of right) {
    test(`${method} ${url} ${JSON.stringify(body).slice(0, 150)}`, async () =>
      assert.deepEqual(await violations(method, url, body), []));
  }
});
