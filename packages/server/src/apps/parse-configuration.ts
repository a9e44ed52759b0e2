import type { AttributeSchema, AttributeValue, Connector } from '@usher/connector-sdk';
import { z } from 'zod';
import { connectGuarded } from '../connector-host/index.ts';
import type { DepartureCause } from '../planning/index.ts';
import type { FieldProblem } from '../refusal.ts';
import { checkOptions, fillDefaults } from './check-options.ts';
import type { ConfigurationDocument, Correlation } from './connected-app.ts';

const MOST_RULES = 500;
const MOST_TESTS = 200;
const MOST_TABLES = 50;
const MOST_TABLE_ENTRIES = 10_000;
const LONGEST_VISIBILITY_DELAY_MS = 24 * 60 * 60_000;
const DEFAULT_MATCHING = ['externalId', 'userName'];

const JSON_VALUE = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]) as unknown as z.ZodType<AttributeValue>;

const RULE = z.strictObject({
  target: z.string().trim().min(1).max(500).describe('Attribute path at the target: userName, name.givenName, …'),
  formula: z.string().trim().min(1).max(10_000).describe('A field, a constant or a formula'),
  required: z.boolean().default(false).describe('A user for whom it is blank is parked; nobody else waits'),
  apply: z
    .enum(['always', 'on create'])
    .default('always')
    .describe('"on create" leaves later edits at the target alone'),
  blank: z
    .enum(['leave', 'clear', 'default'])
    .default('clear')
    .describe('What a blank means: say nothing, take the value away, or write `default`'),
  default: JSON_VALUE.optional().describe('With blank "default" only'),
  authority: z
    .enum(['ours', 'initial'])
    .optional()
    .describe('"initial": an edit at the target stays until the value changes here again. "ours" unless told'),
});

const TABLES = z
  .record(
    z.string().trim().min(1).max(80),
    z
      .record(z.string().min(1).max(1000), z.string().max(10_000))
      .refine(
        (entries) => Object.keys(entries).length <= MOST_TABLE_ENTRIES,
        `has more than ${MOST_TABLE_ENTRIES} entries`,
      ),
  )
  .describe('For LOOKUP(value, "table"): table name → value → result');

const FIELD_VALUES = z.record(z.string().max(80), JSON_VALUE);
const SAMPLE_USER = z.strictObject({
  Username: z.string().min(1).max(255),
  IsActive: z.boolean().optional(),
  Profile: z.string().max(255).optional(),
  PermissionSets: z.array(z.string().max(255)).max(1000).optional(),
  PermissionSetGroups: z.array(z.string().max(255)).max(1000).optional(),
  fields: FIELD_VALUES.optional().describe('FirstName, Department, Level__c, …'),
  manager: z
    .strictObject({
      Username: z.string().min(1).max(255),
      RemoteId: z.string().max(500).nullish(),
      fields: FIELD_VALUES.optional(),
    })
    .optional(),
});

const MAPPING_TEST = z.strictObject({
  name: z.string().trim().min(1).max(200),
  user: z
    .union([z.string().min(1).max(255), SAMPLE_USER])
    .describe('Username of a user of the directory, or a user given by fields'),
  expect: z.record(z.string().min(1).max(500), JSON_VALUE).default({}).describe('Attribute path → value; null is none'),
  expectParked: z.string().min(1).max(500).optional().describe('The attribute that parks this user'),
});

const TARGET_ATTRIBUTE = z.strictObject({
  path: z.string().trim().min(1).max(500),
  type: z.enum(['text', 'boolean', 'number', 'dateTime', 'reference', 'binary', 'complex']).default('text'),
  multiValued: z.boolean().default(false),
  required: z.boolean().default(false),
  mutability: z.enum(['readWrite', 'readOnly', 'immutable', 'writeOnly']).default('readWrite'),
  uniqueness: z.enum(['none', 'server', 'global']).default('none'),
  caseExact: z.boolean().default(false),
  canonicalValues: z.array(z.string().max(500)).max(1000).optional(),
  description: z.string().max(2000).optional(),
});

const DEPROVISIONING_RULE = z.strictObject({
  action: z.enum(['deactivate', 'delete', 'unlink', 'leave']),
  deleteAfterDays: z.int().min(1).max(3650).optional().describe('With "deactivate" only'),
});
const DEACTIVATE = { action: 'deactivate' } as const;

