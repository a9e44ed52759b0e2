import { setTimeout as delay } from 'node:timers/promises';
import { formatUsersCsv } from '../sample-org/sample-csv.ts';
import type { SampleOrg } from '../sample-org/sample-user.ts';
import type { SpawnedScimTarget } from '../spawn-scim-target.ts';
import { type Api, ApiError } from './api.ts';
import { DemoError } from './demo-folder.ts';
import { waitUntilSettled } from './play-day.ts';
import { appName, type ImportReport } from './set-up.ts';
import { count, counted, type Terminal } from './terminal.ts';

const lookAgainMs = 1_500;

interface HoldPage {
  items: { state: string; guard: string }[];
  nextCursor: string | null;
}

/**
 * The nightly file comes with half of its lines missing, and somebody imports it as a snapshot all the same. Gives how many
 * deactivations were held.
 */
export async function playMassLeaverScare(
  api: Api,
  target: SpawnedScimTarget,
  org: SampleOrg,
  terminal: Terminal,
): Promise<number> {
  terminal.title('The nightly snapshot arrives with half of its lines missing');
  const whole = formatUsersCsv(org.users);
  const halved = formatUsersCsv(org.users.slice(0, Math.floor(org.users.length / 2)));
  const before = await target.counts();
  const token = await showDryRun(api, halved, terminal);
  await api.import(halved, { snapshot: 'true', snapshotToken: token.snapshotToken, allowLeavers: String(token.count) });
  await waitUntilSettled(api);
  // Long enough for anything that was on its way to have come.
  await delay(lookAgainMs);
  const held = await countHolds(api, 'open');
  const sent = countWrites(await target.counts()) - countWrites(before);
  terminal.say(
    `Imported with the permission given all the same: ${counted(held, 'deactivation')} held by the app’s guard, ${count(sent)} sent`,
  );
  if (sent > 0) throw new DemoError(`${sent} requests reached the target although they should have been held`);
  const report = await api.import<ImportReport>(whole, {});
  await waitUntilSettled(api);
  const open = await countHolds(api, 'open');
  const sentAfter = countWrites(await target.counts()) - countWrites(before);
  terminal.say(
    `The whole file again: ${counted(report.reactivated, 'user')} back, ` +
      `${count(held - open)} of ${counted(held, 'hold')} closed by themselves, ${count(sentAfter)} requests sent`,
  );
  if (open > 0) throw new DemoError(`${open} holds are still open although their cause is gone`);
  return held;
}

/** The import's own guard: who would leave is shown first, and so many are not let go by accident. */
async function showDryRun(
  api: Api,
  csv: string,
  terminal: Terminal,
): Promise<{ count: number; snapshotToken: string }> {
  const { leavers } = await api.import<ImportReport>(csv, { snapshot: 'true', dryRun: 'true' });
  if (!leavers) throw new DemoError('The dry run of a snapshot said nothing of leavers');
  const { snapshotToken, activeUsers, limit } = leavers;
  terminal.say(
    `Its dry run: ${count(leavers.count)} of ${counted(activeUsers, 'active user')} would leave, and ${limit} may without being asked about`,
  );
  try {
    await api.import(csv, { snapshot: 'true', snapshotToken });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    terminal.say('Imported without saying that so many may leave: refused, nothing changed');
    return leavers;
  }
  throw new DemoError('A snapshot that makes half of the users leave was imported unasked');
}

async function countHolds(api: Api, state: 'open'): Promise<number> {
  let found = 0;
  let cursor: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams({
      app: appName,
      state,
      limit: '200',
      ...(cursor ? { cursor } : {}),
    });
    const page: HoldPage = await api.get<HoldPage>(`/holds?${query}`);
    found += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

function countWrites({ byRoute }: { byRoute: Record<string, number> }): number {
  return Object.entries(byRoute)
    .filter(([route]) => !route.startsWith('GET '))
    .reduce((sum, [, times]) => sum + times, 0);
}
