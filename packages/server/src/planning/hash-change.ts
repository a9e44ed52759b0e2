import { createHash } from 'node:crypto';
import type { Change } from './plan-link.ts';

/** Identifies a change by what it would do, so that a released hold sends just what the person saw. */
export function hashChange(remoteId: string | null, change: Change): string {
  const parts = change.changes
    .map(({ path, after }) => [path, after])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([remoteId, change.operation, parts]))
    .digest('base64url');
}
