import type { ReceivedRequest } from '../request-log.ts';

export interface Tally {
  created: number;
  updated: number;
  deactivated: number;
  reactivated: number;
  deleted: number;
  /** Writes that the target refused. */
  refused: number;
}

/** What the writes that a target received did there, told from the requests themselves. */
export function tallyWrites(requests: readonly ReceivedRequest[]): Tally {
  const tally: Tally = { created: 0, updated: 0, deactivated: 0, reactivated: 0, deleted: 0, refused: 0 };
  for (const request of requests) {
    if (request.method === 'GET') continue;
    if (request.status === undefined || request.status >= 300) tally.refused += 1;
    else tally[nameOf(request)] += 1;
  }
  return tally;
}

export function isWrite({ method }: ReceivedRequest): boolean {
  return method !== 'GET';
}

function nameOf({ method, body }: ReceivedRequest): Exclude<keyof Tally, 'refused'> {
  if (method === 'POST') return 'created';
  if (method === 'DELETE') return 'deleted';
  const active = readActive(body);
  return active === undefined ? 'updated' : active ? 'reactivated' : 'deactivated';
}

interface Operation {
  path?: string;
  value?: unknown;
}

/** What a PatchOp sets `active` to, if it does (RFC 7644 section 3.5.2: by path, or as a member of the value). */
function readActive(body: unknown): boolean | undefined {
  for (const { path, value } of (body as { Operations?: Operation[] })?.Operations ?? []) {
    if (path?.toLowerCase() === 'active') return value === true;
    if (path === undefined && typeof value === 'object' && value !== null && 'active' in value) {
      return value.active === true;
    }
  }
  return undefined;
}
