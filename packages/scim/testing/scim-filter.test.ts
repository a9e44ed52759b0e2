import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as peer from 'scim2-parse-filter';
import type { JsonObject } from './json.ts';
import { FilterSyntaxError, matchesFilter, parseFilter } from './scim-filter.ts';

const EXACT = () => true;
const CASELESS = () => false;

const user: JsonObject = {
  userName: 'Babs',
  active: true,
  title: '',
  name: { familyName: 'Jensen' },
  emails: [
    { type: 'work', value: 'babs@example.com', primary: true },
    { type: 'home', value: 'b@home.example' },
  ],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Tour "Ops"', level: 7 },
};

describe('a filter selects as RFC 7644 section 3.4.2.2 says', () => {
  const table: [string, boolean][] = [
    ['userName eq "babs"', true],
    ['USERNAME Eq "BABS"', true],
    ['userName ne "babs"', false],
    ['userName sw "ba" and active eq true', true],
    ['userName eq "x" or name.familyName co "ens"', true],
    ['userName eq "x" and active eq true or userName pr', true],
    ['userName eq "x" and (active eq true or userName pr)', false],
    ['not (userName eq "x")', true],
    ['emails[type eq "work" and value co "@example"]', true],
    ['emails[type eq "home" and value co "@example"]', false],
    ['emails[type eq "work"].value eq "babs@example.com"', true],
    ['emails.type eq "home"', true],
    ['emails co "home.example"', true],
    ['title pr', false],
    ['nickName pr', false],
    ['nickName ne "x"', true],
    ['nickName eq null', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "babs"', true],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Tour \\"Ops\\""', true],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:level gt 6', true],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:level le 6', false],
    ['active eq "true"', false],
  ];
  for (const [text, expected] of table) {
    test(text, () => assert.equal(matchesFilter(user, parseFilter(text), CASELESS), expected));
  }

  test('letter case counts where the rule says so', () => {
    assert.equal(matchesFilter(user, parseFilter('userName eq "babs"'), EXACT), false);
  });

  for (const text of [
    '',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq "x" and',
    '(userName pr',
    'a.b.c pr',
    'userName eq x',
    'userName eq "x',
    'emails[type pr',
    '"x" eq "y"',
    'userName pr pr',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseFilter(text), FilterSyntaxError));
  }
});

test('filters select what the independent parser selects', () => {
  // letter case and absent attributes under ne and null are left out: there the peer departs from the RFC; it cannot read -1)
  const word = fc.constantFrom('a', 'b', 'ab', 'q"t', 'x y', 'and', ')');
  const literal = fc.oneof(
    word.map((text) => JSON.stringify(text)),
    fc.boolean().map(String),
    fc.nat({ max: 3 }).map(String),
  );
  const path = fc.constantFrom('s', 't', 'c.s', 'c.t', 'm.value', 'm.type');
  const compare = fc
    .tuple(
      path,
      fc.constantFrom('eq', 'co', 'sw', 'ew'),
      word.map((text) => JSON.stringify(text)),
    )
    .map((part) => part.join(' '));
  const equal = fc.tuple(path, literal).map(([name, value]) => `${name} eq ${value}`);
  const present = path.map((name) => `${name} pr`);
  const inner = fc
    .tuple(fc.constantFrom('value', 'type'), word)
    .map(([name, text]) => `${name} eq ${JSON.stringify(text)}`);
  const element = inner.map((filter) => `m[${filter}]`);
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small' },
      compare,
      equal,
      present,
      element,
      fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map((part) => part.join(' ')),
      tie('filter').map((part) => `(${part})`),
      tie('filter').map((part) => `not (${part})`),
    ),
  }));
  const value = fc.oneof(word, fc.boolean(), fc.nat({ max: 3 }));
  const complex = fc.record({ s: value, t: word });
  const record = fc.record(
    { s: value, t: value, c: complex, m: fc.array(fc.record({ value: word, type: word }), { maxLength: 3 }) },
    { requiredKeys: ['c'] },
  );
  fc.assert(
    fc.property(filter, record, (text, subject) => {
      const ours = matchesFilter(subject as JsonObject, parseFilter(text), EXACT);
      // the peer turns values that are no strings into text under co, sw and ew; the RFC compares strings only
      const asText = /\b(co|sw|ew)\b/.test(text) && hasOtherThanText(subject as JsonObject);
      fc.pre(!asText);
      assert.equal(ours, peer.filter(peer.parse(text))(subject), text);
    }),
    { numRuns: 2000 },
  );
});

function hasOtherThanText({ s, t, c }: JsonObject): boolean {
  const inner = c as JsonObject;
  return [s, t, inner['s']].some((value) => value !== undefined && typeof value !== 'string');
}
