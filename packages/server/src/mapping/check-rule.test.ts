import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import {
  buildUserSourceSchema,
  compileMapping,
  diffSchemas,
  type LookupTables,
  type MappingRule,
  overlaySchema,
  placeOf,
} from './index.ts';

const SOURCE = buildUserSourceSchema([
  { name: 'Title', type: 'text' },
  { name: 'Department', type: 'text' },
  { name: 'Level__c', type: 'number' },
  { name: 'HireDate__c', type: 'date' },
]);
const attribute = (path: string, more: Partial<AttributeSchema> = {}): AttributeSchema => ({
  ...{ path, type: 'text', multiValued: false, required: false, mutability: 'readWrite' },
  ...{ uniqueness: 'none', caseExact: false },
  ...more,
});
const SCHEMA: AccountSchema = {
  source: 'target',
  attributes: [
    attribute('userName', { uniqueness: 'server' }),
    attribute('title'),
    attribute('active', { type: 'boolean' }),
    attribute('kind', { canonicalValues: ['Employee', 'Contractor'] }),
    attribute('exact', { canonicalValues: ['A'], caseExact: true }),
    attribute('started', { type: 'dateTime' }),
    attribute('photo', { type: 'reference' }),
    attribute('levels', { type: 'number', multiValued: true }),
    attribute('emails', { type: 'complex', multiValued: true }),
    attribute('emails.value'),
    attribute('emails.type', { canonicalValues: ['work', 'home'] }),
    attribute('addresses', { type: 'complex', multiValued: true }),
    attribute('addresses.locality'),
    attribute('meta', { type: 'complex', mutability: 'readOnly' }),
    attribute('meta.version'),
  ],
};
const rule = (target: string, formula: string, more: Partial<MappingRule> = {}): MappingRule => ({
  ...{ target, formula, required: false, apply: 'always', blank: 'clear' },
  ...more,
});
const TABLES: LookupTables = { Kinds: { Sales: 'Employee', Legal: 'Kontraktor' } };

describe('what is known of a rule at the save', () => {
  const told = (rules: MappingRule[], schema: AccountSchema | undefined = SCHEMA) => {
    const verdict = compileMapping(rules, SOURCE, schema, { tables: TABLES });
    const warnings = verdict.ok ? verdict.mapping.warnings : verdict.warnings;
    const problems = verdict.ok ? [] : verdict.problems;
    const say = (kind: string) => (found: { field: string; problem: string }) =>
      `${kind} ${found.field}: ${found.problem}`;
    return [...problems.map(say('error')), ...warnings.map(say('warning'))];
  };

  const CASES: [name: string, rule: MappingRule, told: RegExp[]][] = [
    ['a value that the target names', rule('kind', '"employee"'), []],
    [
      'a constant that it does not name',
      rule('kind', '"Staff"'),
      [/^warning mapping\[0\]\.formula: gives "Staff", and the target names for kind only Employee, Contractor/],
    ],
    ['one at the end of an IF', rule('kind', 'IF(Level__c > 3, "Employee", "Boss")'), [/gives "Boss"/]],
    [
      'one of a CASE',
      rule('kind', 'CASE(Department, "Sales", "Employee", "Legal", "Lawyer", "Contractor")'),
      [/gives "Lawyer"/],
    ],
    ['one of a table', rule('kind', 'LOOKUP(Department, "kinds")'), [/gives "Kontraktor"/]],
    ['another case where case counts', rule('exact', '"a"'), [/gives "a"/]],
    [
      'a default that it does not name',
      rule('kind', 'Title', { blank: 'default', default: 'Staff' }),
      [/^warning mapping\[0\]\.default: gives "Staff"/],
    ],
    [
      'a kind of element that it does not name',
      rule('emails[type eq "wrok"].value', 'Username'),
      [/"wrok" is no type that the target names: work, home/],
    ],
    [
      'a path that is none',
      rule('emails[type eq].value', 'Username'),
      [/^error mapping\[0\]\.target: "emails\[type eq\]\.value" is not an attribute path/],
    ],
    [
      'a table that is not there',
      rule('kind', 'LOOKUP(Department, "Sorts")'),
      [/^error mapping\[0\]\.formula: .*Sorts/],
    ],
    [
      'one value for everybody where it must differ',
      rule('userName', '"admin"'),
      [/^error mapping\[0\]\.formula: gives everybody the same/],
    ],
    [
      'what is always blank and required',
      rule('title', 'NULL', { required: true }),
      [/^error mapping\[0\]\.formula: is always blank/],
    ],
    ['what is always blank, to clear it', rule('title', 'NULL'), []],
    [
      'a date for a date and time',
      rule('started', 'HireDate__c'),
      [/^error mapping\[0\]\.formula: .*DATETIMEVALUE\(HireDate__c\)/],
    ],
    ['a number for a reference', rule('photo', 'Level__c'), [/^error mapping\[0\]\.formula: gives no text/]],
    ['texts for a list of numbers', rule('levels', 'PermissionSets'), [/^error mapping\[0\]\.formula: gives texts/]],
    ['true or false for a text', rule('title', 'IsActive'), [/^warning mapping\[0\]\.formula: gives true or false/]],
    [
      'a list whose elements have no value',
      rule('addresses', 'PermissionSets'),
      [/^error mapping\[0\]\.target: addresses is made of parts/],
    ],
    [
      'a part of what is read-only',
      rule('meta.version', 'Title'),
      [/^error mapping\[0\]\.target: meta.version is read-only/],
    ],
    ['a text for active', rule('active', '"yes"'), [/^error mapping\[0\]\.formula/]],
    [
      'an authority that contradicts',
      rule('title', 'Title', { apply: 'on create', authority: 'ours' }),
      [/^error mapping\[0\]\.authority/],
    ],
    [
      'a default that is a list for one value',
      rule('title', 'Title', { blank: 'default', default: ['x'] }),
      [/^error mapping\[0\]\.default: is \["x"\], and title takes a text/],
    ],
  ];
  for (const [name, tested, expected] of CASES) {
    it(name, () => {
      const found = told([tested]);
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
    });
  }

  it('active is true or false also where a target says nothing', () => {
    assert.match(told([rule('active', '"yes"')], { source: 'default', attributes: [] })[0] ?? '', /^error/);
  });

  it('one place spelt twice', () => {
    const found = told([
      rule('emails[type eq "work"].value', 'Username'),
      rule('EMAILS[ TYPE eq "work" ].value', 'Username'),
    ]);
    assert.match(found.join(), /error mapping\[1\]\.target: .* has a rule already/);
    const urn = 'urn:ietf:params:scim:schemas:core:2.0:User:title';
    assert.equal(placeOf(urn), placeOf(`${urn.slice(0, -5)}TITLE`));
  });

  it('a list and its own element', () => {
    const found = told([rule('emails', 'PermissionSets'), rule('emails[type eq "work"].value', 'Username')]);
    assert.match(found.join(), /error mapping\[0\]\.target: emails and its element .* overwrite each other/);
  });
});

