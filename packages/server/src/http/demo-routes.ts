import { z } from 'zod';
import { type DemoCompany, describeCompany, loadCompany, removeCompany } from '../demo/index.ts';
import type { Ground } from '../ground.ts';
import { findingSchema } from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';
import { timeOut, writeTime } from './wire.ts';

const tags = ['directory'];
const companySchema = z
  .object({
    loaded: z.object({ at: timeOut, by: z.string() }).nullable().describe('Null: it is not there'),
    users: z.number().describe('How many it has, or would have'),
    permissionSets: z.array(z.string()),
    permissionSetGroups: z.array(z.string()),
    obstacles: z.array(findingSchema).describe('Why it cannot be loaded, or removed, now; empty: it can'),
  })
  .meta({ id: 'DemoCompany' });

/** A small invented company, to try things with before there are real people. */
export function demoRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/demo-company',
      {
        // What is in its way names apps.
        config: { scope: 'apps:read' },
        schema: {
          summary: 'Whether the demo company is there, and whether it may come or go now',
          tags,
          response: { 200: companySchema },
        },
      },
      async () => writeCompany(await describeCompany(ground)),
    );
    app.post(
      '/demo-company',
      {
        config: { scope: 'directory:write' },
        schema: {
          summary: 'Load the demo company: users, permission sets and a group; only into an empty directory',
          tags,
          response: { 201: companySchema },
        },
      },
      async (request, reply) => reply.code(201).send(writeCompany(await loadCompany(ground, request.actor))),
    );
    app.delete(
      '/demo-company',
      {
        config: { scope: 'directory:write' },
        schema: {
          summary: 'Remove the demo company whole, as long as no account of it was made anywhere',
          tags,
          response: {
            200: z.object({
              users: z.number(),
              unmanaged: z
                .number()
                .describe('Other users, who had one of its people as their manager and have none now'),
            }),
          },
        },
      },
      async (request) => removeCompany(ground, request.actor),
    );
  };
}

function writeCompany({ loaded, ...rest }: DemoCompany): z.output<typeof companySchema> {
  return { ...rest, loaded: loaded && { at: writeTime(loaded.at), by: loaded.by } };
}
