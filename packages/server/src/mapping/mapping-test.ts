import type { AttributeValue } from '@usher/connector-sdk';
import type { EvaluationContext } from '@usher/formula';
import type { CompiledMapping } from './compile-mapping.ts';
import type { SourceRecord } from './source-record.ts';
import { placeOf } from './target-attribute.ts';

/** Given fields of a user who exists nowhere: what a mapping test may be about besides real users. */
export interface SampleUser {
  Username: string;
  IsActive?: boolean | undefined;
  Profile?: string | undefined;
  PermissionSets?: string[] | undefined;
  PermissionSetGroups?: string[] | undefined;
  /** Any other fields by their names. */
  fields?: Record<string, unknown> | undefined;
  manager?:
    | { Username: string; RemoteId?: string | null | undefined; fields?: Record<string, unknown> | undefined }
    | undefined;
}

/** A test that is kept with the mapping: for this user, these values must come out. */
export interface MappingTest {
  name: string;
  /** A user of the directory by Username, or one given by fields. */
  user: string | SampleUser;
  /** Attribute path → value; `null` says that it has none. Paths that are not named are not looked at. */
  expect: Record<string, AttributeValue>;
  /** The attribute that parks this user; `expect` must be empty then. */
  expectParked?: string | undefined;
}

export interface MappingTestResult {
  name: string;
  ok: boolean;
  failures: { attribute: string; expected: AttributeValue; actual: AttributeValue; message: string }[];
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A record for a sample that is given by fields; its id is the nil UUID. */
export function buildSampleRecord(sample: SampleUser): SourceRecord {
  const { manager } = sample;
  return {
    id: NOBODY,
    username: sample.Username,
    isActive: sample.IsActive ?? true,
    fields: sample.fields ?? {},
    profile: sample.Profile ?? '',
    permissionSets: [...(sample.PermissionSets ?? [])].sort(),
    permissionSetGroups: [...(sample.PermissionSetGroups ?? [])].sort(),
    manager: manager
      ? {
          id: NOBODY,
          username: manager.Username,
          isActive: true,
          fields: manager.fields ?? {},
          remoteId: manager.RemoteId ?? null,
        }
      : null,
  };
}

/** Runs one test. `record` is undefined when the directory has no such user. */
export function runMappingTest(
  mapping: CompiledMapping,
  test: MappingTest,
  record: SourceRecord | undefined,
  context: EvaluationContext,
  same: (a: AttributeValue | undefined, b: AttributeValue | undefined) => boolean,
): MappingTestResult {
  const { name, expect, expectParked } = test;
  const fail = (attribute: string, expected: AttributeValue, actual: AttributeValue, message: string) => ({
    ...{ attribute, expected, actual, message },
  });
  if (!record) {
    const message = `there is no user ${JSON.stringify(test.user)} in the directory`;
    return { name, ok: false, failures: [fail('', null, null, message)] };
  }
  const desired = mapping.evaluate(record, context);
  if (!desired.ok) {
    const { attribute, message } = desired.problem;
    if (expectParked !== undefined && placeOf(expectParked) === placeOf(attribute))
      return { name, ok: true, failures: [] };
    return {
      name,
      ok: false,
      failures: [fail(attribute, expect[attribute] ?? null, null, `the user is parked: ${message}`)],
    };
  }
  if (expectParked !== undefined) {
    const message = `the user is not parked, and ${expectParked} was expected to do that`;
    return { name, ok: false, failures: [fail(expectParked, null, null, message)] };
  }
  const values = new Map(
    Object.entries({ ...desired.onCreate, ...desired.always }).map(([path, value]) => [placeOf(path), value]),
  );
  const failures = Object.entries(expect).flatMap(([path, expected]) => {
    const actual = values.get(placeOf(path)) ?? null;
    if (same(actual, expected)) return [];
    const message = `${path} is ${JSON.stringify(actual)}, and ${JSON.stringify(expected)} was expected`;
    return [fail(path, expected, actual, message)];
  });
  return { name, ok: failures.length === 0, failures };
}
