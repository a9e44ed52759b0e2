import type { ValueType } from './value.ts';

/**
 * One field that formulas may name. `path` is the canonical spelling (`FirstName`, `Manager.Email`, `PermissionSetGroups`).
 * `read` is given the record that `evaluate` was given and returns the raw value; undefined, null and '' are blank.
 * It must be pure and must not throw: what it throws goes through `evaluate` to the caller.
 *
 * Raw values by type: text: string (numbers and booleans are spelt out). number: finite number, bigint or decimal text.
 * boolean: boolean. date: `YYYY-MM-DD` text or a Date (its UTC day). dateTime: ISO 8601 text with an offset or Z, or a Date.
 * time: `HH:MM[:SS[.mmm]][Z]` text. textList: array of strings, or one text with the values parted by `;`.
 * Any other raw value makes the evaluation fail with `field_value`, never a guess.
 */
export interface SourceField {
  path: string;
  type: ValueType;
  label?: string;
  read(record: unknown): unknown;
}

/** The fields that a formula may use. Names are found whatever their case, as in Salesforce. */
export interface SourceSchema {
  find(path: string): SourceField | undefined;
  fields(): readonly SourceField[];
}

/**
 * Builds a schema over a fixed list of fields. Look-ups go through a Map, so that no name a person types (`constructor`,
 * `__proto__`) can reach anything but a field of the list.
 * Throws when two fields differ by case only or a path is not a name that a formula can spell: both are the caller's mistake.
 */
export function buildSourceSchema(fields: SourceField[]): SourceSchema {
  const byName = new Map<string, SourceField>();
  for (const field of fields) {
    const key = field.path.toLowerCase();
    const other = byName.get(key);
    if (other) throw new Error(`Fields "${other.path}" and "${field.path}" have the same name: rename one of them.`);
    if (!/^[A-Za-z$_][\w.$:#]*$/.test(field.path)) {
      throw new Error(
        `"${field.path}" cannot be the name of a field: use letters, digits and _ . $ : #, a letter first.`,
      );
    }
    byName.set(key, field);
  }
  const list = Object.freeze([...fields]);
  return { find: (path) => byName.get(path.toLowerCase()), fields: () => list };
}
