import { builtInConnectors } from '@usher/connectors';
import { seededRandom } from '@usher/scim/testing';
import { createAppOpener } from '../../src/apps/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { armCrashPoint } from '../../src/crash-point.ts';
import { listen, migrate, openStore } from '../../src/db/index.ts';
import { ensureMonthlyPartitions } from '../../src/db/partitions.ts';
import { createLog } from '../../src/log.ts';
import { type OpenApp, PumpFleet } from '../../src/provisioning/index.ts';
import { createRolloutGround, RolloutWatch } from '../../src/rollout/index.ts';
import { createTargetTransport } from '../../src/transport/index.ts';
import { churn } from './directory-load.ts';

// A replica of the engine, for tests to kill: node replica-process.ts OPTIONS, with an IPC channel and the usual
// environment. It is the server without its HTTP API, and its calls may last CALL_LIMIT_MS instead of a minute.

export interface ReplicaOptions {
  /** Of the migrations that this version of the code knows. */
  migrationsDir?: string;
  /** Ends once the schema is there. */
  onlyMigrate?: boolean;
  waitMs?: number;
}

export type ReplicaOrder = { churn: { seed: number } } | { jumpMs: number } | { stopChurn: true };
export type ReplicaNews = { ready: true } | { refused: string } | { churned: number };

const CALL_LIMIT_MS = 3_000;

const options = JSON.parse(process.argv[2] ?? '{}') as ReplicaOptions;
const tell = (news: ReplicaNews) => process.send?.(news);
const config = readConfig();
if (config.crashPoint) armCrashPoint(config.crashPoint);
const log = createLog({ level: 'info' });

let jumpedMs = 0;
const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + jumpedMs) };

// When the test is gone, so is our purpose.
process.on('disconnect', () => process.exit());

try {
  await run();
} catch (error) {
  tell({ refused: (error as Error).message });
  process.exitCode = 1;
  process.disconnect();
}

async function run(): Promise<void> {
  const store = await openStore(config, log, { waitMs: options.waitMs ?? 10_000 });
  await migrate(store.pool, log, options.migrationsDir === undefined ? {} : { directory: options.migrationsDir });
  if (options.onlyMigrate) {
    tell({ ready: true });
    await store.close();
    process.disconnect();
    return;
  }
  await ensureMonthlyPartitions(store.pool, ['provisioning_request', 'provisioning_log'], clock.now());
  const networkPolicy = { allowHttp: true, allowedNetworks: config.allowedNetworks };
  const ground = {
    ...{ pool: store.pool, clock, log, connectors: builtInConnectors, networkPolicy, version: 'test' },
    vault: undefined as never,
  };
  const open = createAppOpener(ground);
  const openApp: OpenApp = async (appId) => {
    const runtime = await open(appId);
    if (!runtime) return undefined;
    await runtime.transport.close();
    const transport = createTargetTransport({
      baseUrl: runtime.app.baseUrl,
      policy: networkPolicy,
      concurrency: runtime.app.maxConcurrency,
      // In the User-Agent, so that the target tells the replicas apart.
      version: config.replica,
      limits: { totalMs: CALL_LIMIT_MS },
    });
    return { ...runtime, transport, callLimitMs: CALL_LIMIT_MS, close: () => transport.close() };
  };
  const rollouts = new RolloutWatch(createRolloutGround(ground, openApp));
  rollouts.start();
  const judgeRollout = (appId: number) => rollouts.judge(appId);
  const fleet = new PumpFleet({ pool: store.pool, clock, log, openApp, judgeRollout }, config.replica);
  const listener = await listen({
    url: store.url,
    channels: ['usher_due', 'usher_app'],
    log,
    onNotify: (channel, payload) =>
      channel === 'usher_due' ? fleet.notifyDue(Number(payload)) : fleet.notifyApp(Number(payload)),
    onReconnect: () => fleet.notifyAll(),
  });
  let churning: AbortController | undefined;
  process.on('message', (order: ReplicaOrder) => {
    if ('jumpMs' in order) jumpedMs += order.jumpMs;
    else if ('stopChurn' in order) churning?.abort();
    else {
      churning = new AbortController();
      void churn(store.pool, seededRandom(order.churn.seed), churning.signal).then((churned) => tell({ churned }));
    }
  });
  process.on('SIGTERM', async () => {
    churning?.abort();
    await rollouts.stop();
    await fleet.stop();
    await listener.close();
    await store.close();
    process.exit(0);
  });
  tell({ ready: true });
}
