import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filter as buildMatcher, parse } from 'scim2-parse-filter';
import { buildEqualsFilter, buildEqualsFilters } from './filter.ts';
import { enterpriseUserUrn } from './schema-urns.ts';

describe('buildEqualsFilters', () => {
  const table: [string, string, string[]][] = [
    ['userName', 'ada', ['userName eq "ada"']],
    ['userName', 'a"b\\c', ['userName eq "a\\"b\\\\c"']],
    ['name.familyName', "O'Brien", ['name.familyName eq "O\'Brien"']],
    ['emails.value', 'a', ['emails.value eq "a"']],
    [
      'emails[type eq "work"].value',
      'a',
      ['emails[type eq "work"].value eq "a"', 'emails[type eq "work" and value eq "a"]', 'emails.value eq "a"'],
    ],
    [`${enterpriseUserUrn}:employeeNumber`, '7', [`${enterpriseUserUrn}:employeeNumber eq "7"`]],
  ];
  for (const [path, value, expected] of table) {
    it(`asks for ${path} ${value}`, () => assert.deepEqual(buildEqualsFilters(path, value), expected));
  }

  it('means, to an independent parser, that one attribute has exactly this value', () => {
    // The parser undoes no escape but that of quotes, so it is asked about texts that need no other.
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => JSON.stringify(value).replace(/\\"/g, '').indexOf('\\') === -1);
    fc.assert(
      fc.property(text, (value) => {
        const expected = { op: 'eq', attrPath: 'userName', compValue: value };
        assert.deepEqual(parse(buildEqualsFilter('userName', value)), expected);
      }),
    );
  });

  it('writes any text as the JSON string that means it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const operand = /^userName eq (".*")$/s.exec(buildEqualsFilter('userName', value))?.[1] ?? '';
        assert.equal(JSON.parse(operand), value);
        assert.doesNotThrow(() => encodeURIComponent(operand));
      }),
    );
  });

  it('selects, by an independent matcher, the element and no other', () => {
    const [, inBrackets = ''] = buildEqualsFilters('emails[type eq "work"].value', 'a@example.com');
    const matches = buildMatcher(parse(inBrackets));
    assert.equal(matches({ emails: [{ type: 'work', value: 'a@example.com' }] }), true);
    assert.equal(matches({ emails: [{ type: 'home', value: 'a@example.com' }] }), false);
  });
});
