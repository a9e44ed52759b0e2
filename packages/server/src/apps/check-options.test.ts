import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOptions, fillDefaults } from './check-options.ts';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['region'],
  properties: {
    region: {
      oneOf: [
        { const: 'eu', title: 'Europe' },
        { const: 'us', title: 'America' },
      ],
      default: 'eu',
    },
    mode: { enum: ['fast', 'safe'] },
    size: { type: 'integer', minimum: 1, maximum: 10 },
    ratio: { type: 'number' },
    path: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
    on: { type: 'boolean' },
    tags: { type: 'array', maxItems: 2, items: { type: 'string' } },
    nested: { type: 'object', properties: { deep: { type: ['string', 'null'] } } },
  },
};

describe('checkOptions', () => {
  const CASES: [name: string, options: unknown, fields: string[], says: RegExp][] = [
    [
      'nothing wrong',
      { region: 'eu', mode: 'fast', size: 10, ratio: 0.5, path: 'users', on: false, tags: ['a'] },
      [],
      /^$/,
    ],
    ['a missing option', {}, ['o.region'], /is missing/],
    ['a constant out of the list', { region: 'asia' }, ['o.region'], /"asia".*"eu", "us"/],
    ['a value out of an enum', { region: 'eu', mode: 'slow' }, ['o.mode'], /"fast", "safe"/],
    ['a fraction for an integer', { region: 'eu', size: 1.5 }, ['o.size'], /1.5, not integer/],
    ['too small', { region: 'eu', size: 0 }, ['o.size'], /at least 1/],
    ['too large', { region: 'eu', size: 11 }, ['o.size'], /at most 10/],
    ['a text for a number', { region: 'eu', ratio: '1' }, ['o.ratio'], /a string, not number/],
    ['a pattern', { region: 'eu', path: '../x' }, ['o.path'], /right form/],
    ['a length', { region: 'eu', path: 'abcdef' }, ['o.path'], /at most 5 characters/],
    ['an item', { region: 'eu', tags: ['a', 1] }, ['o.tags[1]'], /not string/],
    ['too many items', { region: 'eu', tags: ['a', 'b', 'c'] }, ['o.tags'], /at most 2 items/],
    ['a nested value', { region: 'eu', nested: { deep: 1 } }, ['o.nested.deep'], /string or null/],
    ['a nested null', { region: 'eu', nested: { deep: null } }, [], /^$/],
    ['an unknown option', { region: 'eu', zone: 1 }, ['o.zone'], /Its options are: region, mode/],
    ['a name of every object', { region: 'eu', constructor: 1 }, ['o.constructor'], /not an option/],
    ['a list', [], ['o'], /a list, not object/],
    ['null', null, ['o'], /null, not object/],
  ];
  for (const [name, options, fields, says] of CASES) {
    it(name, () => {
      const problems = checkOptions(SCHEMA, options, 'o');
      assert.deepEqual(
        problems.map(({ field }) => field),
        fields,
      );
      assert.match(problems.map(({ problem, fix }) => `${problem} ${fix}`).join(' '), says);
    });
  }

  it('fills in defaults where nothing is said, and nothing else', () => {
    assert.deepEqual(fillDefaults(SCHEMA, { size: 2 }), { size: 2, region: 'eu' });
    assert.deepEqual(fillDefaults(SCHEMA, { region: 'us' }), { region: 'us' });
  });
});
