/**
 * An array parameter as PostgreSQL reads it. The driver quotes and escapes each element of a JavaScript array, which costs
 * more than all the rest of a statement with a thousand of them; ids and numbers need none of that.
 */
export function arrayLiteral(plain: readonly (string | number | boolean | null)[]): string {
  return `{${plain.map((item) => item ?? 'NULL').join(',')}}`;
}

/** Moments as an array parameter. */
export function timeArrayLiteral(times: readonly (Date | null)[]): string {
  return arrayLiteral(times.map((time) => time?.toISOString() ?? null));
}
