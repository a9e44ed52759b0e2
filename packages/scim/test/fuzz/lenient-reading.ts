import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  buildResource,
  coreUserUrn,
  type JsonObject,
  type JsonValue,
  readActive,
  readAttribute,
} from '../../src/index.ts';
import type { FuzzProperty } from './fuzz-property.ts';
import { everyPath, userAttributes } from './user-attributes.ts';

/** What targets do to a resource on its way back: a number for each place decides. */
interface Spoiling {
  letters: number[];
  booleansAsText: boolean;
  flatNames: boolean;
  bareElements: boolean;
  extraMembers: boolean;
}

const spoiling: fc.Arbitrary<Spoiling> = fc.record({
  letters: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 10 }),
  booleansAsText: fc.boolean(),
  flatNames: fc.boolean(),
  bareElements: fc.boolean(),
  extraMembers: fc.boolean(),
});

/** However a target spells what it was given, the same is read. */
export const lenientReading: FuzzProperty = {
  name: 'lenient reading',
  check: async (parameters) =>
    fc.check(
      fc.property(userAttributes, spoiling, (attributes, how) => {
        const spoilt = spoil(buildResource(attributes, coreUserUrn), how) as JsonObject;
        for (const path of everyPath) assert.deepEqual(readAttribute(spoilt, path), attributes[path], path);
        assert.equal(readActive(spoilt), attributes['active']);
      }),
      parameters as never,
    ),
};

function spoil(value: JsonValue, how: Spoiling, depth = 0): JsonValue {
  if (typeof value === 'boolean' && how.booleansAsText)
    return how.letters.length % 2 === 0 ? String(value) : value ? 'True' : 'False';
  if (Array.isArray(value)) {
    const list = value.map((item) => spoil(item, how, depth + 1));
    const [only] = list;
    return how.bareElements && list.length === 1 && typeof only === 'object' && only !== null ? only : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const spoilt: JsonObject = how.extraMembers ? { meta: { version: 'W/"1"' }, 'x-unknown': [null, {}] } : {};
  let place = depth;
  for (const [name, item] of Object.entries(value)) {
    const spelt = respell(name, how.letters[place++ % how.letters.length] ?? 0);
    if (how.flatNames && name === 'name' && typeof item === 'object' && item !== null) {
      for (const [part, inner] of Object.entries(item)) spoilt[`${spelt}.${part}`] = inner as JsonValue;
    } else spoilt[spelt] = spoil(item, how, depth + 1);
  }
  return spoilt;
}

function respell(name: string, how: number): string {
  if (how === 1) return name.toUpperCase();
  if (how === 2) return name.toLowerCase();
  if (how === 3) return name.charAt(0).toUpperCase() + name.slice(1);
  return name;
}
