import { createAccess, ensureAdminKey } from '../packages/server/src/access/index.ts';
import { ensureMonthlyPartitions } from '../packages/server/src/db/partitions.ts';
import { appRoutes } from '../packages/server/src/http/app-routes.ts';
import type { HttpApp } from '../packages/server/src/http/http-app.ts';
import { requestRoutes } from '../packages/server/src/http/request-routes.ts';
import { rolloutRoutes } from '../packages/server/src/http/rollout-routes.ts';
import { buildHttpServer } from '../packages/server/src/http/server.ts';
import { findLogHead, followLog } from '../packages/server/src/provisioning/index.ts';
import { createRolloutGround } from '../packages/server/src/rollout/index.ts';
import { type Figure, median } from './figure.ts';
import { type Bench, userId } from './ground.ts';

const PAGE = 100;
const DAYS = 60;
/** Nothing is sent. */
const NOWHERE = 'http://127.0.0.1:9';
const GOAL = '< 150';

/** What people look at in the log and on the overview, as paths under `/api/v1`. */
const LOOKS: readonly (readonly [name: string, path: string])[] = [
  ['first page', '/requests?'],
  ['of an app', '/requests?app=wiki'],
  ['of an app with little of it', '/requests?app=files'],
  ['failed', '/requests?state=Failed'],
  ['failed at an app', '/requests?state=Failed&app=files'],
  ['done by hand, which is rare', '/requests?state=Manually%20Completed'],
  ['deletions, which are rare', '/requests?operation=delete'],
  ['of a cause', '/requests?cause=licence_limit'],
  ['of a cause that nothing has', '/requests?cause=protected_user'],
  ['of a user', `/requests?user=${userId(7)}`],
  ['of a day', `/requests?from=${daysAgo(41)}&to=${daysAgo(40)}`],
];
const CAUSES: readonly (readonly [name: string, path: string])[] = [
  ['by cause', '/requests/causes?'],
  ['by cause, failed at an app', '/requests/causes?state=Failed&app=wiki'],
  ['by cause, of a day', `/requests/causes?from=${daysAgo(41)}&to=${daysAgo(40)}`],
];

/**
 * Reading a log of so many requests, and as many events, of as many users; and the overview of their links. Each answer is taken
 * whole, from the headers of its request to the end of its JSON.
 */
export async function benchLog(bench: Bench, requests: number, rounds: number): Promise<Figure[]> {
  const { ground } = bench;
  // Only the last one marks everybody: the others are there for their requests.
  await bench.addUsers(1);
  const [mail, files] = [await bench.addApp('mail', NOWHERE), await bench.addApp('files', NOWHERE)];
  await bench.addUsers(requests - 1, { from: 2 });
  const wiki = await bench.addApp('wiki', NOWHERE);
  await bench.pretendConverged(wiki);
  const apps = [wiki, mail, files];
  await fillLog(bench, requests, apps);
  const { made: key } = await ensureAdminKey(ground, undefined);
  const http = await buildHttpServer({
    ground,
    access: createAccess(ground),
    routes: [
      appRoutes(ground),
      requestRoutes(ground),
      rolloutRoutes(createRolloutGround(ground, bench.openApp), { wake: () => {} }),
    ],
    place: { host: '127.0.0.1' },
  });
  await http.ready();
  const read = readerOf(http, key ?? '');
  const figures: Figure[] = [];
  const measure = async (name: string, look: () => Promise<unknown>) =>
    figures.push({ name: `log of ${requests}: ${name}`, value: await time(look, rounds), unit: 'ms', goal: GOAL });
  for (const [name, path] of LOOKS) await measure(name, () => read(`${path}&limit=${PAGE}`));
  for (const path of ['/requests?', '/requests?app=wiki', '/requests?state=Failed']) {
    const at = await walkTo(read, path, 50);
    await measure(`page 50 of ${path}`, () => read(at));
  }
  for (const [name, path] of CAUSES) await measure(name, () => read(path));
  const { items } = await read('/requests?limit=1');
  await measure('the events of a request', () => read(`/requests/${items[0]?.id}`));
  await measure('200 events of the stream, read from its middle', () => readEvents(bench, requests));
  await measure('200 events of an app of the stream', () => readEvents(bench, requests, apps[1]));
  await measure('the apps and their counts, as the overview asks', () => read('/apps'));
  await measure('open rollouts, as the overview asks', () => read('/rollouts'));
  await http.close();
  return figures;
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

type Read = (path: string) => Promise<{ items: { id: string }[]; nextCursor: string | null }>;

function readerOf(http: HttpApp, key: string): Read {
  return async (path) => {
    const answer = await http.inject({
      url: `/api/v1${path}`,
      headers: { host: 'localhost', authorization: `Bearer ${key}` },
    });
    if (answer.statusCode !== 200) throw new Error(`${path} gave ${answer.statusCode}: ${answer.body}`);
    return answer.json();
  };
}

/** The address of a later page, as whoever scrolls comes there. */
async function walkTo(read: Read, path: string, page: number): Promise<string> {
  let at = `${path}&limit=${PAGE}`;
  for (let n = 1; n < page; n += 1) {
    const { nextCursor } = await read(at);
    if (nextCursor === null) return at;
    at = `${path}&limit=${PAGE}&cursor=${nextCursor}`;
  }
  return at;
}

/** The median of some, after one that brings what is read into memory. */
async function time(look: () => Promise<unknown>, rounds: number): Promise<number> {
  const tookMs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedMs = performance.now();
    await look();
    if (round > 0) tookMs.push(performance.now() - startedMs);
  }
  return median(tookMs);
}

