import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSync } from 'sformula';
import { buildSourceSchema, compile, type SourceField, type ValueType } from '../src/index.ts';
import { decisions, formulas, people, types } from './differential.ts';

const theirTypes: Partial<Record<ValueType, 'string' | 'number' | 'boolean' | 'date' | 'datetime' | 'time'>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'datetime',
  time: 'time',
};

const fields = Object.entries(types).map(
  ([path, type]): SourceField => ({ path, type, read: (record) => (record as Record<string, unknown>)[path] }),
);
const schema = buildSourceSchema(fields);
const inputTypes = Object.fromEntries(
  Object.entries(types).map(([path, type]) => [
    path,
    type === 'number' ? { type, precision: 18, scale: 6 } : { type: theirTypes[type] },
  ]),
);
const context = { now: new Date('2024-06-15T12:00:00Z'), timeZone: 'UTC' };

/** Their value in our form: '' and undefined are blank, UTC is written Z, and a time of day has no zone. */
function toOurForm(value: unknown): unknown {
  if (value === undefined || value === '') return null;
  if (typeof value === 'string' && /T.*\+0000$/.test(value)) return value.replace('+0000', 'Z');
  if (typeof value === 'string' && /^\d{2}:\d{2}:\d{2}.*Z$/.test(value)) return value.slice(0, -1);
  return value;
}

function runTheirs(formula: string, person: Readonly<Record<string, unknown>>): unknown {
  try {
    const parsed = parseSync(formula, { inputTypes } as Parameters<typeof parseSync>[1]);
    return toOurForm(parsed.evaluate({ ...person }));
  } catch {
    return 'an error';
  }
}

function runOurs(formula: string, person: Readonly<Record<string, unknown>>): unknown {
  const compiled = compile(formula, schema, 'any');
  if (!compiled.ok) return 'an error';
  const result = compiled.evaluate(person, context);
  return result.ok ? result.value : 'an error';
}

describe('against sformula, on ordinary inputs', () => {
  const found = new Map<string, string>();
  let compared = 0;
  for (const formula of formulas) {
    for (const [name, person] of Object.entries(people)) {
      const [ours, theirs] = [runOurs(formula, person), runTheirs(formula, person)];
      compared += 1;
      if (ours !== theirs)
        found.set(`${formula} | ${name}`, `ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`);
    }
  }
  const decided = decisions.flatMap(({ cases }) => cases);

  it('disagrees only where it was decided so', () => {
    const undecided = [...found].filter(
      ([name]) => !decided.some((one) => name === one || name.startsWith(`${one} | `)),
    );
    assert.deepEqual(undecided, []);
  });

  it('lists no disagreement that is gone', () => {
    const names = [...found.keys()];
    assert.deepEqual(
      decided.filter((one) => !names.some((name) => name === one || name.startsWith(`${one} | `))),
      [],
    );
  });

  it('compares enough', () => assert.ok(compared >= 500, `${compared} comparisons`));
});
