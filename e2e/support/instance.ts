import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthorizationServer, startAuthorizationServer, startScimTarget } from '@usher/sandbox';
import { readConfig } from '../../packages/server/src/config.ts';
import { createLog } from '../../packages/server/src/log.ts';
import { startServer } from '../../packages/server/src/serve.ts';
import { createTestDatabase } from '../../packages/server/test/support/database.ts';

/** A whole Usher with its console, and a target that knows nothing of it. */
export interface Instance {
  readonly url: string;
  /** Of the first administrator; good once. */
  readonly firstLink: string;
  readonly adminKey: string;
  /** Holds the file of the master key. */
  readonly dataDir: string;
  readonly target: Awaited<ReturnType<typeof startScimTarget>>;
  readonly targetToken: string;
  /** It gives access tokens that the target takes. */
  readonly authorization: AuthorizationServer;
  /** A call of the API as the administrator's program would make it. */
  call<Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

const CONSOLE = new URL('../../packages/console/dist/index.html', import.meta.url);

export interface InstanceOptions {
  /** People may come in by the authorization server too. */
  readonly singleSignOn?: boolean;
}

export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  if (!existsSync(CONSOLE)) throw new Error('The console is not built: run "npm run build:console"');
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  { singleSignOn = false }: InstanceOptions,
  undo: (() => Promise<unknown> | unknown)[],
  stop: () => Promise<void>,
): Promise<Instance> {
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-e2e-'));
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const database = await createTestDatabase();
  undo.push(() => database.close());
  const targetToken = randomBytes(16).toString('hex');
  const authorization = await startAuthorizationServer();
  undo.push(() => authorization.stop());
  const target = await startScimTarget({
    token: targetToken,
    checkAccess: (given) => authorization.checkAccess(given),
  });
  undo.push(() => target.stop());
  // Targets lead people back to an address that has to be known before.
  const port = await findFreePort();
  const adminKey = `e2e_${randomBytes(24).toString('base64url')}`;
  const config = readConfig({
    DATABASE_URL: database.url,
    USHER_DATA_DIR: dataDir,
    USHER_PORT: String(port),
    USHER_PUBLIC_URL: `http://localhost:${port}`,
    USHER_LOG_LEVEL: 'error',
    USHER_ADMIN_KEY: adminKey,
    USHER_ALLOW_HTTP_TARGETS: 'true',
    ...(singleSignOn ? signOnVariables(authorization.issuer) : {}),
    USHER_ALLOW_PRIVATE_NETWORKS: `127.0.0.1:${target.port},127.0.0.1:${new URL(authorization.issuer).port}`,
  });
  const server = await startServer(config, createLog({ level: 'error' }));
  undo.push(() => server.stop());
  const firstLink = server.firstAdministrator?.link;
  if (firstLink === undefined) throw new Error('The server made no link for its first administrator');
  const call = async <Answer>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const csv = typeof body === 'string';
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': csv ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  return {
    url: new URL(firstLink).origin,
    firstLink,
    adminKey,
    dataDir,
    target,
    targetToken,
    authorization,
    call,
    stop,
  };
}

function signOnVariables(issuer: string): Record<string, string> {
  return {
    USHER_OIDC_ISSUER: issuer,
    USHER_OIDC_CLIENT_ID: 'usher',
    USHER_OIDC_CLIENT_SECRET: 'a secret that no page shows',
    USHER_OIDC_LABEL: 'Example login',
    USHER_OIDC_ROLE_CLAIM: 'groups',
    USHER_OIDC_ROLES: 'usher-admins=administrator, usher-desk=help desk',
    USHER_OIDC_EMAIL_DOMAINS: 'example.com',
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
