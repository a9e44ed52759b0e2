import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsvCell } from './csv.ts';

test('no cell of a file can be taken for a formula', () => {
  const cases: [unknown, string][] = [
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', `"'=1+1"`],
    ['+49 30 1', `"'+49 30 1"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    [' =1', `"' =1"`],
    ['\r=1', `"'\r=1"`],
    ['＝1', `"'＝1"`],
    [-5, `"'-5"`],
    ['\0=1', `"'\0=1"`],
    ['a;=1', '"a;=1"'],
    ["o'neil", `"o'neil"`],
    [null, ''],
    [true, 'true'],
    [[{ value: 'A' }], '"[{""value"":""A""}]"'],
    ['two\nlines', '"two\nlines"'],
  ];
  for (const [value, expected] of cases) assert.equal(formatCsvCell(value), expected);
});
