import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyContextConfig, RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { includesScope, ROLE_SCOPES, ROLES } from '../access/index.ts';
import { PLACES, REFUSAL_CODES, type RefusalCode } from '../refusal.ts';
import type { HttpApp, RouteScope } from './http-app.ts';

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(REFUSAL_CODES) as [RefusalCode, ...RefusalCode[]]),
    detail: z.string(),
    instance: z.string().describe('Names this occurrence; the log has it as `requestId`'),
    errors: z.array(
      z.object({
        field: z.string(),
        problem: z.string(),
        fix: z.string(),
        place: z.enum(PLACES).optional().describe('Where the console mends it'),
      }),
    ),
  })
  .describe('RFC 9457, with our code and each field that is wrong');
z.globalRegistry.add(problem, { id: 'Problem' });

/** Swagger UI brings its own script and styles, from here and nowhere else. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TAGS = [
  { name: 'directory', description: 'Users, profiles, permission sets, permission set groups, their assignments' },
  { name: 'apps', description: 'Connected apps: credential, mapping, triggers, assignment, state' },
  { name: 'provisioning', description: 'Why and why not, preview, provision now, the log' },
  { name: 'requests', description: 'Provisioning requests: one operation for one user on one app, with its attempts' },
  { name: 'holds', description: 'Changes that a guard stopped' },
  { name: 'rollouts', description: 'How a configuration version reaches people by stages, and the way back' },
  { name: 'alerts', description: 'What people are told without asking, and by which channels' },
  { name: 'vault', description: 'The master keys that seal secrets' },
  { name: 'audit', description: 'Who changed what' },
  { name: 'keys', description: 'API keys' },
  { name: 'session', description: 'Signing in to the console, and what one may change about it' },
  { name: 'people', description: 'Who works with Usher, and in which role' },
  {
    name: 'probes',
    description: 'For monitoring; they ask for no key, and /metrics for one when USHER_METRICS says so',
  },
];

/** Call it before the routes are registered: it collects them as they come. */
export async function registerApiDescription(app: HttpApp, routes: readonly RouteOptions[]): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Usher',
        description:
          'Send the key as "Authorization: Bearer ush_…"; the console sends the cookie of its session. `x-roles` names the roles whose people may call an operation. A change may say why in the header X-Usher-Reason, percent-encoded. Refusals are problem JSON (RFC 9457) that name the field and the fix. Lists are paged by `cursor`. Changes of a record need its ETag as If-Match.',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key of Usher' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-usher_session',
            description:
              'A session of the console; changes need x-csrf-token beside it. Without https the name has no prefix.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const described = jsonSchemaTransformObject(document) as unknown as OpenApiDocument;
      completeOperations(described, routes);
      dropUnusedSchemas(described);
      return described as never;
    },
  });

  app.get('/api/v1/openapi.json', { config: { scope: 'none' }, schema: { hide: true } as never }, async () =>
    app.swagger(),
  );
  await app.register(async (docs) => {
    // The plugin's own routes hold only what the repository holds.
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'none' } as FastifyContextConfig;
    });
    await docs.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: DOCS_POLICY, theme: { title: 'Usher API' } });
  });
}

interface OpenApiOperation {
  'x-roles'?: readonly string[];
  security?: Array<Record<string, string[]>>;
  parameters?: unknown[];
  requestBody?: unknown;
  responses: Record<string, { description: string; content?: unknown }>;
}

interface OpenApiDocument {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, unknown> };
}

/** Each named schema comes once for requests and once for answers; most are used in one of them. */
function dropUnusedSchemas(document: OpenApiDocument): void {
  const { schemas } = document.components;
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name] ?? {});
    }
  };
  visit(document.paths);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
}

function completeOperations(document: OpenApiDocument, routes: readonly RouteOptions[]): void {
  for (const route of routes) {
    const path = document.paths[route.url.replace(/:([A-Za-z0-9_]+)/g, '{$1}')];
    for (const method of [route.method].flat()) {
      const operation = path?.[method.toLowerCase()];
      if (operation && route.config) completeOperation(operation, method, route.url, route.config);
    }
  }
}

function completeOperation(
  operation: OpenApiOperation,
  method: string,
  url: string,
  config: FastifyContextConfig,
): void {
  const { scope } = config;
  operation.security = describeSecurity(scope);
  operation['x-roles'] = rolesOf(scope);
  if (config.consumes === 'text/csv') {
    operation.requestBody = { required: true, content: { 'text/csv': { schema: { type: 'string' } } } };
  }
  if (config.ifMatch) {
    operation.parameters = [
      ...(operation.parameters ?? []),
      {
        name: 'If-Match',
        in: 'header',
        required: true,
        schema: { type: 'string' },
        description: 'ETag of the record as it was read',
      },
    ];
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? 'Answer';
  }
  for (const code of possibleRefusals(method, url, config)) {
    const { status, title } = REFUSAL_CODES[code];
    operation.responses[status] ??= {
      description: title,
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
}

function describeSecurity(scope: RouteScope): Array<Record<string, string[]>> {
  if (scope === 'none') return [];
  if (scope === 'session') return [{ session: [] }];
  const scopes = scope === 'any' ? [] : [scope];
  return [{ key: scopes }, { session: scopes }];
}

/** The roles whose people may call it; everybody, for what asks for nothing. */
function rolesOf(scope: RouteScope): readonly string[] {
  if (scope === 'none' || scope === 'any' || scope === 'session') return ROLES;
  return ROLES.filter((role) => includesScope(ROLE_SCOPES[role], scope));
}

function possibleRefusals(method: string, url: string, config: FastifyContextConfig): RefusalCode[] {
  const codes: RefusalCode[] = ['invalid_request', 'internal', 'unavailable'];
  if (config.scope !== 'none') codes.push('unauthenticated', 'forbidden', 'rate_limited');
  if (url.includes(':')) codes.push('not_found');
  if (method !== 'GET') codes.push('conflict', 'invalid_value');
  if (method === 'POST' || method === 'PUT' || method === 'PATCH') codes.push('too_large', 'unsupported_media_type');
  if (config.ifMatch) codes.push('precondition_failed', 'precondition_required');
  return codes;
}
