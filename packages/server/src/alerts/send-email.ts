import { createTransport } from 'nodemailer';
import { resolveGuarded } from '../transport/index.ts';
import { openSecret } from '../vault/index.ts';
import type { Alert } from './alert.ts';
import type { AlertGround } from './alert-ground.ts';
import type { AlertChannel } from './channel.ts';
import type { Sent } from './send-webhook.ts';

export const SMTP_PASSWORD = 'smtp_password';
const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

export function smtpPlace(channel: { id: number; config: { host: string; port: number } }) {
  const { id, config } = channel;
  return {
    owner: `alert channel ${id}`,
    field: SMTP_PASSWORD,
    origins: [`smtp://${config.host.toLowerCase()}:${config.port}`],
  };
}

/** Mails an alert as plain text, over the server that was entered and to addresses that may be sent to. */
export async function sendEmail(
  ground: AlertGround,
  channel: Extract<AlertChannel, { kind: 'email' }>,
  alert: Alert,
): Promise<Sent> {
  const { host, port, tls, username, from, to, privateCa } = channel.config;
  const { networkPolicy: policy, resolve } = ground;
  const found = await resolveGuarded(host, port, { policy, resolve });
  if (!found.ok) return { ok: false, problem: `${found.message} ${found.fix}` };
  const password = await openSecret(ground.pool, ground.vault, smtpPlace(channel));
  const mailer = createTransport({
    // The address that was judged; the certificate is still that of the name.
    host: found.addresses[0]?.address ?? host,
    port,
    secure: tls === 'direct',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { servername: host, minVersion: 'TLSv1.2', ...(privateCa === undefined ? {} : { ca: privateCa }) },
    ...(username === undefined ? {} : { auth: { user: username, pass: password?.reveal() ?? '' } }),
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    await mailer.sendMail({
      from,
      to: [...to],
      subject: `[Usher] ${oneLine(alert.title)}`,
      text: writeText(alert),
      messageId: `<${alert.id}@usher>`,
      headers: { 'X-Usher-Alert': alert.kind, 'Auto-Submitted': 'auto-generated' },
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, problem: describeFailure(error, host) };
  } finally {
    mailer.close();
  }
}

function writeText({ title, message, nextStep, link, createdAt }: Alert): string {
  return [
    title,
    '',
    message,
    '',
    `Next step: ${nextStep}`,
    ...(link ? [link] : []),
    '',
    `Raised at ${createdAt.toISOString()} by Usher.`,
  ].join('\n');
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 200);
}

/** What the mail server said may hold addresses and more; its code says enough. */
function describeFailure(error: unknown, host: string): string {
  const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number };
  if (code === 'EAUTH')
    return `The mail server ${host} does not take the user name and password (${responseCode ?? code}).`;
  if (code === 'ETLS' || code === 'ESOCKET')
    return `No trusted, encrypted connection to the mail server ${host} came about (${code}).`;
  if (code === 'ETIMEDOUT') return `The mail server ${host} does not answer in time.`;
  if (code === 'EENVELOPE')
    return `The mail server ${host} refuses the sender or every recipient (${responseCode ?? code}).`;
  return `The mail server ${host} did not take the mail (${responseCode ?? code}).`;
}
