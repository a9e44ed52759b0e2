import type { ConnectedApp, Quarantine } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import { type MaskedExchange, maskExchange } from './mask-exchange.ts';
import { countWaiting } from './sql/app-health.ts';
import { findRequest, listLogOfRequest } from './sql/requests.ts';

/** An app whose target, credential or connector fails, as a person needs to know it. */
export interface ShownQuarantine extends Omit<Quarantine, 'detail'> {
  message: string;
  nextStep: string;
  status: number | null;
  targetSaid: string | null;
  /** Links that wait for its end; nothing of them is lost. */
  waiting: number;
  /** The first of the failures in a row; its exchange as it was sent and answered, masked. Null: no call led to it. */
  firstFailure: {
    requestId: string;
    at: Date;
    userId: string | null;
    operation: string | null;
    message: string;
    exchange: MaskedExchange | null;
  } | null;
}

/** Null: the app is not quarantined. */
export async function describeQuarantine(
  db: Queryable,
  { id, quarantine }: Pick<ConnectedApp, 'id' | 'quarantine'>,
  now: Date,
): Promise<ShownQuarantine | null> {
  if (!quarantine) return null;
  const { detail, ...rest } = quarantine;
  const { message, nextStep, status = null, targetSaid = null } = detail;
  const firstFailure = await findFirstFailure(db, detail.firstFailure, message);
  return { ...rest, message, nextStep, status, targetSaid, waiting: await countWaiting(db, id, now), firstFailure };
}

async function findFirstFailure(
  db: Queryable,
  found: Quarantine['detail']['firstFailure'],
  message: string,
): Promise<ShownQuarantine['firstFailure']> {
  if (!found) return null;
  const request = await findRequest(db, found.requestId);
  const lines = await listLogOfRequest(db, found.requestId);
  const line = lines.find(({ attempt }) => attempt === found.attempt);
  const exchange = line?.exchanges?.at(-1);
  return {
    requestId: found.requestId,
    at: new Date(found.at),
    userId: request?.userId ?? null,
    operation: line?.operation ?? request?.operation ?? null,
    message: line?.message ?? message,
    exchange: exchange ? maskExchange(exchange) : null,
  };
}