describe('authority of an attribute', () => {
  it('is handed on with the desired attributes', () => {
    const rules = [rule('userName', 'Username'), rule('title', 'Title', { authority: 'initial' })];
    const verdict = compileMapping(rules, SOURCE, SCHEMA);
    assert.ok(verdict.ok);
    const record = {
      ...{ id: '1', username: 'a', isActive: true, fields: { Title: 'x' }, profile: '', manager: null },
      ...{ permissionSets: [], permissionSetGroups: [] },
    };
    const desired = verdict.mapping.evaluate(record, { now: new Date(0), timeZone: 'UTC' });
    assert.deepEqual(desired, { ok: true, always: { userName: 'a', title: 'x' }, onCreate: {}, initial: ['title'] });
  });
});

describe('what a target says of itself', () => {
  it('is laid under what an administrator describes', () => {
    const described = [attribute('title', { required: true }), attribute('shoeSize')];
    const laid = overlaySchema(SCHEMA, described);
    assert.equal(laid?.source, 'target');
    assert.equal(laid?.attributes.find(({ path }) => path === 'title')?.required, true);
    assert.ok(laid?.attributes.some(({ path }) => path === 'shoeSize'));
    assert.equal(overlaySchema({ ...SCHEMA, source: 'default' }, described)?.source, 'administrator');
    assert.equal(overlaySchema(undefined, described)?.source, 'administrator');
    assert.equal(overlaySchema(SCHEMA, []), SCHEMA);
  });

  it('is compared in words', () => {
    const after: AccountSchema = {
      source: 'target',
      attributes: [
        ...SCHEMA.attributes.filter(({ path }) => path !== 'photo' && path !== 'title' && path !== 'kind'),
        attribute('title', { required: true }),
        attribute('kind', { canonicalValues: ['Employee'] }),
        attribute('department', { required: true }),
        attribute('nickName'),
      ],
    };
    assert.deepEqual(
      diffSchemas(SCHEMA, after).map(({ path, change, breaks }) => [path, change, breaks]),
      [
        ['photo', 'is no longer an attribute of the target', true],
        ['title', 'is required now', true],
        ['kind', 'no longer names Contractor among its values', true],
        ['department', 'is new, and required', true],
        ['nickName', 'is new', false],
      ],
    );
  });
});
