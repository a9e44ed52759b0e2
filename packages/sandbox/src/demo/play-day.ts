import { setTimeout as delay } from 'node:timers/promises';
import type { ReceivedRequest } from '../request-log.ts';
import type { DayChange, DayStep } from '../sample-org/day-of-life.ts';
import type { SpawnedScimTarget } from '../spawn-scim-target.ts';
import type { Api } from './api.ts';
import { DemoError } from './demo-folder.ts';
import { type AppState, appName } from './set-up.ts';
import { isWrite, type Tally, tallyWrites } from './target-tally.ts';
import { count, milliseconds, type Terminal } from './terminal.ts';

const pollMs = 50;
const settleTimeoutMs = 90_000;

/** Waits until the app has nothing left to do; what it cannot do is told, not waited for. */
export async function waitUntilSettled(api: Api, onPoll?: (app: AppState) => Promise<void> | void): Promise<AppState> {
  const deadline = performance.now() + settleTimeoutMs;
  for (;;) {
    const app = await api.get<AppState>(`/apps/${appName}`);
    await onPoll?.(app);
    if (app.quarantine) throw new DemoError(`The app was quarantined: ${app.quarantine.message}`);
    if (app.counts.due === 0 && app.counts.retrying === 0) return app;
    if (performance.now() > deadline) {
      throw new DemoError(`${app.counts.due} links were still due after ${settleTimeoutMs / 1000} seconds`);
    }
    await delay(pollMs);
  }
}

/** Makes the changes of a step as people would, by the API, and tells what the target saw of them. */
export async function playStep(api: Api, target: SpawnedScimTarget, step: DayStep, terminal: Terminal): Promise<void> {
  terminal.title(step.title);
  const sofar = (await target.counts()).received;
  const firstAt = Date.now();
  let lastAt = firstAt;
  for (const change of step.changes) {
    lastAt = Date.now();
    await makeChange(api, change);
  }
  await waitUntilSettled(api);
  const writes = (await target.requests()).filter((request) => request.seq > sofar && isWrite(request));
  terminal.say(describeWrites(writes, firstAt, lastAt));
}

/** Times are from the sending of a change to the arrival at the target: longer than from its commit, never shorter. */
function describeWrites(writes: ReceivedRequest[], firstAt: number, lastAt: number): string {
  const [first, last] = [writes[0], writes.at(-1)];
  if (!first || !last) return 'Nothing was sent';
  const sooner = milliseconds(Date.parse(first.at) - firstAt);
  const later = milliseconds(Date.parse(last.at) - lastAt);
  const done = describeTally(tallyWrites(writes));
  if (writes.length === 1) return `${done}: at the target ${sooner} after the change`;
  return `${done}: the first at the target ${sooner} after the first change, the last ${later} after the last one`;
}

function describeTally(tally: Tally): string {
  const done = Object.entries(tally).filter(([, times]) => times > 0);
  return done.map(([name, times]) => `${count(times)} ${name}`).join(', ');
}

async function makeChange(api: Api, change: DayChange): Promise<void> {
  switch (change.kind) {
    case 'create':
      await api.post('/users', change.user);
      return;
    case 'update':
      await changeUser(api, change.username, () => change.fields);
      return;
    case 'grants':
      await changeUser(api, change.username, (user) => ({
        PermissionSets: addAndRemove(user.PermissionSets, change.add.PermissionSets, change.remove.PermissionSets),
        PermissionSetGroups: addAndRemove(
          user.PermissionSetGroups,
          change.add.PermissionSetGroups,
          change.remove.PermissionSetGroups,
        ),
      }));
      return;
    case 'components': {
      const group = `/permission-set-groups/${change.permissionSetGroup}`;
      await api.change(group, 'POST', `${group}/components`, { add: change.add, remove: change.remove });
    }
  }
}

interface Grants {
  PermissionSets: string[];
  PermissionSetGroups: string[];
}

async function changeUser(api: Api, username: string, build: (user: Grants) => object): Promise<void> {
  const path = `/users/${encodeURIComponent(username)}`;
  const { body, etag } = await api.send<Grants>('GET', path);
  await api.send('PATCH', path, build(body), { 'if-match': etag });
}

function addAndRemove(names: string[], add: string[] = [], remove: string[] = []): string[] {
  return [...new Set([...names, ...add])].filter((name) => !remove.includes(name));
}
