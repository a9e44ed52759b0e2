import type { Alert } from './alert.ts';
import type { AlertGround } from './alert-ground.ts';
import { sendEmail } from './send-email.ts';
import { type Sent, sendWebhook } from './send-webhook.ts';
import { findAlert, forgetOldAlerts } from './sql/alerts.ts';
import { findChannel } from './sql/channels.ts';
import { type DueDelivery, noteDelivered, noteFailed, takeDeliveries } from './sql/deliveries.ts';
import { tellOfDeletions, tellOfHolds, tellOfQuarantines } from './tell-of-waiting.ts';

const LOOK_EVERY_MS = 5_000;
/** Longer than any sending lasts. */
const SENDING_MS = 120_000;
const AT_ONCE = 8;
/** Over three days: a receiver that is away for a long weekend still gets it. */
const PAUSES_MS = [10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
const LAST_PAUSE_MS = 4 * 3_600_000;
const MOST_ATTEMPTS = 26;
const DELETIONS_EVERY_MS = 600_000;
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
  #deletionsAtMs = 0;
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

  /** One round: tells of what waits, then sends what is due. Gives how many were taken. */
  async work(): Promise<number> {
    await this.#tell();
    const { pool, clock } = this.#ground;
    const now = clock.now();
    const due = await takeDeliveries(pool, now, new Date(now.getTime() + SENDING_MS), AT_ONCE);
    await Promise.all(due.map((delivery) => this.#deliver(delivery)));
    if (due.length === 0) await forgetOldAlerts(pool, new Date(now.getTime() - KEPT_MS));
    return due.length;
  }

  async #tell(): Promise<void> {
    await tellOfHolds(this.#ground);
    await tellOfQuarantines(this.#ground);
    const nowMs = this.#ground.clock.now().getTime();
    if (nowMs < this.#deletionsAtMs) return;
    this.#deletionsAtMs = nowMs + DELETIONS_EVERY_MS;
    await tellOfDeletions(this.#ground);
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
}
