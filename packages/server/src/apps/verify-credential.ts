import { findHealth, lookAtAccount, noteAccount, saveVerification, type Verification } from '../credentials/index.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { findReachSettings, withTarget } from './reach-target.ts';
import { testApp } from './test-app.ts';

/**
 * Makes a harmless call with the credential in force and notes what came of it; learns whose it is where nothing told
 * yet. Never throws for what the target does.
 */
export async function verifyCredential(ground: AppGround, appId: number): Promise<Verification> {
  await lookAtAccount(ground, appId);
  const steps = await testApp(ground, String(appId));
  const failed = steps.find(({ ok }) => !ok);
  const last = failed ?? steps.at(-1);
  const verification: Verification = {
    ok: failed === undefined,
    message: last?.message ?? 'Nothing was tried.',
    ...(last?.fix === undefined ? {} : { fix: last.fix }),
  };
  await saveVerification(ground.pool, appId, ground.clock.now(), verification);
  if (verification.ok) await askWhoAmI(ground, appId);
  return verification;
}

/** SCIM's own way to ask who is asking; few targets have it. */
async function askWhoAmI(ground: AppGround, appId: number): Promise<void> {
  const health = await findHealth(ground.pool, appId);
  const app = await getApp(ground, String(appId));
  if (!health || health.account || app.connector !== 'scim2') return;
  try {
    const settings = await findReachSettings(ground, app);
    const answer = await withTarget(ground, app, settings, ({ transport }) =>
      transport.request({ method: 'GET', path: 'Me', effect: 'read' }),
    );
    if (answer.status !== 200) return;
    const facts: unknown = JSON.parse(answer.body);
    if (typeof facts === 'object' && facts !== null) await noteAccount(ground, appId, facts as Record<string, unknown>);
  } catch (error) {
    ground.log.debug({ err: error, app: app.name }, 'The target does not say whose credential it is');
  }
}
