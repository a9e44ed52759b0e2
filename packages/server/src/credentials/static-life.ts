import { forgetSecret, ownerOfApp, type StaticCredential } from '../vault/index.ts';
import type { CredentialChange } from './credential-change.ts';
import { type LifePolicy, predictLife } from './health.ts';
import { forgetExpiry } from './sql/expiries.ts';
import { beginLife, findHealth, forgetHealth, savePolicy, savePrediction } from './sql/health.ts';
import { tellExpiry } from './tell-expiry.ts';
import { readEndOfJwt } from './token-answer.ts';

/** A credential that does not change by itself comes into force: any authorization before it is forgotten. */
export async function beginStaticLife(change: CredentialChange, credential: StaticCredential): Promise<void> {
  const { db, app, now, author } = change;
  await forgetSecret(db, ownerOfApp(app.id), ['refresh_token']);
  // What was known of the credential before is no knowledge of this one.
  await forgetHealth(db, app.id);
  await beginLife(db, app.id, now, {
    ...{ kind: credential.kind, grantType: null, author, accessExpiresAt: null, hasRefreshToken: false },
    ...{ scopesRequested: [], scopesGranted: [], account: null, ownerUserId: null },
  });
  const end = credential.kind === 'bearer' ? readEndOfJwt(credential.token.reveal()) : undefined;
  const learned: LifePolicy | null = end
    ? {
        lifetimeSeconds: Math.max(0, Math.round((end.getTime() - now.getTime()) / 1000)),
        source: 'learned',
        how: 'as it says of itself',
      }
    : null;
  const facts = {
    kind: credential.kind,
    grantType: null,
    authorizedAt: now,
    obtainedAt: now,
    accessExpiresAt: null,
    hasRefreshToken: false,
  };
  const prediction = predictLife(facts, null, learned);
  await savePrediction(db, app.id, { ...prediction, learned });
  await tellExpiry(db, app.id, prediction);
}

/** No credential is in force any more. */
export async function endStaticLife({ db, app }: Pick<CredentialChange, 'db' | 'app'>): Promise<void> {
  await forgetSecret(db, ownerOfApp(app.id), ['refresh_token']);
  await forgetHealth(db, app.id);
  await forgetExpiry(db, app.id, ['credential']);
}

/** How long the credential in force lives, as a person knows it; null leaves it to what is learned. */
export async function setLifePolicy(change: CredentialChange, policy: LifePolicy | null): Promise<boolean> {
  const { db, app, audit } = change;
  const health = await findHealth(db, app.id);
  if (!health) return false;
  await savePolicy(db, app.id, policy);
  const prediction = predictLife(health, policy, health.learned);
  await savePrediction(db, app.id, { ...prediction, learned: health.learned });
  await tellExpiry(db, app.id, prediction);
  await audit('credential.policy_set', { before: health.policy, after: policy });
  return true;
}
