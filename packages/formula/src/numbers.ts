import { fail, type Place } from './failure.ts';

/**
 * The one place where a computed number becomes a result. Doubles are rounded to 15 significant digits, which makes
 * 0.1 + 0.2 equal to 0.3 as it is with Salesforce's decimals; what is not finite is an error, never a value.
 */
export function settle(value: number, place: Place): number {
  if (Number.isInteger(value) && value < 1e15 && value > -1e15) return value + 0;
  if (!Number.isFinite(value)) {
    fail('out_of_range', 'The result is not a number that can be held: check the values that go into it.', place);
  }
  return Number(value.toPrecision(15)) + 0;
}

/** A number as plain decimal digits, without an exponent: 1e21 is "1000000000000000000000". */
export function spellNumber(value: number): string {
  const text = String(value);
  const at = text.indexOf('e');
  if (at < 0) return text;
  const sign = value < 0 ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, at).split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(text.slice(at + 1));
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** Moves the decimal point without the error that multiplying by a power of ten brings in (1.005 × 100 = 100.49999…). */
function shiftPoint(value: number, places: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

/** Rounds at a decimal place with the given rule for whole numbers; a negative place rounds to tens, hundreds… */
export function roundAt(value: number, places: number, rule: (value: number) => number): number {
  const whole = Math.trunc(places);
  if (whole > 300) return value;
  if (whole < -300) return 0;
  const shifted = shiftPoint(value, whole);
  return Number.isFinite(shifted) ? shiftPoint(rule(shifted), -whole) : value;
}

/** Rounds half away from zero, as Salesforce's ROUND does. */
export const roundHalfAway = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

/** Parses the decimal text that VALUE accepts; undefined when it is not a number. Digits, one point, an exponent, a sign. */
export function parseNumber(text: string): number | undefined {
  if (text.length > 400) return undefined;
  const trimmed = text.trim();
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value + 0 : undefined;
}
