import { z } from 'zod';
import {
  type HealthRow,
  issuerOf,
  type Life,
  type LifePolicy,
  type OAuthSettings,
  type ShownConsumer,
  type StagedConsumer,
  type StoredCertificate,
  type StoredOAuth,
  secretOriginsOf,
} from '../credentials/index.ts';
import { findingSchema } from './app-schemas.ts';
import { timeOut, writeTime } from './wire.ts';

/** Shapes of what is told of OAuth settings and authorizations. No secret has a place in any but `shownConsumerSchema`. */

const jwk = z.record(z.string(), z.json()).describe('Public JSON Web Key (RFC 7517)');

const stagedSchema = z.object({
  consumerKey: z.string(),
  state: z.enum(['staged', 'rotated']).describe('To come, or replaced and still working'),
  at: timeOut,
  by: z.string(),
  expiresAt: timeOut.describe('It is forgotten then'),
  workedAt: timeOut.nullable().describe('It was accepted while the present pair was not: apply it'),
});

export const oauthSchema = z
  .object({
    settings: z.record(z.string(), z.json()).describe('In the form in which they can be saved again'),
    endpoints: z.record(z.string(), z.string()).describe('Pinned when the settings were saved'),
    origins: z.array(z.string()).describe('Where the consumer secret and the refresh token are sent, and nowhere else'),
    promises: z.record(z.string(), z.json()).describe('What the discovery document promises'),
    discovered: z.enum(['openid', 'oauth']).nullable(),
    callbackUrl: z.string().nullable().describe('Null: USHER_PUBLIC_URL is not set'),
    consumerKey: z.string().nullable(),
    consumerSource: z.enum(['generated', 'entered', 'registered']).nullable(),
    consumerSecretExpiresAt: timeOut.nullable(),
    hasConsumerSecret: z.boolean(),
    publicKeys: z.array(jwk),
    staged: stagedSchema.nullable(),
    updatedAt: timeOut,
  })
  .meta({ id: 'OAuth' });

export const savedOAuthSchema = oauthSchema.extend({ warnings: z.array(findingSchema) }).meta({ id: 'SavedOAuth' });

export const shownConsumerSchema = z
  .object({
    consumerKey: z.string(),
    consumerSecret: z.string().nullable().describe('Shown now and never again'),
    publicKey: jwk.nullable(),
    expiresAt: timeOut.nullable(),
  })
  .meta({ id: 'ShownConsumer' });

export function writeOAuth(
  stored: StoredOAuth,
  more: { callbackUrl: string | null; hasConsumerSecret: boolean; publicKeys: unknown[] },
): z.output<typeof oauthSchema> {
  const { settings, consumerKey, consumerSource, consumerSecretExpiresAt, staged, updatedAt } = stored;
  return {
    ...more,
    settings: toInput(settings) as never,
    endpoints: settings.endpoints as Record<string, string>,
    origins: secretOriginsOf(settings),
    promises: settings.promises as never,
    discovered: settings.discovered,
    consumerKey,
    consumerSource,
    consumerSecretExpiresAt: writeTime(consumerSecretExpiresAt),
    publicKeys: more.publicKeys as never,
    staged: staged && writeStaged(staged),
    updatedAt: writeTime(updatedAt),
  };
}

function toInput({ entered, endpoints: _, promises: __, discovered: ___, ...input }: OAuthSettings): object {
  return { ...input, endpoints: entered };
}

function writeStaged({ key, at, expiresAt, workedAt, state, by }: StagedConsumer): z.output<typeof stagedSchema> {
  const times = { at: writeTime(at), expiresAt: writeTime(expiresAt), workedAt: writeTime(workedAt) };
  return { consumerKey: key, state, by, ...times };
}

export function writeShownConsumer(shown: ShownConsumer): z.output<typeof shownConsumerSchema> {
  return {
    consumerKey: shown.consumerKey,
    consumerSecret: shown.consumerSecret?.reveal() ?? null,
    publicKey: shown.publicJwk as never,
    expiresAt: writeTime(shown.expiresAt),
  };
}

export const certificateSchema = z.object({
  certificate: z.string(),
  subject: z.string(),
  issuer: z.string(),
  fingerprint: z.string().describe('SHA-256'),
  notBefore: timeOut,
  notAfter: timeOut,
});

export function writeCertificate(found: StoredCertificate): z.output<typeof certificateSchema> {
  const issuer = issuerOf(found);
  return { ...found, issuer, notBefore: writeTime(found.notBefore), notAfter: writeTime(found.notAfter) };
}

const policySchema = z.object({
  lifetimeSeconds: z.number().optional(),
  idleSeconds: z.number().optional(),
  untilRevoked: z.boolean().optional(),
  source: z.enum(['entered', 'learned']),
  how: z.string().optional().describe('How it was learned'),
});

