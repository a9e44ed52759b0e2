import { z } from 'zod';

const effectSchema = z.object({
  effect: z.enum(['deactivates', 'deletes', 'suspends', 'unlinks', 'refused', 'unknown']),
  note: z.string().describe('One sentence for an administrator'),
  basis: z.enum(['documented', 'reported', 'assumed']).optional().describe('How it is known'),
  source: z.string().optional(),
});

/** What is known of an app's target before anything is sent to it. */
export const targetSchema = z.object({
  connector: z.string(),
  capabilities: z.array(z.enum(['schema', 'deactivate', 'reactivate', 'delete', 'list'])),
  hasGroups: z.boolean(),
  takesBatches: z.boolean(),
  traits: z
    .object({
      deactivate: effectSchema.describe('What deactivating really does there'),
      delete: effectSchema.describe('What deleting really does there'),
      visibilityDelayMs: z.number(),
      uniqueness: z.object({ enforced: z.enum(['yes', 'no', 'unknown']), attributes: z.array(z.string()) }),
      searchable: z
        .union([z.literal('any'), z.array(z.string())])
        .optional()
        .describe('The attributes by which the target itself can be searched; by others its whole list is read'),
      rateLimits: z.array(
        z.object({ counts: z.string(), requests: z.number(), perSeconds: z.number(), burst: z.number().optional() }),
      ),
      credentialLifetimeDays: z.number().optional(),
      notes: z.array(z.string()),
      basis: z.enum(['standard', 'documented', 'reported', 'measured', 'assumed']).optional(),
      sources: z.array(z.string()).describe('Where the knowledge comes from'),
    })
    .nullable()
    .describe('Null: the connector knows nothing of it'),
});

const optionsSchema = z.record(z.string(), z.json());

/** What was found out about a target by reading. */
export const detectionSchema = z.object({
  suggestions: z.array(z.object({ label: z.string(), options: optionsSchema, reason: z.string() })),
  findings: z.array(
    z.object({
      subject: z.string(),
      declared: z.string().optional().describe('What the target says of itself'),
      observed: z.string().optional().describe('What it was seen to do'),
      used: z.string().describe('What Usher does with the options in force'),
      options: optionsSchema.optional().describe('Options under which it would fit better'),
    }),
  ),
});
