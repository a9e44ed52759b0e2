import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ScimPatchOperation, type ScimResource, scimPatch } from 'scim-patch';
import {
  type AttributeChange,
  buildPatchOperations,
  buildResource,
  coreUserUrn,
  type Dialect,
  type JsonObject,
  type JsonValue,
  readAttribute,
  standardDialect,
} from '../../src/index.ts';
import type { FuzzProperty } from './fuzz-property.ts';
import { everyPath, userAttributes } from './user-attributes.ts';

const shapes: fc.Arbitrary<Dialect['patch']> = fc.record({
  form: fc.constantFrom('path', 'noPath'),
  clear: fc.constantFrom('remove', 'replaceEmpty'),
  valuePaths: fc.boolean(),
  opCase: fc.constantFrom('lower', 'capital'),
  booleans: fc.constant('json'),
  manager: fc.constantFrom('object', 'valuePath'),
  extensionSeparator: fc.constant(standardDialect.patch.extensionSeparator),
});

/** What nobody here manages, and what must stay. */
const foreign = { type: 'other', value: 'theirs@example.com' };

/** An independent implementation of PATCH makes of our operations exactly the changes that were meant, and no other. */
export const patches: FuzzProperty = {
  name: 'patches',
  check: async (parameters) =>
    fc.check(
      fc.property(userAttributes, userAttributes, shapes, fc.boolean(), (before, after, shape, whole) => {
        // The independent implementation takes a URN without a path apart at its dots.
        const isKnown = (path: string) => shape.form === 'path' || !path.startsWith('urn:');
        const current = buildResource({ userName: 'ada', nickName: 'kept', ...before }, coreUserUrn);
        current['emails'] = [...((current['emails'] as JsonValue[] | undefined) ?? []), foreign];
        const changes = listChanges(before, after, whole).filter(({ path }) => isKnown(path));
        const operations = buildPatchOperations(changes, shape, structuredClone(current));
        const patched = apply(current, operations);
        const touched = new Set(changes.map(({ path }) => path));
        for (const path of everyPath) {
          const expected = touched.has(path) ? after[path] : before[path];
          assert.deepEqual(readAttribute(patched, path), expected, `${path} by ${JSON.stringify(operations)}`);
        }
        assert.equal(readAttribute(patched, 'nickName'), 'kept');
        assert.equal(readAttribute(patched, 'emails[type eq "other"].value'), foreign.value);
      }),
      parameters as never,
    ),
};

function listChanges(
  before: Record<string, JsonValue>,
  after: Record<string, JsonValue>,
  whole: boolean,
): AttributeChange[] {
  return everyPath.flatMap((path): AttributeChange[] => {
    const value = after[path];
    if (value === undefined) return before[path] === undefined ? [] : [{ path, operation: 'clear' }];
    if (!whole && before[path] === value) return [];
    return [{ path, operation: 'set', value }];
  });
}

function apply(current: JsonObject, operations: JsonObject[]): JsonObject {
  const record = structuredClone(current) as unknown as ScimResource;
  return scimPatch(record, structuredClone(operations) as unknown as ScimPatchOperation[]) as unknown as JsonObject;
}