async function readEvents({ ground: { pool } }: Bench, requests: number, appId?: number): Promise<void> {
  await findLogHead(pool);
  const events = await followLog(
    pool,
    { tx: '0', id: Math.floor(requests / 2) },
    { appId, userId: undefined, limit: 200 },
  );
  if (events.length === 0) throw new Error('The stream has no events');
}

/** Requests of two months, most of them done, with as skewed apps, outcomes and causes as they are met; one event each. */
async function fillLog({ ground: { pool, clock } }: Bench, requests: number, apps: number[]): Promise<void> {
  const now = clock.now();
  const months = [0, 31, 62].map((days) => new Date(now.getTime() - days * 86_400_000));
  for (const month of months) await ensureMonthlyPartitions(pool, ['provisioning_request', 'provisioning_log'], month);
  await pool.query(
    `insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, version, attempts, outcome,
       reason_code, reason, next_step, completed_at)
     select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-00000000beef')::uuid,
       date_trunc('milliseconds', $2::timestamptz - n * ($3 * interval '1 day') / $1),
       ($4::int[])[case when n % 20 = 0 then 3 when n % 4 = 0 then 2 else 1 end],
       (lpad(to_hex(1 + (n::bigint * 7919) % $1), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
       case when n % 5000 = 1 then 'delete' when n % 30 = 1 then 'deactivate' when n % 4 = 1 then 'create' else 'update' end,
       case when n % 40 = 3 then 'Failed' when n % 250 = 4 then 'Retried' when n % 9000 = 5 then 'Manually Completed' else 'Completed' end,
       'user', 1, 1, case when n % 40 = 3 then 'parked' else 'applied' end,
       case when n % 40 = 3 or n % 250 = 4 or n % 9000 = 5 then
         (array['licence_limit', 'required_blank', 'transient', 'invalid_request', 'name_taken', 'rate_limited'])
           [1 + (sqrt(n % 36000) / 190 * 6)::int % 6] end,
       case when n % 40 = 3 then 'The target answered 409: user ' || n || ' is not welcome' end,
       case when n % 40 = 3 then 'Look at the account' end, $2
     from generate_series(1, $1::int) n`,
    [requests, now, DAYS, apps],
  );
  await pool.query(
    `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, reason_code, message)
     select created_at, app_id, user_id, id, 1, operation, 'applied', reason_code, 'Applied' from provisioning_request
     order by created_at`,
  );
  await pool.query('vacuum analyze provisioning_request, provisioning_log, account_link');
}
