import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from './to-csv.ts';

test('cells are quoted where they must be', () => {
  assert.equal(
    toCsv([['a', 'b,c', 'say "x"', 'two\nlines', null, 7, true]]),
    'a,"b,c","say ""x""","two\nlines",,7,true\r\n',
  );
});

test('what a spreadsheet would calculate is a text', () => {
  for (const hostile of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', "=cmd|' /C calc'!A0"]) {
    const cell = toCsv([[hostile]])
      .trimEnd()
      .replace(/^"/, '');
    assert.ok(cell.startsWith("'"), hostile);
  }
  assert.equal(toCsv([[-5]]), '-5\r\n');
});
