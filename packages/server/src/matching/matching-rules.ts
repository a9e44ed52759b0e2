import { type AppGround, getApp } from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { MatchingReport, MatchingRule } from './matching-report.ts';
import { insertResolution, listRules, replaceRules } from './sql/resolutions.ts';

/** The decisions that are made by themselves on each report of an app that becomes ready. */
export async function loadRules(ground: AppGround, idOrName: string): Promise<MatchingRule[]> {
  return listRules(ground.pool, (await getApp(ground, idOrName)).id);
}

export async function setRules(
  ground: AppGround,
  actor: Actor,
  idOrName: string,
  rules: readonly MatchingRule[],
): Promise<void> {
  const app = await getApp(ground, idOrName);
  await inTransaction(ground.pool, async (db) => {
    const before = await listRules(db, app.id);
    await replaceRules(db, app.id, rules);
    await writeAudit(db, ground.clock.now(), actor, [
      {
        ...{ action: 'matching.rules_changed', entityKind: 'app', entityId: app.name, appId: app.id },
        ...{ before: { rules: before }, after: { rules } },
      },
    ]);
  });
}

/** Asks for what the rules say of a report that has become ready, in their order. */
export async function applyRules(
  db: PoolClient,
  { clock }: Pick<AppGround, 'clock'>,
  report: Pick<MatchingReport, 'id' | 'appId' | 'createdBy'>,
): Promise<void> {
  const now = clock.now();
  for (const [index, { decision, filter, note }] of (await listRules(db, report.appId)).entries()) {
    const actor: Actor = { kind: 'system', name: `rule ${index + 1}` };
    // One millisecond apart, for that is the order in which they are carried out.
    const createdAt = new Date(now.getTime() + index);
    const filterOpen = { ...filter, decided: false };
    await insertResolution(
      db,
      { id: clock.uuid(), reportId: report.id, decision, filter: filterOpen, note, createdAt },
      actor,
    );
  }
}
