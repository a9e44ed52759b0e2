import { parseAttributePath } from './attribute-path.ts';

/**
 * The filters (RFC 7644 §3.4.2.2) that ask for `path eq value`, best first: the plain form, and for a value path the
 * ways in which targets write it. Operators are lower-case and values JSON strings, so quotes and backslashes are
 * escaped; the caller percent-encodes the whole. The looser forms find more than was asked: check every result.
 */
export function buildEqualsFilters(path: string, value: string, extensionSeparator: ':' | '.' = ':'): string[] {
  const { attribute, sub, urn, whereText } = parseAttributePath(path);
  const operand = JSON.stringify(value);
  const name = urn === undefined ? attribute : `${urn}${extensionSeparator}${attribute}`;
  if (whereText === undefined) return [`${name}${sub === undefined ? '' : `.${sub}`} eq ${operand}`];
  return [
    `${name}[${whereText}].${sub ?? 'value'} eq ${operand}`,
    `${name}[${whereText} and ${sub ?? 'value'} eq ${operand}]`,
    `${name}.${sub ?? 'value'} eq ${operand}`,
  ];
}

/** One `attribute eq "value"`, escaped. */
export function buildEqualsFilter(path: string, value: string): string {
  return buildEqualsFilters(path, value)[0] ?? '';
}
