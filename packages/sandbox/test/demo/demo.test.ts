import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exitCodeOf, runDemo } from '../../src/demo/run-demo.ts';
import { Terminal } from '../../src/demo/terminal.ts';
import {
  applyDayStep,
  buildDayOfLife,
  buildSampleOrg,
  collaborationAccess,
  listHolders,
  type SampleOrg,
} from '../../src/index.ts';

const mainPath = fileURLToPath(new URL('../../src/demo/main.ts', import.meta.url));
const longestMs = 280_000;

interface Run {
  code: number | null;
  out: string;
  err: string;
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-demo-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** `signalAt` is sent once, when what is printed says so. */
async function runMain(args: string[], signalAt?: { text: string; signal: NodeJS.Signals }): Promise<Run> {
  const child = spawn(process.execPath, [mainPath, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run: Run = { code: null, out: '', err: '' };
  let sent = false;
  child.stdout.on('data', (chunk) => {
    run.out += chunk;
    if (sent || signalAt === undefined || !run.out.includes(signalAt.text)) return;
    sent = child.kill(signalAt.signal);
  });
  child.stderr.on('data', (chunk) => (run.err += chunk));
  const [code] = await once(child, 'close');
  return { ...run, code };
}

/** What the day must come to, counted from the sample org. */
function countDay(): { created: number; active: number; deactivated: number; reactivated: number; held: number } {
  const holdersOf = (org: SampleOrg) =>
    new Set(listHolders(org, collaborationAccess).map((user) => org.users.indexOf(user)));
  let org = buildSampleOrg();
  let holders = holdersOf(org);
  const everHeld = new Set(holders);
  const counts = { created: 0, active: 0, deactivated: 0, reactivated: 0, held: 0 };
  for (const step of buildDayOfLife(org)) {
    const kept = Math.floor(org.users.length / 2);
    if (step.name === 'returns') counts.held = [...holders].filter((place) => place >= kept).length;
    org = applyDayStep(org, step);
    const now = holdersOf(org);
    counts.deactivated += [...holders].filter((place) => !now.has(place)).length;
    counts.reactivated += [...now].filter((place) => !holders.has(place) && everHeld.has(place)).length;
    for (const place of now) everHeld.add(place);
    holders = now;
  }
  return { ...counts, created: everHeld.size, active: holders.size };
}

const readCount = (out: string, name: string) =>
  Number(new RegExp(`^ {2}${name} +([\\d,]+)`, 'm').exec(out)?.[1]?.replaceAll(',', ''));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm run demo', () => {
  it('with --exit ends with a target that differs in nothing, and with the counts of the day', {
    timeout: longestMs,
  }, async () => {
    const dataDir = join(folder, 'whole');
    const { code, out, err } = await runMain(['--exit', '--data', dataDir]);
    assert.equal(code, 0, `${out}\n${err}`);
    const day = countDay();
    for (const name of ['created', 'deactivated', 'reactivated', 'held'] as const) {
      assert.equal(readCount(out, name), day[name], name);
    }
    assert.deepEqual([readCount(out, 'accounts'), readCount(out, 'differences')], [day.created, 0]);
    assert.match(out, new RegExp(`${day.held} of ${day.held} holds closed by themselves, 0 requests sent`));
    assert.ok(readCount(out, 'updated') > 40);
    assert.equal(err, '');
    assert.match(out, /Console +http:\/\/localhost:\d+\/first-run#\S{20}/);
    // The database of the run is stopped too.
    const postmaster = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
    assert.equal(postmaster, undefined);
  });

  it('sees what was changed at the target behind its back', { timeout: longestMs }, async () => {
    let out = '';
    const write = (text: string) => {
      out += text;
      return true;
    };
    const terminal = new Terminal({ write, isTTY: false });
    const demo = await runDemo({
      dataDir: join(folder, 'planted'),
      port: 0,
      terminal,
      signal: new AbortController().signal,
      beforeSummary: async (target, token) => {
        const [victim, gone] = (await target.accounts()).filter((account) => account['active'] === true);
        await sendScim(`${target.url}/Users/${victim?.id}`, token, 'PATCH', {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'active', value: false }],
        });
        await sendScim(`${target.url}/Users/${gone?.id}`, token, 'DELETE');
        await sendScim(`${target.url}/Users`, token, 'POST', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          userName: 'intruder@example.com',
        });
      },
    });
    await demo.stop();
    assert.match(out, /active is false and should be true/);
    assert.match(out, /has no account/);
    assert.match(out, /intruder@example\.com has an account and nobody should/);
    // One of the wrong accounts may be somebody's manager, which makes more.
    assert.ok(demo.differences >= 3, out);
    assert.equal(exitCodeOf(demo), 1);
  });

  it('stops everything when it is interrupted', { timeout: longestMs }, async () => {
    const dataDir = join(folder, 'interrupted');
    const { code, out } = await runMain(['--data', dataDir], { text: 'Activate it', signal: 'SIGINT' });
    assert.equal(code, 130, out);
    assert.match(out, /Stopped \(SIGINT\)/);
    const url = /Usher +(http\S+)/.exec(out)?.[1];
    await assert.rejects(fetch(`${url}/healthz`));
    // A second demo in the same folder begins anew.
    const again = await runMain(['--data', dataDir], { text: 'Load the sample org', signal: 'SIGTERM' });
    assert.match(again.out, /starting afresh/, again.err);
    assert.equal(again.code, 130);
  });

  it('leaves alone what is not its own, and says how it is used', async () => {
    const theirs = await mkdtemp(join(folder, 'theirs-'));
    await writeFile(join(theirs, 'keep'), 'something');
    const { code, err } = await runMain(['--data', theirs]);
    assert.equal(code, 1);
    assert.match(err, /is not empty and no demo made it/);
    assert.equal(await readFile(join(theirs, 'keep'), 'utf8'), 'something');
    for (const [args, message] of [
      [['--port', 'http'], /--port: 'http' is not a port/],
      [['--color'], /--color/],
    ] as [string[], RegExp][]) {
      const wrong = await runMain(args);
      assert.equal(wrong.code, 2);
      assert.match(wrong.err, message);
      assert.match(wrong.err, /usage: npm run demo/);
    }
  });

  it('ends its server when it is killed outright', { timeout: longestMs }, async () => {
    const dataDir = join(folder, 'killed');
    await runMain(['--data', dataDir], { text: 'Load the sample org', signal: 'SIGKILL' });
    const postmasterPath = join(dataDir, 'postgres', 'postmaster.pid');
    const pid = Number((await readFile(postmasterPath, 'utf8')).split('\n')[0]);
    const deadline = performance.now() + 20_000;
    while (isAlive(pid) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(isAlive(pid), false);
  });
});

async function sendScim(url: string, token: string, method: string, body?: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${url} was answered with ${response.status}`);
}
