import { type AccountSchema, CONNECTOR_ERROR_KINDS, type ConnectionReport, type Connector } from '@usher/connector-sdk';
import { z } from 'zod';
import { GROUP_OPERATIONS, type GroupOperationName, type Shape } from './child/messages.ts';

const text = (longest: number) => z.string().trim().min(1).max(longest);
const LARGEST_SCHEMA = 64 * 1024;

const DESCRIPTION = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be of small letters, digits and hyphens'),
  version: text(50),
  label: text(100),
  description: text(2_000),
  optionsSchema: z.record(z.string(), z.unknown()),
  protocol: z.enum(['http', 'ldap', 'sql']).default('http'),
  credentialKinds: z.array(z.enum(['bearer', 'basic', 'header', 'oauth', 'none'])).min(1),
});

const EFFECT = z.object({
  effect: z.enum(['deactivates', 'deletes', 'suspends', 'unlinks', 'refused', 'unknown']),
  note: z.string().max(1_000),
  basis: z.enum(['documented', 'reported', 'assumed']).optional(),
  source: z.string().max(1_000).optional(),
});
const SENTENCES = z.array(z.string().max(1_000)).max(100);
const SHAPE = z.object({
  capabilities: z.array(z.enum(['schema', 'deactivate', 'reactivate', 'delete', 'list'])),
  groups: z.array(z.enum(GROUP_OPERATIONS)).default([]),
  batches: z.boolean().default(false),
  detects: z.boolean().default(false),
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
      basis: z.enum(['standard', 'documented', 'reported', 'measured', 'assumed']).optional(),
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
> &
  Required<Pick<Connector, 'protocol'>>;

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
  const { traits, ...abilities } = parsed.data;
  if (!traits) return { ok: true, shape: abilities };
  const { credentialLifetimeDays } = traits;
  const rateLimits = traits.rateLimits.map(({ burst, ...limit }) =>
    burst === undefined ? limit : { ...limit, burst },
  );
  return { ok: true, shape: { ...abilities, traits: { ...traits, credentialLifetimeDays, rateLimits } } };
}

/** Throws a ZodError for anything that is no schema of accounts. */
export function parseAccountSchema(value: unknown): AccountSchema {
  const { source, attributes } = ACCOUNT_SCHEMA.parse(value);
  return { source, attributes: attributes as AccountSchema['attributes'] };
}

const FAILURE = z.object({
  kind: z.enum(CONNECTOR_ERROR_KINDS),
  message: z.string().max(2_000),
  status: z.number().int().optional(),
  retryAfterMs: z.number().min(0).max(86_400_000).optional(),
  detail: z.string().max(4_000).optional(),
});
const REMOTE_ID = z
  .string()
  .min(1)
  .max(512)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  .regex(/^[^\x00-\x1f\x7f]+$/);
const REMOTE_IDS = z.array(REMOTE_ID).max(100_000);
const GROUP = z.object({
  remoteId: REMOTE_ID,
  name: z.string().max(1_000).optional(),
  representation: z.record(z.string(), z.unknown()),
});
const CURSOR = z.string().min(1).max(16_384).optional();
const GROUP_RESULTS = {
  find: z.object({ groups: z.array(GROUP).max(10_000) }),
  get: z.union([z.object({ found: z.literal(false) }), z.object({ found: z.literal(true), group: GROUP })]),
  create: z.object({ group: GROUP }),
  rename: z.unknown().transform(() => undefined),
  delete: z.unknown().transform(() => undefined),
  list: z.object({ groups: z.array(GROUP).max(10_000), nextCursor: CURSOR }),
  members: z.object({ remoteIds: REMOTE_IDS, isComplete: z.boolean() }),
  changeMembers: z.object({
    added: REMOTE_IDS,
    removed: REMOTE_IDS,
    refused: z.array(z.object({ remoteId: REMOTE_ID, failure: FAILURE })).max(100_000),
    failure: FAILURE.optional(),
  }),
} satisfies Record<GroupOperationName, z.ZodType>;
const OPTIONS = z.record(z.string().max(100), z.json());
const DETECTION = z.object({
  suggestions: z.array(z.object({ label: text(200), options: OPTIONS, reason: z.string().max(2_000) })).max(20),
  findings: z
    .array(
      z.object({
        subject: text(200),
        declared: z.string().max(2_000).optional(),
        observed: z.string().max(2_000).optional(),
        used: z.string().max(2_000),
        options: OPTIONS.optional(),
      }),
    )
    .max(50),
});
const BATCH = z.object({
  results: z
    .array(
      z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('done'), remoteId: REMOTE_ID, account: z.unknown() }),
        z.object({ outcome: z.literal('failed'), failure: FAILURE }),
        z.object({ outcome: z.literal('not tried') }),
      ]),
    )
    .max(10_000),
});

/** Throws a ZodError for anything that is no result of that operation on groups. */
export function parseGroupResult(name: GroupOperationName, value: unknown): unknown {
  return GROUP_RESULTS[name].parse(value);
}

/** Throws a ZodError for anything that is no detection. */
export function parseDetection(value: unknown): unknown {
  return DETECTION.parse(value);
}

/** Its accounts are not looked at. Throws a ZodError for anything that is no result of a batch. */
export function parseBatch(value: unknown): z.infer<typeof BATCH> {
  return BATCH.parse(value);
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
