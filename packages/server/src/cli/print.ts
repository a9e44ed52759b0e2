/** How answers look in a terminal. What comes from people's records is made harmless first. */

export interface Column<Item> {
  readonly title: string;
  readonly value: (item: Item) => unknown;
  readonly align?: 'right';
}

/**
 * A table with aligned columns; the last one is not padded. Columns that are blank in every row are left out. `whenEmpty` is
 * said instead of titles over nothing.
 */
export function formatTable<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  whenEmpty?: string,
): string {
  if (items.length === 0 && whenEmpty !== undefined) return `${whenEmpty}\n`;
  const cells = columns.map(({ title, value, align }) => ({
    title,
    align,
    texts: items.map((item) => formatCell(value(item))),
  }));
  const shown = cells.filter(({ texts }) => items.length === 0 || texts.some((text) => text !== ''));
  const widths = shown.map(({ title, texts }) =>
    texts.reduce((most, text) => Math.max(most, widthOf(text)), widthOf(title)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => pad(text, widths[i] ?? 0, shown[i]?.align, i === texts.length - 1))
      .join('  ')
      .trimEnd();
  return [
    line(shown.map(({ title }) => title)),
    ...items.map((_, row) => line(shown.map(({ texts }) => texts[row] ?? ''))),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

/** `name  value` lines; blank values are left out. */
export function formatFacts(facts: ReadonlyArray<readonly [string, unknown]>): string {
  const shown = facts.map(([name, value]) => [name, formatCell(value)] as const).filter(([, text]) => text !== '');
  const width = shown.reduce((most, [name]) => Math.max(most, name.length), 0);
  return shown.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join('');
}

export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string')
    return makeHarmless(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? formatTime(value) : value);
  if (Array.isArray(value)) return value.map(formatCell).join(', ');
  return makeHarmless(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** To the second, in UTC, which every log and audit shows. */
function formatTime(text: string): string {
  return text.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** Control characters of a record could move the cursor or hide text (CWE-150); they are written out. */
export function makeHarmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return ' ';
    return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The cells that a text takes: none for combining marks, two for wide East Asian letters and emoji. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text.normalize('NFC')) {
    if (/\p{Mn}|\p{Me}|\u200b|\u200d/u.test(char)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return width;
}

function pad(text: string, width: number, align: 'right' | undefined, last: boolean): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  if (align === 'right') return room + text;
  return last ? text : text + room;
}
