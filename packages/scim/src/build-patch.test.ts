import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scimPatch } from 'scim-patch';
import { type AttributeChange, buildPatchBody, buildPatchOperations } from './build-patch.ts';
import { standardDialect } from './dialect.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { readAttribute } from './read-attribute.ts';
import { coreUserUrn, enterpriseUserUrn } from './schema-urns.ts';

const set = (path: string, value: JsonValue): AttributeChange => ({ path, operation: 'set', value });
const clear = (path: string): AttributeChange => ({ path, operation: 'clear' });
const work = 'emails[type eq "work"].value';
const manager = `${enterpriseUserUrn}:manager`;
const plain = standardDialect.patch;

describe('buildPatchOperations', () => {
  const table: [string, AttributeChange[], Partial<typeof plain>, JsonObject | undefined, JsonObject[]][] = [
    [
      'a simple attribute',
      [set('displayName', 'X')],
      {},
      undefined,
      [{ op: 'replace', path: 'displayName', value: 'X' }],
    ],
    ['a boolean', [set('active', false)], {}, undefined, [{ op: 'replace', path: 'active', value: false }]],
    [
      'a sub-attribute',
      [set('name.givenName', 'A')],
      {},
      undefined,
      [{ op: 'replace', path: 'name.givenName', value: 'A' }],
    ],
    ['an element', [set(work, 'x')], {}, undefined, [{ op: 'replace', path: work, value: 'x' }]],
    [
      'an extension, by colon',
      [set(`${enterpriseUserUrn}:department`, 'D')],
      {},
      undefined,
      [{ op: 'replace', path: `${enterpriseUserUrn}:department`, value: 'D' }],
    ],
    [
      'an extension, by dot',
      [set(`${enterpriseUserUrn}:department`, 'D')],
      { extensionSeparator: '.' },
      undefined,
      [{ op: 'replace', path: `${enterpriseUserUrn}.department`, value: 'D' }],
    ],
    [
      'a manager',
      [set(`${manager}.value`, '7')],
      {},
      undefined,
      [{ op: 'replace', path: manager, value: { value: '7' } }],
    ],
    [
      'a manager given whole',
      [set(manager, '7')],
      {},
      undefined,
      [{ op: 'replace', path: manager, value: { value: '7' } }],
    ],
    [
      'a manager as text',
      [set(`${manager}.value`, '7')],
      { manager: 'text' },
      undefined,
      [{ op: 'replace', path: manager, value: '7' }],
    ],
    [
      'a manager by value path',
      [set(`${manager}.value`, '7')],
      { manager: 'valuePath' },
      undefined,
      [{ op: 'replace', path: `${manager}.value`, value: '7' }],
    ],
    ['no manager', [clear(`${manager}.value`)], {}, undefined, [{ op: 'remove', path: manager }]],
    ['a cleared attribute', [clear('title')], {}, undefined, [{ op: 'remove', path: 'title' }]],
    [
      'a cleared attribute, by an empty text',
      [clear('title')],
      { clear: 'replaceEmpty' },
      undefined,
      [{ op: 'replace', path: 'title', value: '' }],
    ],
    [
      'a cleared attribute, by null',
      [clear('title')],
      { clear: 'replaceNull' },
      undefined,
      [{ op: 'replace', path: 'title', value: null }],
    ],
    [
      'a cleared element, which goes whole',
      [clear(work)],
      {},
      undefined,
      [{ op: 'remove', path: 'emails[type eq "work"]' }],
    ],
    ['nothing for what is not there', [clear(work), clear('title')], {}, {}, []],
    [
      'an element that is not there',
      [set(work, 'x'), set('emails[type eq "work"].primary', true)],
      {},
      {},
      [{ op: 'add', path: 'emails', value: [{ type: 'work', value: 'x', primary: true }] }],
    ],
    [
      'an element that is there',
      [set(work, 'x')],
      {},
      { Emails: [{ Type: 'work', value: 'y' }] },
      [{ op: 'replace', path: work, value: 'x' }],
    ],
    [
      'a list without filter as one value',
      [set('emails.value', 'x')],
      {},
      undefined,
      [{ op: 'replace', path: 'emails', value: [{ value: 'x' }] }],
    ],
    [
      'a bare value of a list attribute',
      [set('roles', 'admin')],
      {},
      undefined,
      [{ op: 'replace', path: 'roles', value: ['admin'] }],
    ],
    [
      'a whole attribute without value paths',
      [set(work, 'x'), clear('emails[type eq "home"].value')],
      { valuePaths: false },
      {
        emails: [
          { type: 'home', value: 'h' },
          { type: 'other', value: 'o' },
        ],
      },
      [
        {
          op: 'replace',
          path: 'emails',
          value: [
            { type: 'other', value: 'o' },
            { type: 'work', value: 'x' },
          ],
        },
      ],
    ],
    [
      'capitals and text booleans',
      [set('active', true), clear('title')],
      { opCase: 'capital', booleans: 'text' },
      undefined,
      [
        { op: 'Replace', path: 'active', value: 'True' },
        { op: 'Remove', path: 'title' },
      ],
    ],
    [
      'one operation without path, whole around what changes',
      [set('active', false), set('name.givenName', 'A'), clear('title'), set(work, 'x'), clear(`${manager}.value`)],
      { form: 'noPath' },
      { name: { familyName: 'L' }, emails: [{ type: 'home', value: 'h' }], [enterpriseUserUrn]: { department: 'D' } },
      [
        {
          op: 'replace',
          value: {
            active: false,
            name: { familyName: 'L', givenName: 'A' },
            title: null,
            emails: [
              { type: 'home', value: 'h' },
              { type: 'work', value: 'x' },
            ],
            [enterpriseUserUrn]: { department: 'D', manager: null },
          },
        },
      ],
    ],
  ];
  for (const [name, changes, dialect, current, expected] of table) {
    it(`writes ${name}`, () => {
      assert.deepEqual(buildPatchOperations(changes, { ...plain, ...dialect }, current), expected);
    });
  }
});

