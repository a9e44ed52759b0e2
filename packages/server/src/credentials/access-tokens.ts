import { ConnectorError } from '@usher/connector-sdk';
import type { CredentialHeaders } from '../transport/index.ts';
import type { CredentialGround } from './credential-ground.ts';
import { type CredentialProblem, refreshFrom } from './health.ts';
import { MissingPieceError } from './missing-piece.ts';
import { type Renewal, renewToken } from './renew-token.ts';
import { sealContextOf } from './seal-access-token.ts';
import { findAccessCredential } from './sql/access-credential.ts';
import { findHealth, type HealthRow, noteUse } from './sql/health.ts';

/** A credential as a transport uses it. */
export interface OpenedAuthorization {
  /** The headers that carry it; renewed before they end. Throws a ConnectorError when there are none that work. */
  authorize(): CredentialHeaders | Promise<CredentialHeaders>;
  /** After a 401 with these headers: true when `authorize` now gives better ones. */
  onUnauthorized(refused: CredentialHeaders): Promise<boolean>;
  readonly origins: readonly string[];
}

/** The tokens in force as this process has them in memory. */
interface Current {
  readonly generation: number;
  readonly headers: CredentialHeaders;
  readonly expiresAtMs: number | undefined;
  readonly refreshAtMs: number | undefined;
}

/** A target that refuses fresh tokens will refuse the next ones too: so soon after a refusal no other is asked for. */
const REST_AFTER_REFUSAL_MS = 60_000;
const NOTE_USE_EVERY_MS = 60_000;

/** The access token of one app, for as long as its transport is open. Replicas share the tokens by the database alone. */
export class AppAuthorization implements OpenedAuthorization {
  readonly origins: readonly string[];
  readonly #ground: CredentialGround;
  readonly #appId: number;
  #current: Current;
  #renewing: Promise<Renewal> | undefined;
  #noRenewalBeforeMs = 0;
  #refusedAtMs = Number.NEGATIVE_INFINITY;
  #usedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(ground: CredentialGround, appId: number, current: Current, origins: readonly string[]) {
    this.#ground = ground;
    this.#appId = appId;
    this.#current = current;
    this.origins = origins;
  }

  /** Throws a MissingPieceError when the app is not authorized, or its authorization is dead. */
  static async open(ground: CredentialGround, appId: number): Promise<AppAuthorization> {
    const { current, origins, health } = await load(ground, appId);
    if (health.state === 'dead' && health.problem) {
      throw new MissingPieceError('credential', health.problem.message, health.problem.nextStep);
    }
    return new AppAuthorization(ground, appId, current, origins);
  }

  authorize(): CredentialHeaders | Promise<CredentialHeaders> {
    const nowMs = this.#ground.clock.now().getTime();
    const { headers, refreshAtMs } = this.#current;
    this.#noteUse(nowMs);
    if (refreshAtMs === undefined || nowMs < refreshAtMs || nowMs < this.#noRenewalBeforeMs)
      return this.#checkAlive(nowMs) ?? headers;
    return this.#renewAndGet();
  }

  async onUnauthorized(refused: CredentialHeaders): Promise<boolean> {
    const { clock } = this.#ground;
    if (this.#current.headers !== refused) return true;
    await this.#reload();
    if (this.#current.headers !== refused) return true;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#refusedAtMs < REST_AFTER_REFUSAL_MS) return false;
    this.#refusedAtMs = nowMs;
    const renewal = await this.#renew();
    return renewal.kind === 'renewed' && this.#current.headers !== refused;
  }

  /** The present headers while they last, where renewing has to wait. */
  #checkAlive(nowMs: number): undefined {
    const { expiresAtMs } = this.#current;
    if (expiresAtMs === undefined || nowMs < expiresAtMs) return undefined;
    const waitMs = Math.max(0, this.#noRenewalBeforeMs - nowMs);
    throw new ConnectorError('transient', 'The access token has ended and cannot be renewed at the moment.', {
      retryAfterMs: waitMs,
    });
  }

  async #renewAndGet(): Promise<CredentialHeaders> {
    const renewal = await this.#renew();
    if (renewal.kind === 'renewed') return this.#current.headers;
    if (renewal.kind === 'dead') throw refuse(renewal.problem);
    this.#noRenewalBeforeMs = renewal.retryAt.getTime();
    const nowMs = this.#ground.clock.now().getTime();
    const { headers, expiresAtMs } = this.#current;
    if (expiresAtMs !== undefined && nowMs < expiresAtMs) return headers;
    if (renewal.problem.code === 'consumer_refused' || renewal.problem.code === 'refused')
      throw refuse(renewal.problem);
    const { message, nextStep } = renewal.problem;
    const retryAfterMs = Math.max(0, renewal.retryAt.getTime() - nowMs);
    throw new ConnectorError('transient', `The access token cannot be renewed: ${message} ${nextStep}`, {
      retryAfterMs,
    });
  }

  /** One renewal at a time in this process; across processes the database sees to it. */
  #renew(): Promise<Renewal> {
    this.#renewing ??= (async () => {
      const renewal = await renewToken(this.#ground, this.#appId, this.#current.generation);
      if (renewal.kind === 'renewed') await this.#reload();
      return renewal;
    })().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #reload(): Promise<void> {
    const { current } = await load(this.#ground, this.#appId);
    if (current.generation !== this.#current.generation) this.#current = current;
  }

  #noteUse(nowMs: number): void {
    if (nowMs - this.#usedAtMs < NOTE_USE_EVERY_MS) return;
    this.#usedAtMs = nowMs;
    const { pool, log } = this.#ground;
    void noteUse(pool, this.#appId, new Date(nowMs)).catch((error: unknown) =>
      log.debug({ err: error }, 'Could not note the use of a credential'),
    );
  }
}

async function load(
  ground: CredentialGround,
  appId: number,
): Promise<{ current: Current; origins: readonly string[]; health: HealthRow }> {
  const { pool, vault } = ground;
  // The tokens after the generation: at worst they are newer than it says, and the next 401 finds that out.
  const health = await findHealth(pool, appId);
  const stored = await findAccessCredential(pool, appId);
  if (!health || !stored) {
    const fix = 'Authorize it: everything goes on by itself then.';
    throw new MissingPieceError('credential', 'The app is not authorized at its target.', fix);
  }
  const token = vault.open(stored.sealed, sealContextOf(appId, stored.origins));
  const { generation, accessExpiresAt, obtainedAt } = health;
  const current: Current = {
    generation,
    headers: { authorization: `Bearer ${token.reveal()}` },
    expiresAtMs: accessExpiresAt?.getTime(),
    refreshAtMs: refreshFrom(obtainedAt, accessExpiresAt)?.getTime(),
  };
  return { current, origins: stored.origins, health };
}

function refuse({ message, nextStep, status, targetSaid }: CredentialProblem): ConnectorError {
  const isForbidden = status === 403;
  return new ConnectorError('unauthorized', `${message} ${nextStep}`, {
    ...(status === undefined || isForbidden ? {} : { status }),
    ...(targetSaid === undefined ? {} : { detail: targetSaid }),
  });
}
