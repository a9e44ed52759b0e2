import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from './json.ts';
import { readActive, readAttribute, readAttributeValues } from './read-attribute.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const emails: JsonObject[] = [
  { type: 'home', value: 'h@example.com' },
  { Type: 'Work', Value: 'w@example.com', Primary: 'True' },
];

describe('readAttribute', () => {
  const table: [string, JsonObject, string, JsonValue | undefined][] = [
    ['a plain attribute', { userName: 'u' }, 'userName', 'u'],
    ['names in other letters', { USERNAME: 'u' }, 'userName', 'u'],
    ['the exact name before another spelling', { username: 'wrong', userName: 'u' }, 'userName', 'u'],
    ['a sub-attribute', { name: { GivenName: 'Ada' } }, 'name.givenName', 'Ada'],
    ['a flat key', { 'name.givenName': 'Ada' }, 'name.givenName', 'Ada'],
    ['a flat key beside an object', { name: { formatted: 'x' }, 'Name.givenname': 'Ada' }, 'name.givenName', 'Ada'],
    ['an element by its type', { emails }, 'emails[type eq "work"].value', 'w@example.com'],
    ['a whole element', { emails }, 'emails[type eq "home"]', emails[0] as JsonValue],
    ['no element of another type', { emails }, 'emails[type eq "other"].value', undefined],
    ['the primary element', { emails }, 'emails.value', 'w@example.com'],
    ['the first of several without a primary', { emails: emails.slice(0, 1) }, 'emails.value', 'h@example.com'],
    ['an element by a text boolean', { emails }, 'emails[primary eq true].value', 'w@example.com'],
    [
      'an object where a list belongs',
      { emails: emails[0] as JsonObject },
      'emails[type eq "home"].value',
      'h@example.com',
    ],
    ['bare texts', { emails: ['a@example.com'] }, 'emails.value', 'a@example.com'],
    ['a whole list', { roles: [{ value: 'x' }] }, 'roles', [{ value: 'x' }]],
    ['an extension', { [enterprise]: { department: 'D' } }, `${enterprise}:department`, 'D'],
    [
      'an extension in other letters',
      { [enterprise.toLowerCase()]: { Department: 'D' } },
      `${enterprise}:department`,
      'D',
    ],
    ['an extension as flat key', { [`${enterprise}:department`]: 'D' }, `${enterprise}:department`, 'D'],
    ['a manager', { [enterprise]: { manager: { value: '7' } } }, `${enterprise}:manager.value`, '7'],
    ['a manager as text', { [enterprise]: { manager: '7' } }, `${enterprise}:manager.value`, '7'],
    ['a manager as list', { [enterprise]: { manager: [{ value: '7' }] } }, `${enterprise}:manager.value`, '7'],
    ['a text boolean', { active: 'False' }, 'active', false],
    ['null as nothing', { title: null }, 'title', undefined],
    ['an empty text as nothing', { title: '' }, 'title', undefined],
    ['an empty list as nothing', { emails: [] }, 'emails', undefined],
    ['false and 0 as themselves', { active: false, n: 0 }, 'n', 0],
    ['nothing from a prototype', {}, 'constructor', undefined],
    ['nothing from an extension that is no object', { [enterprise]: 'x' }, `${enterprise}:department`, undefined],
    ['nothing of a list of rubbish', { emails: [null, 1, [], {}] }, 'emails[type eq "work"].value', undefined],
  ];
  for (const [name, resource, path, expected] of table) {
    it(`reads ${name}`, () => assert.deepEqual(readAttribute(resource, path), expected));
  }

  it('reads every value', () => {
    assert.deepEqual(readAttributeValues({ emails }, 'emails.value'), ['h@example.com', 'w@example.com']);
  });

  it('reads active as booleans and texts only', () => {
    const read = [true, 'TRUE', ' false ', 'yes', 1, null, {}].map((active) => readActive({ active }));
    assert.deepEqual(read, [true, true, false, undefined, undefined, undefined, undefined]);
  });
});
