import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { toNodeHandler } from 'better-auth/node';
import { servePeer } from './serve-peer.ts';

const token = process.argv[2] ?? '';
const basePath = '/api/auth/scim/v2';

await servePeer(async (origin) => {
  const plugins = [scim({ connections: [{ id: 'interop', credentials: [{ type: 'bearer', id: 'interop', token }] }] })];
  const tables: Record<string, []> = {};
  for (const { modelName } of Object.values(getAuthTables({ plugins }))) tables[modelName] = [];
  const auth = betterAuth({
    baseURL: origin,
    secret: 'a-secret-that-guards-nothing-but-this-test',
    database: memoryAdapter(tables),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins,
  });
  return { handle: toNodeHandler(auth), basePath };
});
