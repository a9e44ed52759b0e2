import { type Completions, completions, type EvaluationContext } from '@usher/formula';
import { type FormulaTrial, type LookupTables, type SourceRecord, tryFormula } from '../mapping/index.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { findTimeZone } from './sql/find-time-zone.ts';
import { findConfiguration } from './sql/load-apps.ts';
import { loadUserSource } from './user-source.ts';

/** What an editor offers where a formula of the app is written. */
export interface MappingCompletions extends Completions {
  /** Names of the tables that LOOKUP can use in the version in force. */
  tables: string[];
  /** Paths of the target's attributes as they were known at the last save; empty when nothing is known. */
  targets: { path: string; type: string; multiValued: boolean; required: boolean }[];
}

export async function listCompletions(ground: AppGround, idOrName: string): Promise<MappingCompletions> {
  const { pool } = ground;
  const app = await getApp(ground, idOrName);
  const saved = app.activeVersion === null ? undefined : await findConfiguration(pool, app.id, app.activeVersion);
  const { schema } = await loadUserSource(pool);
  const targets = (saved?.accountSchema?.attributes ?? [])
    .filter(({ mutability }) => mutability !== 'readOnly')
    .map(({ path, type, multiValued, required }) => ({ path, type, multiValued, required }));
  return { ...completions(schema), tables: Object.keys(saved?.tables ?? {}), targets };
}

/** A formula that is being written; `tables` are those of the version in force unless given. */
export interface FormulaAsked {
  formula: string;
  target?: string | undefined;
  isCondition?: boolean | undefined;
  tables?: LookupTables | undefined;
}

/**
 * Checks one formula without saving anything, and evaluates it for a user when their record is given. It is judged by
 * what was known of the target at the last save: somebody is typing, and the target is not asked at every key.
 */
export async function tryAppFormula(
  ground: AppGround,
  idOrName: string,
  asked: FormulaAsked,
  record: SourceRecord | undefined,
): Promise<FormulaTrial> {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const saved = app.activeVersion === null ? undefined : await findConfiguration(pool, app.id, app.activeVersion);
  const { schema } = await loadUserSource(pool);
  const context: EvaluationContext = { now: clock.now(), timeZone: await findTimeZone(pool) };
  const tables = asked.tables ?? saved?.tables;
  return tryFormula({ ...asked, tables }, schema, saved?.accountSchema, record && { record, context });
}
