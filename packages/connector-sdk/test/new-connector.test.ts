import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../new/main.ts', import.meta.url));
// Inside the repository, where the SDK is found above.
const TEMPORARY = fileURLToPath(new URL('../../../.tmp/', import.meta.url));
mkdirSync(TEMPORARY, { recursive: true });
const folder = mkdtempSync(join(TEMPORARY, 'connector-new-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const env = { INIT_CWD: folder };

test('a new connector inside the repository passes its test', () => {
  execFileSync(process.execPath, [MAIN, 'payroll'], { env });
  const made = join(folder, 'connectors', 'payroll');
  assert.deepEqual(readdirSync(made).sort(), [
    'README.md',
    'connector.test.ts',
    'connector.ts',
    'package.json',
    'test-target.ts',
  ]);
  const report = execFileSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: made,
    env,
    encoding: 'utf8',
  });
  assert.match(report, /^# fail 0$/m);
});

const refused: [string[], RegExp][] = [
  [[], /Usage/],
  [['a', 'b', 'c'], /Usage/],
  [['Acme People'], /small letters/],
  [['../acme'], /small letters/],
  [['acme', '--dri', 'x'], /--dri/],
  [['acme', '--dir', '.'], /not empty/],
];
for (const [args, message] of refused) {
  test(`connector:new ${args.join(' ')} is refused in a sentence`, () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.equal(stderr.includes('    at '), false);
  });
}
