import { createAccess, ensureAdminKey } from '../packages/server/src/access/index.ts';
import { buildHttpServer } from '../packages/server/src/http/server.ts';
import { userRoutes } from '../packages/server/src/http/user-routes.ts';
import { type Figure, percentile } from './figure.ts';
import type { Bench } from './ground.ts';

/** As they are typed: one letter more each time, two names, an address, a number, and what nobody is called. */
const TYPED = [
  ...['m', 'ma', 'mar', 'mari', 'maria', 'maria s', 'maria sc', 'maria sch', 'maria schmidt12'],
  ...['s', 'sm', 'smi', 'smith', 'smith1', 'smith12', 'smith12 j', 'smith12 john'],
  ...['john.smith77', 'john.smith77@example.com', 'E0500000', 'zz', 'zzz', 'van', 'o', 'x', 'anna', 'a', 'lee9 anna'],
];
const PAGE = 20;

/** Search as one types over so many users: each request whole, from its headers to the end of its JSON. */
export async function benchSearch(bench: Bench, users: number, rounds: number): Promise<Figure[]> {
  await addNamedUsers(bench, users);
  const { ground } = bench;
  const { made: key } = await ensureAdminKey(ground, undefined);
  const app = await buildHttpServer({
    ground,
    access: createAccess(ground),
    routes: [userRoutes(ground)],
    place: { host: '127.0.0.1' },
  });
  await app.ready();
  const tookMs: number[] = [];
  const slowest = { text: '', ms: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const text of TYPED) {
      const startedMs = performance.now();
      const answer = await app.inject({
        url: `/api/v1/users?search=${encodeURIComponent(text)}&limit=${PAGE}`,
        headers: { host: 'localhost', authorization: `Bearer ${key}` },
      });
      const ms = performance.now() - startedMs;
      if (answer.statusCode !== 200)
        throw new Error(`The search for "${text}" gave ${answer.statusCode}: ${answer.body}`);
      // The first of each finds nothing in memory yet; people type after others did.
      if (round > 0 || rounds === 1) tookMs.push(ms);
      if (round > 0 && ms > slowest.ms) Object.assign(slowest, { text, ms });
    }
  }
  await app.close();
  return [
    { name: `search ${users} users, median`, value: percentile(tookMs, 0.5), unit: 'ms' },
    { name: `search ${users} users, 95 of 100`, value: percentile(tookMs, 0.95), unit: 'ms', goal: '< 150' },
    {
      name: `search ${users} users, slowest ("${slowest.text}")`,
      value: Math.max(...tookMs),
      unit: 'ms',
      goal: '< 150',
    },
  ];
}

/** Names as skewed as those of people are: few are very frequent. */
async function addNamedUsers({ ground }: Bench, users: number): Promise<void> {
  const now = ground.clock.now();
  await ground.pool.query(`insert into profile (name, created_at, updated_at) values ('Bench', $1, $1)`, [now]);
  const batch = 50_000;
  for (let from = 1; from <= users; from += batch) {
    await ground.pool.query(
      `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
       select (lpad(to_hex(((n::bigint * 2654435761) % 4294967296)), 8, '0')::text || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         lower(first || '.' || last || '.' || n || '@example.com'), n % 20 <> 0, (select id from profile where name = 'Bench'),
         jsonb_build_object('FirstName', first, 'LastName', last, 'Email', lower(first || '.' || last || n || '@example.com'),
           'EmployeeNumber', 'E' || lpad(n::text, 7, '0'), 'Department', 'Department ' || n % 400, 'Title', 'Engineer'), $3, $3
       from (
         select n, (array['Maria','John','Anna','Wei','Fatima','Jose','Ahmed','Olga','Ivan','Mary','Marc','Sofia','Liam','Noah',
             'Emma','Yuki','Omar','Lena','Paul','Ada'])[1 + floor(20 * power(random(), 2))::int] as first,
           (array['Smith','Schmidt','Garcia','Kim','Nguyen','Ivanov','Silva','Lee','Khan','van Dijk','O''Neil','Rossi'])
             [1 + floor(12 * power(random(), 2))::int] || floor(300 * power(random(), 2))::int as last
         from generate_series($1::int, $2::int) n
       ) named`,
      [from, Math.min(users, from + batch - 1), now],
    );
  }
  await ground.pool.query('vacuum analyze directory_user');
}
