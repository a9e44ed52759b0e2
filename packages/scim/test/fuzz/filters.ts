import assert from 'node:assert/strict';
import fc from 'fast-check';
import { filter as buildMatcher, parse } from 'scim2-parse-filter';
import { buildEqualsFilters } from '../../src/index.ts';
import type { FuzzProperty } from './fuzz-property.ts';

/** The independent parser undoes no escape but that of quotes, so it is asked about texts that need no other. */
const plain = (value: string) => !JSON.stringify(value).replace(/\\"/g, '').includes('\\');
const hostile = fc.constantFrom(
  '" or "1" eq "1',
  '"',
  '""',
  ') or (',
  'a" pr',
  '%22',
  'null',
  'true',
  "'",
  '*',
  'x and y',
);
const text = fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 20 })).filter(plain);

/** To an independent parser a filter asks for one attribute with one value, whatever the value is. */
export const filters: FuzzProperty = {
  name: 'filters',
  check: async (parameters) =>
    fc.check(
      fc.property(text, text, fc.string({ unit: 'binary', maxLength: 20 }), (value, other, anything) => {
        const [byName = ''] = buildEqualsFilters('userName', value);
        const matchesName = buildMatcher(parse(byName));
        assert.equal(matchesName({ userName: value }), true, byName);
        assert.equal(
          matchesName({ userName: other }),
          value.toLowerCase() === other.toLowerCase() || value === other,
          byName,
        );
        const inBrackets = buildEqualsFilters('emails[type eq "work"].value', value)[1] ?? '';
        const matchesEmail = buildMatcher(parse(inBrackets));
        assert.equal(matchesEmail({ emails: [{ type: 'work', value }] }), true, inBrackets);
        assert.equal(matchesEmail({ emails: [{ type: 'home', value }] }), false, inBrackets);
        // For texts beyond that parser: the operand is a JSON string, and nothing stands behind it.
        const [byAnything = ''] = buildEqualsFilters('externalId', anything);
        const operand = /^externalId eq (".*")$/s.exec(byAnything)?.[1] ?? '';
        assert.equal(JSON.parse(operand), anything);
      }),
      parameters as never,
    ),
};
