import type { AccountSchema } from '@usher/connector-sdk';
import { diffSchemas, overlaySchema, type SchemaChange } from '../mapping/index.ts';
import { Refusal } from '../refusal.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { findReachSettings, readTargetSchema } from './reach-target.ts';
import { findConfiguration } from './sql/load-apps.ts';

/** What the target says of its attributes now, and what it said otherwise when the version in force was saved. */
export interface DescribedSchema extends AccountSchema {
  /** The version that the changes are told against; null when none knows the target's attributes. */
  comparedWith: number | null;
  changes: SchemaChange[];
}

/** Reads the target's attributes, with those that an administrator described laid over them. */
export async function describeTargetSchema(ground: AppGround, idOrName: string): Promise<DescribedSchema> {
  const app = await getApp(ground, idOrName);
  const version = app.activeVersion;
  const saved = version === null ? undefined : await findConfiguration(ground.pool, app.id, version);
  const read = await readTargetSchema(ground, app, await findReachSettings(ground, app));
  if (!read.ok) throw new Refusal('conflict', `The target could not be asked: ${read.problem} ${read.fix}`);
  const schema = overlaySchema(read.schema, saved?.targetAttributes ?? []);
  if (!schema) {
    throw new Refusal('conflict', `The connector ${app.connector} does not say what attributes its targets have.`);
  }
  const known = saved?.accountSchema;
  return { ...schema, comparedWith: known ? version : null, changes: known ? diffKnown(known, schema) : [] };
}

/** The same target described by another source is no change of the target. */
export function diffKnown(known: AccountSchema, schema: AccountSchema): SchemaChange[] {
  return known.source === schema.source ? diffSchemas(known, schema) : [];
}
