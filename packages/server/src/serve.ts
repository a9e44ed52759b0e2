import type { AddressInfo } from 'node:net';
import { builtInConnectors } from '@usher/connectors';
import { Registry } from 'prom-client';
import { createAccess, ensureAdminKey } from './access/index.ts';
import { type AppGround, createAppOpener } from './apps/index.ts';
import { completeRestore, describeRestored } from './backup/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { CustomConnectors } from './connector-host/index.ts';
import { armCrashPoint } from './crash-point.ts';
import { listen, migrate, openStore, type Store } from './db/index.ts';
import { ensureMonthlyPartitions } from './db/partitions.ts';
import { appRoutes } from './http/app-routes.ts';
import { assignmentRoutes } from './http/assignment-routes.ts';
import { directoryRoutes } from './http/directory-routes.ts';
import { holdRoutes } from './http/hold-routes.ts';
import type { HttpApp } from './http/http-app.ts';
import { linkRoutes } from './http/link-routes.ts';
import { logRoutes } from './http/log-routes.ts';
import { planRoutes } from './http/plan-routes.ts';
import { requestRoutes } from './http/request-routes.ts';
import { retentionRoutes } from './http/retention-routes.ts';
import { buildHttpServer } from './http/server.ts';
import type { Log } from './log.ts';
import { PlanRunner } from './plans/index.ts';
import { createPumpMetrics, PumpFleet } from './provisioning/index.ts';
import { applyRetentionDaily } from './retention/index.ts';
import { openVault } from './vault/index.ts';
import { VERSION } from './version.ts';

export interface RunningServer {
  url: string;
  /** Only when it was made at this start: to be shown once. */
  adminKey: string | undefined;
  dataDir: string | undefined;
  /** What a person must know when this instance was restored from a backup and its apps are still paused. */
  restored: string | undefined;
  stop(): Promise<void>;
}

const PARTITIONED = ['provisioning_request', 'provisioning_log'];
const HOUSEKEEPING_MS = 3_600_000;
const HOUSE_STOP_MS = 2_000;

/** A caller that keeps a connection open gets this long to take its answer; then stopping goes on without it. */
const HTTP_GRACE_MS = 3_000;

async function closeHttp(http: HttpApp): Promise<void> {
  const impatience = setTimeout(() => http.server.closeAllConnections(), HTTP_GRACE_MS);
  try {
    await http.close();
  } finally {
    clearTimeout(impatience);
  }
}

/** Starts everything in its order; stops what was started when a later part fails. */
export async function startServer(config: Config, log: Log, clock: Clock = systemClock): Promise<RunningServer> {
  if (config.crashPoint) armCrashPoint(config.crashPoint);
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => log.error({ err: error }, 'A part did not stop as it should'));
    }
  };
  try {
    const store = await openStore(config, log);
    undo.push(() => store.close());
    await migrate(store.pool, log);
    await completeRestore({ pool: store.pool, clock, log });
    await ensureMonthlyPartitions(store.pool, PARTITIONED, clock.now());
    return await startOn(store, config, log, clock, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOn(
  store: Store,
  config: Config,
  log: Log,
  clock: Clock,
  undo: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<RunningServer> {
  const custom = await openCustomConnectors(config, log, clock);
  undo.push(() => custom.close());
  const ground: AppGround = {
    pool: store.pool,
    clock,
    log,
    vault: await openVault(config.masterKey),
    // Asked each time: while a connector is being written, it comes and goes.
    get connectors() {
      return [...builtInConnectors, ...custom.connectors];
    },
    connectorFailures: () => custom.failures,
    networkPolicy: { allowHttp: config.allowHttpTargets, allowedNetworks: config.allowedNetworks },
    version: VERSION,
  };
  const openApp = createAppOpener(ground);
  const { made } = await ensureAdminKey(ground, config.adminKey);

  const registry = new Registry();
  const metrics = createPumpMetrics(registry, ground);
  const fleet = new PumpFleet({ ...ground, openApp, metrics }, config.replica);
  const news = new Set<() => void>();
  const listener = await listen({
    url: store.url,
    channels: ['usher_due', 'usher_app', 'usher_log'],
    log,
    onNotify: (channel, payload) => {
      if (channel === 'usher_due') fleet.notifyDue(Number(payload));
      else if (channel === 'usher_app') fleet.notifyApp(Number(payload));
      else for (const listener of news) listener();
    },
    onReconnect: () => fleet.notifyAll(),
  });
  undo.push(() => listener.close());
  undo.push(() => fleet.stop());
  const plans = new PlanRunner(ground);
  plans.start();
  undo.push(() => plans.stop());

  const http = await buildHttpServer({
    ground,
    access: createAccess(ground),
    metrics: registry,
    place: { host: config.host, publicUrl: config.publicUrl },
    routes: [
      directoryRoutes(ground),
      assignmentRoutes(ground),
      appRoutes(ground),
      linkRoutes(ground, openApp),
      planRoutes(ground, plans),
      requestRoutes(ground),
      holdRoutes(ground),
      retentionRoutes(ground),
      logRoutes(ground, (listener) => {
        news.add(listener);
        return () => news.delete(listener);
      }),
    ],
  });
  undo.push(() => closeHttp(http));
  await http.listen({ host: config.host, port: config.port });
  const { port } = http.server.address() as AddressInfo;

  undo.push(keepHouse(ground));

  const restored = await describeRestored(store.pool);
  if (restored) log.warn(restored);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: config.publicUrl ?? `http://${host}:${port}`,
    adminKey: made,
    dataDir: store.embedded ? config.dataDir : undefined,
    restored,
    stop,
  };
}

function openCustomConnectors(config: Config, log: Log, clock: Clock): Promise<CustomConnectors> {
  const { connectorPaths: paths, watchConnectors: watch, masterKey, dataDir } = config;
  const privateFolders = masterKey.kind === 'file' ? [dataDir, masterKey.path] : [dataDir];
  return CustomConnectors.open({ clock, log, paths, watch, privateFolders, builtIn: builtInConnectors });
}

/** What is to be done every hour and every day. Gives what ends it. */
function keepHouse(ground: AppGround): () => Promise<void> {
  const { pool, clock, log } = ground;
  const ending = new AbortController();
  const keep = async () => {
    await ensureMonthlyPartitions(pool, PARTITIONED, clock.now()).catch((error: unknown) =>
      log.error({ err: error }, 'Could not make the partitions of the coming months'),
    );
    await applyRetentionDaily(ground, ending.signal).catch((error: unknown) =>
      log.error({ err: error }, 'Could not apply the retention; it is tried again in an hour'),
    );
  };
  let kept = keep();
  const timer = setInterval(() => {
    kept = kept.then(keep);
  }, HOUSEKEEPING_MS);
  return async () => {
    clearInterval(timer);
    ending.abort();
    // A database that does not answer must not keep the rest from stopping.
    const ended = new AbortController();
    await Promise.race([kept, clock.sleep(HOUSE_STOP_MS, ended.signal).catch(() => {})]);
    ended.abort();
  };
}
