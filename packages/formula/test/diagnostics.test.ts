import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSourceSchema, compile, type Diagnostic, type ValueType } from '../src/index.ts';
import { context, record, schema, tables } from './sample.ts';

type Brief = [code: string, marked: string, suggestion?: string];

/** A finding as its code, the source that it marks, and what it suggests in place of that. */
function brief(source: string, { code, start, end, suggestion }: Diagnostic): Brief {
  return suggestion === undefined ? [code, source.slice(start, end)] : [code, source.slice(start, end), suggestion];
}

const errors: readonly [source: string, target: ValueType | 'any', ...found: Brief[]][] = [
  ['Tt', 'text', ['unknown_field', 'Tt', 'T']],
  ['Custm', 'text', ['unknown_field', 'Custm', 'Custom__c']],
  ['Email', 'text', ['unknown_field', 'Email', 'Manager.Email']],
  ['Sales_Department', 'text', ['unknown_field', 'Sales_Department', '"Sales_Department"']],
  ['NOW', 'dateTime', ['unknown_field', 'NOW', 'NOW()']],
  ['UPER(T)', 'text', ['unknown_function', 'UPER', 'UPPER']],
  ['SUBSTR(T, 1, 2)', 'text', ['unknown_function', 'SUBSTR', 'MID']],
  ['CONCAT(T, T)', 'text', ['unknown_function', 'CONCAT']],
  [
    'LEFT(UPER(Tx), "1") & Q9q9q9q9',
    'text',
    ['unknown_function', 'UPER', 'UPPER'],
    ['unknown_field', 'Tx', 'T'],
    ['type', '"1"', '1'],
    ['unknown_field', 'Q9q9q9q9', '"Q9q9q9q9"'],
  ],
  ['LEFT(T, "x")', 'text', ['type', '"x"']],
  ['LEFT(N, 1)', 'text', ['type', 'N', 'TEXT(N)']],
  ['T & N', 'text', ['type', 'N', 'TEXT(N)']],
  ['T & Yes', 'text', ['type', 'Yes', 'IF(Yes, "true", "false")']],
  ['T & L', 'text', ['type', 'L', 'JOIN(L, ";")']],
  ['T + N', 'text', ['type', 'N', 'TEXT(N)']],
  ['T = 42', 'boolean', ['type', '42', '"42"']],
  ['N = "42"', 'boolean', ['type', '"42"', '42']],
  ['D = "2024-01-01"', 'boolean', ['type', '"2024-01-01"', 'DATEVALUE("2024-01-01")']],
  ['D < M', 'boolean', ['type', 'M', 'DATEVALUE(M)']],
  ['Yes = "true"', 'boolean', ['type', '"true"', 'TRUE']],
  ['L = "Sales"', 'boolean', ['type', 'L = "Sales"', 'INCLUDES(L, "Sales")']],
  ['"Sales" <> L', 'boolean', ['type', '"Sales" <> L', 'NOT(INCLUDES(L, "Sales"))']],
  ['T && Yes', 'boolean', ['type', 'T', '(T = "true")']],
  ['N * T', 'number', ['type', 'T', 'VALUE(T)']],
  ['-T', 'number', ['type', 'T', 'VALUE(T)']],
  ['N', 'text', ['result_type', 'N', 'TEXT(N)']],
  ['T', 'number', ['result_type', 'T', 'VALUE(T)']],
  ['T', 'textList', ['result_type', 'T', 'LIST(T)']],
  ['L', 'text', ['result_type', 'L', 'JOIN(L, ";")']],
  ['D', 'dateTime', ['result_type', 'D', 'DATETIMEVALUE(D)']],
  ['M', 'date', ['result_type', 'M', 'DATEVALUE(M)']],
  ['T', 'boolean', ['result_type', 'T', '(T = "true")']],
  ['IF(Yes, 1, "a")', 'number', ['type', '"a"']],
  ['LOOKUP(T, "Stes")', 'text', ['unknown_table', '"Stes"', '"Sites"']],
  ['REGEX(T, "\\\\d(")', 'boolean', ['regex', '"\\\\d("']],
  ['REGEX(T, "\\d")', 'boolean', ['syntax', '\\d', '\\\\d']],
  ['T | T', 'boolean', ['syntax', '|', '||']],
  ['LEFT(T; 1)', 'text', ['syntax', ';', ',']],
  ['1 + 12345678901234567', 'number', ['constant', '12345678901234567', '"12345678901234567"']],
  ['N + 1 / 0', 'number', ['constant', '1 / 0']],
  ['LEFT(T, 1', 'text', ['syntax', '']],
  ['LEFT(T)', 'text', ['arity', 'LEFT(T)']],
];

