import type { AccountSchema, TargetTraits } from '@usher/connector-sdk';
import {
  type CompiledMapping,
  compileMapping,
  findAttribute,
  type MappingTestResult,
  overlaySchema,
  placeOf,
} from '../mapping/index.ts';
import type { FieldProblem } from '../refusal.ts';
import type { AppGround } from './app-ground.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';
import { joinConnector } from './join-connector.ts';
import { type ConfigurationInput, completeConfiguration, findTraits } from './parse-configuration.ts';
import { readTargetSchema } from './reach-target.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { diffKnown } from './target-schema.ts';
import { describeFailures, runMappingTests } from './test-mapping.ts';
import { loadUserSource } from './user-source.ts';

/** What a configuration comes to before it is saved. With problems it cannot be; warnings are for a person to weigh. */
export interface ConfigurationVerdict {
  document: ConfigurationDocument | undefined;
  problems: FieldProblem[];
  warnings: FieldProblem[];
  /** Of the tests that are kept with it; a save with one that fails wants a reason. */
  tests: MappingTestResult[];
  testFailures: FieldProblem[];
}

/**
 * Everything that can be known of a configuration without running it, the target's own attributes included: they are
 * read now. A target that cannot be read is a warning, for an app may be configured before its credential is there.
 */
export async function checkConfiguration(
  ground: AppGround,
  app: ConnectedApp,
  input: ConfigurationInput,
): Promise<ConfigurationVerdict> {
  const refused = { document: undefined, tests: [], testFailures: [] };
  const connector = await joinConnector(ground, app, input.connectorOptions);
  const completed = completeConfiguration(input, connector);
  if (!completed.ok) return { ...refused, problems: completed.problems, warnings: [] };
  const { document } = completed;
  const [source, target] = await Promise.all([loadUserSource(ground.pool), findTargetSchema(ground, app, document)]);
  const { tables, scopingFilter } = document;
  const verdict = compileMapping(document.mapping, source.schema, target.schema, { tables, scopingFilter });
  const traits = findTraits(connector, document.connectorOptions);
  const warnings = [...target.warnings, ...warnOfDeprovisioning(document, traits)];
  if (!verdict.ok) {
    return { ...refused, problems: verdict.problems, warnings: [...warnings, ...verdict.warnings] };
  }
  warnings.push(...verdict.mapping.warnings, ...warnOfMatching(document, target.schema, traits));
  const problems = checkMatching(document, verdict.mapping);
  if (problems.length > 0) return { ...refused, problems, warnings };
  const withSchema = target.schema ? { ...document, accountSchema: target.schema } : document;
  const tests = await runMappingTests(ground, app.id, verdict.mapping, document.mappingTests ?? []);
  return { document: withSchema, problems: [], warnings, tests, testFailures: describeFailures(tests) };
}

/** The target's attributes: read now, else as the version in force knew them; what an administrator described over them. */
async function findTargetSchema(
  ground: AppGround,
  app: ConnectedApp,
  document: ConfigurationDocument,
): Promise<{ schema: AccountSchema | undefined; warnings: FieldProblem[] }> {
  const described = document.targetAttributes ?? [];
  const saved =
    app.activeVersion === null ? undefined : await findConfiguration(ground.pool, app.id, app.activeVersion);
  const known = saved?.accountSchema;
  const read = await readTargetSchema(ground, app, document);
  if (read.ok) {
    const schema = overlaySchema(read.schema, described);
    return { schema, warnings: known && schema ? warnOfNewDemands(known, schema) : [] };
  }
  const checkedBy = known
    ? 'The target could not be asked for its attributes, so those of the version before are used'
    : 'The target could not be asked for its attributes, so the mapping was checked without them';
  const warning = { field: 'mapping', problem: `${checkedBy}: ${read.problem}`, fix: read.fix };
  return { schema: overlaySchema(known, described), warnings: [warning] };
}

/** What the target began to demand since the version in force was saved. */
function warnOfNewDemands(known: AccountSchema, schema: AccountSchema): FieldProblem[] {
  return diffKnown(known, schema)
    .filter(({ breaks }) => breaks)
    .map(({ path, change }) => ({
      field: 'mapping',
      problem: `since the version in force was saved, ${path} ${change}`,
      fix: `Look at the rule for ${path}.`,
    }));
}

