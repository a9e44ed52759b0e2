/**
 * One finding about a formula, found without running it: an error (the formula cannot be used) or a warning (it can).
 * `start` and `end` are character offsets into the source, end exclusive, ready for an editor's marker.
 * `suggestion` is a replacement for exactly that range when the repair is plain (a misspelt name, `ISBLANK` for `ISNULL`).
 */
export interface Diagnostic {
  code: DiagnosticCode;
  message: string;
  start: number;
  end: number;
  suggestion?: string;
}

/**
 * Every code that `compile` can report. The list is closed, so that a caller can switch on it; messages may be reworded.
 * The first group are errors, the last (`null_of_text`, `compare_with_blank`, `volatile`, `unreachable`) are warnings.
 */
export type DiagnosticCode =
  | 'syntax'
  | 'too_long'
  | 'too_deep'
  | 'too_many_nodes'
  | 'unknown_field'
  | 'unknown_function'
  | 'refused_function'
  | 'unknown_table'
  | 'arity'
  | 'type'
  | 'result_type'
  | 'regex'
  | 'constant'
  | 'ambiguous_power'
  | 'null_of_text'
  | 'compare_with_blank'
  | 'volatile'
  | 'unreachable';

/** Every code of an error that only a record can cause. Closed, like `DiagnosticCode`. */
export type EvaluationErrorCode =
  | 'field_value'
  | 'not_a_number'
  | 'not_a_date'
  | 'out_of_range'
  | 'division_by_zero'
  | 'argument'
  | 'text_too_long'
  | 'list_too_long'
  | 'too_much_work'
  | 'regex'
  | 'time_zone';

/**
 * Why one record's formula has no value. The place is the part of the formula that failed (offsets, end exclusive).
 * The message names the field or function, what is wrong with its value, and what to do; it quotes at most 40 characters of data.
 */
export interface EvaluationError {
  code: EvaluationErrorCode;
  message: string;
  start: number;
  end: number;
}