/** A configuration as a caller writes it; what is left out gets its default. */
export const CONFIGURATION_INPUT = z.strictObject({
  connectorOptions: z.record(z.string(), z.unknown()).default({}).describe("As the connector's options schema says"),
  mapping: z.array(RULE).min(1).max(MOST_RULES),
  scopingFilter: z
    .string()
    .trim()
    .min(1)
    .max(10_000)
    .optional()
    .describe('A formula that narrows the assigned users: TRUE keeps, FALSE leaves out'),
  tables: TABLES.optional(),
  mappingTests: z.array(MAPPING_TEST).max(MOST_TESTS).optional().describe('Run at every save'),
  targetAttributes: z
    .array(TARGET_ATTRIBUTE)
    .max(MOST_RULES)
    .optional()
    .describe('What the target does not say of itself, or says wrongly'),
  correlation: z
    .strictObject({
      matchingAttributes: z
        .array(z.string().trim().min(1).max(500))
        .min(1)
        .max(10)
        .optional()
        .describe('Target attributes that find an existing account, in this order'),
      adoption: z.enum(['link and update', 'link only', 'park']).default('link and update'),
      findBeforeCreate: z.boolean().default(true),
      visibilityDelayMs: z.int().min(0).max(LONGEST_VISIBILITY_DELAY_MS).optional(),
      targetEnforcesUniqueness: z.boolean().optional(),
    })
    .prefault({}),
  deprovisioning: z
    .strictObject({
      'user deleted': DEPROVISIONING_RULE.default(DEACTIVATE),
      'user deactivated': DEPROVISIONING_RULE.default(DEACTIVATE),
      'assignment lost': DEPROVISIONING_RULE.default(DEACTIVATE),
    })
    .prefault({}),
  privateCa: z
    .string()
    .trim()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Of the authority that signed the target's, PEM"),
});

export type ConfigurationInput = z.output<typeof CONFIGURATION_INPUT>;

export type ParsedConfiguration =
  | { ok: true; document: ConfigurationDocument }
  | { ok: false; problems: FieldProblem[] };

/** Reads a configuration that came from anywhere: a file, an older version, a request. */
export function parseConfiguration(input: unknown, connector: Connector): ParsedConfiguration {
  const parsed = CONFIGURATION_INPUT.safeParse(input);
  if (parsed.success) return completeConfiguration(parsed.data, connector);
  const problems = parsed.error.issues.map((issue) => ({
    field: formatPath(issue.path),
    problem: issue.message,
    fix: 'Correct it as the API description says.',
  }));
  return { ok: false, problems };
}

/**
 * Checks what the parts of a configuration demand of each other and of the connector, and fills in the defaults that
 * depend on it. Formulas and the target's attributes are `checkMapping`'s.
 */
export function completeConfiguration(input: ConfigurationInput, connector: Connector): ParsedConfiguration {
  const {
    connectorOptions,
    mapping,
    scopingFilter,
    deprovisioning,
    privateCa,
    tables,
    mappingTests,
    targetAttributes,
  } = input;
  const optionProblems = checkOptions(connector.optionsSchema, connectorOptions);
  const correlation = completeCorrelation(input, optionProblems.length === 0 ? connector : undefined);
  const problems = [
    ...optionProblems,
    ...mapping.flatMap(checkRule),
    ...checkTables(tables ?? {}),
    ...(mappingTests ?? []).flatMap(checkTest),
    ...correlation.problems,
    ...Object.entries(deprovisioning).flatMap(([cause, rule]) => checkDeprovisioning(cause as DepartureCause, rule)),
    ...checkCertificate(privateCa),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const document: ConfigurationDocument = {
    connectorOptions,
    mapping,
    correlation: correlation.value,
    deprovisioning,
    ...(scopingFilter === undefined ? {} : { scopingFilter }),
    ...(tables && Object.keys(tables).length > 0 ? { tables } : {}),
    ...(mappingTests && mappingTests.length > 0 ? { mappingTests } : {}),
    ...(targetAttributes && targetAttributes.length > 0
      ? { targetAttributes: targetAttributes.map(withoutAbsent) }
      : {}),
    ...(privateCa === undefined ? {} : { privateCa }),
  };
  return { ok: true, document };
}

function withoutAbsent(attribute: z.output<typeof TARGET_ATTRIBUTE>): AttributeSchema {
  const { canonicalValues, description, ...rest } = attribute;
  return { ...rest, ...(canonicalValues ? { canonicalValues } : {}), ...(description ? { description } : {}) };
}

function checkTables(tables: Record<string, Record<string, string>>): FieldProblem[] {
  const names = Object.keys(tables);
  const problems: FieldProblem[] = [];
  if (names.length > MOST_TABLES) {
    const fix = 'Remove those that no rule uses.';
    problems.push({ field: 'tables', problem: `are more than ${MOST_TABLES}`, fix });
  }
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    if (!twin) continue;
    const fix = 'Rename one: upper and lower case do not differ.';
    problems.push({ field: `tables.${name}`, problem: `has the same name as ${twin}`, fix });
  }
  return problems;
}

