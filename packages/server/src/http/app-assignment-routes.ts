import { z } from 'zod';
import { type AppGround, assignApp, GRANT_KINDS, getApp, listAssignments, unassignApp } from '../apps/index.ts';
import { commandOf } from './app-command.ts';
import { appParams as params, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';
import { pageOf } from './page.ts';
import { timeOut } from './wire.ts';

const grant = z.strictObject({
  kind: z.enum(GRANT_KINDS),
  name: z.string().trim().min(1).max(255).describe('Of the profile, permission set or permission set group'),
});
const assignmentSchema = z.object({ kind: z.enum(GRANT_KINDS), name: z.string(), createdAt: timeOut });
const assignedSchema = z.object({ kind: z.enum(GRANT_KINDS), name: z.string(), links: z.number().describe('Due now') });

/** Which profiles, permission sets and permission set groups grant an app. */
export function appAssignmentRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    api.get(
      '/apps/:app/assignments',
      {
        config: readApps,
        schema: { summary: 'List what grants the app', tags, params, response: { 200: pageOf(assignmentSchema) } },
      },
      async (request) => {
        const app = await getApp(ground, request.params.app);
        const found = await listAssignments(ground.pool, app.id);
        const items = found.map(({ kind, name, createdAt }) => ({ kind, name, createdAt: createdAt.toISOString() }));
        return { items, nextCursor: null };
      },
    );
    api.post(
      '/apps/:app/assignments',
      {
        config: writeApps,
        schema: {
          summary: 'Grant the app to everyone who has this profile, permission set or permission set group',
          tags,
          params,
          body: grant,
          response: { 201: assignedSchema },
        },
      },
      async (request, reply) => {
        const links = await assignApp(ground, commandOf(request), request.body);
        reply.code(201);
        return { ...request.body, links };
      },
    );
    api.delete(
      '/apps/:app/assignments',
      {
        config: writeApps,
        schema: {
          summary: 'Take the grant away: those who have no other one lose the app',
          tags,
          params,
          querystring: grant,
          response: { 200: assignedSchema },
        },
      },
      async (request) => {
        const links = await unassignApp(ground, commandOf(request), request.query);
        return { ...request.query, links };
      },
    );
  };
}
