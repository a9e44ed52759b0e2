import { z } from 'zod';
import { changeSchema, exchangeSchema, instant, reasonSchema } from './provisioning-schemas.ts';

export const previewOperation = z
  .enum(['create', 'update', 'deactivate', 'reactivate', 'delete'])
  .optional()
  .describe('As if this came next; absent: what really comes next');

/** A preview as the API writes it. */
export const previewSchema = z.object({
  app: z.string(),
  userId: z.string(),
  plan: z.enum(['settled', 'waiting', 'parked', 'correlate', 'unlink', 'change']),
  operation: z.string().nullable(),
  version: z.number().nullable().describe('Of the configuration that it is made under; null: one that is not saved'),
  grants: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        through: z.string().nullable().describe('The permission set group that brings the set'),
        expiresAt: instant.nullable(),
      }),
    )
    .describe('What grants the app to the user now'),
  reason: reasonSchema.nullable(),
  changes: z.array(changeSchema),
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    })
    .nullable()
    .describe('The write exactly as it would be sent; the credential is redacted'),
  reads: z.array(exchangeSchema),
  matches: z
    .array(z.object({ attribute: z.string(), value: z.string(), remoteIds: z.array(z.string()) }))
    .describe('Searches for an existing account, and what they found'),
  obstacles: z.array(z.string()).describe('What would keep it from being sent now: the app, a hold, a guard'),
  notes: z.array(z.string()),
  attributes: z.array(
    z.object({
      target: z.string(),
      formula: z.string(),
      required: z.boolean(),
      apply: z.string(),
      blank: z.string(),
      authority: z.enum(['ours', 'initial']),
      sources: z.array(
        z.object({
          field: z.string(),
          value: z.json(),
          state: z
            .enum(['value', 'empty', 'missing', 'no manager'])
            .describe('missing: the user does not have the field; empty: it is there without content'),
        }),
      ),
      value: z.json().describe('What the formula gave, as the target takes it; null is blank'),
      error: z.string().nullable(),
      fate: z.enum([
        'sent',
        'default sent',
        'cleared',
        'unchanged',
        'nothing to clear',
        'left alone',
        'first value only',
        'parks',
        'failed',
        'not in this operation',
      ]),
      applied: z.json().describe('As it was last written; null is nothing'),
      atTarget: z.object({ value: z.json() }).optional().describe('What the target shows now, if it could be read'),
      note: z.string().nullable(),
    }),
  ),
});
