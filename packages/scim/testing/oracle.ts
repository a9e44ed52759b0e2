import type { AccountSnapshot } from './account-snapshot.ts';
import { type Exchange, isDeactivation, isReactivation } from './exchange.ts';
import { equalJson, isObject, type JsonObject, type JsonValue } from './json.ts';
import type { WriteEffect } from './target-state.ts';

/** What the target can testify to. Every check here judges by it (and a journal), never by an engine's own state. */
export interface TargetEvidence {
  /** Text of each record that the test itself made, as it was then. */
  strangers: Map<string, string>;
  accounts: Map<string, AccountSnapshot>;
  groups: Map<string, AccountSnapshot>;
  exchanges: Exchange[];
}

/** One line of the journal of the system under test: what it meant to write, noted before it sent. */
export interface JournalIntent {
  /** The externalId that the system gives the account, or the remote id. */
  identity: string;
  /** When the intent was committed, on the clock of the target. */
  committedAtMs: number;
  /** The revision of the desired state; a later one is larger. */
  version?: number;
  /** How many requests one intent may stand for; 1 unless told. */
  attempts?: number;
}

interface Write {
  exchange: Exchange;
  effect: WriteEffect;
}

/** Writes that were applied, in the order of application. */
export function listWrites(exchanges: Exchange[]): Write[] {
  return exchanges
    .filter(({ appliedTick }) => appliedTick !== undefined)
    .toSorted((left, right) => (left.appliedTick ?? 0) - (right.appliedTick ?? 0))
    .flatMap((exchange) => exchange.effects.map((effect) => ({ exchange, effect })));
}

const name = ({ effect, exchange }: Write) =>
  `#${exchange.sequence} ${exchange.method} of ${effect.userName ?? effect.id}`;

/** I1, strangers: records made by nobody under test are byte-equal to their start, but for those rightly adopted. */
export function checkStrangersUntouched(evidence: TargetEvidence, adopted: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  for (const [id, text] of evidence.strangers) {
    if (adopted.has(id)) continue;
    const now = evidence.accounts.get(id) ?? evidence.groups.get(id);
    if (now === undefined) found.push(`stranger ${id} was deleted`);
    else if (now.text !== text) found.push(`stranger ${id} was changed: ${text} became ${now.text}`);
  }
  return found;
}

/**
 * I1, convergence: each managed account, by externalId, has the attributes desired (those not named are free), and no
 * other account with an externalId is there. `undefined` means that there must be no account.
 */
export function checkConverged(evidence: TargetEvidence, desired: Map<string, JsonObject | undefined>): string[] {
  const found: string[] = [];
  const byExternalId = Map.groupBy(evidence.accounts.values(), ({ externalId }) => externalId);
  for (const [externalId, wanted] of desired) {
    const accounts = byExternalId.get(externalId) ?? [];
    if (accounts.length !== (wanted === undefined ? 0 : 1)) {
      found.push(`${externalId} has ${accounts.length} accounts, not ${wanted === undefined ? 0 : 1}`);
    } else if (wanted !== undefined) {
      found.push(...listDifferences(wanted, accounts[0]?.attributes, externalId));
    }
  }
  for (const [externalId, accounts] of byExternalId) {
    if (externalId === undefined || desired.has(externalId)) continue;
    if (accounts.some(({ isStranger }) => !isStranger)) found.push(`${externalId} has an account that is not desired`);
  }
  return found;
}

function listDifferences(wanted: JsonValue | undefined, actual: JsonValue | undefined, path: string): string[] {
  if (isObject(wanted) && isObject(actual)) {
    return Object.entries(wanted).flatMap(([key, value]) => listDifferences(value, actual[key], `${path}.${key}`));
  }
  if (equalJson(wanted, actual)) return [];
  return [`${path} is ${JSON.stringify(actual) ?? 'absent'}, not ${JSON.stringify(wanted) ?? 'absent'}`];
}

/** I2: each applied write has an intent of its own, committed before the request arrived. */
export function checkIntents(exchanges: Exchange[], journal: JournalIntent[]): string[] {
  const left = new Map(journal.map((intent) => [intent, intent.attempts ?? 1]));
  return listWrites(exchanges).flatMap((write) => {
    const { effect, exchange } = write;
    const intent = journal.find(
      (candidate) =>
        (left.get(candidate) ?? 0) > 0 &&
        (candidate.identity === effect.externalId || candidate.identity === effect.id) &&
        candidate.committedAtMs <= exchange.arrivedAtMs,
    );
    if (intent === undefined) return [`${name(write)} has no intent before it`];
    left.set(intent, (left.get(intent) ?? 1) - 1);
    return [];
  });
}

