export { ALERT_KINDS, type Alert, type AlertKind, type NewAlert, SEVERITIES, type Severity } from './alert.ts';
export { type AlertGround, linkToCredential, linkToHolds, linkToRollout } from './alert-ground.ts';
export { addAlertMetrics } from './alert-metrics.ts';
export { AlertSender, planRetry } from './alert-sender.ts';
export type { AlertChannel, ChannelConfig, EmailConfig, WebhookConfig } from './channel.ts';
export {
  type ChannelInput,
  changeChannel,
  createChannel,
  removeChannel,
  rotateWebhookSecret,
  type SavedChannel,
} from './manage-channels.ts';
export { buildPayload, signWebhook } from './send-webhook.ts';
export { type AlertFilter, findAlert, listAlerts, raiseAlert, resolveAlerts } from './sql/alerts.ts';
export { findChannel, listChannels } from './sql/channels.ts';
export { type Delivery, listDeliveries } from './sql/deliveries.ts';
export { sendTestAlert } from './test-channel.ts';
