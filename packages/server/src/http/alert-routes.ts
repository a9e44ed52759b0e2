import { z } from 'zod';
import {
  ALERT_KINDS,
  type Alert,
  type AlertChannel,
  type AlertGround,
  type ChannelInput,
  changeChannel,
  createChannel,
  findAlert,
  findChannel,
  listAlerts,
  listChannels,
  listDeliveries,
  removeChannel,
  rotateWebhookSecret,
  SEVERITIES,
  sendTestAlert,
} from '../alerts/index.ts';
import { forecastCredentials } from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { assertRevision, etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { timeOut, writeTime } from './wire.ts';

const tags = ['alerts'];
const read = { scope: 'alerts:read' } as const;
const write = { scope: 'alerts:write' } as const;
const change = { scope: 'alerts:write', ifMatch: true } as const;
const kind = z.enum(ALERT_KINDS);

const alertSchema = z
  .object({
    id: z.string(),
    kind,
    severity: z.enum(SEVERITIES),
    app: z.string().nullable(),
    title: z.string(),
    message: z.string(),
    nextStep: z.string(),
    link: z.string().nullable(),
    facts: z.record(z.string(), z.json()).nullable(),
    createdAt: timeOut,
    resolvedAt: timeOut.nullable(),
  })
  .meta({ id: 'Alert' });
const deliverySchema = z.object({
  channelId: z.number(),
  channel: z.string(),
  state: z.enum(['waiting', 'delivered', 'given up']),
  attempts: z.number(),
  nextAttemptAt: timeOut.nullable(),
  lastProblem: z.string().nullable(),
  deliveredAt: timeOut.nullable(),
});
const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/, 'a host name or an address');
const mailAddress = z
  .string()
  .trim()
  .min(3)
  .max(320)
  .regex(/^[^\r\n]+@[^\r\n]+$/, 'an e-mail address');
const configIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: z.string().min(1).max(2000) }),
  z.strictObject({
    kind: z.literal('email'),
    host,
    port: z.int().min(1).max(65_535).default(587),
    tls: z.enum(['direct', 'starttls', 'none']).default('starttls'),
    username: z.string().min(1).max(300).optional(),
    password: z.string().min(1).max(1000).optional().describe('Sealed for this host and port, and never shown again'),
    from: mailAddress,
    to: z.array(mailAddress).min(1).max(50),
    privateCa: z.string().max(100_000).optional(),
  }),
]);
const channelIn = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kinds: z.array(kind).max(ALERT_KINDS.length).default([]).describe('Which alerts go by it; empty is all'),
  enabled: z.boolean().default(true),
  config: configIn,
});
const channelSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    kind: z.enum(['webhook', 'email']),
    kinds: z.array(kind),
    enabled: z.boolean(),
    config: z.record(z.string(), z.json()),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: 'AlertChannel' });
const savedChannelSchema = channelSchema.extend({
  secret: z.string().nullable().describe('The signing secret of a webhook, when it was made now; shown once'),
});
const params = z.strictObject({ id: z.coerce.number().int().positive() });

/** Alerts, the channels that they go by, and the forecast of credentials. */
export function alertRoutes(ground: AlertGround): RouteFamily {
  return (api) => {
    registerAlerts(api, ground);
    registerChannels(api, ground);
    registerForecast(api, ground);
  };
}

function writeAlert({ appId: _, createdAt, resolvedAt, ...alert }: Alert): z.output<typeof alertSchema> {
  return { ...alert, facts: alert.facts as never, createdAt: writeTime(createdAt), resolvedAt: writeTime(resolvedAt) };
}

function writeChannel({ revision: _, createdAt, updatedAt, ...channel }: AlertChannel): z.output<typeof channelSchema> {
  const times = { createdAt: writeTime(createdAt), updatedAt: writeTime(updatedAt) };
  return { ...channel, kinds: [...channel.kinds], config: channel.config as never, ...times };
}

