/**
 * Array parameters as PostgreSQL reads them. The driver tests, quotes and escapes each element of a JavaScript array, which
 * costs more than all the rest of a statement with a thousand of them.
 */

/** Of ids, numbers and truth values, which need no quoting. */
export function arrayLiteral(plain: readonly (string | number | bigint | boolean | null | undefined)[]): string {
  return `{${plain.map((item) => item ?? 'NULL').join(',')}}`;
}

/** Of moments. */
export function timeArrayLiteral(times: readonly (Date | null | undefined)[]): string {
  return arrayLiteral(times.map((time) => time?.toISOString() ?? null));
}

// No blank at the ends, which would be cut, and nothing that parts or quotes elements.
const NEEDS_NO_QUOTES = /^[\w@.:/-]+(?: [\w@.:/-]+)*$/;

/** Of any text. */
export function textArrayLiteral(texts: readonly (string | null | undefined)[]): string {
  const items = texts.map((text) => {
    if (text === null || text === undefined) return 'NULL';
    if (NEEDS_NO_QUOTES.test(text) && text.toUpperCase() !== 'NULL') return text;
    return `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}
