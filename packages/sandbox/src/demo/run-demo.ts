import { randomBytes } from 'node:crypto';
import { sampleOrgFolder } from '../index.ts';
import { buildSampleOrg } from '../sample-org/build-sample-org.ts';
import { applyDayStep, buildDayOfLife } from '../sample-org/day-of-life.ts';
import { collaborationAccess } from '../sample-org/grants.ts';
import type { SampleOrg } from '../sample-org/sample-user.ts';
import { type SpawnedScimTarget, spawnScimTarget } from '../spawn-scim-target.ts';
import { Api } from './api.ts';
import { makeDemoFolder } from './demo-folder.ts';
import { ExpectedAccounts } from './expected-accounts.ts';
import { playMassLeaverScare } from './mass-leaver-scare.ts';
import { playStep, waitUntilSettled } from './play-day.ts';
import { findFreePort, type ServerProcess, startServerProcess } from './server-process.ts';
import { appName, loadOrg, setUpApp, showPreview } from './set-up.ts';
import { sayHowToLookFurther, summarize } from './summary.ts';
import { count, type Terminal } from './terminal.ts';

const requestLogSize = 100_000;

export interface DemoOptions {
  dataDir: string;
  port: number;
  terminal: Terminal;
  /** Ends the demo early; what runs is stopped. */
  signal: AbortSignal;
  /** Called with the target when the day is over, before it is compared with what it must be. */
  beforeSummary?: (target: SpawnedScimTarget, token: string) => Promise<void>;
}

export interface RunningDemo {
  differences: number;
  /** When the server ends without having been asked to. */
  serverEnded: Promise<string>;
  stop(): Promise<void>;
}

export function exitCodeOf({ differences }: RunningDemo): number {
  return differences === 0 ? 0 : 1;
}

/** Plays the whole demo. The server and the target run on until `stop`; when anything fails they are stopped first. */
export async function runDemo(options: DemoOptions): Promise<RunningDemo> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await play(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function play(options: DemoOptions, undo: (() => Promise<void>)[]): Promise<Omit<RunningDemo, 'stop'>> {
  const { terminal } = options;
  const startedAt = performance.now();
  const org = buildSampleOrg();
  const token = randomBytes(24).toString('hex');
  const { server, target } = await startBoth(options, token, undo);
  const api = new Api(server.url, server.adminKey, options.signal);

  terminal.title('Load the sample org');
  await loadOrg(api, org, new URL('users.csv', sampleOrgFolder), terminal);

  terminal.title('Connect an app');
  await setUpApp(api, { url: target.url, token }, collaborationAccess, terminal);
  await showPreview(api, "siobhan.o'brien+emea@example.com", terminal);

  const expected = new ExpectedAccounts(collaborationAccess);
  await provisionEverybody(api, target, expected, org, terminal);
  const { held, evening } = await playDay(api, target, expected, org, terminal);

  await options.beforeSummary?.(target, token);
  const differences = await summarize({ api, target, expected, held, terminal, startedAt });
  sayHowToLookFurther({ server, target, token, username: evening.users.at(-1)?.Username ?? '', terminal });
  return { differences, serverEnded: server.ended };
}

async function startBoth(
  { terminal, dataDir, port, signal }: DemoOptions,
  token: string,
  undo: (() => Promise<void>)[],
): Promise<{ server: ServerProcess; target: SpawnedScimTarget }> {
  terminal.title('Start');
  const folder = await makeDemoFolder(dataDir);
  const target = await spawnScimTarget({ token, requestLogSize });
  undo.push(() => target.stop());
  terminal.say(`Sandbox target  ${target.url} (SCIMMY, a SCIM 2.0 server that knows nothing of Usher)`);
  const wanted = await findFreePort(port);
  const server = await startServerProcess({ dataDir: folder.path, port: wanted, targetPort: target.port, signal });
  undo.push(() => server.stop());
  terminal.say(`Usher           ${server.url}${wanted === port ? '' : ` (port ${port} is taken)`}`);
  terminal.say(
    `Data folder     ${folder.path}${folder.startedAfresh ? ' (an earlier demo was in it; starting afresh)' : ''}`,
  );
  return { server, target };
}

async function provisionEverybody(
  api: Api,
  target: SpawnedScimTarget,
  expected: ExpectedAccounts,
  org: SampleOrg,
  terminal: Terminal,
): Promise<void> {
  terminal.title('Activate it');
  expected.follow(org);
  await api.post(`/apps/${appName}/activate`, { withoutRollout: 'The demo shows everybody at once' });
  const progress = terminal.progress('Accounts created', expected.size);
  let created = 0;
  await waitUntilSettled(api, async () => {
    if (created >= expected.size) return;
    created = (await target.counts()).byRoute['POST /Users'] ?? 0;
    if (created < expected.size) progress.update(created);
    else progress.finish(created);
  });
  const updated = (await target.counts()).byRoute['PATCH /Users/:id'] ?? 0;
  terminal.say(`${count(updated)} of them updated when the account of their manager was there to point at`);
}

async function playDay(
  api: Api,
  target: SpawnedScimTarget,
  expected: ExpectedAccounts,
  morning: SampleOrg,
  terminal: Terminal,
): Promise<{ held: number; evening: SampleOrg }> {
  let org = morning;
  let held = 0;
  for (const step of buildDayOfLife(morning)) {
    if (step.name === 'returns') held = await playMassLeaverScare(api, target, org, terminal);
    await playStep(api, target, step, terminal);
    org = applyDayStep(org, step);
    expected.follow(org);
  }
  return { held, evening: org };
}
