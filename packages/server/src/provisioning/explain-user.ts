import type { Queryable } from '../db/pool.ts';
import { type Explanation, explainLink, type LinkSituation } from './explain-link.ts';
import { findSituation } from './sql/link-situation.ts';

/** Where a user stands at an app and why, from what is on record; nothing is run. */
export async function explainUser(
  db: Queryable,
  appId: number,
  userId: string,
  now: Date,
): Promise<{ situation: LinkSituation; explanation: Explanation } | undefined> {
  const situation = await findSituation(db, appId, userId, now);
  return situation && { situation, explanation: explainLink(situation, now) };
}
