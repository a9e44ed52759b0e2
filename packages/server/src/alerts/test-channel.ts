import { Refusal } from '../refusal.ts';
import type { Alert } from './alert.ts';
import type { AlertGround } from './alert-ground.ts';
import { sendEmail } from './send-email.ts';
import { type Sent, sendWebhook } from './send-webhook.ts';
import { findChannel } from './sql/channels.ts';

/** Sends a test over one channel at once, and gives what came of it. */
export async function sendTestAlert(ground: AlertGround, channelId: number): Promise<Sent> {
  const channel = await findChannel(ground.pool, channelId);
  if (!channel) throw new Refusal('not_found', `There is no alert channel ${channelId}.`);
  const alert: Alert = {
    ...{
      id: ground.clock.uuid(),
      kind: 'test',
      severity: 'info',
      appId: null,
      app: null,
      facts: null,
      resolvedAt: null,
    },
    title: 'A test of this channel',
    message: 'Alerts of Usher come this way.',
    nextStep: 'Nothing to do.',
    link: ground.publicUrl ?? null,
    createdAt: ground.clock.now(),
  };
  return channel.kind === 'webhook' ? sendWebhook(ground, channel, alert) : sendEmail(ground, channel, alert);
}
