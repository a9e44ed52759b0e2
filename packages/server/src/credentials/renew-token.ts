import { crashPoint } from '../crash-point.ts';
import { inTransaction, isCommitOutcomeUnknown, isRetryable } from '../db/index.ts';
import { keepSecret, openSecret, ownerOfApp, type Secret, VaultError } from '../vault/index.ts';
import type { CredentialGround } from './credential-ground.ts';
import { raiseDeath } from './death.ts';
import { type CredentialProblem, learnFromAnswer, predictLife } from './health.ts';
import { MissingPieceError } from './missing-piece.ts';
import { secretOriginsOf } from './oauth-settings.ts';
import { type OpenedOAuth, openOAuth } from './open-oauth.ts';
import { requestTokens, type TokenRequest, type TokenResult } from './request-tokens.ts';
import { sealAccessToken } from './seal-access-token.ts';
import { findAccessCredential } from './sql/access-credential.ts';
import { addLife, findHealth, type HealthRow, savePrediction } from './sql/health.ts';
import { noteStagedWorked } from './sql/oauth-settings.ts';
import {
  type Attempt,
  claimRenewal,
  demandDurability,
  endLife,
  loseRenewal,
  releaseRenewal,
  saveAccessToken,
  storeRenewal,
} from './sql/renewal.ts';
import { tellExpiry } from './tell-expiry.ts';
import type { TokenSet } from './token-answer.ts';
import type { TokenFailure } from './token-failure.ts';

/** What came of the wish to renew the tokens of a generation. */
export type Renewal =
  /** Newer tokens are stored, by this replica or another. */
  | { readonly kind: 'renewed'; readonly generation: number }
  /** Not now; the tokens in force stay. */
  | { readonly kind: 'later'; readonly problem: CredentialProblem; readonly retryAt: Date }
  /** A person is needed. */
  | { readonly kind: 'dead'; readonly problem: CredentialProblem };

export interface RenewalOptions {
  /** Ask even though the last try failed a moment ago: a person wants it. */
  readonly force?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: RenewalLimits | undefined;
}

export interface RenewalLimits {
  /** The request itself; shorter than most authorization servers think, for everybody else waits. */
  readonly callMs: number;
  /** The intent outlasts the call, so that nobody else begins while its answer may still be on its way to the database. */
  readonly intentMs: number;
}

const LIMITS: RenewalLimits = { callMs: 15_000, intentMs: 20_000 };
/** What is left of an intent must hold most of a call, or another replica may begin while it lasts. */
const LEAST_OF_CALL = 0.5;
const LOOK_EVERY_MS = [20, 50, 100, 200, 400];
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;
const REFUSED_PAUSE_MS = 3_600_000;
/** New tokens that the database does not take are held this long: they are the only ones there are. */
const STORE_PATIENCE_MS = 300_000;

/**
 * Renews the tokens of an app once in the whole fleet: whoever writes the intent asks, the others wait for what comes of
 * it. `seen` is the generation that is no longer good enough.
 */
export async function renewToken(
  ground: CredentialGround,
  appId: number,
  seen: number,
  options: RenewalOptions = {},
): Promise<Renewal> {
  const { clock, pool } = ground;
  const { limits = LIMITS } = options;
  const untilMs = clock.monotonicMs() + 2 * limits.intentMs + limits.callMs;
  let retriedLoss = false;
  for (let look = 0; ; look += 1) {
    options.signal?.throwIfAborted();
    const health = await findHealth(pool, appId);
    const verdict = judge(health, seen, clock.now(), options.force === true || retriedLoss);
    if (verdict) return verdict;
    crashPoint('before-refresh-intent');
    const attempt: Attempt = { appId, generation: seen, id: clock.uuid() };
    const askedAtMs = clock.monotonicMs();
    const claim = await claimRenewal(pool, attempt, clock.now(), limits.intentMs);
    if (claim && health) {
      crashPoint('after-refresh-intent');
      const found = { ...health, lostSince: claim.lostSince };
      const renewal = await performRenewal(ground, attempt, found, { ...limits, askedAtMs });
      // The same token once more, at once: the request may never have arrived, and servers that allow a repetition do so
      // for seconds. Where it did arrive, the tokens are lost as they are.
      if (renewal.kind === 'later' && renewal.problem.code === 'answer_lost_once' && !retriedLoss) {
        retriedLoss = true;
        continue;
      }
      return renewal;
    }
    if (clock.monotonicMs() > untilMs) return giveUp(clock.now());
    await clock.sleep(LOOK_EVERY_MS[Math.min(look, LOOK_EVERY_MS.length - 1)] ?? 400, options.signal);
  }
}

