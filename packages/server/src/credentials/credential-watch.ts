import { linkToCredential, raiseAlert } from '../alerts/index.ts';
import { inTransaction } from '../db/index.ts';
import { forgetSecret, ownerOfApp } from '../vault/index.ts';
import type { CredentialGround } from './credential-ground.ts';
import { describeSpan } from './health.ts';
import { renewToken } from './renew-token.ts';
import { forgetOldAttempts } from './sql/attempts.ts';
import { type ExpiringThing, type Expiry, forgetExpiry, takeTellableExpiries } from './sql/expiries.ts';
import { listLeftOwners } from './sql/left-owners.ts';
import { listExpiredStaged, saveStaged } from './sql/oauth-settings.ts';
import { listKeepAlive } from './sql/renewal.ts';

/** How long before its end, in days, a thing is told of; 0 is the end itself. */
export const TOLD_BEFORE_DAYS = [30, 14, 7, 3, 1, 0];

const LOOK_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;
const ATTEMPTS_KEPT_MS = 7 * DAY_MS;

const NAMES: Record<ExpiringThing, string> = {
  credential: 'credential',
  'consumer secret': 'consumer secret',
  'staged secret': 'second secret of the rotation',
  'client certificate': 'client certificate',
};
const STEPS: Record<ExpiringThing, string> = {
  credential: 'Authorize the app again, or enter a new credential, before it ends.',
  'consumer secret': 'Stage a new secret with the target, and apply it, before it ends.',
  'staged secret': 'Apply or discard it.',
  'client certificate': 'Enter a new certificate before it ends.',
};

/** Keeps credentials alive that would end by rest, and tells of those that end all the same. Any number of replicas do so. */
export class CredentialWatch {
  readonly #ground: CredentialGround;
  readonly #stopping = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(ground: CredentialGround) {
    this.#ground = ground;
  }

  start(): void {
    this.#working = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#working;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#ground;
    while (!this.#stopping.signal.aborted) {
      await this.look().catch((error: unknown) =>
        log.warn({ err: error }, 'Credentials could not be looked at; it is tried again'),
      );
      await clock.sleep(LOOK_EVERY_MS, this.#stopping.signal).catch(() => {});
    }
  }

  /** One round over all apps. */
  async look(): Promise<void> {
    await this.#keepAlive();
    await this.#tellOfEnds();
    await this.#tellOfLeftOwners();
    await this.#forgetStaged();
    const { pool, clock } = this.#ground;
    await forgetOldAttempts(pool, new Date(clock.now().getTime() - ATTEMPTS_KEPT_MS));
  }

  async #keepAlive(): Promise<void> {
    const { pool, clock, log } = this.#ground;
    for (const { appId, generation } of await listKeepAlive(pool, clock.now())) {
      if (this.#stopping.signal.aborted) return;
      const renewal = await renewToken(this.#ground, appId, Number(generation));
      log.debug({ appId, renewal: renewal.kind }, 'Refreshed a credential so that it does not end by rest');
    }
  }

  async #tellOfEnds(): Promise<void> {
    const { pool, clock } = this.#ground;
    const now = clock.now();
    await inTransaction(pool, async (db) => {
      for (const expiry of await takeTellableExpiries(db, now, TOLD_BEFORE_DAYS)) {
        await raiseAlert(db, clock.uuid(), this.#describeEnd(expiry, now), now);
      }
    });
  }

  #describeEnd(
    { appId, app, label, what, expiresAt, why, days }: Expiry & { app: string; label: string; days: number },
    now: Date,
  ) {
    const leftSeconds = Math.max(0, Math.round((expiresAt.getTime() - now.getTime()) / 1000));
    const isOver = leftSeconds === 0;
    const when = isOver ? 'has ended' : `ends in ${describeSpan(leftSeconds)}`;
    const severity = days <= 1 ? 'critical' : days <= 7 ? 'warning' : 'info';
    return {
      key: `credential_expiring ${appId} ${what} ${expiresAt.toISOString()} ${days}`,
      ...({ kind: 'credential_expiring', severity, appId, app } as const),
      title: `${app}: the ${NAMES[what]} ${when}`,
      message: `The ${NAMES[what]} of ${label} ${isOver ? 'ended' : 'ends'} at ${expiresAt.toISOString()}. ${why}`,
      nextStep: STEPS[what],
      link: linkToCredential(this.#ground, app),
      facts: { what, expiresAt: expiresAt.toISOString(), days },
    };
  }

  async #tellOfLeftOwners(): Promise<void> {
    const { pool, clock } = this.#ground;
    for (const { appId, app, generation, userId } of await listLeftOwners(pool)) {
      const alert = {
        key: `credential_owner_left ${appId} ${userId}`,
        ...({ kind: 'credential_expiring', severity: 'warning', appId, app } as const),
        title: `${app}: who authorized it has left`,
        message: `The authorization of ${app} is that of a user who is no longer active: the target may end it with their account.`,
        nextStep: 'Authorize the app again with an account that is nobody’s.',
        link: linkToCredential(this.#ground, app),
        facts: { what: 'credential', userId, generation: Number(generation) },
      };
      await raiseAlert(pool, clock.uuid(), alert, clock.now());
    }
  }

  async #forgetStaged(): Promise<void> {
    const { pool, clock, log } = this.#ground;
    const now = clock.now();
    await inTransaction(pool, async (db) => {
      for (const appId of await listExpiredStaged(db, now)) {
        await forgetSecret(db, ownerOfApp(appId), ['staged_consumer_secret', 'staged_assertion_key']);
        await saveStaged(db, appId, null, now);
        await forgetExpiry(db, appId, ['staged secret']);
        log.info({ appId }, 'Forgot the second consumer secret of a rotation: its 30 days are over');
      }
    });
  }
}
