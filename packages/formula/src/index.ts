export type { BinaryOperator, Node, UnaryOperator } from './ast.ts';
export { compile } from './compile.ts';
export type {
  Compiled,
  CompiledFormula,
  CompileOptions,
  EvaluationResult,
  LookupTables,
  RejectedFormula,
} from './compiled.ts';
export { type Completions, completions, type FieldCompletion, type FunctionCompletion } from './completions.ts';
export type { Diagnostic, DiagnosticCode, EvaluationError, EvaluationErrorCode } from './diagnostic.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type Parsed, parse } from './parse.ts';
export { print } from './print.ts';
export { buildSourceSchema, type SourceField, type SourceSchema } from './source-schema.ts';
export type { EvaluationContext, FormulaValue, ValueType } from './value.ts';