describe('an independent PATCH engine', () => {
  const account = () => ({
    schemas: [coreUserUrn, enterpriseUserUrn],
    id: '1',
    userName: 'ada',
    active: true,
    title: 'Countess',
    name: { givenName: 'Ada', familyName: 'L' },
    emails: [
      { type: 'work', value: 'w' },
      { type: 'home', value: 'h' },
    ],
    [enterpriseUserUrn]: { department: 'D', costCenter: 'C', manager: { value: '7' } },
    meta: { resourceType: 'User', created: new Date(0), lastModified: new Date(0), location: '' },
  });
  const changes: AttributeChange[] = [
    set('userName', 'augusta'),
    set('active', false),
    set('name.givenName', 'Augusta'),
    set(work, 'new'),
    set('phoneNumbers[type eq "mobile"].value', '+1'),
    set(`${enterpriseUserUrn}:department`, 'E'),
    set(`${enterpriseUserUrn}:manager.value`, '8'),
    clear('title'),
    clear('emails[type eq "home"].value'),
    clear(`${enterpriseUserUrn}:costCenter`),
  ];
  const dialects: [string, Partial<typeof plain>][] = [
    ['the standard dialect', {}],
    ['a dialect without value paths', { valuePaths: false }],
    ['a dialect without paths', { form: 'noPath' }],
    ['capital operations', { opCase: 'capital' }],
  ];
  for (const [name, dialect] of dialects) {
    // The engine splits the keys of a value without path at every dot, URNs included: it can be asked about core alone.
    const known = dialect.form === 'noPath' ? changes.filter(({ path }) => !path.startsWith('urn:')) : changes;
    for (const change of [...known.map((one) => [one]), known]) {
      it(`makes of ${change.map(({ path }) => path).join(', ')} what was meant, in ${name}`, () => {
        const before = account();
        const operations = buildPatchOperations(
          change,
          { ...plain, ...dialect },
          structuredClone(before) as unknown as JsonObject,
        );
        const body = buildPatchBody(operations) as unknown as { Operations: Parameters<typeof scimPatch>[1] };
        const after = scimPatch(account() as never, body.Operations) as unknown as JsonObject;
        for (const { path, ...wanted } of change) {
          assert.deepEqual(readAttribute(after, path), wanted.operation === 'set' ? wanted.value : undefined, path);
        }
        const untouched = ['name.familyName', `${enterpriseUserUrn}:department`, work, 'userName'];
        for (const path of untouched.filter((kept) => !change.some((made) => made.path === kept))) {
          assert.deepEqual(readAttribute(after, path), readAttribute(before as unknown as JsonObject, path), path);
        }
      });
    }
  }
});
