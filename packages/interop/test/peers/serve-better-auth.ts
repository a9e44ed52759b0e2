import { DatabaseSync } from 'node:sqlite';
import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { servePeer } from './serve-peer.ts';

const token = process.argv[2] ?? '';
const basePath = '/api/auth/scim/v2';

await servePeer(async (origin) => {
  const plugins = [scim({ connections: [{ id: 'interop', credentials: [{ type: 'bearer', id: 'interop', token }] }] })];
  const options = {
    baseURL: origin,
    secret: 'a-secret-that-guards-nothing-but-this-test',
    // Its memory adapter copies everything for each write: 5,000 accounts would take a quarter of an hour.
    database: new DatabaseSync(':memory:'),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins,
  };
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  const auth = betterAuth(options);
  return { handle: toNodeHandler(auth), basePath };
});
