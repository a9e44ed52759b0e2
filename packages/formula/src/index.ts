export type {
  Compiled,
  CompiledFormula,
  CompileOptions,
  EvaluationResult,
  LookupTables,
  RejectedFormula,
} from './compiled.ts';
export type { Diagnostic, DiagnosticCode, EvaluationError, EvaluationErrorCode } from './diagnostic.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { buildSourceSchema, type SourceField, type SourceSchema } from './source-schema.ts';
export type { EvaluationContext, FormulaValue, ValueType } from './value.ts';
