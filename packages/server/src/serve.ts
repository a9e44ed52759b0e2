import type { AddressInfo } from 'node:net';
import { builtInConnectors } from '@usher/connectors';
import { Registry } from 'prom-client';
import {
  createAccess,
  createSingleSignOn,
  endOldAccess,
  ensureAdminKey,
  ensureFirstAdministratorLink,
  needsFirstAdministrator,
} from './access/index.ts';
import { AlertSender, addAlertMetrics } from './alerts/index.ts';
import { type AppGround, createAppOpener, watchDays } from './apps/index.ts';
import { completeRestore, describeRestored } from './backup/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { CustomConnectors } from './connector-host/index.ts';
import { armCrashPoint } from './crash-point.ts';
import { addCredentialMetrics, CredentialWatch } from './credentials/index.ts';
import { listen, migrate, openStore, type Store } from './db/index.ts';
import { ensureMonthlyPartitions } from './db/partitions.ts';
import { ensureStandardProfile } from './directory/index.ts';
import { DrillRunner } from './drill/index.ts';
import { alertRoutes } from './http/alert-routes.ts';
import { appRoutes } from './http/app-routes.ts';
import { assignmentRoutes } from './http/assignment-routes.ts';
import { authorizationRoutes, callbackRoutes } from './http/authorization-routes.ts';
import { directoryRoutes } from './http/directory-routes.ts';
import { drillRoutes } from './http/drill-routes.ts';
import { guardRoutes } from './http/guard-routes.ts';
import { helpDeskRoutes } from './http/help-desk-routes.ts';
import { holdRoutes } from './http/hold-routes.ts';
import type { HttpApp } from './http/http-app.ts';
import { linkRoutes } from './http/link-routes.ts';
import { logRoutes } from './http/log-routes.ts';
import { matchingRoutes } from './http/matching-routes.ts';
import { peopleRoutes } from './http/people-routes.ts';
import { planRoutes } from './http/plan-routes.ts';
import { quarantineRoutes } from './http/quarantine-routes.ts';
import { requestRoutes } from './http/request-routes.ts';
import { retentionRoutes } from './http/retention-routes.ts';
import { rolloutRoutes } from './http/rollout-routes.ts';
import { rolloutStreamRoutes } from './http/rollout-stream-routes.ts';
import { buildHttpServer } from './http/server.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { singleSignOnRoutes } from './http/single-sign-on-routes.ts';
import { undoneRoutes } from './http/undone-routes.ts';
import { vaultRoutes } from './http/vault-routes.ts';
import type { Log } from './log.ts';
import { MatchingRunner } from './matching/index.ts';
import { PlanRunner } from './plans/index.ts';
import { createPumpMetrics, PumpFleet, retryAfterNewCode } from './provisioning/index.ts';
import { applyRetentionDaily } from './retention/index.ts';
import { createRolloutGround, RolloutWatch } from './rollout/index.ts';
import { createGuardedFetch } from './transport/index.ts';
import { openVault } from './vault/index.ts';
import { VERSION } from './version.ts';

