import type { Checked } from './checked.ts';
import type { Place } from './failure.ts';
import type { Type } from './functions/entry.ts';
import { parseNumber, spellNumber } from './numbers.ts';

/** Where a part of the wrong type is, and what may be written there instead. */
export type Conversion = Place & { suggestion?: string };

const readers: Partial<Record<Type, string>> = {
  number: 'VALUE',
  date: 'DATEVALUE',
  dateTime: 'DATETIMEVALUE',
  time: 'TIMEVALUE',
};

/** Finds what to write so that a part gets the wanted type, when there is one plain way. */
export function convert(part: Checked, wanted: Type, source: string): Conversion {
  const { start, end } = part.node;
  const suggestion = spellConversion(part, wanted, source.slice(start, end));
  return suggestion === undefined ? { start, end } : { start, end, suggestion };
}

function spellConversion({ type, node }: Checked, wanted: Type, written: string): string | undefined {
  if (wanted === 'text') {
    if (node.kind === 'number') return `"${written}"`;
    if (type === 'boolean') return `IF(${written}, "true", "false")`;
    if (type === 'textList') return `JOIN(${written}, ";")`;
    return type === 'location' ? undefined : `TEXT(${written})`;
  }
  if (wanted === 'textList') return type === 'text' ? `LIST(${written})` : undefined;
  if (wanted === 'boolean') {
    if (node.kind === 'text') return /^(true|false)$/i.test(node.value) ? node.value.toUpperCase() : undefined;
    return type === 'text' ? `(${written} = "true")` : type === 'number' ? `(${written} <> 0)` : undefined;
  }
  if (wanted === 'number' && node.kind === 'text') {
    const value = parseNumber(node.value);
    return value === undefined ? undefined : spellNumber(value);
  }
  const reader = readers[wanted];
  if (type === 'text') return reader && `${reader}(${written})`;
  const isPart = (wanted === 'date' || wanted === 'time') && type === 'dateTime';
  return isPart || (wanted === 'dateTime' && type === 'date') ? `${reader}(${written})` : undefined;
}
