import type { AttributeValue } from './accounts.ts';

/**
 * The value at an attribute path of a representation whose paths are its own field names: `email`, or `name.first` for
 * a field of a field. A field that is literally called `name.first` goes first. Gives `undefined` for a value that is
 * missing, null or an empty text, which is what {@link AccountOperations.read} means by "it has none". Pure; only own
 * properties are seen. SCIM paths with filters (`emails[type eq "work"].value`) need a reading of their own.
 */
export function readAttribute(
  representation: Readonly<Record<string, AttributeValue>>,
  path: string,
): AttributeValue | undefined {
  if (Object.hasOwn(representation, path)) return asRead(representation[path]);
  if (!path.includes('.')) return undefined;
  let value: AttributeValue | undefined = representation as Record<string, AttributeValue>;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = value[name];
  }
  return asRead(value);
}

function asRead(value: AttributeValue | undefined): AttributeValue | undefined {
  return value === null || value === '' ? undefined : value;
}
