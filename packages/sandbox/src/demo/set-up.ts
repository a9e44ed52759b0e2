import { readFile } from 'node:fs/promises';
import { formatUsersCsv } from '../sample-org/sample-csv.ts';
import type { SampleOrg } from '../sample-org/sample-user.ts';
import type { Api } from './api.ts';
import { DemoError } from './demo-folder.ts';
import type { Terminal } from './terminal.ts';
import { count, counted } from './terminal.ts';

export const appName = 'Collaboration';

export interface ImportReport {
  rows: number;
  created: number;
  updated: number;
  deactivated: number;
  reactivated: number;
  left: number;
  leavers: { count: number; activeUsers: number; limit: number; snapshotToken: string } | null;
}

export interface AppState {
  state: string;
  quarantine: { message: string; nextStep: string } | null;
  counts: { linked: number; active: number; due: number; parked: number; held: number; retrying: number };
}

/** Everything that people are given, and the people: from the CSV file that the repository holds. */
export async function loadOrg(api: Api, org: SampleOrg, usersCsv: URL, terminal: Terminal): Promise<void> {
  await api.post('/custom-fields', { Name: 'CostCenter__c', Label: 'Cost Center', Type: 'text', Length: 40 });
  await api.post('/custom-fields', { Name: 'StartDate__c', Label: 'Start Date', Type: 'date' });
  const known = new Set((await api.get<{ items: { Name: string }[] }>('/profiles')).items.map(({ Name }) => Name));
  for (const profile of org.profiles) if (!known.has(profile.Name)) await api.post('/profiles', profile);
  for (const set of org.permissionSets) await api.post('/permission-sets', set);
  for (const group of org.permissionSetGroups) await api.post('/permission-set-groups', group);
  const { profiles, permissionSets, permissionSetGroups } = org;
  terminal.say(
    `${profiles.length} profiles, ${permissionSets.length} permission sets, ` +
      `${permissionSetGroups.length} permission set groups, 2 custom fields`,
  );
  const csv = await readFile(usersCsv, 'utf8');
  if (csv !== formatUsersCsv(org.users)) {
    throw new DemoError(
      'sample-org/users.csv is not what its generator writes: run packages/sandbox/src/sample-org/generate.ts',
    );
  }
  const startedAt = performance.now();
  const report = await api.import<ImportReport>(csv, {});
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  terminal.say(`${count(report.created)} of ${counted(report.rows, 'user')} imported from users.csv in ${seconds} s`);
}

interface TestReport {
  ok: boolean;
  steps: { step: string; ok: boolean; message: string; fix?: string }[];
}

interface Preview {
  operation: string | null;
  request: { method: string; url: string; body?: string } | null;
  notes: string[];
}

/** A draft with its credential, the mapping that Usher proposes for the target, and whom it is for. */
export async function setUpApp(
  api: Api,
  target: { url: string; token: string },
  permissionSet: string,
  terminal: Terminal,
): Promise<void> {
  const app = `/apps/${appName}`;
  await api.post('/apps', {
    name: appName,
    label: 'Collaboration Suite',
    connector: 'scim2',
    baseUrl: target.url,
    maxConcurrency: 16,
  });
  await api.change(app, 'PUT', `${app}/credential`, { kind: 'bearer', token: target.token });
  const test = await api.post<TestReport>(`${app}/test`);
  for (const { step, ok, message } of test.steps) terminal.say(`${ok ? '✓' : '✗'} ${step.padEnd(10)} ${message}`);
  const failed = test.steps.find(({ ok }) => !ok);
  if (failed)
    throw new DemoError(`The connection test failed at "${failed.step}": ${failed.message} ${failed.fix ?? ''}`);
  const { mapping } = await api.get<{ mapping: unknown[] }>(`${app}/mapping/proposal?roles=true`);
  await api.post(`${app}/configurations`, { mapping, note: 'As proposed for this target' });
  await api.post(`${app}/assignments`, { kind: 'permission set', name: permissionSet });
  terminal.say(`A draft: ${mapping.length} proposed mapping rules, granted by the permission set ${permissionSet}`);
}

/** The exact exchange that one person's account would take; nothing is sent. */
export async function showPreview(api: Api, username: string, terminal: Terminal): Promise<void> {
  const preview = await api.post<Preview>(`/apps/${appName}/preview`, { user: username });
  const { operation, request, notes } = preview;
  if (!request) throw new DemoError(`The preview of ${username} has no request: ${notes.join(' ') || operation}`);
  const body = request.body === undefined ? '' : JSON.stringify(JSON.parse(request.body));
  terminal.say(`Preview of ${username}, nothing sent: ${request.method} ${new URL(request.url).pathname}`);
  terminal.say(body.length > 280 ? `${body.slice(0, 280)}…` : body);
}