/** A matching attribute must have a text of each user's own, or it finds nobody, or the same account for everybody. */
function checkMatching({ correlation }: ConfigurationDocument, mapping: CompiledMapping): FieldProblem[] {
  return correlation.matchingAttributes.flatMap((path, index) => {
    const found = mapping.rules.find(({ rule }) => placeOf(rule.target) === placeOf(path));
    if (!found) return [];
    const field = `correlation.matchingAttributes[${index}]`;
    if (found.type !== 'text' || found.attribute?.multiValued) {
      const fix = 'Match by an attribute whose rule gives one text, such as userName.';
      return [{ field, problem: `${path} is not one text, so no account would ever be found by it`, fix }];
    }
    if (found.fields.length === 0) {
      const fix = 'Match by an attribute whose rule reads a field that differs from user to user.';
      return [{ field, problem: `${path} is the same for everybody, so all would match one account`, fix }];
    }
    return [];
  });
}

/** What goes by another's name is parked, and what is searched by reading everything is slow: both are known beforehand. */
function warnOfMatching(
  { correlation }: ConfigurationDocument,
  schema: AccountSchema | undefined,
  traits: TargetTraits | undefined,
): FieldProblem[] {
  return correlation.matchingAttributes.flatMap((path, index) => {
    const field = `correlation.matchingAttributes[${index}]`;
    const found: FieldProblem[] = [];
    // That one holds our own id of the user, whatever the target says of it.
    const isOurs = placeOf(path) === placeOf('externalId');
    const isUnique =
      (schema && findAttribute(schema, path)?.uniqueness) !== 'none' || isNamed(traits?.uniqueness.attributes, path);
    if (schema && !isOurs && !isUnique) {
      const problem = `${path} is not unique at the target: where two accounts have the same, the user is parked for a person to decide`;
      found.push({ field, problem, fix: 'Put an attribute that is unique there before it, such as userName.' });
    }
    const { searchable } = traits ?? {};
    if (searchable !== undefined && searchable !== 'any' && !isNamed(searchable, path)) {
      const problem = `the target cannot be searched by ${path}: each search reads its list of accounts`;
      found.push({ field, problem, fix: 'Match by an attribute that it can be searched by, where there is one.' });
    }
    return found;
  });
}

function isNamed(paths: readonly string[] | undefined, path: string): boolean {
  return paths?.some((known) => placeOf(known) === placeOf(path)) ?? false;
}

function warnOfDeprovisioning(
  { deprovisioning }: ConfigurationDocument,
  traits: TargetTraits | undefined,
): FieldProblem[] {
  return [...warnOfLeniency(deprovisioning), ...warnOfEffects(deprovisioning, traits)];
}

/** At some targets an account that is deactivated is gone. */
function warnOfEffects(
  deprovisioning: ConfigurationDocument['deprovisioning'],
  traits: TargetTraits | undefined,
): FieldProblem[] {
  const { effect, note = '' } = traits?.deactivate ?? {};
  if (effect !== 'deletes' && effect !== 'unlinks' && effect !== 'refused') return [];
  const causes = Object.entries(deprovisioning).filter(([, rule]) => rule.action === 'deactivate');
  return causes.map(([cause]) => ({
    field: `deprovisioning.${cause}`,
    problem: `"deactivate" does more there than its name says: ${note}`,
    fix: 'Use "leave" where the account must stay, and make sure that a return is a new account.',
  }));
}

function warnOfLeniency(deprovisioning: ConfigurationDocument['deprovisioning']): FieldProblem[] {
  return Object.entries(deprovisioning)
    .filter(([, rule]) => rule.action === 'leave' || rule.action === 'unlink')
    .map(([cause, rule]) => ({
      field: `deprovisioning.${cause}`,
      problem: `"${rule.action}" lets a person keep a usable account at the target`,
      fix: 'Use "deactivate" unless that is wanted.',
    }));
}
