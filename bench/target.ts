import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endChild, firstLine } from './child.ts';

export const TOKEN = '0'.repeat(32);

/** One request as the target recorded it. */
export interface SeenRequest {
  method: string;
  url: string;
  requestBody: string;
  arrivedAtMs: number;
}

/** A SCIM target in a process of its own, as a real one would be. */
export interface BenchTarget {
  url: string;
  /** What came since the last call; only when it records. */
  exchanges(): Promise<SeenRequest[]>;
  reset(): Promise<void>;
  /** Accounts that were there before. */
  addAccounts(accounts: readonly Record<string, unknown>[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startTarget(options: { record?: boolean } = {}): Promise<BenchTarget> {
  const script = fileURLToPath(new URL('../packages/scim/testing/main.ts', import.meta.url));
  const record = options.record ? ['--record'] : [];
  const child = spawn(process.execPath, [script, '--profile', 'plain', '--token', TOKEN, ...record], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { url, control } = JSON.parse(await firstLine(child)) as { url: string; control: string };
  const ask = async (path: string, method = 'GET', body?: string) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const response = await fetch(new URL(path, control), { method, headers, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json().catch(() => ({}))) as unknown;
  };
  const seen: (SeenRequest & { sequence: number })[] = [];
  return {
    url,
    exchanges: async () => {
      const after = seen.at(-1)?.sequence ?? 0;
      const answer = (await ask(`exchanges?after=${after}`)) as typeof seen | { exchanges: typeof seen };
      seen.push(...(Array.isArray(answer) ? answer : answer.exchanges));
      if (seen.length > 20_000) seen.splice(0, seen.length - 10_000);
      return seen;
    },
    reset: async () => void (await ask('reset', 'POST')),
    addAccounts: async (accounts) => void (await ask('accounts', 'POST', JSON.stringify(accounts))),
    stop: () => endChild(child),
  };
}
