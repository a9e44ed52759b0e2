import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import { buildUserSourceSchema, compileMapping, type MappingRule, type SourceRecord } from './index.ts';

const SOURCE = buildUserSourceSchema([
  { name: 'FirstName', type: 'text' },
  { name: 'LastName', type: 'text' },
  { name: 'Title', type: 'text' },
  { name: 'Floor__c', type: 'number' },
  { name: 'Skills__c', type: 'textList' },
]);
const CONTEXT = { now: new Date('2026-01-05T08:00:00Z'), timeZone: 'UTC' };

const attribute = (path: string, more: Partial<AttributeSchema> = {}): AttributeSchema => ({
  path,
  type: 'text',
  multiValued: false,
  required: false,
  mutability: 'readWrite',
  uniqueness: 'none',
  caseExact: false,
  ...more,
});
const SCHEMA: AccountSchema = {
  source: 'target',
  attributes: [
    attribute('userName', { required: true }),
    attribute('active', { type: 'boolean', required: true }),
    attribute('name', { type: 'complex' }),
    attribute('name.familyName'),
    attribute('title'),
    attribute('floor', { type: 'number' }),
    attribute('roles', { type: 'complex', multiValued: true }),
    attribute('tags', { multiValued: true }),
    attribute('emails', { type: 'complex', multiValued: true }),
    attribute('emails[type eq "work"].value'),
    attribute('groups', { type: 'complex', multiValued: true, mutability: 'readOnly' }),
    attribute('badge', { mutability: 'immutable' }),
  ],
};

const rule = (target: string, formula: string, more: Partial<MappingRule> = {}): MappingRule => ({
  target,
  formula,
  required: false,
  apply: 'always',
  blank: 'clear',
  ...more,
});
const USERNAME = rule('userName', 'Username');

const USER: SourceRecord = {
  id: 'u1',
  username: 'ada@example.com',
  isActive: true,
  fields: { FirstName: 'Ada', LastName: 'Lovelace', Floor__c: 3, Skills__c: ['maths', 'poetry'] },
  profile: 'Sales',
  manager: null,
  permissionSets: ['Reports'],
  permissionSetGroups: [],
};

describe('a compiled mapping', () => {
  const evaluate = (rules: MappingRule[], user = USER) => {
    const verdict = compileMapping(rules, SOURCE, SCHEMA);
    assert.ok(verdict.ok, JSON.stringify(verdict));
    return verdict.mapping.evaluate(user, CONTEXT);
  };

  const CASES: [name: string, rule: MappingRule, always: object][] = [
    ['gives a field', rule('title', 'FirstName'), { title: 'Ada' }],
    ['gives a constant', rule('title', '"Dr"'), { title: 'Dr' }],
    ['gives the full name', rule('title', 'Name'), { title: 'Ada Lovelace' }],
    ['gives a number where the target takes one', rule('floor', 'Floor__c'), { floor: 3 }],
    ['gives a text where the target takes one', rule('title', 'Floor__c'), { title: '3' }],
    [
      'gives elements with a value for a complex list',
      rule('roles', 'PermissionSets'),
      { roles: [{ value: 'Reports' }] },
    ],
    ['gives plain elements for a plain list', rule('tags', 'Skills__c'), { tags: ['maths', 'poetry'] }],
    ['makes a list of one value', rule('roles', 'FirstName'), { roles: [{ value: 'Ada' }] }],
    [
      'gives the part of an element',
      rule('emails[type eq "work"].value', 'Username'),
      { 'emails[type eq "work"].value': 'ada@example.com' },
    ],
    [
      'gives the part of an element of a kind that the schema does not list',
      rule('emails[type eq "x"].value', 'Username'),
      { 'emails[type eq "x"].value': 'ada@example.com' },
    ],
    ['clears what is blank', rule('title', 'Title'), { title: null }],
    ['clears an empty list', rule('roles', 'PermissionSetGroups'), { roles: null }],
    ['leaves what is blank', rule('title', 'Title', { blank: 'leave' }), {}],
    [
      'writes the default for what is blank',
      rule('title', 'Title', { blank: 'default', default: 'None' }),
      { title: 'None' },
    ],
    ['gives nothing always that is for a new account only', rule('title', 'FirstName', { apply: 'on create' }), {}],
  ];
  for (const [name, tested, always] of CASES) {
    it(name, () => {
      const desired = evaluate([USERNAME, tested]);
      assert.ok(desired.ok);
      assert.deepEqual(desired.always, { userName: 'ada@example.com', ...always });
    });
  }

  it('gives first values apart', () => {
    const desired = evaluate([USERNAME, rule('badge', 'Id', { apply: 'on create' })]);
    assert.deepEqual(desired.ok && desired.onCreate, { badge: 'u1' });
  });

  it('names the attribute that is required and blank', () => {
    const desired = evaluate([USERNAME, rule('title', 'Title', { required: true })]);
    assert.deepEqual(desired, {
      ok: false,
      problem: {
        attribute: 'title',
        code: 'required_blank',
        message: 'title is required, but Title is blank for this user',
      },
    });
  });

  it('names the attribute whose formula fails', () => {
    const desired = evaluate([USERNAME, rule('floor', '1 / (Floor__c - 3)')]);
    assert.deepEqual(!desired.ok && [desired.problem.attribute, desired.problem.code], ['floor', 'formula_failed']);
  });

  it('says what must be loaded', () => {
    const needs = (formula: string) => {
      const verdict = compileMapping([USERNAME, rule('title', formula)], SOURCE, SCHEMA);
      assert.ok(verdict.ok, JSON.stringify(verdict));
      return verdict.mapping.needs;
    };
    assert.deepEqual(needs('Title'), { manager: false, entitlements: false });
    assert.deepEqual(needs('Manager.Username'), { manager: true, entitlements: false });
    assert.deepEqual(needs('IF(INCLUDES(PermissionSets, "Reports"), "x", "y")'), {
      manager: false,
      entitlements: true,
    });
  });
});

