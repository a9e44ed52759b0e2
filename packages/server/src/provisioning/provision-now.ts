import type { ConnectedApp } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/pool.ts';
import type { Ground } from '../ground.ts';
import { markOnDemand } from '../marking/index.ts';
import { type Explanation, explainLink, type LinkSituation } from './explain-link.ts';
import { findSituation, listAnswered } from './sql/link-situation.ts';

/** The caller gets an answer within two seconds, whatever the target does. */
const ANSWER_WITHIN_MS = 1_800;
const LOOK_EVERY_MS = 20;

export interface ProvisionedUser {
  userId: string;
  situation: LinkSituation;
  explanation: Explanation;
  /** The engine has dealt with it; otherwise the explanation says what it waits for. */
  answered: boolean;
}

/**
 * Puts these users' links of an app before the others and waits a moment for what comes of it. It makes no second way
 * to the target: the pump does the work, with its guards.
 */
export async function provisionNow(
  ground: Ground,
  actor: Actor,
  app: ConnectedApp,
  userIds: string[],
): Promise<ProvisionedUser[]> {
  const { pool, clock } = ground;
  const startedAt = clock.now();
  const deadlineMs = clock.monotonicMs() + ANSWER_WITHIN_MS;
  const wanted = await inTransaction(pool, async (db) => {
    const marked = await markOnDemand(db, startedAt, app.id, userIds);
    const entries = userIds.map((userId) => ({
      action: 'link.provisioned_on_demand',
      entityKind: 'link',
      entityId: `${app.name}/${userId}`,
      appId: app.id,
      userId,
    }));
    await writeAudit(db, startedAt, actor, entries);
    return marked;
  });
  const answered = new Set<string>();
  const waits = app.state === 'active' && !app.quarantine;
  while (waits && answered.size < wanted.size && clock.monotonicMs() < deadlineMs) {
    await clock.sleep(LOOK_EVERY_MS);
    const open = new Map([...wanted].filter(([userId]) => !answered.has(userId)));
    for (const userId of await listAnswered(pool, app.id, open, startedAt)) answered.add(userId);
  }
  const results: ProvisionedUser[] = [];
  for (const userId of userIds) {
    const situation = await findSituation(pool, app.id, userId, clock.now());
    if (!situation) continue;
    const explanation = explainLink(situation, clock.now());
    results.push({ userId, situation, explanation, answered: answered.has(userId) || !wanted.has(userId) });
  }
  return results;
}
