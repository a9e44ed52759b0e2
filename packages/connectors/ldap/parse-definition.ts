/** An attribute type or object class as a server describes it (RFC 4512 §4.1): words by keyword. */
export interface Definition {
  names: string[];
  /** `SUP`, `MUST`, `MAY`, `EQUALITY`, `SYNTAX`, `DESC`: what stands behind them. */
  values: Record<string, string[]>;
  /** Keywords that stand alone, such as `SINGLE-VALUE`. */
  flags: Set<string>;
}

const ALONE = new Set([
  'OBSOLETE',
  'SINGLE-VALUE',
  'COLLECTIVE',
  'NO-USER-MODIFICATION',
  'ABSTRACT',
  'STRUCTURAL',
  'AUXILIARY',
]);

/** Reads one description, as far as it can be read; undefined when it is none. Never throws. */
export function parseDefinition(text: string): Definition | undefined {
  const tokens = text.slice(0, 20_000).match(/'(?:[^'\\]|\\.)*'|[()]|[^\s()']+/g) ?? [];
  if (tokens[0] !== '(' || tokens.length < 4) return undefined;
  const values: Record<string, string[]> = {};
  const flags = new Set<string>();
  for (let at = 2; at < tokens.length - 1; ) {
    const keyword = (tokens[at] ?? '').toUpperCase();
    at += 1;
    if (ALONE.has(keyword)) {
      flags.add(keyword);
      continue;
    }
    const list: string[] = [];
    if (tokens[at] === '(') {
      for (at += 1; at < tokens.length && tokens[at] !== ')'; at += 1) list.push(tokens[at] ?? '');
    } else list.push(tokens[at] ?? '');
    at += 1;
    values[keyword] = list.filter((word) => word !== '$').map(unquote);
  }
  const names = values['NAME'] ?? [];
  return names.length === 0 ? undefined : { names, values, flags };
}

function unquote(word: string): string {
  if (!word.startsWith("'")) return word;
  return word.slice(1, -1).replace(/\\27/g, "'").replace(/\\5c/gi, '\\');
}
