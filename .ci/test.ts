import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm test [-- part-of-a-path …]` runs every test file, or those whose path holds one of the parts. */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const GLOBAL_SETUP = 'packages/server/test/support/global-setup.ts';
const LONGEST_TEST_MS = 300_000;

const parts = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const files = globSync(['packages/**/*.test.ts', '.ci/**/*.test.ts', 'bench/**/*.test.ts'], {
  cwd: ROOT,
  exclude: (path) => path.includes('node_modules'),
})
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .sort();

if (files.length === 0) {
  console.error(
    parts.length === 0 ? 'There are no test files.' : `No test file has ${parts.join(' or ')} in its path.`,
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'usher-tests-'));
const report = join(folder, 'report.tap');
const args = [
  '--test',
  `--test-concurrency=${Math.max(1, Math.min(8, availableParallelism()))}`,
  `--test-timeout=${LONGEST_TEST_MS}`,
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=tap',
  `--test-reporter-destination=${report}`,
  ...(existsSync(join(ROOT, GLOBAL_SETUP)) ? [`--test-global-setup=${GLOBAL_SETUP}`] : []),
  ...files,
];
const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  const closing = readClosingLines(report);
  rmSync(folder, { recursive: true, force: true });
  for (const line of closing) console.log(line);
  const ran = Number(closing.find((line) => line.startsWith('# tests '))?.slice('# tests '.length) ?? 0);
  if (ran === 0) console.error('No test ran.');
  process.exit(signal !== null || ran === 0 ? 1 : (code ?? 1));
});

/** `# tests 812`, `# pass 812` and the like, which stand last in the TAP report. */
function readClosingLines(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^# (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(line));
}