const warnings: readonly [source: string, ...found: Brief[]][] = [
  ['T'],
  ['ISNULL(T)', ['null_of_text', 'ISNULL(T)', 'ISBLANK(T)']],
  ['NULLVALUE(T, "x")', ['null_of_text', 'NULLVALUE(T, "x")', 'BLANKVALUE(T, "x")']],
  ['ISNULL(N)'],
  ['N = NULL', ['compare_with_blank', 'N = NULL', 'ISBLANK(N)']],
  ['NULL <> D', ['compare_with_blank', 'NULL <> D', 'NOT(ISBLANK(D))']],
  ['T = NULL'],
  ['TODAY() - D > TODAY() - Early', ['volatile', 'TODAY()']],
  ['IF(1 = 1, T, Word)', ['unreachable', '1 = 1']],
  ['IFS(Yes, T, FALSE, T, Word)', ['unreachable', 'FALSE']],
];

describe('diagnostics', () => {
  for (const [source, target, ...found] of errors) {
    it(`error: ${source} as ${target}`, () => {
      const compiled = compile(source, schema, target, { tables });
      assert.ok(!compiled.ok);
      assert.deepEqual(
        compiled.errors.map((error) => brief(source, error)),
        found,
      );
    });
  }

  it('a suggestion, put in place, mends the formula', () => {
    let mended = 0;
    for (const [source, target, ...found] of errors) {
      const compiled = compile(source, schema, target, { tables });
      const [error, ...more] = compiled.ok ? [] : compiled.errors;
      if (found.length !== 1 || more.length > 0 || error?.suggestion === undefined || error.code === 'syntax') continue;
      if (error.code === 'unknown_function' || error.code === 'constant') continue;
      const repaired = source.slice(0, error.start) + error.suggestion + source.slice(error.end);
      assert.ok(compile(repaired, schema, target, { tables }).ok, `${source} became ${repaired}`);
      mended += 1;
    }
    assert.ok(mended >= 20, `${mended}`);
  });

  for (const [source, ...found] of warnings) {
    it(`warning: ${source}`, () => {
      const compiled = compile(source, schema, 'any', { tables });
      assert.ok(compiled.ok);
      assert.deepEqual(
        compiled.warnings.map((warning) => brief(source, warning)),
        found,
      );
    });
  }
});

describe('a compiled formula', () => {
  it('names the canonical fields that it reads, each once, in order', () => {
    const compiled = compile('t & manager.email & T & IF(INCLUDES(l, "x"), $ORG, "")', schema, 'text');
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.fields, ['T', 'Manager.Email', 'L', '$Org']);
  });

  it('says whether its value changes with time, and its type', () => {
    const cases: [string, ValueType | 'any', boolean, ValueType][] = [
      ['T', 'any', false, 'text'],
      ['IF(Yes, TODAY(), D)', 'any', true, 'date'],
      ['TEXT(NOW())', 'text', true, 'text'],
      ['TIMENOW()', 'any', true, 'time'],
      ['NULL', 'any', false, 'text'],
      ['NULL', 'number', false, 'number'],
      ['IF(Yes, NULL, NULL)', 'date', false, 'date'],
      ['DATEVALUE(M)', 'date', false, 'date'],
    ];
    for (const [source, target, isVolatile, type] of cases) {
      const compiled = compile(source, schema, target);
      assert.ok(compiled.ok, source);
      assert.deepEqual([compiled.volatile, compiled.type], [isVolatile, type], source);
      assert.equal(compiled.source, source);
    }
  });

  it('takes the day of TODAY from the time zone, and refuses a zone that there is not', () => {
    const compiled = compile('TODAY()', schema, 'date');
    assert.ok(compiled.ok);
    const now = new Date('2024-03-31T00:30:00Z');
    const dayIn = (timeZone: string): unknown => {
      const result = compiled.evaluate(record, { now, timeZone });
      return result.ok ? result.value : result.error.code;
    };
    assert.equal(dayIn('UTC'), '2024-03-31');
    assert.equal(dayIn('America/Los_Angeles'), '2024-03-30');
    assert.equal(dayIn('Pacific/Kiritimati'), '2024-03-31');
    assert.equal(dayIn('Europe/Nowhere'), 'time_zone');
    assert.equal(dayIn('America/Los_Angeles'), '2024-03-30');
  });

  it("lets through what a caller's read throws", () => {
    const broken = buildSourceSchema([
      {
        path: 'X',
        type: 'text',
        read: () => {
          throw new RangeError('broken');
        },
      },
    ]);
    const compiled = compile('X', broken, 'text');
    assert.ok(compiled.ok);
    assert.throws(() => compiled.evaluate({}, context), RangeError);
  });
});

