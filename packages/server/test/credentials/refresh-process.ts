import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { armCrashPoint } from '../../src/crash-point.ts';
import { findHealth, renewToken } from '../../src/credentials/index.ts';
import { createPool } from '../../src/db/pool.ts';
import { createLog } from '../../src/log.ts';
import { openVault } from '../../src/vault/index.ts';

// A replica that does nothing but renew: node refresh-process.ts OPTIONS, with an IPC channel. It asks for newer tokens
// than those it sees, as often as it is told, beside others that do the same.

export interface RefreshOptions {
  readonly appId: number;
  /** How many generations it wants to see. */
  readonly rounds: number;
  readonly limits: { readonly callMs: number; readonly intentMs: number };
}

export type RefreshNews =
  | { readonly ready: true }
  | { readonly ended: { kind: string; code?: string | undefined; generation: number } };

const options = JSON.parse(process.argv[2] ?? '{}') as RefreshOptions;
const config = readConfig();
if (config.crashPoint) armCrashPoint(config.crashPoint);
const log = createLog({ level: 'error' });
const pool = createPool({ url: config.databaseUrl ?? '', size: 4, name: 'refresh', log });
const vault = await openVault(config.masterKey);
const networkPolicy = { allowHttp: true, allowedNetworks: config.allowedNetworks };
const ground = { pool, clock: systemClock, log, vault, networkPolicy, version: config.replica };
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

const { appId, rounds, limits } = options;
let ended: Extract<RefreshNews, { ended: object }>['ended'] = { kind: 'done', generation: 0 };
for (let round = 0; round < rounds; round += 1) {
  const generation = Number((await findHealth(pool, appId))?.generation ?? 0);
  const renewal = await renewToken(ground, appId, generation, { limits, force: true });
  ended = { kind: 'done', generation };
  if (renewal.kind === 'renewed') continue;
  ended = { kind: renewal.kind, code: renewal.problem.code, generation };
  if (renewal.kind === 'dead') break;
  await systemClock.sleep(20);
}
process.send?.({ ended });
await pool.end();
process.disconnect();