function checkTest({ expect, expectParked }: z.output<typeof MAPPING_TEST>, index: number): FieldProblem[] {
  const field = `mappingTests[${index}].expect`;
  const count = Object.keys(expect).length;
  if (expectParked !== undefined && count > 0) {
    const fix = 'Leave one of the two out: a user who is parked gets no values.';
    return [{ field, problem: 'does not go with expectParked', fix }];
  }
  if (expectParked === undefined && count === 0) {
    return [{ field, problem: 'names no attribute', fix: 'Name at least one with its value, or give expectParked.' }];
  }
  return [];
}

function checkRule({ blank, default: value }: ConfigurationInput['mapping'][number], index: number): FieldProblem[] {
  const field = `mapping[${index}].default`;
  const isBlank = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (blank === 'default' && isBlank) {
    return [{ field, problem: 'is blank', fix: 'Give the value to write, or set blank to "leave" or "clear".' }];
  }
  if (blank !== 'default' && value !== undefined) {
    return [{ field, problem: `is not used with blank "${blank}"`, fix: 'Set blank to "default", or leave it out.' }];
  }
  return [];
}

function checkDeprovisioning(
  cause: DepartureCause,
  { action, deleteAfterDays }: { action: string; deleteAfterDays?: number | undefined },
): FieldProblem[] {
  if (deleteAfterDays === undefined || action === 'deactivate') return [];
  const fix = 'Use "deactivate" with it: the account is deactivated at once and deleted after that many days.';
  return [{ field: `deprovisioning.${cause}.deleteAfterDays`, problem: `does not go with "${action}"`, fix }];
}

function checkCertificate(pem: string | undefined): FieldProblem[] {
  if (pem === undefined || /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)) return [];
  const fix = 'Paste the file that begins with -----BEGIN CERTIFICATE-----.';
  return [{ field: 'privateCa', problem: 'is not a certificate in PEM form', fix }];
}

function completeCorrelation(
  { mapping, correlation, connectorOptions }: ConfigurationInput,
  connector: Connector | undefined,
): { value: Correlation; problems: FieldProblem[] } {
  const spelling = new Map(mapping.map(({ target }) => [target.toLowerCase(), target]));
  const asked = correlation.matchingAttributes ?? DEFAULT_MATCHING.filter((path) => spelling.has(path.toLowerCase()));
  const problems: FieldProblem[] = [];
  const matchingAttributes: string[] = [];
  for (const [index, path] of asked.entries()) {
    const field = `correlation.matchingAttributes[${index}]`;
    // The rule's own spelling, for values are looked up by it.
    const target = spelling.get(path.toLowerCase());
    if (target === undefined) {
      problems.push({ field, problem: `${path} has no mapping rule`, fix: `Add a rule for ${path}, or leave it out.` });
    } else if (matchingAttributes.includes(target)) {
      problems.push({ field, problem: `${path} is named twice`, fix: 'Name it once.' });
    } else matchingAttributes.push(target);
  }
  if (asked.length === 0) {
    const problem = 'is empty: without one, no existing account would ever be found';
    const fix = 'Map userName or externalId, or name other attributes that have a rule.';
    problems.push({ field: 'correlation.matchingAttributes', problem, fix });
  }
  const traits = connector && findTraits(connector, connectorOptions);
  const value: Correlation = {
    matchingAttributes,
    adoption: correlation.adoption,
    findBeforeCreate: correlation.findBeforeCreate,
    visibilityDelayMs: correlation.visibilityDelayMs ?? traits?.visibilityDelayMs ?? 0,
    targetEnforcesUniqueness: correlation.targetEnforcesUniqueness ?? traits?.uniqueness.enforced !== 'no',
  };
  return { value, problems };
}

/** What the connector knows of the target with these options; joining does no I/O. */
export function findTraits(connector: Connector, options: Record<string, unknown>) {
  const { traits } = connectGuarded(connector, {
    http: { request: () => Promise.reject(new Error('A connector must not send while it is being joined')) },
    options: fillDefaults(connector.optionsSchema, options),
    signal: new AbortController().signal,
    log: { debug: () => {}, warn: () => {} },
    now: () => new Date(0),
    memory: new Map(),
  });
  return traits;
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'configuration';
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
