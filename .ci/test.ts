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

/** A file that fails beside others on a busy machine is run once more by itself; what passes then is told, not hidden. */
const MOST_FILES_AGAIN = 12;

const folder = mkdtempSync(join(tmpdir(), 'usher-tests-'));
process.exitCode = await runAll().finally(() => rmSync(folder, { recursive: true, force: true }));

async function runAll(): Promise<number> {
  const first = await run(files, Math.max(1, Math.min(8, availableParallelism())));
  if (first.code === 0 || first.failed.length === 0 || first.failed.length > MOST_FILES_AGAIN) return close(first);
  console.log(
    `\nRunning ${first.failed.length} failed files once more, one at a time:\n  ${first.failed.join('\n  ')}\n`,
  );
  const second = await run(first.failed, 1);
  const unsteady = first.failed.filter((file) => !second.failed.includes(file));
  if (unsteady.length > 0) console.log(`\nUNSTEADY, failed once and passed alone:\n  ${unsteady.join('\n  ')}\n`);
  console.log('The first run, of everything:');
  for (const line of first.closing) console.log(line);
  console.log('The second run, of the files that failed:');
  return close(second);
}

interface Run {
  code: number;
  closing: string[];
  /** Files with a failed test, relative to the root. */
  failed: string[];
}

function close({ code, closing }: Run): number {
  for (const line of closing) console.log(line);
  const ran = Number(closing.find((line) => line.startsWith('# tests '))?.slice('# tests '.length) ?? 0);
  if (ran === 0) console.error('No test ran.');
  return ran === 0 ? 1 : code;
}

function run(which: string[], concurrency: number): Promise<Run> {
  const report = join(folder, `report-${concurrency}.tap`);
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${LONGEST_TEST_MS}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${report}`,
    ...(existsSync(join(ROOT, GLOBAL_SETUP)) ? [`--test-global-setup=${GLOBAL_SETUP}`] : []),
    ...which,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolveRun) => {
    child.on('exit', (code, signal) => {
      const lines = existsSync(report) ? readFileSync(report, 'utf8').split('\n') : [];
      resolveRun({
        code: signal === null ? (code ?? 1) : 1,
        closing: lines.filter((line) => /^# (?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(line)),
        failed: signal === null ? listFailedFiles(lines) : [],
      });
    });
  });
}

/** A failed test names its place some lines below: `location: '…/x.test.ts:12:3'`. */
function listFailedFiles(lines: string[]): string[] {
  const found = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (!/^\s*not ok /.test(line)) continue;
    const place = lines.slice(index, index + 8).find((next) => next.includes('location:'));
    const file = files.find((candidate) => place?.includes(candidate) || line.includes(candidate));
    if (file) found.add(file);
  }
  return [...found].sort();
}
