import type { Diagnostic } from '../diagnostic.ts';
import type { Place } from '../failure.ts';
import type { Limits } from '../limits.ts';
import type { SourceField } from '../source-schema.ts';
import type { EvaluationContext, ValueType } from '../value.ts';

/** A point on Earth, in degrees. Exists inside a formula only, between GEOLOCATION and DISTANCE. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * A value while evaluating. Blank is '' for a text, [] for a list and null for everything else, so that text needs no null
 * check. date: days since 1970-01-01. dateTime: milliseconds since then. time: milliseconds of the day.
 */
export type Cell = string | number | boolean | null | readonly string[] | Location;

/** One compiled part of a formula. */
export type Evaluate<V extends Cell = Cell> = (record: unknown, context: EvaluationContext) => V;

/** The types while checking: `blank` is a bare NULL, which fits everywhere; `unknown` follows an error already reported. */
export type Type = ValueType | 'location' | 'blank' | 'unknown';

/** `T` and `U` stand for a type that all the parameters of that letter, and a result of that letter, share. */
export type TypeVariable = 'T' | 'U';

export interface Parameter {
  name: string;
  /** One type, a choice, or a variable. */
  type: Type | readonly Type[] | TypeVariable;
  optional?: true;
  /** Part of the group of parameters that may be repeated, once at least. The group is in one piece. */
  repeats?: true;
}

/**
 * A compiled argument; `constant` is there when its value is known without a record. `field` is there when it is a bare
 * field: the commonest tests look at its raw value first, which saves a call, and leave to `run` what is not plain.
 */
export interface Argument {
  run: Evaluate;
  type: Type;
  constant?: { value: Cell };
  field?: SourceField;
}

/** What a function knows of the call it is being compiled for: its place, the result's type, limits and tables. */
export interface CallSite extends Place {
  name: string;
  type: Type;
  limits: Limits;
  /** The text work of the present evaluation so far; reset by `evaluate`, which is synchronous. */
  budget: { spent: number };
  tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  arguments: readonly Place[];
  /** Adds a warning to the compiled formula. */
  warn(warning: Diagnostic): void;
}

export interface Example {
  formula: string;
  /** The value as `evaluate` gives it. */
  value: string | number | boolean | string[] | null;
}

export type Family = 'text' | 'logical' | 'date' | 'math' | 'extension';

/**
 * One function of the language, whole: the checker, the compiler, the editor's completions and the reference page all read
 * this value and nothing else. `build` gets one compiled argument per written argument, all of the right types.
 */
export interface FunctionEntry {
  name: string;
  family: Family;
  parameters: readonly Parameter[];
  returns: Type | TypeVariable;
  /** One line, in the voice of "Returns …" without the word. */
  doc: string;
  /** The first is the one that editors show. Their fields are those of the reference page's sample user. */
  examples: readonly [Example, ...Example[]];
  /** What more there is to know: blanks, bounds, how it differs from Salesforce. */
  note?: string;
  /** The value can change while the record does not. */
  volatile?: true;
  /** The value depends on the context, so that a call with constant arguments is not a constant. */
  contextual?: true;
  /** The types that T and U may take; every value type when absent. */
  variables?: Partial<Record<TypeVariable, readonly Type[]>>;
  /** Checks what types alone do not say. */
  check?(call: CheckedCall): Diagnostic | undefined;
  build(args: readonly Argument[], call: CallSite): Evaluate;
}

/** A call whose arguments have been checked, as `check` sees it. */
export interface CheckedCall extends Place {
  name: string;
  types: readonly Type[];
  arguments: readonly Place[];
  /** An argument as it is written. */
  source(index: number): string;
  /** The text of an argument that is a text in quotes. */
  literal(index: number): string | undefined;
  /** The names of LOOKUP's tables, as they were given. */
  tables: readonly string[];
}

export const asText = (argument: Argument | undefined): Evaluate<string> => argument?.run as Evaluate<string>;
export const asNumber = (argument: Argument | undefined): Evaluate<number | null> =>
  argument?.run as Evaluate<number | null>;
export const asBoolean = (argument: Argument | undefined): Evaluate<boolean | null> =>
  argument?.run as Evaluate<boolean | null>;
export const asList = (argument: Argument | undefined): Evaluate<readonly string[]> =>
  argument?.run as Evaluate<readonly string[]>;

/** The constant value of an argument, or undefined when it is not constant. */
export const findConstant = (argument: Argument | undefined): Cell | undefined => argument?.constant?.value;

/** Whether a value of the type is blank. */
export function isBlank(value: Cell): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The blank of a type. */
export function blankOf(type: Type): Cell {
  if (type === 'text') return '';
  return type === 'textList' ? NO_ENTRIES : null;
}

export const NO_ENTRIES: readonly string[] = Object.freeze([]);
