import { fetchUserInfo, skipSubjectCheck, tokenIntrospection } from 'openid-client';
import type { CredentialGround } from './credential-ground.ts';
import { type OAuthLine, openLine, openOAuth } from './open-oauth.ts';
import { sealContextOf } from './seal-access-token.ts';
import { findAccessCredential } from './sql/access-credential.ts';
import { findHealth, saveAccount } from './sql/health.ts';
import { describeAccount } from './store-authorization.ts';

const CALL_MS = 10_000;

/**
 * Asks the authorization server whose authorization an app has, where the ID token did not say: userinfo, then
 * introspection. What cannot be learned stays unknown; nothing fails of it.
 */
export async function lookAtAccount(ground: CredentialGround, appId: number): Promise<void> {
  const { pool, vault, log } = ground;
  const health = await findHealth(pool, appId);
  const stored = await findAccessCredential(pool, appId);
  if (!health || !stored || health.grantType !== 'authorization_code' || health.account?.email) return;
  try {
    const opened = await openOAuth(ground, pool, appId);
    const line = await openLine(ground, opened, { pair: 'present', totalMs: CALL_MS });
    const token = vault.open(stored.sealed, sealContextOf(appId, stored.origins)).reveal();
    for (const [from, ask] of [
      ['userinfo', askUserInfo],
      ['introspection', askIntrospection],
    ] as const) {
      const facts = await ask(line, token).catch(() => undefined);
      // Facts of another account than the ID token's are nobody's.
      const isOther = health.account?.subject && facts?.['sub'] && facts['sub'] !== health.account.subject;
      if (!facts || isOther) continue;
      const { account, ownerUserId } = await describeAccount(pool, { ...facts, ...namesOf(health.account) }, from);
      if (account) return await saveAccount(pool, appId, account, ownerUserId);
    }
  } catch (error) {
    log.debug({ err: error, appId }, 'Could not learn whose authorization it is');
  }
}

/** The `/Me` of a SCIM target (RFC 7644 section 3.11), where nothing else told. */
export async function noteAccount(
  ground: CredentialGround,
  appId: number,
  facts: Record<string, unknown>,
): Promise<void> {
  const health = await findHealth(ground.pool, appId);
  if (!health || health.account) return;
  const { account, ownerUserId } = await describeAccount(ground.pool, facts, 'target');
  if (account) await saveAccount(ground.pool, appId, account, ownerUserId);
}

function namesOf(account: { subject: string | null; label: string | null } | null): Record<string, string> {
  return {
    ...(account?.subject ? { sub: account.subject } : {}),
    ...(account?.label ? { name: account.label } : {}),
  };
}

async function askUserInfo(
  { config, settings }: OAuthLine,
  token: string,
): Promise<Record<string, unknown> | undefined> {
  if (settings.endpoints.userinfo === undefined) return undefined;
  return { ...(await fetchUserInfo(config, token, skipSubjectCheck)) };
}

async function askIntrospection(
  { config, settings }: OAuthLine,
  token: string,
): Promise<Record<string, unknown> | undefined> {
  if (settings.endpoints.introspection === undefined) return undefined;
  const found = await tokenIntrospection(config, token);
  return found.active ? { ...found } : undefined;
}
