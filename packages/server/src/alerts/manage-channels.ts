import { randomBytes } from 'node:crypto';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, isUniqueViolation } from '../db/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import { parseBaseUrl } from '../transport/index.ts';
import { forgetSecret, hasSecret, keepSecret, Secret } from '../vault/index.ts';
import type { AlertKind } from './alert.ts';
import type { AlertGround } from './alert-ground.ts';
import type { AlertChannel, ChannelConfig, EmailConfig, WebhookConfig } from './channel.ts';
import { SMTP_PASSWORD, smtpPlace } from './send-email.ts';
import { SECRET_PREFIX, webhookPlace } from './send-webhook.ts';
import { deleteChannel, insertChannel, lockChannel, updateChannel } from './sql/channels.ts';

/** What an administrator enters of a channel. The password is sealed for this server and never shown again. */
export interface ChannelInput {
  readonly name: string;
  readonly kinds: readonly AlertKind[];
  readonly enabled: boolean;
  readonly config:
    | ({ kind: 'webhook' } & WebhookConfig)
    | ({ kind: 'email'; password?: string | undefined } & EmailConfig);
}

/** Made now: shown once. Null: it was not made. */
export interface SavedChannel {
  readonly id: number;
  readonly secret: Secret | null;
}

/** Makes a channel; a webhook's signing secret is made with it. */
export async function createChannel(ground: AlertGround, actor: Actor, input: ChannelInput): Promise<SavedChannel> {
  const config = checkConfig(ground, input.config);
  const { name, kinds, enabled } = input;
  const now = ground.clock.now();
  return refuseTwin(name, () =>
    inTransaction(ground.pool, async (db) => {
      const id = await insertChannel(db, { name, kind: input.config.kind, config, kinds, enabled } as never, now);
      const secret = await keepChannelSecret(ground, db, id, input.config, true, now);
      await audit(db, now, actor, 'alert_channel.created', name, { after: { kinds, enabled, ...config } });
      return { id, secret };
    }),
  );
}

/** Changes a channel. A secret that was made or entered for another place is not used at the new one. */
export async function changeChannel(
  ground: AlertGround,
  actor: Actor,
  id: number,
  checkRevision: (current: number) => void,
  input: ChannelInput,
): Promise<SavedChannel> {
  const config = checkConfig(ground, input.config);
  const { name, kinds, enabled } = input;
  const now = ground.clock.now();
  return refuseTwin(name, () =>
    inTransaction(ground.pool, async (db) => {
      const before = await getLocked(db, id);
      checkRevision(before.revision);
      if (before.kind !== input.config.kind) {
        const fix = 'Delete it and make another one.';
        throw refuseField(
          'invalid_value',
          'config.kind',
          `is ${input.config.kind}, and the channel is ${before.kind}`,
          fix,
        );
      }
      await updateChannel(db, id, { name, config, kinds, enabled }, now);
      const isMoved =
        placeOf({ ...before, id }).origins.join() !==
        placeOf({ id, kind: before.kind, config } as never).origins.join();
      const secret = await keepChannelSecret(ground, db, id, input.config, isMoved, now);
      const { name: oldName, kinds: oldKinds, enabled: wasEnabled, config: oldConfig } = before;
      const told = { name: oldName, kinds: oldKinds, enabled: wasEnabled, ...oldConfig };
      await audit(db, now, actor, 'alert_channel.changed', name, {
        before: told,
        after: { name, kinds, enabled, ...config },
      });
      return { id, secret };
    }),
  );
}

/** Makes a new signing secret for a webhook; the one before is over at once. */
export async function rotateWebhookSecret(ground: AlertGround, actor: Actor, id: number): Promise<Secret> {
  const now = ground.clock.now();
  return inTransaction(ground.pool, async (db) => {
    const channel = await getLocked(db, id);
    if (channel.kind !== 'webhook')
      throw new Refusal('conflict', `${channel.name} is no webhook and has no signing secret.`);
    const secret = makeWebhookSecret();
    await keepSecret(db, ground.vault, webhookPlace(channel), secret, now);
    await audit(db, now, actor, 'alert_channel.secret_rotated', channel.name, {});
    return secret;
  });
}

export async function removeChannel(ground: AlertGround, actor: Actor, id: number): Promise<void> {
  const now = ground.clock.now();
  await inTransaction(ground.pool, async (db) => {
    const channel = await getLocked(db, id);
    await deleteChannel(db, id);
    await forgetSecret(db, `alert channel ${id}`);
    await audit(db, now, actor, 'alert_channel.deleted', channel.name, { before: { ...channel.config } });
  });
}

type Db = Parameters<Parameters<typeof inTransaction>[1]>[0];

async function getLocked(db: Db, id: number): Promise<AlertChannel> {
  const channel = await lockChannel(db, id);
  if (channel) return channel;
  throw new Refusal('not_found', `There is no alert channel ${id}.`);
}

function placeOf(channel: Pick<AlertChannel, 'id' | 'kind' | 'config'>): { origins: string[] } {
  return channel.kind === 'webhook' ? webhookPlace(channel as never) : smtpPlace(channel as never);
}

async function keepChannelSecret(
  ground: AlertGround,
  db: Db,
  id: number,
  config: ChannelInput['config'],
  isNewPlace: boolean,
  now: Date,
): Promise<Secret | null> {
  if (config.kind === 'webhook') {
    if (!isNewPlace) return null;
    const secret = makeWebhookSecret();
    await keepSecret(db, ground.vault, webhookPlace({ id, config }), secret, now);
    return secret;
  }
  const owner = `alert channel ${id}`;
  if (isNewPlace || config.username === undefined) await forgetSecret(db, owner, [SMTP_PASSWORD]);
  if (config.password !== undefined) {
    await keepSecret(db, ground.vault, smtpPlace({ id, config }), new Secret(config.password), now);
  }
  if (config.username !== undefined && !(await hasSecret(db, owner, SMTP_PASSWORD))) {
    const fix =
      'Give the password of this user at this server; one that was entered for another server is not sent there.';
    throw refuseField('invalid_value', 'config.password', 'is missing', fix);
  }
  return null;
}

function makeWebhookSecret(): Secret {
  return new Secret(`${SECRET_PREFIX}${randomBytes(32).toString('base64')}`);
}

/** The part that is stored, without the password. */
function checkConfig({ networkPolicy }: AlertGround, given: ChannelInput['config']): ChannelConfig {
  if (given.kind === 'webhook') {
    const parsed = parseBaseUrl(given.url, networkPolicy);
    if (!parsed.ok)
      throw refuseField('invalid_value', 'config.url', parsed.message.replace('base URL', 'address'), parsed.fix);
    return { url: given.url };
  }
  const { kind: _, password: __, ...config } = given;
  if (config.tls === 'none' && config.username !== undefined && !networkPolicy.allowHttp) {
    const fix = 'Use starttls or direct; a password is not sent unencrypted.';
    throw refuseField('invalid_value', 'config.tls', 'is none, and there is a user name', fix);
  }
  return config;
}

async function refuseTwin<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error, 'alert_channel_name_key')) throw error;
    throw refuseField('already_exists', 'name', `a channel called ${name} exists already`, 'Choose another name.');
  }
}

async function audit(
  db: Db,
  now: Date,
  actor: Actor,
  action: string,
  name: string,
  facts: { before?: unknown; after?: unknown },
): Promise<void> {
  await writeAudit(db, now, actor, [{ action, entityKind: 'alert channel', entityId: name, ...facts }]);
}
