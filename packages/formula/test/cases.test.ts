import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../src/index.ts';
import { dateCases } from './cases/date.ts';
import { logicalCases } from './cases/logical.ts';
import { mathCases } from './cases/math.ts';
import { syntaxCases } from './cases/syntax.ts';
import { textCases } from './cases/text.ts';
import { type Case, context, type Expectation, record, schema, tables } from './sample.ts';

/** What a formula comes to, in the form in which the cases write it. */
function outcomeOf(formula: string): Expectation {
  const compiled = compile(formula, schema, 'any', { tables });
  if (!compiled.ok) return { rejects: compiled.errors[0]?.code ?? 'nothing' };
  const result = compiled.evaluate(record, context);
  return result.ok ? result.value : { fails: result.error.code };
}

const families: Readonly<Record<string, readonly Case[]>> = {
  text: textCases,
  logical: logicalCases,
  date: dateCases,
  math: mathCases,
  'syntax, operators and extensions': syntaxCases,
};

describe('the language, case by case', () => {
  for (const [family, cases] of Object.entries(families)) {
    it(`${family}: ${cases.length} cases`, () => {
      const wrong: string[] = [];
      for (const [formula, expected] of cases) {
        const outcome = outcomeOf(formula);
        try {
          assert.deepEqual(outcome, expected);
        } catch {
          wrong.push(`${formula}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(outcome)}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  it('has at least 600 different cases', () => {
    const formulas = new Set(Object.values(families).flatMap((cases) => cases.map(([formula]) => formula)));
    assert.ok(formulas.size >= 600, `${formulas.size} cases`);
  });
});
