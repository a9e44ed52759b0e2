import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAttributePath } from './attribute-path.ts';
import { buildResource, clearAttribute, type FlatAttributes } from './build-resource.ts';
import type { JsonObject } from './json.ts';
import { readAttribute } from './read-attribute.ts';
import { coreUserUrn, enterpriseUserUrn } from './schema-urns.ts';

describe('buildResource', () => {
  it('groups sub-attributes, elements and extensions', () => {
    const attributes: FlatAttributes = {
      userName: 'ada@example.com',
      active: false,
      'name.givenName': 'Ada',
      'name.familyName': 'Lovelace',
      'emails[type eq "work"].value': 'ada@example.com',
      'emails[type eq "work"].primary': true,
      'emails[type eq "home"].value': 'ada@home.example',
      'addresses[type eq "work"].locality': 'London',
      'addresses[type eq "work"].country': 'GB',
      'phoneNumbers.value': '+44 1',
      [`${enterpriseUserUrn}:department`]: 'Engines',
      [`${enterpriseUserUrn}:manager.value`]: '77',
      'urn:example:ext:Role': 'x',
      title: '',
      nickName: null,
      roles: [],
    };
    assert.deepEqual(buildResource(attributes, coreUserUrn), {
      schemas: [coreUserUrn, enterpriseUserUrn, 'urn:example:ext'],
      userName: 'ada@example.com',
      active: false,
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [
        { type: 'work', value: 'ada@example.com', primary: true },
        { type: 'home', value: 'ada@home.example' },
      ],
      addresses: [{ type: 'work', locality: 'London', country: 'GB' }],
      phoneNumbers: [{ value: '+44 1' }],
      [enterpriseUserUrn]: { department: 'Engines', manager: { value: '77' } },
      'urn:example:ext': { Role: 'x' },
    });
  });

  it('gives back by readAttribute what went in', () => {
    const attributes: FlatAttributes = {
      'emails[type eq "a]b\\"c"].value': 'x',
      'roles[value eq "admin" and primary eq true].display': 'Admin',
      'urn:example:ext:1.0:list[size eq 3].name': 'three',
    };
    const resource = buildResource(attributes, coreUserUrn);
    for (const [path, value] of Object.entries(attributes)) assert.equal(readAttribute(resource, path), value, path);
  });

  it('lays sub-attributes over a whole value without changing the given one', () => {
    const name = { formatted: 'Ada L.' };
    const resource = buildResource({ name, 'name.givenName': 'Ada' }, coreUserUrn);
    assert.deepEqual(resource['name'], { formatted: 'Ada L.', givenName: 'Ada' });
    assert.deepEqual(name, { formatted: 'Ada L.' });
  });
});

describe('clearAttribute', () => {
  const table: [string, JsonObject, JsonObject][] = [
    ['title', { Title: 'x', a: 1 }, { a: 1 }],
    ['name.givenName', { name: { givenName: 'x', familyName: 'y' } }, { name: { familyName: 'y' } }],
    ['name.givenName', { name: { givenName: 'x' } }, {}],
    [
      'emails[type eq "work"].value',
      { emails: [{ type: 'work', value: 'x' }, { type: 'home' }] },
      { emails: [{ type: 'home' }] },
    ],
    ['emails[type eq "work"].value', { emails: [{ type: 'work', value: 'x' }] }, {}],
    [
      'addresses[type eq "work"].locality',
      { addresses: [{ type: 'work', locality: 'x' }] },
      { addresses: [{ type: 'work' }] },
    ],
    [`${enterpriseUserUrn}:department`, { [enterpriseUserUrn]: { department: 'x' } }, {}],
    [`${enterpriseUserUrn}:department`, { a: 1 }, { a: 1 }],
  ];
  for (const [path, before, after] of table) {
    it(`clears ${path} of ${JSON.stringify(before)}`, () => {
      clearAttribute(before, parseAttributePath(path));
      assert.deepEqual(before, after);
    });
  }
});
