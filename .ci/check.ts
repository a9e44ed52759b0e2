import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkFences } from './fences.ts';
import { checkFiles, listTrackedFiles } from './tracked-files.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

interface Step {
  readonly name: string;
  /** What is wrong, in lines; none when it is in order. */
  run(): string[];
}

const STEPS: readonly Step[] = [
  { name: 'fences and import cycles', run: () => checkFences(ROOT) },
  { name: 'tracked files', run: () => checkFiles(ROOT, listTrackedFiles(ROOT)) },
  { name: 'types', run: () => runTool('tsc', ['-p', 'tsconfig.json']) },
  { name: 'types of the console', run: () => runTool('tsc', ['-p', 'packages/console/tsconfig.json']) },
  { name: 'format and lint', run: () => runTool('biome', ['check', '--max-diagnostics=50']) },
  { name: 'generated files', run: () => runNode('.ci/generate.ts', ['--check']) },
];

/** Every step runs, so that one look shows all that is wrong. */
let failed = 0;
for (const step of STEPS) {
  const startMs = performance.now();
  const problems = step.run();
  const took = `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${took})`);
  for (const line of problems) console.log(`     ${line}`);
  if (problems.length > 0) failed += 1;
}
console.log(failed === 0 ? 'The house is in order.' : `${failed} of ${STEPS.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;

function runTool(name: string, args: string[]): string[] {
  const windows = process.platform === 'win32';
  return run(join(ROOT, 'node_modules', '.bin', windows ? `${name}.cmd` : name), args, windows);
}

function runNode(script: string, args: string[]): string[] {
  return run(process.execPath, [script, ...args], false);
}

function run(command: string, args: string[], shell: boolean): string[] {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', shell, maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return [];
  const lines = `${result.stdout ?? ''}${result.stderr ?? ''}`.trimEnd().split('\n');
  return [...lines, result.error?.message ?? `exit code ${result.status}`].filter((line) => line !== '');
}
