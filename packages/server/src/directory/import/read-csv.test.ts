import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type CsvRow, readCsv } from './read-csv.ts';

async function read(text: string, cuts: readonly number[] = []): Promise<CsvRow[]> {
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const end of [...ends, bytes.length]) {
      yield bytes.subarray(from, end);
      from = end;
    }
  }
  const rows: CsvRow[] = [];
  for await (const some of readCsv(pieces())) rows.push(...some);
  return rows;
}

const cell = fc
  .array(fc.constantFrom('a', 'é', '💡', '"', ',', '\n', '\r\n', ' ', ';'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });

function format(rows: readonly (readonly string[])[], lineBreak: string, closed: boolean): string {
  const lines = rows.map((cells) =>
    cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(','),
  );
  return lines.join(lineBreak) + (closed ? lineBreak : '');
}

test('Whatever is written by RFC 4180 is read as it was, wherever the pieces are cut, and every record has its line', async () => {
  await fc.assert(
    fc.asyncProperty(
      // The first line shows how lines end.
      table.map((rows) => [['Name', 'Other'], ...rows]),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.array(fc.nat(400), { maxLength: 8 }),
      async (rows, lineBreak, closed, cuts) => {
        const text = format(rows, lineBreak, closed);
        const found = await read(text, cuts);
        assert.deepEqual(
          found.map(({ cells }) => cells),
          rows,
        );
        let line = 1;
        for (const [index, cells] of rows.entries()) {
          assert.equal(found[index]?.line, line);
          line += 1 + (cells.join('').match(/\n/g)?.length ?? 0);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('What it accepts, another reader reads the same way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', '"', '""', ',', '\n', ' '), { maxLength: 30 }).map((parts) => parts.join('')),
      fc.array(fc.nat(40), { maxLength: 4 }),
      async (text, cuts) => {
        const rows = await read(text, cuts).catch(() => undefined);
        if (rows === undefined) return;
        const other: string[][] = parse(text, { relax_column_count: true });
        assert.deepEqual(
          rows.map(({ cells }) => cells),
          other.filter((cells) => cells.length > 1 || cells[0] !== ''),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test('A file whose lines end as on old Macs is read', async () => {
  assert.deepEqual(await read('A,B\r1,"x\ry"\r2,z', [4]), [
    { line: 1, cells: ['A', 'B'] },
    { line: 2, cells: ['1', 'x\ry'] },
    { line: 4, cells: ['2', 'z'] },
  ]);
});

for (const [name, text, message] of [
  ['is never closed', 'A,B\n1,"x\n2,y\n', /quotation mark on line 2 is never closed/],
  ['is never closed, with doubled ones behind', 'A,B\n1,"x ""y""\n2,z\n', /line 2 is never closed/],
  ['stands in a cell', 'A,B\n1,x\n2,5" pipe\n', /Line 3 has a quotation mark inside/],
  ['stands twice in a cell', 'A,B\n1,the "best" one\n', /Line 2 has a quotation mark inside/],
  ['is followed by text', 'A,B\n1,"x" y\n', /Line 2 has text after a closing/],
] as const) {
  test(`A quotation mark that ${name} is refused with its line`, async () => {
    for (let cut = 0; cut < text.length; cut += 1) await assert.rejects(read(text, [cut]), message, `cut at ${cut}`);
  });
}