/** I3: revisions rise over each account's writes; with a journal, no older desired version follows a newer one. */
export function checkVersionsMonotone(exchanges: Exchange[], journal: JournalIntent[] = []): string[] {
  const found: string[] = [];
  const lastRevision = new Map<string, number>();
  const lastVersion = new Map<string, number>();
  const left = new Set(journal);
  for (const write of listWrites(exchanges)) {
    const { effect, exchange } = write;
    const previous = lastRevision.get(effect.id) ?? 0;
    if (effect.revisionAfter < previous) found.push(`${name(write)} went back to revision ${effect.revisionAfter}`);
    lastRevision.set(effect.id, effect.revisionAfter);
    const intent = [...left]
      .filter(({ identity }) => identity === effect.externalId || identity === effect.id)
      .filter(({ committedAtMs }) => committedAtMs <= exchange.arrivedAtMs)[0];
    if (intent?.version === undefined) continue;
    left.delete(intent);
    const newest = lastVersion.get(effect.id) ?? 0;
    if (intent.version < newest) found.push(`${name(write)} applied version ${intent.version} after ${newest}`);
    lastVersion.set(effect.id, Math.max(newest, intent.version));
  }
  return found;
}

/** I3: the requests that write one account follow one another; none begins before the one before has ended. */
export function checkWritesInSequence(exchanges: Exchange[]): string[] {
  const open = new Map<string, Exchange>();
  const found: string[] = [];
  for (const exchange of exchanges.toSorted((left, right) => left.arrivedTick - right.arrivedTick)) {
    if (!['create', 'replace', 'patch', 'delete'].includes(exchange.operation)) continue;
    for (const key of listKeys(exchange)) {
      const before = open.get(key);
      if (
        before !== undefined &&
        before !== exchange &&
        (before.endedTick ?? Number.MAX_VALUE) > exchange.arrivedTick
      ) {
        found.push(
          `#${exchange.sequence} ${exchange.method} began while #${before.sequence} ${before.method} of ${key} was open`,
        );
      }
      if (before === undefined || (before.endedTick ?? Number.MAX_VALUE) <= (exchange.endedTick ?? Number.MAX_VALUE))
        open.set(key, exchange);
    }
  }
  return [...new Set(found)];
}

/** What a write is about: the URL's record, and the externalId that a create brings. */
function listKeys(exchange: Exchange): string[] {
  const keys = new Set(
    exchange.effects.flatMap(({ kind, id, externalId }) => [
      `${kind} ${id}`,
      ...(externalId === undefined ? [] : [`${kind} externalId ${externalId}`]),
    ]),
  );
  const [, kind, id] = /\/(User|Group)s(?:\/([^/?]+))?/.exec(exchange.url) ?? [];
  if (id !== undefined) keys.add(`${kind} ${decodeURIComponent(id)}`);
  if (exchange.operation === 'create') {
    const externalId = /"externalId"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(exchange.requestBody)?.[1];
    if (externalId !== undefined) keys.add(`${kind} externalId ${JSON.parse(`"${externalId}"`) as string}`);
  }
  return [...keys];
}

/** I4: no externalId has been created twice without a deletion between. */
export function checkCreatedOnce(exchanges: Exchange[]): string[] {
  const created = new Map<string, Write>();
  const found: string[] = [];
  for (const write of listWrites(exchanges)) {
    const { kind, externalId, action } = write.effect;
    if (externalId === undefined) continue;
    const key = `${kind} ${externalId}`;
    if (action === 'delete') created.delete(key);
    if (action !== 'create') continue;
    const first = created.get(key);
    if (first !== undefined) found.push(`${key} was created by ${name(first)} and again by ${name(write)}`);
    created.set(key, write);
  }
  return found;
}

/**
 * An account that was deactivated gets no write but its reactivation or deletion. A repeat of the deactivation is
 * forgiven only when the answer to it was not delivered, and not with `strict`.
 */