export const authorizationSchema = z
  .object({
    kind: z.string(),
    grant: z.string().nullable(),
    state: z.enum(['live', 'refused', 'dead']),
    authorizedAt: timeOut,
    authorizedBy: z.string().describe('Who authorized or entered it here'),
    account: z
      .object({
        subject: z.string().nullable(),
        label: z.string().nullable(),
        email: z.string().nullable(),
        from: z.string(),
        userId: z.string().nullable().describe('The user of the directory that it seems to be'),
        warning: z.string().nullable().describe('It looks like an account of a person, who may leave'),
      })
      .nullable()
      .describe('Whose authorization it is at the target; null where it does not say'),
    scopes: z.object({
      requested: z.array(z.string()),
      granted: z.array(z.string()),
      missing: z.array(z.string()),
    }),
    ageSeconds: z.number(),
    accessToken: z.object({ obtainedAt: timeOut, expiresAt: timeOut.nullable(), refreshes: z.number() }),
    refreshToken: z.object({ present: z.boolean(), issuedAt: timeOut.nullable(), rotates: z.boolean().nullable() }),
    lastUsedAt: timeOut.nullable(),
    policy: policySchema.nullable().describe('In force: entered by a person, or learned'),
    predictedDeathAt: timeOut.nullable(),
    predictedWhy: z.string().nullable(),
    keepAliveAt: timeOut.nullable().describe('Refreshed then even if it is not used'),
    suspended: z.boolean().describe('Restored from a backup: not kept alive before the app is resumed'),
    verification: z
      .object({ at: timeOut, ok: z.boolean(), message: z.string(), fix: z.string().optional() })
      .nullable()
      .describe('The last harmless call'),
    problem: z
      .object({
        code: z.string(),
        message: z.string(),
        nextStep: z.string(),
        status: z.number().nullable(),
        targetSaid: z.string().nullable(),
        since: timeOut,
      })
      .nullable(),
    retryAt: timeOut.nullable(),
    earlierLives: z.array(
      z.object({
        authorizedAt: timeOut,
        diedAt: timeOut,
        ageSeconds: z.number(),
        idleSeconds: z.number().nullable(),
        cause: z.string(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'Authorization' });

/** Scopes that ask for a kind of token rather than for a right. */
const HOW_SCOPES = new Set(['refresh_token', 'offline_access']);

export function findMissingScopes(health: HealthRow): string[] {
  return health.scopesRequested.filter((scope) => {
    if (health.scopesGranted.includes(scope)) return false;
    return !(HOW_SCOPES.has(scope) && health.hasRefreshToken);
  });
}

export function writeAuthorization(
  health: HealthRow,
  lives: readonly Life[],
  now: Date,
): z.output<typeof authorizationSchema> {
  const { account, problem, verification, verifiedAt } = health;
  const policy: LifePolicy | null = health.policy ?? health.learned;
  return {
    kind: health.kind,
    grant: health.grantType,
    state: health.state,
    authorizedAt: writeTime(health.authorizedAt),
    authorizedBy: health.authorizedBy,
    account: account && {
      ...{ subject: account.subject, label: account.label, email: account.email, from: account.from },
      ...{ userId: health.ownerUserId, warning: account.personal },
    },
    scopes: {
      ...{ requested: health.scopesRequested, granted: health.scopesGranted, missing: findMissingScopes(health) },
    },
    ageSeconds: Math.max(0, Math.round((now.getTime() - health.authorizedAt.getTime()) / 1000)),
    accessToken: {
      obtainedAt: writeTime(health.obtainedAt),
      expiresAt: writeTime(health.accessExpiresAt),
      refreshes: Number(health.refreshes),
    },
    refreshToken: {
      present: health.hasRefreshToken,
      issuedAt: writeTime(health.refreshIssuedAt),
      rotates: health.rotates,
    },
    lastUsedAt: writeTime(health.lastUsedAt),
    policy,
    predictedDeathAt: writeTime(health.predictedDeathAt),
    predictedWhy: health.predictedWhy,
    keepAliveAt: writeTime(health.keepAliveAt),
    suspended: health.suspended,
    verification: verification && verifiedAt ? { at: writeTime(verifiedAt), ...verification } : null,
    problem: problem && { ...problem, status: problem.status ?? null, targetSaid: problem.targetSaid ?? null },
    retryAt: writeTime(health.retryAt),
    earlierLives: lives.map((life) => ({
      ...{ ageSeconds: Number(life.ageSeconds), cause: life.cause, message: life.message },
      idleSeconds: life.idleSeconds === null ? null : Number(life.idleSeconds),
      ...{ authorizedAt: writeTime(life.authorizedAt), diedAt: writeTime(life.diedAt) },
    })),
  };
}
