import type { Node } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { FunctionEntry, Type } from './functions/entry.ts';
import type { SourceField, SourceSchema } from './source-schema.ts';

/** A node with its type and everything that its names stand for. */
export interface Checked {
  node: Node;
  type: Type;
  parts: readonly Checked[];
  field?: SourceField;
  entry?: FunctionEntry;
}

/** What the checker works with: names to look up, and where its findings go. */
export interface Scope {
  source: string;
  schema: SourceSchema;
  tables: readonly string[];
  errors: Diagnostic[];
  warnings: Diagnostic[];
}
