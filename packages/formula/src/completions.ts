import type { Family } from './functions/entry.ts';
import { allFunctions, spellSignature } from './functions/table.ts';
import type { SourceSchema } from './source-schema.ts';
import type { ValueType } from './value.ts';

/** What an editor offers for a function. `signature` is `LEFT(text, count)`; `example` is a formula that compiles on a user. */
export interface FunctionCompletion {
  name: string;
  family: Family;
  signature: string;
  doc: string;
  note?: string;
  example: string;
}

/** What an editor offers for a field of the schema. */
export interface FieldCompletion {
  path: string;
  type: ValueType;
  label?: string;
}

export interface Completions {
  functions: readonly FunctionCompletion[];
  fields: readonly FieldCompletion[];
  keywords: readonly string[];
}

/** Everything that an editor can offer where a formula over the given schema is written, each list in its order of display. */
export function completions(schema: SourceSchema): Completions {
  return {
    functions: allFunctions.map((entry) => ({
      name: entry.name,
      family: entry.family,
      signature: spellSignature(entry),
      doc: entry.doc,
      ...(entry.note === undefined ? {} : { note: entry.note }),
      example: entry.examples[0].formula,
    })),
    fields: schema.fields().map(({ path, type, label }) => ({ path, type, ...(label === undefined ? {} : { label }) })),
    keywords: ['TRUE', 'FALSE', 'NULL', 'NOT'],
  };
}
