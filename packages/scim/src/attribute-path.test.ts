import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAttributePath } from './attribute-path.ts';
import { ScimError } from './scim-error.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('parseAttributePath', () => {
  const readable: [string, object][] = [
    ['userName', { urn: undefined, attribute: 'userName', where: undefined, sub: undefined, multiValued: false }],
    ['name.givenName', { urn: undefined, attribute: 'name', sub: 'givenName', multiValued: false }],
    ['emails.value', { attribute: 'emails', sub: 'value', where: undefined, multiValued: true }],
    [
      'emails[type eq "work"].value',
      { attribute: 'emails', where: [{ attribute: 'type', value: 'work' }], sub: 'value' },
    ],
    ['emails[type eq "work"]', { whereText: 'type eq "work"', sub: undefined, multiValued: true }],
    [
      'roles[value eq "a:b]. \\"c\\"" and primary EQ True].display',
      {
        attribute: 'roles',
        where: [
          { attribute: 'value', value: 'a:b]. "c"' },
          { attribute: 'primary', value: true },
        ],
        sub: 'display',
      },
    ],
    ['things[size eq 42].name', { where: [{ attribute: 'size', value: 42 }], multiValued: true }],
    [`${enterprise}:department`, { urn: enterprise, attribute: 'department', sub: undefined }],
    [`${enterprise}:manager.value`, { urn: enterprise, attribute: 'manager', sub: 'value' }],
    [
      'urn:example:ext:1.0:roles[type eq "x:y"].value',
      { urn: 'urn:example:ext:1.0', attribute: 'roles', sub: 'value' },
    ],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:name.givenName',
      { urn: undefined, attribute: 'name', sub: 'givenName' },
    ],
    [
      'urn:scim:schemas:extension:enterprise:1.0.manager.managerId',
      { urn: 'urn:scim:schemas:extension:enterprise:1.0', attribute: 'manager', sub: 'managerId' },
    ],
    ['urn:scim:schemas:core:1.0:userName', { urn: undefined, attribute: 'userName' }],
    ['manager.$ref', { attribute: 'manager', sub: '$ref' }],
  ];
  for (const [text, expected] of readable) {
    it(`reads ${text}`, () => {
      const path = parseAttributePath(text);
      assert.partialDeepStrictEqual({ ...path }, { text, ...expected });
      assert.equal(parseAttributePath(text), path, 'it is parsed once');
    });
  }

  const refused = [
    '',
    '1name',
    'a..b',
    'a.b.c',
    'emails[].value',
    'emails[type].value',
    'emails[type co "w"].value',
    'emails[type eq "work" or type eq "home"].value',
    'emails[type eq "work" and ].value',
    'emails[type eq work].value',
    'emails[type eq "\\q"].value',
    'emails[type eq "work"',
    '__proto__.polluted',
    `a${'b'.repeat(2000)}`,
  ];
  for (const text of refused) {
    it(`refuses ${text.slice(0, 60) || 'nothing'}, naming it`, () => {
      assert.throws(
        () => parseAttributePath(text),
        (error) =>
          error instanceof ScimError && error.kind === 'invalid_request' && error.message.includes(text.slice(0, 50)),
      );
    });
  }
});
