import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCell, formatFacts, formatTable, makeHarmless, widthOf } from './print.ts';

test('Columns are aligned also with accents, wide letters and emoji', () => {
  const rows = [
    { name: 'Jo', n: 5, note: 'x' },
    { name: 'Zoë Müller', n: 1200, note: '' },
    { name: '山田太郎', n: 7, note: 'y' },
    { name: 'e\u0301ve 🎉', n: 0, note: 'z' },
  ];
  const table = formatTable(rows, [
    { title: 'NAME', value: (row) => row.name },
    { title: 'N', value: (row) => row.n, align: 'right' },
    { title: 'NOTE', value: (row) => row.note },
  ]);
  const lines = table.trimEnd().split('\n');
  assert.equal(lines[1], 'Jo             5  x');
  // The number ends in the same cell of the terminal in every row.
  const ends = lines.map((text) => widthOf(text.replace(/ {2}(?:NOTE|[xyz])$/, '')));
  assert.deepEqual(new Set(ends), new Set([16]));
});

test('A column that is blank everywhere is left out, and an empty list keeps its titles', () => {
  const columns = [
    { title: 'A', value: (row: { a?: string; b?: string }) => row.a },
    { title: 'B', value: (row: { a?: string; b?: string }) => row.b },
  ];
  assert.equal(formatTable([{ a: 'x' }], columns), 'A\nx\n');
  assert.equal(formatTable([], columns), 'A  B\n');
});

test('What a record holds cannot steer the terminal', () => {
  assert.equal(makeHarmless('a\u001b[2Jb\u0007\r\u202ec\u2028'), 'a\\u{1b}[2Jb\\u{7}\\u{d}\\u{202e}c\\u{2028}');
  assert.equal(formatCell('two\nlines'), 'two\\nlines');
  assert.equal(
    formatFacts([
      ['Name', 'x\u009b1m'],
      ['None', null],
    ]),
    'Name  x\\u{9b}1m\n',
  );
});

test('Values read well', () => {
  assert.equal(formatCell('2026-11-23T08:09:10.123Z'), '2026-11-23 08:09:10Z');
  assert.equal(formatCell(true), 'yes');
  assert.equal(formatCell(['a', 'b']), 'a, b');
  assert.equal(formatCell({ a: 1 }), '{"a":1}');
});
