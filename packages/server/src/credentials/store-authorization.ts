import { originOf } from '../transport/index.ts';
import { forgetSecret, keepSecret, ownerOfApp } from '../vault/index.ts';
import { type BehindAccount, judgePersonal, readAccount } from './account-behind.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { tellRestored } from './death.ts';
import { learnFromAnswer, learnFromLives, predictLife } from './health.ts';
import { secretOriginsOf } from './oauth-settings.ts';
import type { OpenedOAuth } from './open-oauth.ts';
import type { TokenResult } from './request-tokens.ts';
import { sealAccessToken } from './seal-access-token.ts';
import { putAccessCredential } from './sql/access-credential.ts';
import { findPerson } from './sql/find-person.ts';
import { beginLife, listLives, lockHealth, savePrediction } from './sql/health.ts';
import { noteStagedWorked } from './sql/oauth-settings.ts';
import { demandDurability } from './sql/renewal.ts';
import { tellExpiry } from './tell-expiry.ts';

/** Makes fresh tokens the credential in force of an app, bound to its origin as it is now. */
export async function storeAuthorization(
  ground: CredentialGround,
  { db, app, now, author, audit }: CredentialChange,
  { stored }: OpenedOAuth,
  { tokens, pair }: Extract<TokenResult, { ok: true }>,
): Promise<void> {
  await demandDurability(db);
  const { settings } = stored;
  const before = await lockHealth(db, app.id);
  const owner = ownerOfApp(app.id);
  const origins = [originOf(app.baseUrl)];
  await putAccessCredential(
    db,
    app.id,
    { ...sealAccessToken(ground, app.id, origins, tokens.accessToken), origins },
    now,
  );
  await forgetSecret(db, owner, ['refresh_token']);
  const hasRefreshToken = tokens.refreshToken !== undefined && settings.grant === 'authorization_code';
  if (tokens.refreshToken && hasRefreshToken) {
    const place = { owner, field: 'refresh_token', origins: secretOriginsOf(settings), appId: app.id };
    await keepSecret(db, ground.vault, place, tokens.refreshToken, now);
  }
  if (pair === 'staged') await noteStagedWorked(db, app.id, now);
  const { account, ownerUserId } = await describeAccount(db, tokens.claims);
  const { expiresInSeconds } = tokens;
  const accessExpiresAt = expiresInSeconds === undefined ? null : new Date(now.getTime() + expiresInSeconds * 1000);
  const scopesGranted = tokens.scopes ?? settings.scopes;
  const grantType = settings.grant;
  await beginLife(db, app.id, now, {
    ...{ kind: 'oauth', grantType, author, accessExpiresAt, hasRefreshToken, account, ownerUserId },
    ...{ scopesRequested: settings.scopes, scopesGranted },
  });
  const seconds = tokens.refreshExpiresInSeconds;
  const learned =
    seconds === undefined
      ? (learnFromLives(await listLives(db, app.id)) ?? before?.learned ?? null)
      : learnFromAnswer(null, { seconds, at: now }, undefined, now);
  const facts = { kind: 'oauth', grantType, authorizedAt: now, obtainedAt: now, accessExpiresAt, hasRefreshToken };
  const prediction = predictLife(facts, before?.policy ?? null, learned);
  await savePrediction(db, app.id, { ...prediction, learned });
  await tellExpiry(db, app.id, prediction);
  await tellRestored(ground, db, app, before !== undefined && before.state !== 'live');
  await audit('app.authorized', {
    before: before && { kind: before.kind, account: before.account?.label, authorizedAt: before.authorizedAt },
    after: { grant: grantType, account: account?.label, scopes: scopesGranted, origins, hasRefreshToken },
  });
}

/** Whose authorization it is by these facts, and who that is in the directory. */
export async function describeAccount(
  db: CredentialChange['db'] | CredentialGround['pool'],
  facts: Readonly<Record<string, unknown>> | undefined,
  from: BehindAccount['from'] = 'ID token',
): Promise<{ account: BehindAccount | null; ownerUserId: string | null }> {
  const read = facts && readAccount(facts, from);
  if (!read) return { account: null, ownerUserId: null };
  const names = [read.email, read.label, read.subject].filter((name) => name !== null);
  const person = await findPerson(db, names);
  return { account: { ...read, personal: judgePersonal(read, person) }, ownerUserId: person?.id ?? null };
}
