import { Pool as HttpPool } from 'undici';
import type { Pool } from '../packages/server/src/db/index.ts';
import { TOKEN } from './target.ts';

/**
 * The yardstick: the least that a durable provisioning engine must do for a change. It claims accounts, writes an intent,
 * sends one request and reads its answer, and commits outcome and log; it knows no directory, mapping, guard or error.
 * `intent` does all of that, `full` leaves the intent out. A change counts when its log row is committed.
 */
export type IdealMode = 'intent' | 'full';

const SCHEMA = `
  drop schema if exists ideal cascade; create schema ideal;
  create table ideal.account (id int primary key, status text not null, due_at timestamptz not null, hash text,
    remote_id text, attempts int not null default 0, lease_until timestamptz, updated_at timestamptz not null default now());
  create table ideal.request (id bigint generated always as identity primary key, account_id int not null, operation text not null,
    state text not null, created_at timestamptz not null default now(), completed_at timestamptz);
  create table ideal.log (id bigint generated always as identity primary key, account_id int not null,
    at timestamptz not null default now(), status int not null, ms real not null, remote_id text, body json);
  insert into ideal.account (id, status, due_at) select n, 'due', now() - interval '1 hour' + n * interval '1 ms' from generate_series(1, 100000) n;
  create index on ideal.account (due_at) where status = 'due';
  create index on ideal.request (account_id) where state = 'Requested';
  analyze ideal.account`;

const CLAIM = `
  update ideal.account set status = 'running', attempts = attempts + 1, lease_until = now() + interval '60 s'
  where id = any (array (select id from ideal.account where status = 'due' and due_at <= now() order by due_at limit $1
    for update skip locked)) returning id`;
const INTENT = `insert into ideal.request (account_id, operation, state) select unnest($1::int[]), 'create', 'Requested'`;

function outcome(mode: IdealMode, rows: number): string {
  const values = Array.from({ length: rows }, (_, row) => {
    const first = row * 5;
    return `($${first + 1}::int, $${first + 2}::int, $${first + 3}::real, $${first + 4}::text, $${first + 5}::json)`;
  });
  const request = `, request as (update ideal.request r set state = 'Completed', completed_at = now() from o
    where r.account_id = o.id and r.state = 'Requested' returning 1)`;
  return `with o (id, status, ms, remote_id, body) as (values ${values.join(', ')}),
    account as (update ideal.account a set status = 'due', due_at = now(), hash = md5(o.remote_id), remote_id = o.remote_id,
      attempts = 0, lease_until = null, updated_at = now() from o where a.id = o.id and a.status = 'running' returning 1)
    ${mode === 'intent' ? request : ''}
    insert into ideal.log (account_id, status, ms, remote_id, body) select id, status, ms, remote_id, body from o`;
}

export interface IdealOptions {
  mode: IdealMode;
  concurrency: number;
  batch: number;
  seconds: number;
  target: string;
}

/** Changes a second of one run. */
export async function runIdeal(pool: Pool, options: IdealOptions, round: number): Promise<number> {
  const { mode, concurrency, batch } = options;
  if (round === 0) await pool.query(SCHEMA);
  const base = new URL(options.target);
  const http = new HttpPool(base.origin, { connections: concurrency, pipelining: 1 });
  const headers = {
    'content-type': 'application/scim+json',
    accept: 'application/scim+json',
    authorization: `Bearer ${TOKEN}`,
  };
  const path = `${base.pathname.replace(/\/$/, '')}/Users`;
  let due: number[] = [];
  let claiming: Promise<void> | undefined;
  let finished: unknown[][] = [];
  let committed = 0;
  const writes = new Set<Promise<void>>();

  const claim = async () => {
    const { rows } = await pool.query<{ id: number }>({ name: 'ideal-claim', text: CLAIM, values: [batch] });
    const ids = rows.map((row) => row.id);
    if (mode === 'intent') await pool.query({ name: 'ideal-intent', text: INTENT, values: [ids] });
    due.push(...ids);
    claiming = undefined;
  };
  const flush = () => {
    const rows = finished;
    finished = [];
    if (rows.length === 0) return;
    const named = rows.length === batch ? { name: `ideal-outcome-${mode}` } : {};
    const write = pool.query({ ...named, text: outcome(mode, rows.length), values: rows.flat() }).then(() => {
      committed += rows.length;
      writes.delete(write);
    });
    writes.add(write);
  };
  const startedAt = performance.now();
  const work = async () => {
    while (performance.now() - startedAt < options.seconds * 1000) {
      while (due.length === 0) {
        claiming ??= claim();
        await claiming;
      }
      if (due.length < batch / 2) claiming ??= claim();
      const id = due.shift() ?? 0;
      const sentAt = performance.now();
      const request = JSON.stringify(user(`${round}-${id}-${committed}-${sentAt}`));
      const response = await http.request({ path, method: 'POST', headers, body: request });
      const account = JSON.parse(await response.body.text()) as { id: string; meta?: { version?: string } };
      if (response.statusCode !== 201) throw new Error(`The target answered ${response.statusCode}`);
      const body = `{"request":${request},"version":${JSON.stringify(account.meta?.version ?? null)}}`;
      finished.push([id, response.statusCode, performance.now() - sentAt, account.id, body]);
      if (finished.length >= batch) flush();
      while (writes.size > 3) await Promise.race(writes);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  flush();
  await Promise.all(writes);
  await claiming;
  const perSecond = committed / ((performance.now() - startedAt) / 1000);
  await pool.query(`update ideal.account set status = 'due' where status = 'running'`);
  await pool.query(`delete from ideal.request where state = 'Requested'`);
  await http.close();
  due = [];
  return perSecond;
}

/** A SCIM user of the size that the engine's own mapping makes. */
function user(name: string) {
  return {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:User',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    ],
    userName: `ideal-${name}@example.com`,
    externalId: `ideal-${name}`,
    active: true,
    displayName: `Given${name} Family${name}`,
    name: { givenName: `Given${name}`, familyName: `Family${name}` },
    emails: [{ value: `ideal-${name}@example.com`, type: 'work' }],
    phoneNumbers: [{ value: '+49 30 1234567', type: 'work' }],
    title: 'Engineer',
    timezone: 'Europe/Berlin',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
      employeeNumber: '700000',
      organization: 'Example Company',
      division: 'Products',
      department: 'Engineering',
    },
  };
}
