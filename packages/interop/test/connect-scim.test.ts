import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const startTimeoutMs = 60_000;

/** The commands of the page, by what they start; those without a name belong to the third terminal. */
async function readCommands(): Promise<Map<string, string>> {
  const page = await readFile(join(root, 'docs/connect-scim.md'), 'utf8');
  const commands = new Map<string, string>();
  for (const [, name = '', code = ''] of page.matchAll(/^```sh *(\w*)\n(.*?)^```$/gms)) {
    commands.set(name, `${commands.get(name) ?? ''}${code}`);
  }
  return commands;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  assert.ok(typeof address === 'object' && address !== null);
  probe.close();
  await once(probe, 'close');
  return address.port;
}

/** Runs a script as a person's terminal would, with an environment that holds nothing of Usher. */
function runScript(script: string, folder: string): { child: ChildProcess; said: () => string } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'DATABASE_URL' && !/^(USHER_|PG[A-Z]+$|npm_)/.test(name)),
  );
  // A group of its own, so that what the script starts ends with it.
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, stdio: 'pipe', detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk));
  return { child, said: () => said };
}

async function end({ child }: { child: ChildProcess }): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}

async function waitFor(url: string, script: { child: ChildProcess; said: () => string }): Promise<void> {
  for (const signal = AbortSignal.timeout(startTimeoutMs); ; ) {
    if (script.child.exitCode !== null || signal.aborted) assert.fail(`${url} did not come up: ${script.said()}`);
    const up = await fetch(url).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('every command of docs/connect-scim.md works, in its order', async (context) => {
  if (process.platform === 'win32') return context.skip('the page is written for a POSIX shell');
  const folder = await mkdtemp(join(tmpdir(), 'usher-connect-'));
  const [targetPort, serverPort] = [await findFreePort(), await findFreePort()];
  const adapt = (code: string) =>
    code
      .replaceAll('4790', String(targetPort))
      .replaceAll('4780', String(serverPort))
      .replaceAll('node_modules/.bin/', `${root}node_modules/.bin/`)
      .replaceAll(' packages/', ` ${root}packages/`)
      .replaceAll('npm run usher -- serve', `npm run usher --prefix ${root} -- serve --port ${serverPort}`)
      .replaceAll('./data', join(folder, 'data'));
  const commands = await readCommands();
  const target = runScript(adapt(commands.get('target') ?? ''), folder);
  const server = runScript(adapt(commands.get('server') ?? ''), folder);
  try {
    await waitFor(`http://127.0.0.1:${targetPort}/scim/v2`, target);
    await waitFor(`http://127.0.0.1:${serverPort}/healthz`, server);
    const terminal = runScript(adapt(commands.get('') ?? ''), folder);
    const [code] = (await once(terminal.child, 'exit')) as [number];
    assert.equal(code, 0, `${terminal.said()}\n${server.said().slice(-4000)}`);
    const last = terminal.said().trim().split('\n').at(-1) ?? '';
    const [account] = (JSON.parse(last) as { Resources: { userName: string; active: boolean }[] }).Resources;
    assert.equal(account?.userName, 'ada@example.com');
    assert.equal(account.active, true);
    assert.match(terminal.said(), /POST .*Users/, 'the preview shows the request');
  } finally {
    await end(server);
    await end(target);
    await rm(folder, { recursive: true, force: true });
  }
});
