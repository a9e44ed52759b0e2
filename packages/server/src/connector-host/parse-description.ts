import type { AccountSchema, ConnectionReport, Connector } from '@usher/connector-sdk';
import { z } from 'zod';
import type { Shape } from './child/messages.ts';

const text = (longest: number) => z.string().trim().min(1).max(longest);
const LARGEST_SCHEMA = 64 * 1024;

const DESCRIPTION = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be of small letters, digits and hyphens'),
  version: text(50),
  label: text(100),
  description: text(2_000),
  optionsSchema: z.record(z.string(), z.unknown()),
  credentialKinds: z.array(z.enum(['bearer', 'basic', 'header', 'oauth', 'none'])).min(1),
});

const EFFECT = z.object({
  effect: z.enum(['deactivates', 'deletes', 'suspends', 'unlinks', 'refused', 'unknown']),
  note: z.string().max(1_000),
});
const SENTENCES = z.array(z.string().max(1_000)).max(100);
const SHAPE = z.object({
  capabilities: z.array(z.enum(['schema', 'deactivate', 'reactivate', 'delete', 'list'])),
  traits: z
    .object({
      visibilityDelayMs: z.number().min(0).max(86_400_000),
      uniqueness: z.object({ enforced: z.enum(['yes', 'no', 'unknown']), attributes: SENTENCES }),
      deactivate: EFFECT,
      delete: EFFECT,
      rateLimits: z
        .array(
          z.object({
            counts: z.string().max(200),
            requests: z.number().positive(),
            perSeconds: z.number().positive(),
            burst: z.number().positive().optional(),
          }),
        )
        .max(100),
      credentialLifetimeDays: z.number().positive().optional(),
      notes: SENTENCES,
      sources: SENTENCES,
    })
    .optional(),
});

const ATTRIBUTE = z.object({
  path: text(300),
  type: z.enum(['text', 'boolean', 'number', 'dateTime', 'reference', 'binary', 'complex']),
  multiValued: z.boolean(),
  required: z.boolean(),
  mutability: z.enum(['readWrite', 'readOnly', 'immutable', 'writeOnly']),
  uniqueness: z.enum(['none', 'server', 'global']),
  caseExact: z.boolean(),
  canonicalValues: z.array(z.string().max(300)).max(1_000).optional(),
  description: z.string().max(2_000).optional(),
});
const ACCOUNT_SCHEMA = z.object({
  source: z.enum(['target', 'connector', 'administrator', 'default']),
  attributes: z.array(ATTRIBUTE).max(2_000),
});
const REPORT = z.object({
  steps: z
    .array(
      z.object({
        step: z.enum(['discovery', 'read']),
        ok: z.boolean(),
        message: z.string().max(2_000),
        detail: z.string().max(4_000).nullish(),
      }),
    )
    .max(20),
});

/** The connector without its code. `problem` says in words what it lacks. */
export type CheckedDescription = Pick<
  Connector,
  'id' | 'version' | 'label' | 'description' | 'optionsSchema' | 'credentialKinds'
>;

export function parseDescription(
  value: unknown,
): { ok: true; description: CheckedDescription } | { ok: false; problem: string } {
  const parsed = DESCRIPTION.safeParse(value);
  if (!parsed.success) return { ok: false, problem: describeIssues(parsed.error) };
  const { optionsSchema } = parsed.data;
  if (optionsSchema['type'] !== 'object') return { ok: false, problem: 'optionsSchema must have type "object"' };
  if (JSON.stringify(optionsSchema).length > LARGEST_SCHEMA)
    return { ok: false, problem: 'optionsSchema is too large' };
  const pattern = findSlowPattern(optionsSchema);
  if (pattern !== undefined) {
    const fix = 'Write it without a repeated group in parentheses';
    return { ok: false, problem: `the pattern ${pattern} in optionsSchema may take for ever on some texts. ${fix}` };
  }
  return { ok: true, description: parsed.data };
}

export function parseShape(value: unknown): { ok: true; shape: Shape } | { ok: false; problem: string } {
  const parsed = SHAPE.safeParse(value);
  if (!parsed.success) return { ok: false, problem: describeIssues(parsed.error) };
  const { capabilities, traits } = parsed.data;
  if (!traits) return { ok: true, shape: { capabilities } };
  const { credentialLifetimeDays } = traits;
  const rateLimits = traits.rateLimits.map(({ burst, ...limit }) =>
    burst === undefined ? limit : { ...limit, burst },
  );
  return { ok: true, shape: { capabilities, traits: { ...traits, credentialLifetimeDays, rateLimits } } };
}

/** Throws a ZodError for anything that is no schema of accounts. */
export function parseAccountSchema(value: unknown): AccountSchema {
  const { source, attributes } = ACCOUNT_SCHEMA.parse(value);
  return { source, attributes: attributes as AccountSchema['attributes'] };
}

/** Throws a ZodError for anything that is no report. */
export function parseReport(value: unknown): ConnectionReport {
  const { steps } = REPORT.parse(value);
  return { steps: steps.map(({ detail, ...step }) => ({ ...step, detail: detail ?? undefined })) };
}

export function describeIssues({ issues }: z.ZodError): string {
  const shown = issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  return shown.join('; ');
}

/** Patterns are matched in this process, so one that backtracks without end would stop more than its own app. */
function findSlowPattern(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    if (name === 'pattern' && typeof item === 'string' && isSlow(item)) return item.slice(0, 100);
    const found = findSlowPattern(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSlow(pattern: string): boolean {
  if (pattern.length > 300 || /\)[*+{]|\\[1-9k]/.test(pattern)) return true;
  try {
    new RegExp(pattern, 'u');
  } catch {
    return true;
  }
  // Several unbounded repetitions in a row are tried against each other.
  return (pattern.match(/(?<!\\)[*+]|\{\d+,\}/g) ?? []).length > 4;
}
