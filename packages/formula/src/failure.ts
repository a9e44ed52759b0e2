import type { EvaluationError, EvaluationErrorCode } from './diagnostic.ts';

/** A part of the source, as character offsets; the end is exclusive. */
export interface Place {
  start: number;
  end: number;
}

/**
 * Thrown inside an evaluation and caught by `evaluate` (or by `compile`, for a part that is constant); it never leaves the
 * library. Not an Error: taking a stack trace would cost more than the evaluation.
 */
export class Failure {
  readonly error: EvaluationError;
  constructor(error: EvaluationError) {
    this.error = error;
  }
}

/** Ends the evaluation with an error at the given place. */
export function fail(code: EvaluationErrorCode, message: string, place: Place): never {
  throw new Failure({ code, message, start: place.start, end: place.end });
}

/** A value as an error message may quote it: at most 40 characters, so that a message never carries a whole record. */
export function quote(value: unknown): string {
  if (typeof value !== 'string')
    return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