describe('fields', () => {
  const read = (type: ValueType, raw: unknown): unknown => {
    const compiled = compile('X', buildSourceSchema([{ path: 'X', type, label: 'The X', read: () => raw }]), 'any');
    assert.ok(compiled.ok);
    const result = compiled.evaluate({}, context);
    return result.ok ? result.value : result.error.code;
  };
  const cases: [ValueType, unknown, unknown][] = [
    ['text', 5, '5'],
    ['text', true, 'true'],
    ['text', 10n, '10'],
    ['text', {}, 'field_value'],
    ['text', ['a'], 'field_value'],
    ['number', '12.50', 12.5],
    ['number', 12n, 12],
    ['number', '123456789012345678', 'field_value'],
    ['number', 'abc', 'field_value'],
    ['number', Number.NaN, 'field_value'],
    ['number', true, 'field_value'],
    ['number', '', null],
    ['number', -0, 0],
    ['boolean', true, true],
    ['boolean', 'true', 'field_value'],
    ['boolean', 0, 'field_value'],
    ['date', new Date('2024-02-29T23:59:00Z'), '2024-02-29'],
    ['date', '2024-02-30', 'field_value'],
    ['date', new Date(Number.NaN), 'field_value'],
    ['date', '2024-02-29T00:00:00Z', 'field_value'],
    ['dateTime', new Date('2024-02-29T23:59:00Z'), '2024-02-29T23:59:00.000Z'],
    ['dateTime', '2024-02-29T23:59:00+02:00', '2024-02-29T21:59:00.000Z'],
    ['dateTime', '2024-02-29T23:59:00.123456+00:00', '2024-02-29T23:59:00.123Z'],
    ['dateTime', '2024-02-29 23:59:00', 'field_value'],
    ['dateTime', 1709251140000, 'field_value'],
    ['time', '08:30', '08:30:00.000'],
    ['time', '08:30:00.5Z', '08:30:00.500'],
    ['time', '8.30', 'field_value'],
    ['textList', ['a', '', 'b'], ['a', 'b']],
    ['textList', 'a; b;', ['a', 'b']],
    ['textList', [], null],
    ['textList', ['a', 1], 'field_value'],
    ['textList', Array(10_001).fill('a'), 'list_too_long'],
    ['textList', 5, 'field_value'],
  ];
  for (const [type, raw, expected] of cases) {
    it(`${type} from ${typeof raw === 'bigint' ? '10n' : JSON.stringify(raw)?.slice(0, 40)}`, () =>
      assert.deepEqual(read(type, raw), expected));
  }

  it('refuses two fields that differ by case only, and names that cannot be written', () => {
    const field = (path: string) => ({ path, type: 'text' as const, read: () => null });
    assert.throws(() => buildSourceSchema([field('A'), field('a')]), /same name/);
    assert.throws(() => buildSourceSchema([field('first name')]), /cannot be the name/);
    assert.throws(() => buildSourceSchema([field('1st')]), /cannot be the name/);
  });
});
