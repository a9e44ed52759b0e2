import type { Alert } from './alert.ts';
import { type AlertGround, linkToHolds } from './alert-ground.ts';
import { sendEmail } from './send-email.ts';
import { type Sent, sendWebhook } from './send-webhook.ts';
import { findAlert, forgetOldAlerts, raiseAlert } from './sql/alerts.ts';
import { findChannel } from './sql/channels.ts';
import { type DueDelivery, noteDelivered, noteFailed, takeDeliveries } from './sql/deliveries.ts';
import { takeTellableHolds } from './sql/waiting-holds.ts';

const LOOK_EVERY_MS = 5_000;
/** Longer than any sending lasts. */
const SENDING_MS = 120_000;
const AT_ONCE = 8;
/** Over three days: a receiver that is away for a long weekend still gets it. */
const PAUSES_MS = [10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
const LAST_PAUSE_MS = 4 * 3_600_000;
const MOST_ATTEMPTS = 26;
const HOLDS_AGAIN_MS = 3_600_000;
const KEPT_MS = 90 * 86_400_000;

/** When to try again after this attempt; null: never. */
export function planRetry(attempts: number, now: Date): Date | null {
  if (attempts >= MOST_ATTEMPTS) return null;
  return new Date(now.getTime() + (PAUSES_MS[attempts - 1] ?? LAST_PAUSE_MS));
}

/** Sends alerts, retries them, and tells of holds that wait. Any number of replicas do so beside each other. */
export class AlertSender {
  readonly #ground: AlertGround;
  readonly #stopping = new AbortController();
  #wake: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(ground: AlertGround) {
    this.#ground = ground;
  }

  start(): void {
    this.#working = this.#run();
  }

  /** An alert was raised (channel `usher_alert`). */
  notify(): void {
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.();
    await this.#working;
  }

  async #run(): Promise<void> {
    const { log } = this.#ground;
    while (!this.#stopping.signal.aborted) {
      const sent = await this.work().catch((error: unknown) => {
        log.warn({ err: error }, 'Alerts could not be looked at; it is tried again');
        return 0;
      });
      if (sent < AT_ONCE) await this.#rest();
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopping.signal.aborted) this.#wake();
    });
  }

  /** One round: tells of holds, then sends what is due. Gives how many were taken. */
  async work(): Promise<number> {
    await this.#tellOfHolds();
    const { pool, clock } = this.#ground;
    const now = clock.now();
    const due = await takeDeliveries(pool, now, new Date(now.getTime() + SENDING_MS), AT_ONCE);
    await Promise.all(due.map((delivery) => this.#deliver(delivery)));
    if (due.length === 0) await forgetOldAlerts(pool, new Date(now.getTime() - KEPT_MS));
    return due.length;
  }

  async #deliver(delivery: DueDelivery): Promise<void> {
    const { pool, clock, log } = this.#ground;
    const alert = await findAlert(pool, delivery.alertId);
    if (!alert) return;
    const sent = await this.#send(delivery.channelId, alert);
    if (sent.ok) return await noteDelivered(pool, delivery, clock.now());
    const retryAt = planRetry(delivery.attempts, clock.now());
    await noteFailed(pool, delivery, retryAt, sent.problem);
    const told = {
      alert: alert.kind,
      channelId: delivery.channelId,
      attempts: delivery.attempts,
      problem: sent.problem,
    };
    if (retryAt) log.warn({ ...told, retryAt }, 'An alert could not be delivered; it is tried again');
    else log.error(told, 'An alert could not be delivered, and is given up');
  }

  async #send(channelId: number, alert: Alert): Promise<Sent> {
    try {
      const channel = await findChannel(this.#ground.pool, channelId);
      if (!channel) return { ok: true };
      return await (channel.kind === 'webhook'
        ? sendWebhook(this.#ground, channel, alert)
        : sendEmail(this.#ground, channel, alert));
    } catch (error) {
      this.#ground.log.error({ err: error, channelId }, 'A channel cannot send');
      return { ok: false, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** At once, and every hour until somebody decides: a hold on a deactivation leaves an account usable. */
  async #tellOfHolds(): Promise<void> {
    const { pool, clock } = this.#ground;
    const now = clock.now();
    const waiting = await takeTellableHolds(pool, now, new Date(now.getTime() + HOLDS_AGAIN_MS));
    for (const { appId, app, label, count, oldestAt } of waiting) {
      const hours = Math.floor((now.getTime() - oldestAt.getTime()) / 3_600_000);
      const accounts =
        count === 1 ? 'An account that should be deactivated is' : `${count} accounts that should be deactivated are`;
      const alert = {
        key: `hold_waiting ${appId} ${now.toISOString()}`,
        ...({ kind: 'hold_waiting', severity: hours >= 4 ? 'critical' : 'warning', appId, app } as const),
        title: `${label}: ${count} held deactivation${count === 1 ? '' : 's'} wait${count === 1 ? 's' : ''}`,
        message: `${accounts} still usable at ${label}: a guard holds the change${hours > 0 ? `, the oldest for ${hours} hours` : ''}.`,
        nextStep: 'Look at the holds, and release or reject them.',
        link: linkToHolds(this.#ground, app),
        facts: { holds: count, oldestAt: oldestAt.toISOString() },
      };
      await raiseAlert(pool, clock.uuid(), alert, now);
    }
  }
}
