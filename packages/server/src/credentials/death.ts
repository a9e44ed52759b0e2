import { inTransaction } from '../db/index.ts';
import type { CredentialGround } from './credential-ground.ts';
import type { CredentialProblem } from './health.ts';
import { notifyApp } from './sql/renewal.ts';

/** Tells once that a credential needs a person, and lets the app's pump look: it opens the quarantine. */
export async function raiseDeath(
  ground: CredentialGround,
  app: { id: number; name: string },
  generation: number,
  problem: CredentialProblem,
): Promise<void> {
  ground.log.error({ app: app.name, generation, problem }, 'The credential of an app needs a person');
  await inTransaction(ground.pool, async (db) => {
    await notifyApp(db, app.id);
  });
}
