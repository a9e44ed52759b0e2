import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import { type MadeLink, makeLink } from './links.ts';
import { admitAttempt } from './sign-in.ts';
import { endStatusLinks, findLinkByHash } from './sql/links.ts';
import { hashToken, isTokenText } from './token.ts';

const HOUR_MS = 3_600_000;

/** A link that shows one user where their accounts stand, as often as they look, until it ends. It opens nothing else. */
export async function makeStatusLink(
  ground: AccessGround,
  actor: Actor,
  userId: string,
  hours: number,
): Promise<MadeLink> {
  return await inTransaction(ground.pool, (db) =>
    makeLink(ground, db, actor, { kind: 'status', userId, lastsMs: hours * HOUR_MS }),
  );
}

export async function endStatusLinksOf(ground: AccessGround, actor: Actor, userId: string): Promise<number> {
  return await inTransaction(ground.pool, async (db) => {
    const ended = await endStatusLinks(db, userId);
    await writeAudit(db, ground.clock.now(), actor, [
      { action: 'status_links.ended', entityKind: 'user', entityId: userId, userId, after: { links: ended } },
    ]);
    return ended;
  });
}

/** Whose status a link shows. Guesses are counted as wrong passwords are. */
export async function openStatusLink(
  ground: AccessGround,
  visit: Visit,
  token: string,
): Promise<{ userId: string; expiresAt: Date }> {
  const link = isTokenText(token) ? await findLinkByHash(ground.pool, hashToken(token)) : undefined;
  if (link?.kind === 'status' && link.userId !== null && link.expiresAt > ground.clock.now()) {
    return { userId: link.userId, expiresAt: link.expiresAt };
  }
  await admitAttempt(ground, visit, 'status link');
  throw new Refusal('unauthenticated', 'This link has expired or was ended. Ask the help desk for another.');
}
