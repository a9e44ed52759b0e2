import type { SpawnedScimTarget } from '../spawn-scim-target.ts';
import type { Api } from './api.ts';
import type { ExpectedAccounts } from './expected-accounts.ts';
import type { ServerProcess } from './server-process.ts';
import { appName } from './set-up.ts';
import { tallyWrites } from './target-tally.ts';
import { count, counted, type Terminal } from './terminal.ts';

const mostShown = 10;

/** Reads everything back from the target and compares it with what the sample org says. Gives the number of differences. */
export async function summarize(options: {
  api: Api;
  target: SpawnedScimTarget;
  expected: ExpectedAccounts;
  held: number;
  terminal: Terminal;
  startedAt: number;
}): Promise<number> {
  const { api, target, expected, held, terminal } = options;
  const [accounts, requests, ids] = await Promise.all([target.accounts(), target.requests(), listUserIds(api)]);
  const differences = expected.compare(accounts, ids);
  const tally = tallyWrites(requests);
  const active = accounts.filter((account) => account['active'] === true).length;
  const seconds = Math.round((performance.now() - options.startedAt) / 1000);
  terminal.title(`Summary, read back from the target ${seconds} s after the start`);
  const lines: [string, string][] = [
    [
      'accounts',
      `${count(accounts.length)}, of which ${count(active)} active (expected ${count(expected.size)} and ${count(expected.activeCount)})`,
    ],
    ['created', count(tally.created)],
    ['updated', count(tally.updated)],
    ['deactivated', count(tally.deactivated)],
    ['reactivated', count(tally.reactivated)],
    ['held', `${count(held)}, none of them sent`],
    ['refused', count(tally.refused)],
    ['differences', count(differences.length)],
  ];
  for (const [name, value] of lines) terminal.say(`${name.padEnd(12)} ${value}`);
  for (const difference of differences.slice(0, mostShown)) terminal.say(`✗ ${difference}`);
  if (differences.length > mostShown) terminal.say(`… and ${counted(differences.length - mostShown, 'more', 'more')}`);
  return differences.length;
}

async function listUserIds(api: Api): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) });
    const page: { items: { Id: string; Username: string }[]; nextCursor: string | null } = await api.get(
      `/users?${query}`,
    );
    for (const { Id, Username } of page.items) ids.set(Username, Id);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

export function sayHowToLookFurther(options: {
  server: ServerProcess;
  target: SpawnedScimTarget;
  token: string;
  username: string;
  terminal: Terminal;
}): void {
  const { server, target, token, username, terminal } = options;
  terminal.title('Look further');
  terminal.say(`Console    ${server.firstAdministratorLink}
           opens it for its first administrator, once
API docs   ${server.url}/api/docs
Server log ${server.logPath}

export USHER_URL=${server.url} USHER_API_KEY=${server.adminKey}
npm run -s usher -- why ${username} ${appName}
curl -H "Authorization: Bearer $USHER_API_KEY" "$USHER_URL/api/v1/requests?app=${appName}&operation=deactivate"
curl -H "Authorization: Bearer $USHER_API_KEY" "$USHER_URL/api/v1/holds?app=${appName}&state=all&limit=1"
curl -H "Authorization: Bearer ${token}" "${target.url}/Users?count=1"`);
}
