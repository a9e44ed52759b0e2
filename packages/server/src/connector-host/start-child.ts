import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ChildLimits } from './child-limits.ts';
import type { ConnectorModule } from './find-modules.ts';

const CHILD_FOLDER = fileURLToPath(new URL('./child/', import.meta.url));
const SDK = new URL(import.meta.resolve('@usher/connector-sdk'));

/**
 * Starts the process of a connector: Node's permission model with leave to read its own bundle and nothing else, an empty
 * environment, a bounded heap. Descriptor 3 is the pipe to the host. The network is not closed to it: Node 24 cannot.
 */
export function startChild(module: ConnectorModule, limits: ChildLimits): ChildProcess {
  const readable = [CHILD_FOLDER, fileURLToPath(new URL('./', SDK)), module.bundle];
  const args = [
    '--permission',
    ...readable.map((folder) => `--allow-fs-read=${folder}`),
    `--max-old-space-size=${limits.heapMiB}`,
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    '--no-addons',
    '--disable-warning=ExperimentalWarning',
    `${CHILD_FOLDER}main.ts`,
    SDK.href,
    pathToFileURL(module.entry).href,
  ];
  return spawn(process.execPath, args, {
    cwd: dirname(module.entry),
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/** The memory of a process in MiB, where the system tells (Linux); else undefined. */
export async function measureRssMiB(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return found ? Number(found[1]) / 1024 : undefined;
}
