import { z } from 'zod';
import { type ApiKey, SCOPES } from '../access/index.ts';
import { timeIn, timeOut, writeTime } from './wire.ts';

const scope = z.enum([...SCOPES, 'all']);

export const keyOut = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key, to tell keys apart'),
    scopes: z.array(z.string()),
    createdAt: timeOut,
    createdBy: z.string(),
    expiresAt: timeOut.nullable(),
    lastUsedAt: timeOut.nullable().describe('To the minute'),
    revokedAt: timeOut.nullable(),
    personId: z.uuid().nullable().describe('Whose key it is; null is a machine’s'),
  })
  .meta({ id: 'ApiKey' });

export const newKey = z.strictObject({
  name: z.string().trim().min(1).max(100).describe('Who or what uses it; the audit shows it'),
  scopes: z
    .array(scope)
    .min(1)
    .max(SCOPES.length + 1),
  expiresAt: timeIn.optional(),
});

export function describeKey(key: ApiKey): z.infer<typeof keyOut> {
  const { id, name, prefix, scopes, createdBy } = key;
  return {
    id,
    name,
    prefix,
    scopes,
    createdAt: writeTime(key.createdAt),
    createdBy,
    expiresAt: writeTime(key.expiresAt),
    lastUsedAt: writeTime(key.lastUsedAt),
    revokedAt: writeTime(key.revokedAt),
    personId: key.personId,
  };
}
