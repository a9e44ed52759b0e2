import { fileURLToPath } from 'node:url';
import type { HttpTransport } from '@usher/connector-sdk';
import { systemClock } from '../packages/server/src/clock.ts';
import { CustomConnectors } from '../packages/server/src/connector-host/index.ts';
import { inTransaction } from '../packages/server/src/db/index.ts';
import { markApp } from '../packages/server/src/marking/index.ts';
import { planLoaded } from '../packages/server/src/provisioning/plan-claimed.ts';
import { loadLinks } from '../packages/server/src/provisioning/sql/load-links.ts';
import { type Figure, median } from './figure.ts';
import { type Bench, userId } from './ground.ts';
import type { BenchTarget } from './target.ts';

const MODULE = fileURLToPath(new URL('./connector/one-call-scim.ts', import.meta.url));
const THROTTLE = 500;
const PLANNED = 500;

/**
 * The path of a custom connector, in its own process, against the built-in one, in the same rounds and with the same one
 * call a change; and what planning an update and building its request cost by themselves.
 */
export async function benchConnector(
  bench: Bench,
  target: BenchTarget,
  options: { users: number; throttledUsers: number; rounds: number; repeats: number },
): Promise<Figure[]> {
  const { clock, log } = bench.ground;
  const custom = await CustomConnectors.open({ clock, log, paths: [MODULE] });
  if (custom.failures.length > 0) throw new Error(custom.failures.join('; '));
  bench.ground.connectors = [...bench.ground.connectors, ...custom.connectors];
  try {
    await bench.addUsers(options.users);
    const free = await compare(bench, target, options.users, options.rounds, 'max_concurrency = 32');
    const planning = await measurePlanning(bench, free.builtInAppId, options.repeats);
    const surplus = options.users - options.throttledUsers;
    if (surplus > 0) {
      const ids = Array.from({ length: surplus }, (_, index) => userId(options.throttledUsers + index + 1));
      await bench.store.pool.query('delete from permission_set_assignment where user_id = any ($1)', [ids]);
    }
    const set = `max_concurrency = 32, max_per_second = ${THROTTLE}`;
    const throttled = await compare(bench, target, options.throttledUsers, Math.min(options.rounds, 3), set);
    return [
      {
        name: 'custom connector',
        value: free.custom,
        unit: 'changes/s',
        ratio: free.ratio,
        goal: 'ratio to built-in >= 0.4',
      },
      { name: 'built-in connector', value: free.builtIn, unit: 'changes/s' },
      {
        name: `custom connector at ${THROTTLE} requests/s`,
        value: throttled.custom,
        unit: 'changes/s',
        ratio: throttled.ratio,
        goal: 'ratio to built-in >= 0.95',
      },
      { name: 'plan and build an update', value: planning, unit: 'us/user', goal: '< 20' },
    ];
  } finally {
    await custom.close();
  }
}

async function compare(bench: Bench, target: BenchTarget, users: number, rounds: number, set: string) {
  const custom: number[] = [];
  const builtIn: number[] = [];
  let builtInAppId = 0;
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    const name = `${set.includes('per_second') ? 'throttled' : 'free'}${round + 1}`;
    const runOne = (connector: string, label: string) =>
      run(bench, target, users, { set, connector, name: `${name}${label}` });
    const first = await runOne('scim2', 'BuiltIn');
    const second = await runOne('one-call-scim', 'Custom');
    builtInAppId = first.appId;
    if (round < 0) continue;
    builtIn.push(first.perSecond);
    custom.push(second.perSecond);
  }
  const ratios = custom.map((perSecond, round) => perSecond / (builtIn[round] ?? 1));
  return { custom: median(custom), builtIn: median(builtIn), ratio: median(ratios), builtInAppId };
}

/** Creates everybody, then updates everybody; changes a second over both. */
async function run(
  bench: Bench,
  target: BenchTarget,
  users: number,
  { name, ...options }: { name: string; set: string; connector: string },
): Promise<{ perSecond: number; appId: number }> {
  await target.reset();
  const appId = await bench.addApp(name, target.url, options);
  await bench.startPumps();
  const creating = await bench.untilQuiet(appId);
  await inTransaction(bench.store.pool, async (db) => {
    await db.query(`update directory_user set fields = fields || jsonb_build_object('Title', $1::text)`, [name]);
    await markApp(db, systemClock.now(), appId);
  });
  const updating = await bench.untilQuiet(appId);
  await bench.stopPumps();
  const { rows } = await bench.store.pool.query<{ count: number }>(
    `select count(*)::int as count from account_link where app_id = $1 and account_state = 'active' and standing = 'settled'`,
    [appId],
  );
  await bench.store.pool.query(`update connected_app set state = 'paused' where id = $1`, [appId]);
  if ((rows[0]?.count ?? 0) < users) throw new Error(`${name}: ${rows[0]?.count} of ${users} accounts came to be`);
  return { perSecond: (2 * users) / (creating + updating), appId };
}

/** Microseconds of processor time a user: the plan of an update of one field, and its request as the transport is given it. */
async function measurePlanning(bench: Bench, appId: number, repeats: number): Promise<number> {
  const runtime = await bench.openApp(appId);
  if (!runtime) throw new Error('The app is gone');
  const { pool } = bench.store;
  await pool.query(`update directory_user set fields = fields || '{"Title":"Planned"}'::jsonb`);
  const now = systemClock.now();
  const userIds = Array.from({ length: PLANNED }, (_, index) => userId(index + 1));
  const loaded = await loadLinks(pool, { appId, userIds, now, needs: runtime.mapping.needs });
  const { app, document, mapping } = runtime;
  const context = {
    app: { ...app, state: 'active' as const },
    document,
    mapping,
    evaluation: runtime.evaluationContext(),
    now,
  };
  const answer = { status: 204, headers: {}, body: '' };
  let built = 0;
  const http: HttpTransport = {
    request: async ({ body }) => {
      built += body?.includes('Planned') ? 1 : 0;
      return answer;
    },
  };
  const { signal } = new AbortController();
  const costs: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    // Of the processor, for the clock on the wall also counts what other processes of a busy machine do.
    const before = process.cpuUsage();
    for (const link of loaded) {
      const plan = planLoaded(context, link);
      if (plan.kind !== 'change') throw new Error(`Planned ${plan.kind} instead of a change`);
      const { changes, desired } = plan.change;
      await runtime.connect(http, signal).accounts.update({
        remoteId: link.link.remoteId ?? '',
        desired,
        changes: changes.map(({ path, after }) => ({ path, operation: 'set', value: after })),
      });
    }
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / loaded.length);
  }
  await runtime.close();
  if (built !== repeats * loaded.length) throw new Error(`${built} requests were built`);
  return median(costs);
}
