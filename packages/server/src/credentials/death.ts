import { linkToCredential, raiseAlert, resolveAlerts } from '../alerts/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { CredentialApp, CredentialGround } from './credential-ground.ts';
import type { CredentialProblem } from './health.ts';
import { notifyApp } from './sql/renewal.ts';

/** Tells once that a credential needs a person, and lets the app's pump look: it opens the quarantine. */
export async function raiseDeath(
  ground: CredentialGround,
  app: Pick<CredentialApp, 'id' | 'name'>,
  generation: number,
  problem: CredentialProblem,
): Promise<void> {
  const { clock, log, pool } = ground;
  log.error({ app: app.name, generation, problem }, 'The credential of an app needs a person');
  const said = problem.targetSaid === undefined ? '' : ` The target says: ${problem.targetSaid}.`;
  await inTransaction(pool, async (db) => {
    const now = clock.now();
    await resolveAlerts(db, app.id, ['credential_expiring'], now);
    const alert = {
      key: `credential_dead ${app.id} ${generation} ${problem.code}`,
      ...({ kind: 'credential_dead', severity: 'critical', appId: app.id, app: app.name } as const),
      title: `${app.name}: the credential no longer works`,
      message: `${problem.message}${said} Nothing is sent to ${app.name}; everything that is due waits, and nothing is lost.`,
      nextStep: problem.nextStep,
      link: linkToCredential(ground, app.name),
      facts: { code: problem.code, since: problem.since },
    };
    await raiseAlert(db, clock.uuid(), alert, now);
    await notifyApp(db, app.id);
  });
}

/** A credential works again: what was told of the one before is over. */
export async function tellRestored(
  ground: CredentialGround,
  db: PoolClient,
  app: Pick<CredentialApp, 'id' | 'name'>,
  isBack: boolean,
): Promise<void> {
  const now = ground.clock.now();
  await resolveAlerts(db, app.id, ['credential_dead', 'credential_expiring'], now);
  if (!isBack) return;
  const alert = {
    key: `credential_restored ${app.id} ${now.toISOString()}`,
    ...({ kind: 'credential_restored', severity: 'info', appId: app.id, app: app.name } as const),
    title: `${app.name}: the credential works again`,
    message: `${app.name} has a new credential; everything that waited goes on by itself.`,
    nextStep: 'Nothing to do.',
    link: linkToCredential(ground, app.name),
  };
  await raiseAlert(db, ground.clock.uuid(), alert, now);
}