export interface RunningServer {
  url: string;
  /** Only when it was made at this start: to be shown once. */
  adminKey: string | undefined;
  /** While nobody administers it: the link that makes somebody, when it was made at this start. */
  firstAdministrator: { link: string | undefined } | undefined;
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
  let listeningUrl: string | undefined;
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
    get publicUrl() {
      return config.publicUrl ?? listeningUrl;
    },
  };
  const openApp = createAppOpener(ground);
  const { made } = await ensureAdminKey(ground, config.adminKey);
  await ensureStandardProfile(ground);
  const firstAdministrator = await ensureFirstAdministratorLink(ground);

  const registry = new Registry();
  const metrics = createPumpMetrics(registry, ground);
  const rolloutGround = createRolloutGround(ground, openApp);
  const rollouts = new RolloutWatch(rolloutGround);
  const judgeRollout = (appId: number) => rollouts.judge(appId);
  const fleet = new PumpFleet({ ...ground, openApp, metrics, judgeRollout }, config.replica);
  addCredentialMetrics(registry, ground);
  addAlertMetrics(registry, ground.pool);
  const alerts = new AlertSender(ground);
  const watch = new CredentialWatch(ground);
  const news = new Set<() => void>();
  const tellNews = () => {
    for (const listener of news) listener();
  };
  const onNews = (listener: () => void) => {
    news.add(listener);
    return () => news.delete(listener);
  };
  const listener = await listen({
    url: store.url,
    channels: ['usher_due', 'usher_app', 'usher_log', 'usher_alert', 'usher_vault'],
    log,
    onNotify: (channel, payload) => {
      if (channel === 'usher_due') fleet.notifyDue(Number(payload));
      else if (channel === 'usher_app') {
        fleet.notifyApp(Number(payload));
        tellNews();
      } else if (channel === 'usher_alert') alerts.notify();
      else if (channel === 'usher_vault') reloadVault(ground);
      else tellNews();
    },
    onReconnect: () => fleet.notifyAll(),
  });
  undo.push(() => listener.close());
  undo.push(() => fleet.stop());
  custom.onNewCode((connector) => {
    retryAfterNewCode(ground, connector).catch((error: unknown) =>
      log.error({ err: error, connector: connector.id }, 'Could not try again whom a connector failed for'),
    );
  });
  const plans = new PlanRunner(ground);
  plans.start();
  undo.push(() => plans.stop());
  undo.push(watchDays(ground));
  const matching = new MatchingRunner(ground);
  matching.start();
  undo.push(() => matching.stop());
  const drills = new DrillRunner(ground);
  drills.start();
  undo.push(() => drills.stop());

  const place = { host: config.host, publicUrl: config.publicUrl };
  const { networkPolicy: policy, version } = ground;
  const signOn =
    config.singleSignOn && createSingleSignOn(ground, config.singleSignOn, createGuardedFetch({ policy, version }));
  const http = await buildHttpServer({
    ground,
    access: createAccess(ground),
    metrics: registry,
    metricsNeedKey: config.metricsNeedKey,
    place,
    routes: [
      sessionRoutes({
        ground,
        place,
        offer: {
          singleSignOn: signOn ? { label: signOn.label } : null,
          needsFirstAdministrator: () => needsFirstAdministrator(ground),
        },
        signOn,
      }),
      singleSignOnRoutes(config.singleSignOn, signOn, place),
      peopleRoutes(ground, place),
      directoryRoutes(ground),
      assignmentRoutes(ground),
      appRoutes(ground),
      authorizationRoutes(ground, place),
      alertRoutes(ground),
      vaultRoutes(ground),
      linkRoutes(ground, openApp),
      planRoutes(ground, plans),
      matchingRoutes(ground, matching),
      drillRoutes(ground, drills),
      rolloutRoutes(rolloutGround, rollouts),
      requestRoutes(ground),
      helpDeskRoutes(ground, place),
      holdRoutes(ground),
      guardRoutes(ground),
      quarantineRoutes(ground),
      undoneRoutes(ground, openApp),
      retentionRoutes(ground),
      logRoutes(ground, onNews),
      rolloutStreamRoutes(rolloutGround, onNews),
    ],
    rootRoutes: [callbackRoutes(ground, place)],
  });
  undo.push(() => closeHttp(http));
  await http.listen({ host: config.host, port: config.port });
  const { port } = http.server.address() as AddressInfo;

  listeningUrl = consoleUrlOf(`http://127.0.0.1:${port}`);
  alerts.start();
  undo.push(() => alerts.stop());
  rollouts.start();
  undo.push(() => rollouts.stop());
  watch.start();
  undo.push(() => watch.stop());
  undo.push(keepHouse(ground));

  const restored = await describeRestored(store.pool);
  if (restored) log.warn(restored);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.publicUrl ?? `http://${host}:${port}`;
  return {
    url,
    adminKey: made,
    firstAdministrator: firstAdministrator.needed
      ? { link: firstAdministrator.made && `${consoleUrlOf(url)}${firstAdministrator.made.path}` }
      : undefined,
    dataDir: store.embedded ? config.dataDir : undefined,
    restored,
    stop,
  };
}

/** Another replica is about to seal under a key that was put first. */
function reloadVault({ vault, log }: AppGround): void {
  vault.reload?.().catch((error: unknown) => log.error({ err: error }, 'The master keys could not be read again'));
}

/** Browsers keep passkeys for names only, and this machine has one. */
function consoleUrlOf(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:');
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
    await endOldAccess(ground).catch((error: unknown) =>
      log.error({ err: error }, 'Could not take away sessions and links that have ended; it is tried again in an hour'),
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
