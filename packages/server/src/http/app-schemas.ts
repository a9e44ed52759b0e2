import { z } from 'zod';
import type { DescribedApp, Started } from '../apps/index.ts';
import type { Presentation } from '../credentials/index.ts';
import { etagOf } from './entity-tag.ts';
import type { HttpReply } from './http-app.ts';
import { timeOut, writeTime } from './wire.ts';

/** Shapes that the routes about connected apps share. */

export const APP_TAGS = ['apps'];
export const readApps = { scope: 'apps:read' } as const;
/** Whether an app runs, which is not how it is configured. */
export const operateApps = { scope: 'apps:operate' } as const;
export const writeApps = { scope: 'apps:write' } as const;
export const changeApps = { scope: 'apps:write', ifMatch: true } as const;

export const appParams = z.strictObject({ app: z.string().min(1).max(200).describe('Name or id') });

export const findingSchema = z.object({ field: z.string(), problem: z.string(), fix: z.string() });

export const triggersSchema = z.object({
  create: z.boolean(),
  update: z.boolean(),
  deactivate: z.boolean(),
  reactivate: z.boolean(),
});

export const presentationSchema = z
  .object({
    contactName: z.string().nullable(),
    contactEmail: z.string().nullable(),
    contactPhone: z.string().nullable(),
    infoUrl: z.string().nullable(),
    hasLogo: z.boolean().describe('GET …/logo gives it'),
    updatedAt: timeOut.nullable().describe('Of the last change, the logo’s included'),
  })
  .meta({ id: 'Presentation' });

export const appSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    label: z.string(),
    description: z.string().nullable(),
    connector: z.string(),
    baseUrl: z.string(),
    state: z.enum(['draft', 'active', 'paused']),
    activeVersion: z.number().nullable().describe('The configuration in force'),
    triggers: triggersSchema,
    deactivationLimit: z
      .object({ count: z.number(), percent: z.number() })
      .describe('More deactivations than the larger of both within an hour are held'),
    maxConcurrency: z.number(),
    maxPerSecond: z.number().nullable(),
    stoppedUntil: timeOut.nullable().describe('The target asked to be left alone until then'),
    quarantine: z
      .object({
        since: timeOut,
        cause: z.enum(['credential', 'target', 'connector']),
        message: z.string(),
        nextStep: z.string(),
        status: z.number().nullable(),
        targetSaid: z.string().nullable(),
        probeAt: timeOut,
        probeAttempts: z.number(),
      })
      .nullable()
      .describe('Nothing is sent, nothing is lost, and the target is probed until it is back'),
    credential: z
      .object({
        kind: z.string(),
        origins: z.array(z.string()).describe('Where it may be sent'),
        enteredAt: timeOut,
        isForBaseUrl: z.boolean().describe('False: it was entered for another origin, and is not sent'),
      })
      .nullable(),
    hasOAuth: z.boolean().describe('It has OAuth settings, whether or not anybody has authorized it'),
    hasClientCertificate: z.boolean().describe('It has a certificate to show to its target (mutual TLS)'),
    presentation: presentationSchema.nullable().describe('Null: nobody has said whom to ask about it'),
    counts: z.object({
      linked: z.number(),
      active: z.number(),
      due: z.number(),
      parked: z.number(),
      held: z.number(),
      retrying: z.number(),
      assignments: z.number(),
      heldSince: timeOut.nullable().describe('Since when the one waits that was held first'),
      parkedSince: timeOut.nullable().describe('Since when the one waits that was parked first'),
    }),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: 'ConnectedApp' });

/** An app after a change, with what a person should know of it. */
export const changedAppSchema = appSchema.extend({ warnings: z.array(findingSchema) }).meta({ id: 'ChangedApp' });

/** An app that began to work, or went on. */
export const startedAppSchema = changedAppSchema
  .extend({ links: z.number().describe('How many are due now') })
  .meta({ id: 'StartedApp' });

/** `null`: nothing was said yet. */
export function writePresentation(found: Presentation | null): z.output<typeof presentationSchema> {
  const { logoType, updatedAt, ...rest } = found ?? {
    ...{ contactName: null, contactEmail: null, contactPhone: null, infoUrl: null, logoType: null, updatedAt: null },
  };
  return { ...rest, hasLogo: logoType !== null, updatedAt: writeTime(updatedAt) };
}

export function writeApp(app: DescribedApp): z.output<typeof appSchema> {
  const { quarantine, credential, presentation } = app;
  return {
    ...app,
    stoppedUntil: writeTime(app.stoppedUntil),
    quarantine: quarantine && {
      since: writeTime(quarantine.since),
      cause: quarantine.cause,
      message: quarantine.detail.message,
      nextStep: quarantine.detail.nextStep,
      status: quarantine.detail.status ?? null,
      targetSaid: quarantine.detail.targetSaid ?? null,
      probeAt: writeTime(quarantine.probeAt),
      probeAttempts: quarantine.probeAttempts,
    },
    presentation: presentation && writePresentation(presentation),
    credential: credential && { ...credential, enteredAt: writeTime(credential.enteredAt) },
    counts: {
      ...app.counts,
      heldSince: writeTime(app.counts.heldSince),
      parkedSince: writeTime(app.counts.parkedSince),
    },
    createdAt: writeTime(app.createdAt),
    updatedAt: writeTime(app.updatedAt),
  };
}

/** The app with its ETag. */
export function sendApp(reply: HttpReply, app: DescribedApp): z.output<typeof appSchema> {
  reply.header('etag', etagOf(app.revision));
  return writeApp(app);
}

export function sendStarted(reply: HttpReply, app: DescribedApp, started: Started): z.output<typeof startedAppSchema> {
  return { ...sendApp(reply, app), ...started };
}
