import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A real SCIM server that somebody else wrote. */
export interface Peer {
  id: string;
  /** What runs, with its exact versions. */
  label: string;
  /** The dialect of the library that it is addressed by. */
  dialect: string;
  script: string;
  args: string[];
}

export interface RunningPeer {
  url: string;
  token: string;
  stop(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));
const startTimeoutMs = 30_000;

export const peers: readonly Peer[] = [
  {
    id: 'scimmy-express4',
    label: `scimmy-routers ${versionOf('scimmy-routers')}, scimmy ${versionOf('scimmy')}, Express ${versionOf('express')}`,
    dialect: 'scimmy',
    script: 'serve-scimmy.ts',
    args: ['4'],
  },
  {
    id: 'scimmy-express5',
    label: `scimmy-routers ${versionOf('scimmy-routers')}, scimmy ${versionOf('scimmy')}, Express ${versionOf('express5')}`,
    dialect: 'scimmy',
    script: 'serve-scimmy.ts',
    args: ['5'],
  },
  {
    id: 'better-auth',
    label: `@better-auth/scim ${versionOf('@better-auth/scim')}, better-auth ${versionOf('better-auth')}`,
    dialect: 'better-auth',
    script: 'serve-better-auth.ts',
    args: [],
  },
];

/** Ory Polis' directory sync, from a folder into which `@boxyhq/saml-jackson` was installed. */
export function describeSamlJackson(folder: string): Peer {
  const version = versionOf('@boxyhq/saml-jackson', join(folder, 'package.json'));
  return {
    id: 'saml-jackson',
    label: `@boxyhq/saml-jackson ${version}`,
    dialect: 'polis',
    script: 'serve-saml-jackson.ts',
    args: [folder],
  };
}

/** Found by its folder: not every package lets its package.json be imported. */
function versionOf(name: string, from: string = import.meta.url): string {
  for (const folder of createRequire(from).resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version;
    } catch {
      // Not in this folder: the next one further up.
    }
  }
  throw new Error(`${name} is not installed. Run npm ci, or install it into the folder that you named.`);
}

/** Starts a peer in a process of its own, which ends with this one. Throws with what it said when it does not come up. */
export async function startPeer(peer: Peer): Promise<RunningPeer> {
  const token = randomBytes(24).toString('base64url');
  const child = spawn(process.execPath, [join(here, peer.script), token, ...peer.args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  const lines = createInterface({ input: child.stdout });
  const timer = AbortSignal.timeout(startTimeoutMs);
  const url = await new Promise<string | undefined>((resolve) => {
    lines.once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    void ended.then(() => resolve(undefined));
    timer.addEventListener('abort', () => resolve(undefined));
  });
  if (url !== undefined) return { url, token, stop };
  await stop();
  throw new Error(`The peer ${peer.id} did not come up:\n${said}`);
}
