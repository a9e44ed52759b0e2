import { z } from 'zod';
import {
  type AppGround,
  describeTargetSchema,
  findReachSettings,
  getApp,
  proposeMapping,
  readTargetSchema,
} from '../apps/index.ts';
import { refuseField } from '../refusal.ts';
import { appParams as params, readApps, APP_TAGS as tags } from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';

const connectorSchema = z.object({
  id: z.string(),
  version: z.string(),
  label: z.string(),
  description: z.string(),
  credentialKinds: z.array(z.string()),
  optionsSchema: z.record(z.string(), z.json()).describe('JSON Schema 2020-12 of the connector options'),
});

const attributeSchema = z.object({
  path: z.string(),
  type: z.enum(['text', 'boolean', 'number', 'dateTime', 'reference', 'binary', 'complex']),
  multiValued: z.boolean(),
  required: z.boolean(),
  mutability: z.enum(['readWrite', 'readOnly', 'immutable', 'writeOnly']),
  uniqueness: z.enum(['none', 'server', 'global']),
  caseExact: z.boolean(),
  canonicalValues: z.array(z.string()).optional(),
  description: z.string().optional(),
});
const schemaSource = z.enum(['target', 'connector', 'administrator', 'default']);
const accountSchema = z.object({
  source: schemaSource.describe('"default": the target does not say, so these are the standard’s'),
  attributes: z.array(attributeSchema),
  comparedWith: z.number().nullable().describe('The version that `changes` are told against'),
  changes: z
    .array(
      z.object({
        path: z.string(),
        change: z.string().describe('is required now, is new, takes several values now, …'),
        breaks: z.boolean().describe('Requests that were right before can be refused now'),
      }),
    )
    .describe('What the target says otherwise than when that version was saved'),
});

const ruleSchema = z.object({
  target: z.string(),
  formula: z.string(),
  required: z.boolean(),
  apply: z.string(),
  blank: z.string(),
});
const proposalSchema = z.object({
  mapping: z.array(ruleSchema),
  correlation: z
    .object({ matchingAttributes: z.array(z.string()) })
    .optional()
    .describe('What finds existing accounts; absent: userName and externalId do'),
  missing: z.array(z.string()).describe('What the target requires and nothing is proposed for'),
  schemaSource: schemaSource.nullable().describe('Null: the target could not be asked'),
  notes: z.array(z.string()),
});

/** What kinds of targets there are, and what one of them says of its accounts. */
export function connectorRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    api.get(
      '/connectors',
      {
        config: readApps,
        schema: { summary: 'List connectors', tags, response: { 200: z.object({ items: z.array(connectorSchema) }) } },
      },
      async () => ({
        items: ground.connectors.map(({ id, version, label, description, credentialKinds, optionsSchema }) => ({
          ...{ id, version, label, description, credentialKinds: [...credentialKinds] },
          optionsSchema: optionsSchema as Record<string, z.core.util.JSONType>,
        })),
      }),
    );
    api.get(
      '/apps/:app/schema',
      {
        config: readApps,
        schema: {
          summary:
            "Show the attributes of the target's accounts, read from it now, and what changed since the version in force",
          tags,
          params,
          response: { 200: accountSchema },
        },
      },
      async (request) => describeTargetSchema(ground, request.params.app),
    );
    api.get(
      '/apps/:app/mapping/proposal',
      {
        config: readApps,
        schema: {
          summary: 'Propose a mapping, from what the target says of its attributes',
          tags,
          params,
          querystring: z.strictObject({
            roles: z
              .enum(['true', 'false'])
              .optional()
              .describe('Permission set groups as roles; absent: where the target takes any role'),
            connectorOptions: z
              .string()
              .max(10_000)
              .optional()
              .describe('JSON of the options to reach the target by, before a configuration has them'),
          }),
          response: { 200: proposalSchema },
        },
      },
      async (request) => {
        const app = await getApp(ground, request.params.app);
        const { roles, connectorOptions } = request.query;
        const saved = await findReachSettings(ground, app);
        const settings =
          connectorOptions === undefined ? saved : { ...saved, connectorOptions: parseOptions(connectorOptions) };
        const read = await readTargetSchema(ground, app, settings);
        const schema = read.ok ? read.schema : undefined;
        // What is no SCIM target would refuse each of the standard's attributes.
        const isGuess = schema === undefined && !app.connector.startsWith('scim');
        const proposal = isGuess
          ? { mapping: [], missing: [] }
          : proposeMapping(schema, { roles: roles === undefined ? undefined : roles === 'true' });
        const notes = read.ok ? [] : [`The target could not be asked for its attributes: ${read.problem} ${read.fix}`];
        if (isGuess) notes.push(read.ok ? UNTOLD : UNREAD);
        return { ...proposal, schemaSource: schema?.source ?? null, notes };
      },
    );
  };
}

const UNREAD =
  'Nothing is proposed, for only this target knows what it calls its attributes. Ask again once it answers, or write the rules yourself.';
const UNTOLD =
  'Nothing is proposed, for this connector does not tell its attributes. Name them in the configuration’s targetAttributes, or write the rules yourself.';

function parseOptions(text: string): Record<string, unknown> {
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return { ...options };
  } catch {
    // It is refused below.
  }
  throw refuseField('invalid_request', 'query.connectorOptions', 'is no JSON object', 'Give an object: {"base": "…"}.');
}
