import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReceivedRequest, RequestCounts } from './request-log.ts';
import type { ScimRecord } from './scim-store.ts';
import type { TargetFaults } from './target-faults.ts';

const mainPath = fileURLToPath(new URL('./main.ts', import.meta.url));
const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

export interface SpawnScimTargetOptions {
  port?: number;
  token: string;
  latencyMs?: number;
  requestLogSize?: number;
}

export interface SpawnedScimTarget {
  url: string;
  port: number;
  pid: number;
  accounts(): Promise<ScimRecord[]>;
  groups(): Promise<ScimRecord[]>;
  requests(): Promise<ReceivedRequest[]>;
  counts(): Promise<RequestCounts>;
  setFaults(faults: TargetFaults): Promise<void>;
  stop(): Promise<void>;
  /** Ends it as a crash would: no answer to requests under way, everything it held is gone. */
  kill(): Promise<void>;
}

/**
 * Starts the SCIM target as a process of its own, so that it shares neither event loop nor heap with the engine under test.
 * It ends with this process, however this process ends: it watches its standard input.
 */
export async function spawnScimTarget(options: SpawnScimTargetOptions): Promise<SpawnedScimTarget> {
  const args = ['scim', '--port', String(options.port ?? 0), '--token', options.token];
  if (options.latencyMs !== undefined) args.push('--latency-ms', String(options.latencyMs));
  if (options.requestLogSize !== undefined) args.push('--request-log-size', String(options.requestLogSize));
  const child = spawn(process.execPath, [mainPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await readUrl(child);
  const control = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(new URL(`/_sandbox/${path}`, url), {
      method,
      headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`sandbox ${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const read = async <T>(path: string): Promise<T> => (await (await control('GET', path)).json()) as T;
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid as number,
    accounts: () => read('accounts'),
    groups: () => read('groups'),
    requests: () => read('requests'),
    counts: () => read('counts'),
    setFaults: async (faults) => void (await control('PUT', 'faults', faults)),
    stop: () => endChild(child, 'SIGTERM'),
    kill: () => endChild(child, 'SIGKILL'),
  };
}

async function readUrl(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`the SCIM target did not say where it listens within ${startTimeoutMs} ms`));
  }, startTimeoutMs);
  child.once('error', reject);
  child.once('exit', (code, signal) =>
    reject(new Error(`the SCIM target ended at once (${signal ?? `exit code ${code}`})`)),
  );
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.once('line', (line) => {
    try {
      resolve((JSON.parse(line) as { url: string }).url);
    } catch {
      reject(new Error(`the SCIM target printed something other than its URL: ${line}`));
    }
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('exit');
  }
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}
