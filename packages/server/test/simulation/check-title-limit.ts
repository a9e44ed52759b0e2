import { listWrites, type TargetEvidence } from '@usher/scim/testing';

type Exchange = TargetEvidence['exchanges'][number];

/** What the record tells of a user at a moment. */
export interface Told {
  identity: string;
  operation: string;
  at: Date;
}

interface TitleWrite {
  identity: string;
  atMs: number;
}

/**
 * I5 for a limit on titles: no hour has more people whose title an update replaced or took away than the guard allows, those
 * whose hold a person decided before the write not counted. What the target holds decides whether a title became another.
 */
export function checkTitleLimit(
  exchanges: Exchange[],
  told: readonly Told[],
  { limit, windowMs, approvals }: { limit: number; windowMs: number; approvals: { identity: string; atMs: number }[] },
): string[] {
  const counted = listTitleWrites(exchanges)
    .filter(({ identity, atMs }) => findOperation(told, identity, atMs) === 'update')
    .filter(({ identity, atMs }) => !approvals.some((one) => one.identity === identity && one.atMs <= atMs));
  for (const last of counted) {
    const within = counted.filter(({ atMs }) => atMs <= last.atMs && atMs > last.atMs - windowMs);
    const people = new Set(within.map(({ identity }) => identity));
    if (people.size > limit)
      return [`${people.size} people got another title within an hour, the limit being ${limit}`];
  }
  return [];
}

/** Writes by which a title that was there became another. */
function listTitleWrites(exchanges: Exchange[]): TitleWrite[] {
  const titles = new Map<string, unknown>();
  const found: TitleWrite[] = [];
  for (const { exchange, effect } of listWrites(exchanges)) {
    const wanted = readTitle(exchange);
    if (wanted === undefined) continue;
    const before = titles.get(effect.id) ?? null;
    titles.set(effect.id, wanted);
    if (effect.action !== 'update' || before === null || before === wanted) continue;
    found.push({ identity: effect.externalId ?? effect.id, atMs: exchange.arrivedAtMs });
  }
  return found;
}

/** The title that a write gives; null takes it away, undefined says nothing of it. */
function readTitle({ method, requestBody }: Exchange): unknown {
  if (requestBody === '') return undefined;
  const body = JSON.parse(requestBody) as {
    title?: unknown;
    Operations?: { op: string; path?: string; value?: unknown }[];
  };
  if (method !== 'PATCH') return body.title ?? null;
  const operation = body.Operations?.findLast(({ path }) => path === 'title');
  return operation && (operation.op.toLowerCase() === 'remove' ? null : (operation.value ?? null));
}

/** What the first line of the record after a write says that it was. */
function findOperation(told: readonly Told[], identity: string, atMs: number): string | undefined {
  return told.find((line) => line.identity === identity && line.at.getTime() >= atMs)?.operation;
}
