/** The types that a field or the result of a formula can have. `textList` is a multi-valued field. */
export type ValueType = 'text' | 'number' | 'boolean' | 'date' | 'dateTime' | 'time' | 'textList';

/**
 * What a formula gives: a plain JSON value, so that two results are compared and stored without knowing their type.
 * `null` is blank, always: a formula never gives '' or an empty list.
 *
 * By the compiled formula's `type`: text: string. number: finite number, at most 15 significant digits. boolean: boolean.
 * date: `YYYY-MM-DD`. dateTime: `YYYY-MM-DDTHH:MM:SS.mmmZ`, in UTC. time: `HH:MM:SS.mmm`. textList: array of non-empty strings.
 */
export type FormulaValue = string | number | boolean | readonly string[] | null;

/**
 * What a formula may know besides the record. `now` is what TODAY(), NOW() and TIMENOW() see; `timeZone` (an IANA name such
 * as `Europe/Berlin`, or `UTC`) decides the day of TODAY() and of DATEVALUE(date/time).
 */
export interface EvaluationContext {
  now: Date;
  timeZone: string;
}
