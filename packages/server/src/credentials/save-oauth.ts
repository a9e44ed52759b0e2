import type { FieldProblem } from '../refusal.ts';
import { forgetSecret, hasSecret, ownerOfApp } from '../vault/index.ts';
import { clientCertificateOpens } from './client-certificate.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { forgetAuthorization } from './forget-authorization.ts';
import { type OAuthSettings, secretOriginsOf } from './oauth-settings.ts';
import { forgetExpiry } from './sql/expiries.ts';
import { findHealth } from './sql/health.ts';
import { deleteOAuth, findOAuth, saveConsumer, saveSettings, saveStaged } from './sql/oauth-settings.ts';

/** Secrets that are sent to the authorization server, or that sign what is. */
const CONSUMER_FIELDS = [
  ...['consumer_secret', 'staged_consumer_secret', 'assertion_key', 'staged_assertion_key', 'registration_token'],
];

/**
 * Keeps settings that were pinned. Where secrets would go to another origin than they were entered for, they are forgotten
 * and have to be entered again: no change of an address sends a secret anywhere. Gives what a person should know.
 */
export async function saveOAuth(
  ground: CredentialGround,
  change: CredentialChange,
  settings: OAuthSettings,
): Promise<FieldProblem[]> {
  const { db, app, now, audit } = change;
  const before = await findOAuth(db, app.id);
  const warnings: FieldProblem[] = [];
  const isElsewhere = before && secretOriginsOf(before.settings).join() !== secretOriginsOf(settings).join();
  await saveSettings(db, app.id, settings, now);
  if (before && isElsewhere) {
    const hadSecret = await hasSecret(db, ownerOfApp(app.id), 'consumer_secret');
    await forgetSecret(db, ownerOfApp(app.id), CONSUMER_FIELDS);
    await saveStaged(db, app.id, null, now);
    await forgetExpiry(db, app.id, ['consumer secret', 'staged secret']);
    if (before.consumerSource !== 'entered') {
      await saveConsumer(db, app.id, { key: null, source: null, secretExpiresAt: null, registration: null }, now);
    }
    const place = secretOriginsOf(settings).join(', ');
    if (hadSecret) {
      const problem = `the consumer secret was entered for ${secretOriginsOf(before.settings).join(', ')} and is not sent to ${place}: it was forgotten`;
      warnings.push({ field: 'consumer', problem, fix: 'Enter or generate it again.' });
    }
    if (await forgetAuthorization(change, 'The authorization server is another one now')) {
      const problem = 'the authorization was of the other authorization server, and was forgotten';
      warnings.push({ field: 'authorization', problem, fix: 'Authorize the app again.' });
    }
  } else {
    warnings.push(...(await warnOfChange(change, settings)));
  }
  if (!(await clientCertificateOpens(ground, db, app))) {
    const problem = 'the key of the client certificate was entered for other origins, and is not used at these';
    warnings.push({ field: 'clientCertificate', problem, fix: 'Enter the certificate and its key again.' });
  }
  await audit('oauth.saved', { before: before?.settings, after: settings });
  return warnings;
}

async function warnOfChange({ db, app }: CredentialChange, settings: OAuthSettings): Promise<FieldProblem[]> {
  const health = await findHealth(db, app.id);
  if (health?.kind !== 'oauth') return [];
  const missing = settings.scopes.filter((scope) => !health.scopesRequested.includes(scope));
  if (missing.length === 0 && health.grantType === settings.grant) return [];
  const problem =
    health.grantType === settings.grant
      ? `the authorization in force was not asked for ${missing.join(', ')}`
      : `the authorization in force was given by ${health.grantType}`;
  return [{ field: 'authorization', problem, fix: 'Authorize the app again.' }];
}

/** Forgets the settings, the consumer key with its secrets, and the authorization that was given to it. */
export async function dropOAuth(change: CredentialChange): Promise<boolean> {
  const { db, app, audit } = change;
  const before = await findOAuth(db, app.id);
  if (!before) return false;
  await forgetAuthorization(change, 'The OAuth settings were forgotten');
  await forgetSecret(db, ownerOfApp(app.id), [...CONSUMER_FIELDS, 'refresh_token']);
  await forgetExpiry(db, app.id, ['consumer secret', 'staged secret']);
  await deleteOAuth(db, app.id);
  await audit('oauth.forgotten', { before: { ...before.settings, consumerKey: before.consumerKey } });
  return true;
}