export function checkNoWriteAfterDeactivation(exchanges: Exchange[], strict = false): string[] {
  const inactive = new Map<string, Write>();
  const found: string[] = [];
  for (const write of listWrites(exchanges)) {
    const { effect } = write;
    if (effect.kind !== 'User') continue;
    const before = inactive.get(effect.id);
    if (effect.action === 'delete' || isReactivation(effect)) inactive.delete(effect.id);
    else if (before !== undefined) {
      const isRepeat = !effect.changed && !before.exchange.delivered && !strict;
      if (!isRepeat) found.push(`${name(write)} followed the deactivation ${name(before)}`);
      if (isRepeat) inactive.set(effect.id, write);
    } else if (isDeactivation(effect) || effect.activeAfter === false) inactive.set(effect.id, write);
  }
  return found;
}

/** The accounts that lost access, deletions included, in order. */
export function listDeactivations(
  exchanges: Exchange[],
): { id: string; externalId: string | undefined; sequence: number; atMs: number }[] {
  return listWrites(exchanges)
    .filter(({ effect }) => isDeactivation(effect))
    .map(({ effect, exchange }) => ({
      id: effect.id,
      externalId: effect.externalId,
      sequence: exchange.sequence,
      atMs: exchange.arrivedAtMs,
    }));
}

/**
 * I5: no window of time has more people deactivated than the guard allows, those approved before the write not counted. Who
 * returns and leaves again within it is one person, as for the guard.
 */
export function checkDeactivationLimit(
  exchanges: Exchange[],
  guard: { limit: number; windowMs: number; approvals?: { identity: string; atMs: number }[] },
): string[] {
  const counted = listDeactivations(exchanges).filter(
    ({ id, externalId, atMs }) =>
      !guard.approvals?.some(
        ({ identity, atMs: approvedMs }) => (identity === id || identity === externalId) && approvedMs <= atMs,
      ),
  );
  for (const last of counted) {
    const within = counted.filter(({ atMs }) => atMs <= last.atMs && atMs > last.atMs - guard.windowMs);
    const people = new Set(within.map(({ id, externalId }) => externalId ?? id));
    if (people.size > guard.limit)
      return [`${people.size} people deactivated within ${guard.windowMs} ms, the limit being ${guard.limit}`];
  }
  return [];
}

/** I6: of the intervals in which holders had one lease, no two overlap. */
export function checkLeases(leases: { lease: string; holder: string; fromMs: number; untilMs: number }[]): string[] {
  const found: string[] = [];
  for (const [lease, held] of Map.groupBy(leases, (interval) => interval.lease)) {
    const ordered = held.toSorted((left, right) => left.fromMs - right.fromMs);
    ordered.forEach((current, index) => {
      const rival = ordered
        .slice(0, index)
        .find(({ untilMs, holder }) => holder !== current.holder && untilMs > current.fromMs);
      if (rival !== undefined) found.push(`lease ${lease} was held by ${rival.holder} and ${current.holder} at once`);
    });
  }
  return found;
}

/** I7: none of the planted secrets is in any text; texts are named by their place. */
export function checkNoSecrets(texts: Record<string, string>, canaries: string[]): string[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    canaries.flatMap((canary, index) => (text.includes(canary) ? [`${place} holds planted secret ${index + 1}`] : [])),
  );
}

/** I8: after `sequence` nothing was written, not even without change. */
export function checkQuietSince(exchanges: Exchange[], sequence: number): string[] {
  return exchanges
    .filter(
      (exchange) =>
        exchange.sequence > sequence && !['get', 'list', 'search', 'discovery'].includes(exchange.operation),
    )
    .map((exchange) => `#${exchange.sequence} ${exchange.method} ${exchange.url} was sent when all had been done`);
}

/** Every check that needs no more than the target's own evidence. Throws with all that is found. */
export function assertInvariants(evidence: TargetEvidence, adopted: ReadonlySet<string> = new Set()): void {
  const { exchanges } = evidence;
  const found = [
    ...checkStrangersUntouched(evidence, adopted),
    ...checkVersionsMonotone(exchanges),
    ...checkWritesInSequence(exchanges),
    ...checkCreatedOnce(exchanges),
    ...checkNoWriteAfterDeactivation(exchanges),
  ];
  if (found.length > 0) throw new Error(`The target saw what must not be:\n- ${found.join('\n- ')}`);
}
