/** One line of CSV for spreadsheets, with its end. */
export function formatCsvLine(cells: readonly unknown[]): string {
  return `${cells.map(formatCsvCell).join(',')}\r\n`;
}

/** RFC 4180, and what begins as a formula gets an apostrophe (CWE-1236): spreadsheets show such a cell as text. */
export function formatCsvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = /^[\s\0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t']|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
