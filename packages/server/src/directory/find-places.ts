/**
 * Where a document names a field, as paths: `mapping[userName].formula`. Members of lists go by their target or name, as
 * people know them. A text in quotes that happens to be the field's name counts too: refusing once too often is the safe mistake.
 */
export function findPlaces(document: unknown, field: string): string[] {
  const word = new RegExp(`(?<![A-Za-z0-9_$])${field}(?![A-Za-z0-9_$])`, 'i');
  const places: string[] = [];
  visit(document, '', (text, place) => {
    if (word.test(text)) places.push(place);
  });
  return [...new Set(places)];
}

function visit(value: unknown, place: string, found: (text: string, place: string) => void): void {
  if (typeof value === 'string') found(value, place);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, `${place}[${nameOf(item) ?? index}]`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const at = place === '' ? name : `${place}.${name}`;
      found(name, at);
      visit(member, at, found);
    }
  }
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { target, name } = item as { target?: unknown; name?: unknown };
  if (typeof target === 'string') return target;
  return typeof name === 'string' ? name : undefined;
}
