import { build, type Workshop } from './build.ts';
import { formatDay, formatMoment, formatTime } from './calendar.ts';
import { check } from './check.ts';
import type { Checked, Scope } from './checked.ts';
import type { Compiled, CompiledFormula, CompileOptions, EvaluationResult, LookupTables } from './compiled.ts';
import { convert } from './convert.ts';
import type { Diagnostic } from './diagnostic.ts';
import { Failure } from './failure.ts';
import type { Cell, Evaluate } from './functions/entry.ts';
import { typeNames } from './functions/table.ts';
import { resolveLimits } from './limits.ts';
import { parse } from './parse.ts';
import type { SourceSchema } from './source-schema.ts';
import type { FormulaValue, ValueType } from './value.ts';

/**
 * Compiles a formula against the fields it may use and the type that its value must have (`any` takes every type).
 * Everything that can be known without a record is checked here: names, number and types of arguments, the type of the
 * result, constant patterns and dates. Gives the compiled formula with its warnings, or all errors with their places.
 * Never throws on any source. A field's name alone is a formula, and so is a text in quotes.
 */
export function compile(
  source: string,
  schema: SourceSchema,
  targetType: ValueType | 'any',
  options: CompileOptions = {},
): Compiled {
  const limits = resolveLimits(options.limits);
  const parsed = parse(source, limits);
  if (!parsed.ok) return parsed;
  const tables = options.tables ?? {};
  const scope: Scope = { source, schema, tables: Object.keys(tables), errors: [], warnings: [] };
  const root = check(parsed.ast, scope);
  checkResult(root, targetType, scope);
  if (scope.errors.length > 0) return reject(scope.errors);
  const type = root.type === 'blank' ? (targetType === 'any' ? 'text' : targetType) : (root.type as ValueType);
  const workshop: Workshop = {
    limits,
    tables: readTables(tables),
    errors: [],
    warnings: scope.warnings,
    budget: { spent: 0 },
  };
  const { run } = build(root, type, workshop);
  if (workshop.errors.length > 0) return reject(workshop.errors);
  const fields = new Set<string>();
  const isVolatile = collect(root, fields);
  return {
    ok: true,
    evaluate: buildEvaluate(run, type, workshop.budget),
    fields: [...fields],
    type,
    volatile: isVolatile,
    warnings: sortByPlace(scope.warnings),
    source,
  };
}

function reject(errors: Diagnostic[]): Compiled {
  return { ok: false, errors: sortByPlace(errors) };
}

const sortByPlace = (list: Diagnostic[]): Diagnostic[] =>
  list.sort((one, other) => one.start - other.start || one.end - other.end);

function checkResult(root: Checked, targetType: ValueType | 'any', scope: Scope): void {
  const { type } = root;
  const { start, end } = root.node;
  if (type === 'unknown' || type === 'blank' || type === targetType) return;
  if (type === 'location') {
    const message = 'A location cannot be the value of a formula: use it inside DISTANCE.';
    scope.errors.push({ code: 'result_type', message, start, end });
  } else if (targetType !== 'any') {
    const conversion = convert(root, targetType, scope.source);
    const hint = conversion.suggestion && conversion.suggestion.length <= 60 ? `: write ${conversion.suggestion}` : '';
    const message = `The target takes ${typeNames[targetType]}, but the formula gives ${typeNames[type]}${hint}.`;
    scope.errors.push({ code: 'result_type', message, ...conversion });
  }
}

function readTables(tables: LookupTables): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    Object.entries(tables).map(([name, entries]) => [name.toLowerCase(), new Map(Object.entries(entries))]),
  );
}

/** Gathers the canonical paths that a formula reads, in the order of its source; true if it depends on the time. */
function collect(checked: Checked, fields: Set<string>): boolean {
  if (checked.field) fields.add(checked.field.path);
  let isVolatile = checked.entry?.volatile === true;
  for (const part of checked.parts) isVolatile = collect(part, fields) || isVolatile;
  return isVolatile;
}

/** How a value inside becomes the value that the caller sees. */
const finishers: Readonly<Record<ValueType, (value: Cell) => FormulaValue>> = {
  text: (value) => (value === '' ? null : (value as string)),
  number: (value) => value as number | null,
  boolean: (value) => value as boolean | null,
  date: (value) => (value === null ? null : formatDay(value as number)),
  dateTime: (value) => (value === null ? null : formatMoment(value as number)),
  time: (value) => (value === null ? null : formatTime(value as number)),
  textList: (value) => ((value as readonly string[]).length === 0 ? null : (value as readonly string[])),
};

function buildEvaluate(run: Evaluate, type: ValueType, budget: Workshop['budget']): CompiledFormula['evaluate'] {
  if (type === 'text') {
    return (record, context) => {
      budget.spent = 0;
      try {
        const value = run(record, context) as string;
        return { ok: true, value: value === '' ? null : value };
      } catch (problem) {
        return explain(problem);
      }
    };
  }
  const finish = finishers[type];
  return (record, context) => {
    budget.spent = 0;
    try {
      return { ok: true, value: finish(run(record, context)) };
    } catch (problem) {
      return explain(problem);
    }
  };
}

function explain(problem: unknown): EvaluationResult {
  if (problem instanceof Failure) return { ok: false, error: problem.error };
  throw problem;
}