function judge(health: HealthRow | undefined, seen: number, now: Date, force: boolean): Renewal | undefined {
  if (!health) {
    const problem = buildProblem('refused', 'The authorization was forgotten.', 'Authorize the app.', now);
    return { kind: 'dead', problem };
  }
  if (health.generation > seen) return { kind: 'renewed', generation: health.generation };
  if (health.state === 'dead' && health.problem) return { kind: 'dead', problem: health.problem };
  if (!force && health.retryAt && health.retryAt > now && health.problem) {
    return { kind: 'later', problem: health.problem, retryAt: health.retryAt };
  }
  return undefined;
}

function giveUp(now: Date): Renewal {
  const message = 'Another replica is renewing the access token and did not finish.';
  const problem = buildProblem('busy', message, 'Nothing to do: it is tried again by itself.', now);
  return { kind: 'later', problem, retryAt: new Date(now.getTime() + FIRST_PAUSE_MS) };
}

async function performRenewal(
  ground: CredentialGround,
  attempt: Attempt,
  health: HealthRow,
  { askedAtMs, callMs, intentMs }: RenewalLimits & { askedAtMs: number },
): Promise<Renewal> {
  const { clock, log } = ground;
  const prepared = await prepare(ground, attempt, health);
  if (!('opened' in prepared)) return prepared;
  const { opened, request } = prepared;
  // A replica that slept between its intent and here must not send what another one may be sending by now.
  const leftMs = Math.min(callMs, askedAtMs + 0.95 * intentMs - clock.monotonicMs());
  if (leftMs < callMs * LEAST_OF_CALL) {
    const late = giveUp(clock.now());
    if (late.kind === 'later')
      await releaseRenewal(ground.pool, attempt, { ...late, state: health.state === 'refused' ? 'refused' : 'live' });
    return late;
  }
  const result = await requestTokens(ground, opened, request, { totalMs: leftMs });
  if (result.ok) {
    crashPoint('refresh-answered');
    const generation = await storeTokens(ground, attempt, health, opened, request, result);
    crashPoint('after-refresh-stored');
    return { kind: 'renewed', generation };
  }
  log.warn({ app: opened.app.name, failure: result.failure }, 'The access token could not be renewed');
  return concludeFailure(ground, attempt, health, opened, result.failure);
}

type Prepared = { opened: OpenedOAuth; request: TokenRequest };

/** Opens what the renewal needs. What is missing is a person's to mend, and nothing was sent. */
async function prepare(ground: CredentialGround, attempt: Attempt, health: HealthRow): Promise<Prepared | Renewal> {
  try {
    const opened = await openOAuth(ground, ground.pool, attempt.appId);
    if (health.grantType === 'client_credentials') return { opened, request: { kind: 'client credentials' } };
    if (health.grantType === 'jwt_bearer') return { opened, request: { kind: 'jwt bearer' } };
    const refreshToken = await openRefreshToken(ground, attempt.appId, opened);
    if (refreshToken) return { opened, request: { kind: 'refresh', refreshToken } };
    const now = ground.clock.now();
    if (!health.accessExpiresAt || health.accessExpiresAt > now) return await keepWhatThereIs(ground, attempt, now);
    const message = 'The access token has ended, and the target gave no refresh token to renew it with.';
    const step =
      'Ask for the scope with which this target gives refresh tokens (refresh_token, offline_access), and authorize again.';
    return await die(ground, attempt, health, opened.app.name, buildProblem('ran_out', message, step, now));
  } catch (error) {
    if (!(error instanceof MissingPieceError) && !(error instanceof VaultError)) throw error;
    const now = ground.clock.now();
    const fix = error instanceof MissingPieceError ? error.fix : 'Put the key back, or authorize the app again.';
    const message = error instanceof MissingPieceError ? error.problem : error.message;
    const problem = buildProblem('refused', message, fix, now);
    const retryAt = new Date(now.getTime() + REFUSED_PAUSE_MS);
    await releaseRenewal(ground.pool, attempt, { retryAt, problem, state: 'refused' });
    return { kind: 'later', problem, retryAt };
  }
}

