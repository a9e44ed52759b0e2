import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, median } from './figure.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** `npm start` to ready, on a data folder that is there already; npm's own time is in it. */
export async function benchStart(rounds: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-start-'));
  try {
    const first = await startOnce(folder);
    const again: number[] = [];
    for (let round = 0; round < rounds; round += 1) again.push(await startOnce(folder));
    return [
      { name: 'start on an empty data folder', value: first, unit: 's' },
      { name: 'start on an existing data folder', value: median(again), unit: 's', goal: '< 3' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(folder: string): Promise<number> {
  const startedMs = performance.now();
  const options = ['--data-dir', join(folder, 'data'), '--port', '0', '--log-level', 'error'];
  const child = spawn('npm', ['start', '--silent', '--', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    const url = await findUrl(child);
    while (!(await fetch(new URL('/readyz', url)).then(({ ok }) => ok)))
      await new Promise((next) => setTimeout(next, 5));
    return (performance.now() - startedMs) / 1000;
  } finally {
    await stop(child);
  }
}

async function findUrl(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    const url = /listens on (http\S+)/.exec(output)?.[1];
    if (url) return url;
  }
  throw new Error(`The server did not start: ${output}`);
}

/** npm hands no signal on from everywhere: the whole group is told. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdout?.resume();
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
