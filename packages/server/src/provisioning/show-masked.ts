import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import { type MaskedPart, unmask } from './mask-exchange.ts';
import { findRequest, listLogOfRequest } from './sql/requests.ts';

export interface MaskedPlace {
  readonly logId: number;
  readonly exchange: number;
  readonly part: MaskedPart;
  readonly path: string;
}

/** One masked value. It is given only once the audit has who asked for which, and why. */
export async function showMasked(
  ground: Ground,
  actor: Actor,
  requestId: string,
  place: MaskedPlace,
  reason: string,
): Promise<unknown> {
  const request = await findRequest(ground.pool, requestId);
  if (!request) throw new Refusal('not_found', `There is no provisioning request ${requestId}.`);
  const line = (await listLogOfRequest(ground.pool, requestId)).find(({ id }) => id === place.logId);
  const exchange = line?.exchanges?.[place.exchange];
  const value = exchange && unmask(exchange, place.part, place.path);
  if (value === undefined) {
    throw new Refusal('not_found', 'Nothing is masked at this place. Give one of the places that `masked` names.');
  }
  await inTransaction(ground.pool, (db) =>
    writeAudit(db, ground.clock.now(), actor, [
      {
        action: 'exchange.unmasked',
        entityKind: 'request',
        entityId: requestId,
        appId: request.appId,
        userId: request.userId,
        after: place,
        reason,
      },
    ]),
  );
  return value;
}
