import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkFiles } from './tracked-files.ts';

const root = mkdtempSync(join(tmpdir(), 'usher-files-'));
after(() => rmSync(root, { recursive: true, force: true }));

const CASES: ReadonlyArray<readonly [string, string, boolean]> = [
  ['a.ts', `const a = '/${'work'}/here/x';`, true],
  ['a.ts', "const a = '/home/jo/x';", true],
  ['a.ts', "const a = 'packages/work/x'; const b = '/apps/x'; const c = '/home';", false],
  ['package-lock.json', '"resolved": "https://registry.example.com/a.tgz"', true],
  ['package-lock.json', '"resolved": "packages/scim"', false],
  ['.npmrc', 'registry=http://localhost:4873', true],
  ['a.test.ts', "test.only('x', () => {});", true],
  ['a.test.ts', "describe.skip('x', () => {});", true],
  ['a.test.ts', "test('x', { only: true }, () => {});", true],
  ['a.test.ts', "test('x', { skip: isRoot && 'runs as an ordinary user only' }, () => {});", false],
  ['a.md', '<<<<<<< HEAD', true],
];

for (const [name, text, caught] of CASES) {
  test(`${caught ? 'Caught' : 'Fine'}: ${text}`, () => {
    writeFileSync(join(root, name), text);
    assert.equal(checkFiles(root, [name]).length > 0, caught);
  });
}