describe('a mapping that cannot be used', () => {
  const CASES: [name: string, rules: MappingRule[], field: string, says: RegExp][] = [
    ['an unknown field', [rule('userName', 'Usrname')], 'mapping[0].formula', /Usrname/],
    ['two rules for one attribute', [USERNAME, rule('USERNAME', 'Id')], 'mapping[1].target', /has a rule already/],
    ['an unknown attribute', [USERNAME, rule('shoeSize', '1')], 'mapping[1].target', /not an attribute/],
    [
      'an element of an unknown list',
      [USERNAME, rule('faxes[type eq "work"].value', '"1"')],
      'mapping[1].target',
      /not an attribute/,
    ],
    ['a read-only attribute', [USERNAME, rule('groups', 'PermissionSets')], 'mapping[1].target', /read-only/],
    ['an immutable one that is to change', [USERNAME, rule('badge', 'Id')], 'mapping[1].apply', /cannot be changed/],
    ['a list for one value', [USERNAME, rule('title', 'PermissionSets')], 'mapping[1].formula', /takes one/],
    ['a value for parts', [USERNAME, rule('name', 'Name')], 'mapping[1].target', /made of parts/],
    ['a text for a number', [USERNAME, rule('floor', 'FirstName')], 'mapping[1].formula', /number/],
    [
      'a default of another type',
      [USERNAME, rule('floor', 'Floor__c', { blank: 'default', default: 'x' })],
      'mapping[1].default',
      /takes a number/,
    ],
    ['nothing for what is required', [rule('title', 'Title')], 'mapping', /requires userName/],
  ];
  for (const [name, rules, field, says] of CASES) {
    it(name, () => {
      const verdict = compileMapping(rules, SOURCE, SCHEMA);
      assert.ok(!verdict.ok);
      assert.deepEqual(
        verdict.problems.map((problem) => problem.field),
        [field],
      );
      assert.match(`${verdict.problems[0]?.problem}`, says);
      assert.notEqual(verdict.problems[0]?.fix, '');
    });
  }

  it('is only warned of where the target does not say what it has', () => {
    const verdict = compileMapping([USERNAME, rule('shoeSize', '1')], SOURCE, { ...SCHEMA, source: 'default' });
    assert.ok(verdict.ok);
    assert.ok(verdict.mapping.warnings.some(({ field }) => field === 'mapping[1].target'));
  });

  it('is taken as it was saved when the target demands more by now', () => {
    const rules = [rule('title', 'Title'), rule('shoeSize', '1')];
    assert.ok(!compileMapping(rules, SOURCE, SCHEMA).ok);
    assert.ok(compileMapping(rules, SOURCE, SCHEMA, { checkTarget: false }).ok);
  });
});
