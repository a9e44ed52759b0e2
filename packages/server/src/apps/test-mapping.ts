import type { EvaluationContext } from '@usher/formula';
import type { Queryable } from '../db/index.ts';
import {
  buildSampleRecord,
  type CompiledMapping,
  type MappingTest,
  type MappingTestResult,
  runMappingTest,
} from '../mapping/index.ts';
import { sameValue } from '../planning/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { compileDocument } from './compile-document.ts';
import { findTimeZone } from './sql/find-time-zone.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { loadSampleUsers } from './sql/load-sample-users.ts';

/** Runs the tests that are kept with a mapping, on the users as they are now. */
export async function runMappingTests(
  { pool, clock }: { pool: Queryable; clock: AppGround['clock'] },
  appId: number,
  mapping: CompiledMapping,
  tests: readonly MappingTest[],
): Promise<MappingTestResult[]> {
  if (tests.length === 0) return [];
  const context: EvaluationContext = { now: clock.now(), timeZone: await findTimeZone(pool) };
  const usernames = [...new Set(tests.flatMap(({ user }) => (typeof user === 'string' ? [user] : [])))];
  const users = await loadSampleUsers(pool, appId, usernames, context.now);
  return tests.map((test) => {
    const record = typeof test.user === 'string' ? users.get(test.user) : buildSampleRecord(test.user);
    return runMappingTest(mapping, test, record, context, sameValue);
  });
}

/** One problem for each test that fails, at its place in the configuration. */
export function describeFailures(results: readonly MappingTestResult[]): FieldProblem[] {
  return results.flatMap(({ name, ok, failures }, index) => {
    if (ok) return [];
    const problem = `the test "${name}" fails: ${failures.map(({ message }) => message).join('; ')}`;
    const fix = 'Correct the rule or what the test expects; or save nevertheless, with a reason.';
    return [{ field: `mappingTests[${index}]`, problem, fix }];
  });
}

/** Runs the tests of the configuration in force, or of another version. */
export async function testMapping(
  ground: AppGround,
  idOrName: string,
  version?: number,
): Promise<{ version: number; results: MappingTestResult[] }> {
  const app = await getApp(ground, idOrName);
  const tested = version ?? app.activeVersion;
  const document = tested === null ? undefined : await findConfiguration(ground.pool, app.id, tested);
  if (tested === null || !document) {
    throw new Refusal('not_found', `${app.name} has no configuration${version ? ` version ${version}` : ' yet'}.`);
  }
  const { mapping } = await compileDocument(ground.pool, document);
  const results = await runMappingTests(ground, app.id, mapping, document.mappingTests ?? []);
  return { version: tested, results };
}
