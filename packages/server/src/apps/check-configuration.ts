import type { AccountSchema } from '@usher/connector-sdk';
import { compileMapping } from '../mapping/index.ts';
import type { FieldProblem } from '../refusal.ts';
import type { AppGround } from './app-ground.ts';
import type { ConfigurationDocument, ConnectedApp } from './connected-app.ts';
import { findConnector } from './open-app.ts';
import { type ConfigurationInput, completeConfiguration } from './parse-configuration.ts';
import { readTargetSchema } from './reach-target.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { loadUserSource } from './user-source.ts';

/** What a configuration comes to before it is saved. With problems it cannot be; warnings are for a person to weigh. */
export interface ConfigurationVerdict {
  document: ConfigurationDocument | undefined;
  problems: FieldProblem[];
  warnings: FieldProblem[];
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
  const completed = completeConfiguration(input, findConnector(ground.connectors, app.connector));
  if (!completed.ok) return { document: undefined, problems: completed.problems, warnings: [] };
  const { document } = completed;
  const [source, target] = await Promise.all([loadUserSource(ground.pool), findTargetSchema(ground, app, document)]);
  const verdict = compileMapping(document.mapping, source.schema, target.schema);
  const warnings = [...target.warnings, ...warnOfDeprovisioning(document)];
  if (!verdict.ok) {
    return { document: undefined, problems: verdict.problems, warnings: [...warnings, ...verdict.warnings] };
  }
  warnings.push(...verdict.mapping.warnings);
  const withSchema = target.schema ? { ...document, accountSchema: target.schema } : document;
  return { document: withSchema, problems: [], warnings };
}

/** The target's attributes: read now, else as the version in force knew them. */
async function findTargetSchema(
  ground: AppGround,
  app: ConnectedApp,
  document: ConfigurationDocument,
): Promise<{ schema: AccountSchema | undefined; warnings: FieldProblem[] }> {
  const read = await readTargetSchema(ground, app, document);
  if (read.ok) return { schema: read.schema, warnings: [] };
  const known =
    app.activeVersion === null ? undefined : await findConfiguration(ground.pool, app.id, app.activeVersion);
  const checkedBy = known?.accountSchema
    ? 'The target could not be asked for its attributes, so those of the version before are used'
    : 'The target could not be asked for its attributes, so the mapping was checked without them';
  const warning = { field: 'mapping', problem: `${checkedBy}: ${read.problem}`, fix: read.fix };
  return { schema: known?.accountSchema, warnings: [warning] };
}

function warnOfDeprovisioning({ deprovisioning }: ConfigurationDocument): FieldProblem[] {
  return Object.entries(deprovisioning)
    .filter(([, rule]) => rule.action === 'leave' || rule.action === 'unlink')
    .map(([cause, rule]) => ({
      field: `deprovisioning.${cause}`,
      problem: `"${rule.action}" lets a person keep a usable account at the target`,
      fix: 'Use "deactivate" unless that is wanted.',
    }));
}
