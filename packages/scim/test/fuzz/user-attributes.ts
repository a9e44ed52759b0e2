import fc from 'fast-check';
import { enterpriseUserUrn, type JsonValue } from '../../src/index.ts';

const text = fc
  .oneof(
    fc.constantFrom('x', 'y', 'a"b', 'a\\b', "O'Brien", ' z', 'ünï', '\u2028', '<b>', '[type eq "work"]', 'a.b:c'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  )
  .filter((value) => value.isWellFormed());

export const department = `${enterpriseUserUrn}:department`;
export const managerId = `${enterpriseUserUrn}:manager.value`;
export const work = 'emails[type eq "work"].value';
export const home = 'emails[type eq "home"].value';
export const mobile = 'phoneNumbers[type eq "mobile"].value';

/** Attributes of a user as a mapping writes them, any of them missing. */
export const userAttributes = fc.record(
  {
    displayName: text,
    title: text,
    active: fc.boolean(),
    'name.givenName': text,
    'name.familyName': text,
    [work]: text,
    [home]: text,
    [mobile]: text,
    [department]: text,
    [managerId]: text,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, JsonValue>>;

export const everyPath = [
  'displayName',
  'title',
  'active',
  'name.givenName',
  'name.familyName',
  work,
  home,
  mobile,
  department,
  managerId,
];
