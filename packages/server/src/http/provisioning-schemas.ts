import { z } from 'zod';

/** Shapes of what the engine answers, shared by the routes about links, requests and holds. */

export const instant = z.iso.datetime().describe('UTC, ISO 8601');

/** Dates become ISO text, as the schemas of answers say. */
export function toWire<Value>(value: Value): Wire<Value> {
  return JSON.parse(JSON.stringify(value)) as Wire<Value>;
}

/** What JSON makes of a value. */
export type Wire<Value> = Value extends Date
  ? string
  : Value extends readonly (infer Item)[]
    ? Wire<Item>[]
    : Value extends object
      ? { [Name in keyof Value]: Wire<Value[Name]> }
      : Value;

export const reasonSchema = z.object({
  code: z.string().describe('What causes are grouped by; listed in docs/errors.md'),
  message: z.string(),
  nextStep: z.string(),
  detail: z.string().optional(),
  attribute: z.string().optional(),
  users: z.array(z.string()).optional(),
});

export const changeSchema = z.object({ path: z.string(), before: z.json(), after: z.json() });

export const exchangeSchema = z.object({
  method: z.string(),
  url: z.string(),
  status: z.number().optional(),
  latencyMs: z.number(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBody: z.string().optional(),
  responseHeaders: z.record(z.string(), z.string()).optional(),
  responseBody: z.string().optional(),
  error: z.object({ kind: z.string(), message: z.string() }).optional(),
  masked: z
    .object({ url: z.array(z.string()), request: z.array(z.string()), response: z.array(z.string()) })
    .optional()
    .describe('JSON pointers of what is masked in each part, "" for the whole; to be shown one by one'),
});

export const linkStateSchema = z.object({
  app: z.string(),
  userId: z.string(),
  username: z.string(),
  state: z.enum([
    'has account',
    'no account',
    'account deactivated',
    'account deleted',
    'not assigned',
    'in progress',
    'retrying',
    'waiting',
    'parked',
    'held',
    'app draft',
    'app paused',
    'app quarantined',
    'app rate limited',
  ]),
  sentence: z.string().describe('One sentence for a person'),
  reason: reasonSchema.nullable(),
  since: instant.nullable(),
  nextAttemptAt: instant.nullable(),
  grants: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      through: z.string().nullable().describe('The permission set group that brings the set'),
      expiresAt: instant.nullable(),
    }),
  ),
  account: z
    .object({
      remoteId: z.string().nullable(),
      remoteUsername: z.string().nullable(),
      state: z.string(),
      deleteAt: instant.nullable(),
      requestId: z.string().nullable(),
    })
    .nullable(),
});

export const requestSchema = z.object({
  id: z.string(),
  createdAt: instant,
  app: z.string(),
  userId: z.string(),
  username: z.string(),
  operation: z.string(),
  state: z.enum(['New', 'Requested', 'Completed', 'Failed', 'Retried', 'Manually Completed']),
  cause: z.string(),
  version: z.number().nullable(),
  attempts: z.number(),
  outcome: z.string().nullable(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  nextStep: z.string().nullable(),
  retryAt: instant.nullable(),
  parentId: z.string().nullable(),
  completedAt: instant.nullable(),
  completedBy: z.string().nullable(),
  note: z.string().nullable(),
});

export const holdSchema = z.object({
  id: z.number(),
  app: z.string(),
  userId: z.string(),
  username: z.string(),
  guard: z.string(),
  cause: z.string().describe('What holds are grouped by: the guard with what it counts, or why the change is wanted'),
  approvers: z
    .object({ manager: z.boolean(), named: z.array(z.string()) })
    .nullable()
    .describe('Who was asked to agree; null: whoever may release holds'),
  operation: z.string(),
  state: z.enum(['open', 'released', 'rejected', 'closed']),
  reason: z.string(),
  changes: z.array(changeSchema),
  requestId: z.string().nullable(),
  openedAt: instant,
  remindAt: instant.nullable().describe('When people are reminded of it next, while it is open'),
  decidedAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
});
