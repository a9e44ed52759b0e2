import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CONNECTOR_ERROR_KINDS } from '@usher/connector-sdk';
import { REASON_CODES } from '../packages/server/src/planning/reason.ts';
import { REFUSAL_CODES } from '../packages/server/src/refusal.ts';

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
const sections = page.split(/^## /m);

/** The rows of the table in a section of docs/errors.md. */
function readTable(title: string): string[][] {
  const section = sections.find((text) => text.startsWith(title)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codes = (rows: string[][]): string[] => rows.map(([code = '']) => code.replaceAll('`', ''));

test('docs/errors.md lists every refusal with its status', () => {
  const rows = readTable('Refusals');
  assert.deepEqual(
    rows.map(([code = '', status]) => [code.replaceAll('`', ''), Number(status)]).sort(),
    Object.entries(REFUSAL_CODES)
      .map(([code, { status }]) => [code, status])
      .sort(),
  );
});

test('docs/errors.md lists every reason', () => {
  assert.deepEqual(codes(readTable('Reasons')).sort(), Object.keys(REASON_CODES).sort());
});

test('docs/errors.md lists every kind of a failed call', () => {
  assert.deepEqual(codes(readTable('Kinds')).sort(), [...CONNECTOR_ERROR_KINDS].sort());
});

test('Every row of docs/errors.md says what it means and what to do', () => {
  for (const row of ['Refusals', 'Reasons', 'Kinds'].flatMap(readTable)) {
    assert.ok(row.length >= 3 && row.every((cell) => cell.length >= 3), row.join(' | '));
  }
});
