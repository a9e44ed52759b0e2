import { createHmac } from 'node:crypto';
import { ConnectorError } from '@usher/connector-sdk';
import { createGuardedFetch } from '../transport/index.ts';
import { openSecret, type Secret } from '../vault/index.ts';
import type { Alert } from './alert.ts';
import type { AlertGround } from './alert-ground.ts';
import type { AlertChannel } from './channel.ts';

/** What came of one sending; a problem is a whole sentence. */
export type Sent =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: string; readonly retryAfterMs?: number };

export const WEBHOOK_SECRET = 'webhook_secret';
export const SECRET_PREFIX = 'whsec_';
const SEND_MS = 15_000;

/** The body of a webhook, as the Standard Webhooks specification shapes it. */
export function buildPayload(alert: Alert): string {
  const { id, kind, severity, app, title, message, nextStep, link, facts } = alert;
  const data = { id, severity, app, title, message, nextStep, link, ...facts };
  return JSON.stringify({ type: `usher.${kind}`, timestamp: alert.createdAt.toISOString(), data });
}

/** The signature of the Standard Webhooks specification: over id, seconds and body, so that none can be replaced or replayed late. */
export function signWebhook(secret: Secret, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.reveal().slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

export function webhookPlace(channel: { id: number; config: { url: string } }) {
  return { owner: `alert channel ${channel.id}`, field: WEBHOOK_SECRET, origins: [new URL(channel.config.url).origin] };
}

/** Posts an alert, signed. A redirect is not followed; anything but 2xx is a failure. */
export async function sendWebhook(
  ground: AlertGround,
  channel: Extract<AlertChannel, { kind: 'webhook' }>,
  alert: Alert,
): Promise<Sent> {
  const { networkPolicy: policy, version, resolve } = ground;
  const secret = await openSecret(ground.pool, ground.vault, webhookPlace(channel));
  if (!secret) return { ok: false, problem: 'The webhook has no signing secret; rotate it.' };
  const body = buildPayload(alert);
  const seconds = Math.floor(ground.clock.now().getTime() / 1000);
  const post = createGuardedFetch({ policy, version, resolve, limits: { totalMs: SEND_MS, headersMs: SEND_MS } });
  try {
    const answer = await post(channel.config.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': alert.id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signWebhook(secret, alert.id, seconds, body),
      },
      body,
    });
    if (answer.status >= 200 && answer.status < 300) return { ok: true };
    const where = answer.status >= 300 && answer.status < 400 ? ', a redirect, which is not followed' : '';
    return { ok: false, problem: `${new URL(channel.config.url).host} answered ${answer.status}${where}.` };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ok: false, problem: error.message };
  }
}
