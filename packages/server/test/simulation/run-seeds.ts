import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SeedsToRun {
  from: number;
  count: number;
  workers: number;
  /** Prints everything that happened instead of its end. */
  wholeTrace?: boolean;
  print?: (line: string) => void;
}

/** What a worker tells of one seed. */
export interface SeedReport {
  seed: number;
  found: string[];
  /** Of a seed that failed, or all of them when the whole is wanted. */
  trace: string[];
  requests: number;
  simulatedMs: number;
}

const TAIL_LINES = 60;

/** Simulates seeds in processes of their own, each with its database. Gives the reports of those that failed. */
export async function runSeeds({
  from,
  count,
  workers,
  wholeTrace,
  print = console.log,
}: SeedsToRun): Promise<SeedReport[]> {
  const startMs = performance.now();
  const failed: SeedReport[] = [];
  let done = 0;
  let requests = 0;
  let simulatedMs = 0;
  const work = async (worker: number) => {
    const script = fileURLToPath(new URL('./worker.ts', import.meta.url));
    const child = fork(script, [
      String(from + worker),
      String(from + count),
      String(workers),
      String(wholeTrace ?? false),
    ]);
    child.on('message', (report: SeedReport) => {
      done += 1;
      requests += report.requests;
      simulatedMs += report.simulatedMs;
      if (report.found.length > 0) failed.push(report);
      if (report.found.length > 0 || wholeTrace) print(describe(report, wholeTrace ?? false));
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`A worker of the simulation ended with ${code}`);
  };
  await Promise.all(Array.from({ length: Math.min(workers, count) }, (_, worker) => work(worker)));
  if (done !== count) throw new Error(`${done} of ${count} seeds were simulated`);
  const tookS = ((performance.now() - startMs) / 1000).toFixed(1);
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  print(
    `${done} seeds from ${from}: ${failed.length} failed; ${requests} requests in ${hours} simulated hours, ${tookS} s`,
  );
  return failed;
}

function describe({ seed, found, trace }: SeedReport, whole: boolean): string {
  const left = whole ? trace : trace.slice(-TAIL_LINES);
  const told = found.length === 0 ? 'all holds' : found.join('\n  - ');
  return [
    `seed ${seed} at commit ${findCommit()}:`,
    `  - ${told}`,
    ...(found.length > 0 && !whole ? [`  replay with the whole trace: npm run simulate -- --seed ${seed}`] : []),
    ...left.map((line) => `    ${line}`),
  ].join('\n');
}

function findCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
