import type { RouteOptions } from 'fastify';
import type { z } from 'zod';
import { SCOPES } from '../access/index.ts';

const KNOWN_SCOPES: readonly unknown[] = [...SCOPES, 'any', 'session', 'none'];

/** Throws when a route does not say who may call it, or would drop parts of a request without a word. */
export function assertRoutesAreSafe(routes: readonly RouteOptions[]): void {
  const faults = routes.flatMap((route) => findFaults(route).map((fault) => `${route.method} ${route.url}: ${fault}`));
  if (faults.length > 0) throw new Error(`The server does not start with these routes:\n${faults.join('\n')}`);
}

function findFaults(route: RouteOptions): string[] {
  const faults: string[] = [];
  const scope: unknown = route.config?.scope;
  if (scope === undefined) faults.push('it declares no config.scope; name the scope that it asks for, or "none"');
  else if (!KNOWN_SCOPES.includes(scope)) faults.push(`its config.scope "${scope}" does not exist`);
  for (const part of ['body', 'querystring', 'params'] as const) {
    const schema = route.schema?.[part];
    const loose = isZodSchema(schema) ? findLooseObject(schema, part, new Set()) : undefined;
    if (loose) faults.push(`${loose} drops unknown members silently; make it z.strictObject`);
  }
  return faults;
}

function isZodSchema(schema: unknown): schema is z.core.$ZodType {
  return typeof schema === 'object' && schema !== null && '_zod' in schema;
}

/** The path of a plain `z.object`: it strips what it does not know, so that a misspelt member would seem to be accepted. */
function findLooseObject(schema: z.core.$ZodType, path: string, seen: Set<unknown>): string | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  const def = schema._zod.def as unknown as Record<string, unknown>;
  if (def['type'] === 'object' && def['catchall'] === undefined) return path;
  for (const [name, value] of Object.entries(def)) {
    const inner =
      typeof value === 'object' && value !== null && !isZodSchema(value) ? Object.entries(value) : [[name, value]];
    for (const [key, candidate] of inner) {
      if (!isZodSchema(candidate)) continue;
      const found = findLooseObject(candidate, name === 'shape' ? `${path}.${key}` : path, seen);
      if (found) return found;
    }
  }
  return undefined;
}
