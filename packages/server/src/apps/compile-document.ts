import type { EvaluationContext } from '@usher/formula';
import type { Queryable } from '../db/index.ts';
import { type CompiledMapping, compileMapping } from '../mapping/index.ts';
import { Refusal } from '../refusal.ts';
import type { ConfigurationDocument } from './connected-app.ts';
import { findTimeZone } from './sql/find-time-zone.ts';
import { loadUserSource } from './user-source.ts';

/** A configuration that can be evaluated, saved or not. */
export interface CompiledDocument {
  mapping: CompiledMapping;
  evaluationAt(now: Date): EvaluationContext;
}

/** Compiles a checked configuration against the fields that there are now; refused when it reads one that is gone. */
export async function compileDocument(db: Queryable, document: ConfigurationDocument): Promise<CompiledDocument> {
  const source = await loadUserSource(db);
  const verdict = compileMapping(document.mapping, source.schema, document.accountSchema, {
    checkTarget: false,
    tables: document.tables,
    scopingFilter: document.scopingFilter,
  });
  if (!verdict.ok) throw new Refusal('conflict', 'The mapping does not work any more.', verdict.problems);
  const timeZone = await findTimeZone(db);
  return { mapping: verdict.mapping, evaluationAt: (now) => ({ now, timeZone }) };
}
