import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createVault, readMasterKeys } from '../../src/vault/index.ts';
import { createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';
import type { RefreshNews, RefreshOptions } from './refresh-process.ts';

/** Replicas in processes of their own that all renew the tokens of one app, whose authorization server detects reuse. */
export interface RefreshFleet {
  readonly fixture: OAuthFixture;
  readonly appId: number;
  /** Starts a replica; gives how it ended. */
  run(rounds: number, crash?: string): Promise<FleetMember>;
  health(): Promise<{ generation: number; state: string; code: string | null; refreshes: number; lost: boolean }>;
  reauthorize(): Promise<void>;
  close(): Promise<void>;
}

export interface FleetMember {
  readonly child: ChildProcess;
  readonly news: RefreshNews[];
  readonly ended: Promise<unknown>;
}

export async function openRefreshFleet(
  limits: RefreshOptions['limits'] = { callMs: 5_000, intentMs: 6_000 },
): Promise<RefreshFleet> {
  const masterKey = randomBytes(32);
  const fixture = await createOAuthFixture();
  // The same key as the replicas', before anything is sealed.
  const keys = await readMasterKeys({ kind: 'value', key: masterKey });
  Object.assign(fixture.ground, { vault: createVault(keys) });
  await fixture.makeApp('Chat', { scopes: ['openid', 'api', 'refresh_token'] });
  const authorize = async () => {
    const done = await fixture.authorize('Chat');
    if (done.status !== 200) throw new Error(done.body);
  };
  await authorize();
  const appId = Number((await fixture.send('GET', '/api/v1/apps/Chat')).json.id);
  const members: FleetMember[] = [];
  return {
    fixture,
    appId,
    reauthorize: authorize,
    run: async (rounds, crash) => {
      const script = fileURLToPath(new URL('./refresh-process.ts', import.meta.url));
      const options: RefreshOptions = { appId, rounds, limits };
      const child = spawn(process.execPath, [script, JSON.stringify(options)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        cwd: '/',
        env: {
          ...{ DATABASE_URL: fixture.database.url, USHER_MASTER_KEY: masterKey.toString('base64') },
          ...{ USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8', USHER_REPLICA: `replica-${members.length + 1}` },
          ...(crash === undefined ? {} : { USHER_CRASH_POINT: crash }),
        },
      });
      const news: RefreshNews[] = [];
      child.on('message', (item: RefreshNews) => news.push(item));
      const member = { child, news, ended: once(child, 'exit') };
      members.push(member);
      return member;
    },
    health: async () => {
      const { rows } = await fixture.ground.pool.query(
        `select generation::int, state, problem ->> 'code' as code, refreshes::int, lost_since is not null as lost
         from credential_health where app_id = $1`,
        [appId],
      );
      return rows[0];
    },
    close: async () => {
      for (const { child } of members) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await fixture.close();
    },
  };
}