/** Without a refresh token the access token is all there is, also when the target refused it once. */
async function keepWhatThereIs(ground: CredentialGround, attempt: Attempt, now: Date): Promise<Renewal> {
  const message = 'The target refuses the access token, and it gave no refresh token to renew it with.';
  const problem = buildProblem('refused', message, 'Authorize the app again, if it goes on refusing.', now);
  const retryAt = new Date(now.getTime() + FIRST_PAUSE_MS);
  await releaseRenewal(ground.pool, attempt, { retryAt, problem, state: 'live' });
  return { kind: 'later', problem, retryAt };
}

function openRefreshToken(
  ground: CredentialGround,
  appId: number,
  { stored }: OpenedOAuth,
): Promise<Secret | undefined> {
  const place = { owner: ownerOfApp(appId), field: 'refresh_token', origins: secretOriginsOf(stored.settings) };
  return openSecret(ground.pool, ground.vault, place);
}

/** The rotated refresh token is on disk before the access token that came with it is used. */
async function storeTokens(
  ground: CredentialGround,
  attempt: Attempt,
  health: HealthRow,
  opened: OpenedOAuth,
  request: TokenRequest,
  { tokens, pair }: Extract<TokenResult, { ok: true }>,
): Promise<number> {
  const { clock, log } = ground;
  const untilMs = clock.monotonicMs() + STORE_PATIENCE_MS;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      return await storeOnce(ground, attempt, health, opened, request, tokens, pair === 'staged');
    } catch (error) {
      const isPassing = isRetryable(error) || isCommitOutcomeUnknown(error);
      if (!isPassing || clock.monotonicMs() > untilMs) throw error;
      log.warn({ err: error, app: opened.app.name }, 'New tokens are not stored yet; it is tried again');
      await clock.sleep(pauseMs);
    }
  }
}

async function storeOnce(
  ground: CredentialGround,
  attempt: Attempt,
  health: HealthRow,
  opened: OpenedOAuth,
  request: TokenRequest,
  tokens: TokenSet,
  isStaged: boolean,
): Promise<number> {
  const { vault, pool, clock, log } = ground;
  const { appId } = attempt;
  const now = clock.now();
  const { refreshToken, expiresInSeconds, scopes } = tokens;
  const isRefresh = request.kind === 'refresh';
  const isRotated = isRefresh && refreshToken !== undefined && !refreshToken.equals(request.refreshToken);
  const accessExpiresAt = expiresInSeconds === undefined ? null : new Date(now.getTime() + expiresInSeconds * 1000);
  return inTransaction(pool, async (db) => {
    await demandDurability(db);
    const generation = await storeRenewal(db, attempt, now, {
      ...{ accessExpiresAt, hasNewRefreshToken: isRotated, rotates: isRefresh ? isRotated : null },
      scopesGranted: scopes ?? null,
    });
    if (generation === undefined) {
      log.warn(
        { app: opened.app.name },
        'A renewal was answered after other tokens were stored; its answer is of no use',
      );
      return (await findHealth(db, appId))?.generation ?? attempt.generation + 1;
    }
    const stored = await findAccessCredential(db, appId);
    if (!stored) throw new Error(`App ${appId} has the health of an authorization and no credential`);
    const { sealed, keyId } = sealAccessToken(ground, appId, stored.origins, tokens.accessToken);
    await saveAccessToken(db, appId, sealed, keyId, now);
    if (refreshToken && isRotated) {
      const origins = secretOriginsOf(opened.stored.settings);
      await keepSecret(
        db,
        vault,
        { owner: ownerOfApp(appId), field: 'refresh_token', origins, appId },
        refreshToken,
        now,
      );
    }
    if (isStaged) await noteStagedWorked(db, appId, now);
    const learned = learn(health, tokens, now);
    const facts = { ...health, obtainedAt: now, accessExpiresAt };
    const prediction = predictLife(facts, health.policy, learned);
    await savePrediction(db, appId, { ...prediction, learned });
    await tellExpiry(db, appId, prediction);
    return generation;
  });
}

function learn(health: HealthRow, { refreshExpiresInSeconds: seconds }: TokenSet, now: Date): HealthRow['learned'] {
  if (seconds === undefined) return health.learned;
  const beforeSeconds = health.learned?.idleSeconds;
  const before = beforeSeconds === undefined ? undefined : { seconds: beforeSeconds, at: health.obtainedAt };
  return learnFromAnswer(health.learned, { seconds, at: now }, before, health.authorizedAt);
}

