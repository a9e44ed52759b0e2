/** The view state that a page keeps in its address: each member a text, or one of some words. */
type Shape = Record<string, 'text' | readonly string[]>;
export type SearchOf<S extends Shape> = {
  [Name in keyof S]?: S[Name] extends readonly (infer Word)[] ? Word : string;
};

/** Reads the members that a page knows; what is not understood is left out rather than refused. */
export function searchParams<const S extends Shape>(shape: S): (raw: Record<string, unknown>) => SearchOf<S> {
  return (raw) => {
    const found: Record<string, string> = {};
    for (const [name, kind] of Object.entries(shape)) {
      const value = raw[name];
      if (typeof value !== 'string' || value === '') continue;
      if (kind === 'text' || kind.includes(value)) found[name] = value;
    }
    return found as SearchOf<S>;
  };
}

/** Plain `name=value`, which people can read and write. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && value !== '') params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
