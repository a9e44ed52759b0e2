import pg from 'pg';
import { openTestServer } from './database.ts';

// A process of its own, started by the first test file: holds the server of the tests until nobody has used it for a while.

const IDLE_MS = 8_000;
const LOOK_EVERY_MS = 1_000;
const KEEPER_LOCK = 7_301_202;
const TEMPLATES_KEPT = 5;

const server = await openTestServer();
const admin = new pg.Client({ connectionString: await server.superuserUrl('postgres') });
admin.on('error', () => process.exit(0));
await admin.connect();
const { rows } = await admin.query('select pg_try_advisory_lock($1) as got', [KEEPER_LOCK]);
if (rows[0].got) {
  await dropLeftovers();
  for (let idleMs = 0; idleMs < IDLE_MS; idleMs += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (await isUsed()) idleMs = 0;
  }
}
await admin.end();
await server.close();

/** The presence locks of other processes. */
async function isUsed(): Promise<boolean> {
  const found = await admin.query(
    `select count(distinct pid)::int as holders from pg_locks
     where locktype = 'advisory' and granted and classid = 1970497650 and objid = 7697253`,
  );
  return found.rows[0].holders > 1;
}

/** Databases of test processes that were killed, and templates of migrations that nobody has any more. */
async function dropLeftovers(): Promise<void> {
  const found = await admin.query<{ datname: string }>(
    `select datname from pg_database d where datname ~ '^test_[0-9]+_'
     and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
  );
  for (const { datname } of found.rows) {
    if (!isAlive(Number(datname.split('_')[1]))) await drop(datname);
  }
  const templates = await admin.query<{ datname: string }>(
    "select datname from pg_database where datname ~ '^template_' order by oid desc offset $1",
    [TEMPLATES_KEPT],
  );
  for (const { datname } of templates.rows) await drop(datname);
}

async function drop(name: string): Promise<void> {
  await admin.query(`drop database if exists ${admin.escapeIdentifier(name)}`).catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
