import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CONNECTOR_ERROR_KINDS } from '../src/index.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PAGE = readFileSync(at('../../../docs/write-a-connector.md'), 'utf8');
mkdirSync(at('../../../.tmp/'), { recursive: true });
const folder = mkdtempSync(at('../../../.tmp/documented-connector-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the connector of docs/write-a-connector.md passes the contract suite as its test there calls it', () => {
  const [connector = '', contract = '', ...more] = [...PAGE.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.deepEqual(more, []);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'connector.ts'), connector);
  writeFileSync(join(folder, 'connector.test.ts'), contract);
  cpSync(at('../new/template/test-target.ts'), join(folder, 'test-target.ts'));
  const report = execFileSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  });
  assert.match(report, /^# fail 0$/m);
  assert.ok(Number(/^# pass (\d+)$/m.exec(report)?.[1]) > 30);
});

test('docs/write-a-connector.md tells of every kind of error, and of no other', () => {
  const table = /^\| kind \|.*?\n\n/ms.exec(PAGE)?.[0] ?? '';
  const told = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, kind = '']) => kind);
  assert.deepEqual(told.sort(), [...CONNECTOR_ERROR_KINDS].sort());
});