function registerAlerts(api: HttpApp, ground: AlertGround): void {
  api.get(
    '/alerts',
    {
      config: read,
      schema: {
        summary: 'Alerts, newest first',
        tags,
        querystring: z.strictObject({
          app: z.string().max(200).optional(),
          kind: kind.optional(),
          open: z.enum(['true', 'false']).default('false').describe('Only those that are not over'),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(alertSchema) },
      },
    },
    async (request) => {
      const { app, kind: wanted, open, limit, cursor } = request.query;
      const position = parseCursor(cursor, 'alerts', z.tuple([z.iso.datetime(), z.uuid()]));
      const before = position && { at: new Date(position[0]), id: position[1] };
      const rows = await listAlerts(ground.pool, { app, kind: wanted, openOnly: open === 'true' }, before, limit + 1);
      const page = buildPage(rows, limit, 'alerts', (alert) => [alert.createdAt.toISOString(), alert.id]);
      return { ...page, items: page.items.map(writeAlert) };
    },
  );
  api.get(
    '/alerts/:id',
    {
      config: read,
      schema: {
        summary: 'One alert, and how it was delivered',
        tags,
        params: z.strictObject({ id: z.uuid() }),
        response: { 200: alertSchema.extend({ deliveries: z.array(deliverySchema) }) },
      },
    },
    async (request) => {
      const alert = await findAlert(ground.pool, request.params.id);
      if (!alert) throw new Refusal('not_found', `There is no alert ${request.params.id}.`);
      const deliveries = await listDeliveries(ground.pool, alert.id);
      return {
        ...writeAlert(alert),
        deliveries: deliveries.map((one) => ({
          ...one,
          nextAttemptAt: writeTime(one.nextAttemptAt),
          deliveredAt: writeTime(one.deliveredAt),
        })),
      };
    },
  );
}

function registerChannels(api: HttpApp, ground: AlertGround): void {
  const get = async (id: number): Promise<AlertChannel> => {
    const channel = await findChannel(ground.pool, id);
    if (channel) return channel;
    throw new Refusal('not_found', `There is no alert channel ${id}.`);
  };
  api.get(
    '/alert-channels',
    {
      config: read,
      schema: { summary: 'Channels by which alerts go', tags, response: { 200: pageOf(channelSchema) } },
    },
    async () => ({ items: (await listChannels(ground.pool)).map(writeChannel), nextCursor: null }),
  );
  api.get(
    '/alert-channels/:id',
    { config: read, schema: { summary: 'One channel', tags, params, response: { 200: channelSchema } } },
    async (request, reply) => {
      const channel = await get(request.params.id);
      reply.header('etag', etagOf(channel.revision));
      return writeChannel(channel);
    },
  );
  api.post(
    '/alert-channels',
    {
      config: write,
      schema: {
        summary: 'Make a channel: a signed webhook, or e-mail by SMTP',
        tags,
        body: channelIn,
        response: { 201: savedChannelSchema },
      },
    },
    async (request, reply) => {
      const saved = await createChannel(ground, request.actor, request.body as ChannelInput);
      const channel = await get(saved.id);
      reply.code(201).header('location', `/api/v1/alert-channels/${saved.id}`).header('etag', etagOf(channel.revision));
      return { ...writeChannel(channel), secret: saved.secret?.reveal() ?? null };
    },
  );
  api.put(
    '/alert-channels/:id',
    {
      config: change,
      schema: { summary: 'Change a channel', tags, params, body: channelIn, response: { 200: savedChannelSchema } },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const check = (current: number) => assertRevision(expected, current);
      const saved = await changeChannel(ground, request.actor, request.params.id, check, request.body as ChannelInput);
      const channel = await get(saved.id);
      reply.header('etag', etagOf(channel.revision));
      return { ...writeChannel(channel), secret: saved.secret?.reveal() ?? null };
    },
  );
  api.delete(
    '/alert-channels/:id',
    {
      config: write,
      schema: { summary: 'Delete a channel', tags, params, response: { 204: z.null().describe('Deleted') } },
    },
    async (request, reply) => {
      await removeChannel(ground, request.actor, request.params.id);
      return reply.code(204).send(null);
    },
  );
  api.post(
    '/alert-channels/:id/secret',
    {
      config: write,
      schema: {
        summary: "Make a webhook's signing secret anew; shown once",
        tags,
        params,
        response: { 201: z.object({ secret: z.string() }) },
      },
    },
    async (request, reply) => {
      const secret = await rotateWebhookSecret(ground, request.actor, request.params.id);
      return reply.code(201).send({ secret: secret.reveal() });
    },
  );
  api.post(
    '/alert-channels/:id/test',
    {
      config: write,
      schema: {
        summary: 'Send a test now',
        tags,
        params,
        response: { 200: z.object({ ok: z.boolean(), problem: z.string().nullable() }) },
      },
    },
    async (request) => {
      const sent = await sendTestAlert(ground, request.params.id);
      return { ok: sent.ok, problem: sent.ok ? null : sent.problem };
    },
  );
}

const forecastSchema = z
  .object({
    app: z.string(),
    label: z.string(),
    appState: z.string(),
    kind: z.string().nullable(),
    grant: z.string().nullable(),
    state: z.enum(['live', 'refused', 'dead', 'missing']),
    outlook: z.enum(['dead', 'critical', 'soon', 'later', 'kept alive', 'no end known', 'missing']),
    authorizedAt: timeOut.nullable(),
    ageSeconds: z.number().nullable(),
    lastUsedAt: timeOut.nullable(),
    keepAliveAt: timeOut.nullable(),
    policy: z.record(z.string(), z.json()).nullable(),
    problem: z.string().nullable(),
    nextStep: z.string().nullable(),
    ownerWarning: z.string().nullable(),
    ends: z.array(z.object({ what: z.string(), at: timeOut, daysLeft: z.number(), why: z.string() })),
  })
  .meta({ id: 'CredentialForecast' });

function registerForecast(api: HttpApp, ground: AlertGround): void {
  api.get(
    '/credentials/forecast',
    {
      config: { scope: 'apps:read' },
      schema: {
        summary: 'When which credential of which app is likely to end, what needs a person first',
        tags: ['apps'],
        response: { 200: pageOf(forecastSchema) },
      },
    },
    async () => {
      const items = (await forecastCredentials(ground.pool, ground.clock.now())).map((one) => ({
        ...one,
        policy: one.policy as never,
        authorizedAt: writeTime(one.authorizedAt),
        lastUsedAt: writeTime(one.lastUsedAt),
        keepAliveAt: writeTime(one.keepAliveAt),
        ends: one.ends.map((end) => ({ ...end, at: writeTime(end.at) })),
      }));
      return { items, nextCursor: null };
    },
  );
}
