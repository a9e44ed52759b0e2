import { z } from 'zod';
import type { listSessionsOfPerson } from '../access/index.ts';
import { timeOut, writeTime } from './wire.ts';

/** One session of a person, as the person and administrators see it. */
export const sessionOut = z
  .object({
    id: z.uuid(),
    current: z.boolean().describe('The one that asks'),
    stage: z.enum(['full', 'enrolling']),
    method: z.string(),
    createdAt: timeOut,
    lastSeenAt: timeOut.describe('To the minute'),
    expiresAt: timeOut,
    address: z.string(),
    userAgent: z.string(),
  })
  .meta({ id: 'SessionOfPerson' });

type SessionRow = Awaited<ReturnType<typeof listSessionsOfPerson>>[number];

export function writeSession(session: SessionRow, currentId: string | undefined): z.infer<typeof sessionOut> {
  const { id, stage, method, address, userAgent } = session;
  return {
    id,
    current: id === currentId,
    stage,
    method,
    createdAt: writeTime(session.createdAt),
    lastSeenAt: writeTime(session.lastSeenAt),
    expiresAt: writeTime(session.expiresAt),
    address,
    userAgent,
  };
}
