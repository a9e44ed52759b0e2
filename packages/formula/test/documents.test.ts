import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { describe, it } from 'node:test';
import { referencePath } from '../generate-reference.ts';
import { refusedFunctions } from '../src/functions/refused.ts';
import { allFunctions, spellSignature } from '../src/functions/table.ts';
import * as library from '../src/index.ts';
import { writeReferencePage } from '../src/reference-page.ts';
import { sampleContext, sampleSchema, sampleTables } from '../src/reference-sample.ts';

const core = `IF IFS CASE AND OR NOT ISBLANK ISNULL BLANKVALUE NULLVALUE ISNUMBER ISPICKVAL INCLUDES PICKLISTCOUNT LEFT RIGHT
MID LEN FIND LOWER UPPER INITCAP TRIM SUBSTITUTE BEGINS CONTAINS LPAD RPAD REVERSE TEXT VALUE REGEX BR CASESAFEID DATE DATEVALUE
DATETIMEVALUE ADDMONTHS YEAR MONTH DAY WEEKDAY TODAY NOW ABS ROUND TRUNC FLOOR CEILING MFLOOR MCEILING MOD MAX MIN`;
const second = `ASCII CHR URLENCODE HTMLENCODE JSENCODE TIMEVALUE TIMENOW HOUR MINUTE SECOND MILLISECOND DAYOFYEAR ISOWEEK ISOYEAR
UNIXTIMESTAMP FROMUNIXTIME FORMATDURATION SQRT EXP LN LOG PI SIN COS TAN ASIN ACOS ATAN ATAN2 GEOLOCATION DISTANCE HYPERLINK`;
const extensions = 'SPLIT JOIN LIST NORMALIZE LOOKUP';
const refused = `CURRENCYRATE GETSESSIONID GETRECORDIDS IMAGE IMAGEPROXYURL INCLUDE ISCHANGED ISCLONE ISNEW PRIORVALUE JUNCTIONIDLIST
LINKTO PARENTGROUPVAL PREVGROUPVAL PREDICT REQUIRESCRIPT URLFOR VLOOKUP JSINHTMLENCODE`;

const words = (list: string): string[] => list.split(/\s+/);

describe('the function table', () => {
  it('has the 54 core functions, the 32 others and the 5 extensions, each once', () => {
    const names = [...words(core), ...words(second), ...words(extensions)].sort();
    assert.equal(names.length, 91);
    assert.deepEqual(allFunctions.map((entry) => entry.name).sort(), names);
  });

  it('refuses the 19 functions that can mean nothing here, each with what to do', () => {
    assert.deepEqual([...refusedFunctions.keys()].sort(), words(refused).sort());
    for (const name of refusedFunctions.keys()) {
      const compiled = library.compile(`${name}("x")`, sampleSchema, 'any');
      assert.ok(!compiled.ok && compiled.errors.length === 1);
      assert.equal(compiled.errors[0]?.code, 'refused_function');
      assert.deepEqual([compiled.errors[0]?.start, compiled.errors[0]?.end], [0, name.length]);
    }
  });

  for (const entry of allFunctions) {
    it(`${entry.name}: every example gives what it says`, () => {
      for (const { formula, value } of entry.examples) {
        assert.match(formula, new RegExp(`\\b${entry.name}\\(`));
        const compiled = library.compile(formula, sampleSchema, 'any', { tables: sampleTables });
        assert.ok(compiled.ok, `${formula}: ${JSON.stringify(compiled)}`);
        assert.deepEqual(compiled.evaluate({}, sampleContext), { ok: true, value });
      }
    });
  }
});

describe('docs/formulas.md', () => {
  it('is what the function table says', async () => {
    const page = await readFile(referencePath, 'utf8');
    assert.equal(page, writeReferencePage(), 'run "node packages/formula/generate-reference.ts"');
  });

  it('has a heading for every function', async () => {
    const page = await readFile(referencePath, 'utf8');
    const headings = [...page.matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
    assert.deepEqual(
      headings,
      allFunctions.map((entry) => entry.name).sort((a, b) => headings.indexOf(a) - headings.indexOf(b)),
    );
  });
});

describe('completions', () => {
  it('offers every function with its signature and every field with its type', () => {
    const offered = library.completions(sampleSchema);
    assert.deepEqual(
      offered.functions.map(({ signature }) => signature),
      allFunctions.map(spellSignature),
    );
    assert.deepEqual(
      offered.functions.find(({ name }) => name === 'CASE')?.signature,
      'CASE(expression, value, result, …, else)',
    );
    assert.deepEqual(offered.functions.find(({ name }) => name === 'FIND')?.signature, 'FIND(sought, text, [start])');
    assert.deepEqual(
      offered.fields.map(({ path }) => path),
      sampleSchema.fields().map(({ path }) => path),
    );
    for (const { example } of offered.functions)
      assert.ok(library.compile(example, sampleSchema, 'any', { tables: sampleTables }).ok);
  });
});

describe('README.md', () => {
  /** Each line `expression; // → JSON` of the examples, in order, with the statements before it. */
  it('says what its examples give', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const code = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]).join('\n');
    const plain = stripTypeScriptTypes(code).replace(/^import .*$/gm, '');
    const expected: string[] = [];
    const body = plain.replace(/^(.*); \/\/ → (.*)$/gm, (_line, expression: string, value: string) => {
      expected.push(value);
      return `results.push(${expression});`;
    });
    const results: unknown[] = [];
    new Function('buildSourceSchema', 'compile', 'results', body)(library.buildSourceSchema, library.compile, results);
    assert.ok(expected.length >= 6);
    assert.deepEqual(
      results.map((result) => JSON.stringify(result)),
      expected,
    );
  });
});
