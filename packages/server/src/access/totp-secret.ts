import type { Queryable } from '../db/index.ts';
import type { AccessGround } from './access-ground.ts';
import { findTotp } from './sql/factors.ts';
import { findTotpStep } from './totp.ts';

/** The seal is the person's: moved to another row, it does not open. */
export function totpContext(personId: string) {
  return { appId: `person ${personId}`, field: 'authenticator secret', allowedOrigins: [] };
}

/** The step that the code belongs to by the person's own secret, once that is confirmed. */
export async function openTotpStep(
  ground: AccessGround,
  personId: string,
  code: string,
  options: { db?: Queryable; unconfirmed?: boolean } = {},
): Promise<number | undefined> {
  const totp = await findTotp(options.db ?? ground.pool, personId);
  if (!totp?.sealed || (totp.confirmedAt === null && !options.unconfirmed)) return undefined;
  const secret = Buffer.from(ground.vault.open(totp.sealed, totpContext(personId)).reveal(), 'base64');
  return findTotpStep(secret, code, ground.clock.now());
}
