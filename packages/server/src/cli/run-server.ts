import { systemClock } from '../clock.ts';
import { type Config, ConfigError, type ConfigOverrides, findUnknownVariables, readConfig } from '../config.ts';
import {
  migrate as applyMigrations,
  EmbeddedDatabaseError,
  MigrationError,
  openStore,
  StoreError,
} from '../db/index.ts';
import { createLog, type Log } from '../log.ts';
import { type RunningServer, startServer } from '../serve.ts';
import { VaultError } from '../vault/index.ts';
import { VERSION } from '../version.ts';

/** What is under way gets this long; then the process ends all the same. */
const STOP_TIMEOUT_MS = 15_000;

/** Runs the server until a signal; a second signal ends the process at once. Gives the exit code. */
export async function serve(overrides: ConfigOverrides): Promise<number> {
  const stopped = Promise.withResolvers<string>();
  let signals = 0;
  const onSignal = (signal: string) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    process.stderr.write(`\nStopping (${signal}); once more to end at once.\n`);
    stopped.resolve(signal);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  // Only when whoever started this keeps a channel to it: when they are gone, it has no purpose any more.
  process.on('disconnect', () => stopped.resolve('parent gone'));
  const started = await start(overrides, async (config, log) => {
    const server = await startServer(config, log);
    return { config, log, server };
  });
  if (!started) return 1;
  const { config, log, server } = started;
  process.stdout.write(greet(config, server));
  process.send?.({ url: server.url, firstAdministratorLink: server.firstAdministrator?.link });
  const why = await stopped.promise;
  log.info({ why }, 'Stopping');
  const inTime = await Promise.race([
    server.stop().then(() => true),
    systemClock.sleep(STOP_TIMEOUT_MS).then(() => false),
  ]);
  if (!inTime) log.error({ timeoutMs: STOP_TIMEOUT_MS }, 'Stopping took too long; what is left is cut off');
  return inTime ? 0 : 1;
}

/** Brings the database's schema up to date and ends. */
export async function migrate(overrides: ConfigOverrides): Promise<number> {
  const result = await start(overrides, async (config, log) => {
    const store = await openStore(config, log);
    try {
      return await applyMigrations(store.pool, log);
    } finally {
      await store.close();
    }
  });
  if (!result) return 1;
  const { applied, current } = result;
  const what = applied.length === 0 ? 'Nothing to do' : `Applied ${applied.join(', ')}`;
  process.stdout.write(`${what}: the schema is at ${current}.\n`);
  return 0;
}

/** Runs a start, and tells in a line what is wrong when it fails. */
async function start<Result>(
  overrides: ConfigOverrides,
  run: (config: Config, log: Log) => Promise<Result>,
): Promise<Result | undefined> {
  let config: Config | undefined;
  try {
    config = readConfig(undefined, overrides);
    const log = createLog({ level: config.logLevel });
    for (const variable of findUnknownVariables()) {
      log.warn({ variable }, 'This variable means nothing to Usher; see docs/configuration.md for those that do');
    }
    return await run(config, log);
  } catch (error) {
    process.stderr.write(`${describeStartFailure(error, config)}\n`);
    return undefined;
  }
}

/** Errors whose message already says what is wrong and what to do. */
const TOLD = [ConfigError, EmbeddedDatabaseError, StoreError, MigrationError, VaultError];

function describeStartFailure(error: unknown, config: Config | undefined): string {
  if (TOLD.some((kind) => error instanceof kind)) return `Usher did not start. ${(error as Error).message}`;
  const { code, message = String(error), stack } = error as NodeJS.ErrnoException;
  const place = `${config?.host}:${config?.port}`;
  const fixes: Record<string, string> = {
    EADDRINUSE: `Another process listens on ${place} already. Stop it, or choose another port with --port or USHER_PORT.`,
    EACCES: `This user may not listen on ${place}. Choose a port from 1024 on with --port or USHER_PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${config?.host}. Correct --host or USHER_HOST; 127.0.0.1 is always there.`,
    ENOTFOUND: `The name ${config?.host} has no address. Correct --host or USHER_HOST; 127.0.0.1 is always there.`,
  };
  const fix = (error as NodeJS.ErrnoException).syscall?.match(/^(listen|getaddrinfo)$/) && fixes[code ?? ''];
  if (fix) return `Usher did not start. ${fix}`;
  return `Usher did not start: ${message}. This is a fault of Usher or of the machine; please report it with what follows.\n${stack}`;
}

function greet(config: Config, { url, adminKey, firstAdministrator, dataDir, restored }: RunningServer): string {
  const records = dataDir === undefined ? 'the PostgreSQL of DATABASE_URL' : `${dataDir} (embedded PostgreSQL)`;
  const key =
    adminKey !== undefined
      ? `${adminKey}\n               shown only now: keep it where you keep passwords`
      : config.adminKey !== undefined
        ? 'the one in USHER_ADMIN_KEY'
        : 'shown at the first start; if it is lost, start once with USHER_ADMIN_KEY set to a new one';
  const first =
    firstAdministrator?.link === undefined
      ? 'a link was shown before; "usher admin-link" makes another'
      : `${firstAdministrator.link}\n               opens the console for its first administrator, once, within 24 hours`;
  const lines = [
    ...(firstAdministrator ? [['Console', first]] : [['Console', url]]),
    ['Admin key', key],
    ['Records', records],
    ['API docs', `${url}/api/docs`],
    ['First steps', 'docs/getting-started.md'],
  ];
  const facts = lines.map(([name = '', value]) => `  ${name.padEnd(13)}${value}\n`).join('');
  return `\nUsher ${VERSION} listens on ${url}\n\n${facts}\n${restored ? `${restored}\n\n` : ''}Ctrl-C stops it.\n\n`;
}