async function concludeFailure(
  ground: CredentialGround,
  attempt: Attempt,
  health: HealthRow,
  { app, stored }: OpenedOAuth,
  failure: TokenFailure,
): Promise<Renewal> {
  const { pool, clock } = ground;
  const now = clock.now();
  const { status, targetSaid } = failure;
  const told = { status, targetSaid };
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(health.failures, 10), LONGEST_PAUSE_MS);
  const retryAt = new Date(now.getTime() + Math.min(Math.max(pauseMs, failure.retryAfterMs ?? 0), REFUSED_PAUSE_MS));
  const wait = 'Nothing to do: it is tried again by itself.';
  switch (failure.kind) {
    case 'not sent':
    case 'busy': {
      const code = failure.kind === 'busy' ? 'busy' : 'unreachable';
      const problem = { ...buildProblem(code, failure.message, wait, now), ...told };
      await releaseRenewal(pool, attempt, { retryAt, problem, state: 'live' });
      return { kind: 'later', problem, retryAt };
    }
    case 'unknown': {
      const problem = { ...buildProblem('answer_lost_once', failure.message, wait, now), ...told };
      if (health.grantType !== 'authorization_code') {
        await releaseRenewal(pool, attempt, { retryAt, problem, state: 'live' });
      } else await loseRenewal(pool, attempt, { since: now, retryAt, problem });
      return { kind: 'later', problem, retryAt };
    }
    case 'grant refused':
      if (health.grantType !== 'authorization_code') break;
      return die(ground, attempt, health, app.name, { ...explainDeath(health, failure, now), ...told });
  }
  const isConsumer = failure.kind === 'consumer refused';
  const step = isConsumer
    ? `Enter the consumer secret that the target has for ${stored.consumerKey}: the authorization goes on with it.`
    : 'Look at what the target says, and correct the OAuth settings or its side: the authorization goes on then.';
  const problem = { ...buildProblem(isConsumer ? 'consumer_refused' : 'refused', failure.message, step, now), ...told };
  const later = new Date(now.getTime() + REFUSED_PAUSE_MS);
  await releaseRenewal(pool, attempt, { retryAt: later, problem, state: 'refused' });
  await raiseDeath(ground, { id: attempt.appId, name: app.name }, health.generation, problem);
  return { kind: 'later', problem, retryAt: later };
}

/** Why a refresh token is no longer taken: our own loss of an answer is said to be that, and nothing else is. */
function explainDeath(health: HealthRow, failure: TokenFailure, now: Date): CredentialProblem {
  if (health.lostSince) {
    const since = health.lostSince.toISOString();
    const message =
      `The target replaced the refresh token and its answer was lost (at ${since}), so the new one never arrived; ` +
      'the old one is not taken any more.';
    return buildProblem('lost_answer', message, 'Authorize the app again: everything goes on by itself then.', now);
  }
  const message = `${failure.message} The authorization has ended at the target: it expired, or somebody ended it.`;
  return buildProblem('ended_at_target', message, 'Authorize the app again: everything goes on by itself then.', now);
}

async function die(
  ground: CredentialGround,
  attempt: Attempt,
  health: HealthRow,
  appName: string,
  problem: CredentialProblem,
): Promise<Renewal> {
  const { pool, clock } = ground;
  const now = clock.now();
  const isFirst = await inTransaction(pool, async (db) => {
    if (!(await endLife(db, attempt, now, problem))) return false;
    await addLife(db, attempt.appId, 'oauth', {
      ...{ authorizedAt: health.authorizedAt, diedAt: now, cause: problem.code, message: problem.message },
      idleSeconds: Math.round((now.getTime() - health.obtainedAt.getTime()) / 1000),
      ageSeconds: Math.round((now.getTime() - health.authorizedAt.getTime()) / 1000),
    });
    return true;
  });
  if (isFirst) {
    await raiseDeath(ground, { id: attempt.appId, name: appName }, attempt.generation, problem);
    return { kind: 'dead', problem };
  }
  const present = await findHealth(pool, attempt.appId);
  if (present && present.generation > attempt.generation) return { kind: 'renewed', generation: present.generation };
  return { kind: 'dead', problem };
}

function buildProblem(
  code: CredentialProblem['code'],
  message: string,
  nextStep: string,
  now: Date,
): CredentialProblem {
  return { code, message, nextStep, since: now.toISOString() };
}
