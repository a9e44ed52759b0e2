import { z } from 'zod';
import type { Ground } from '../ground.ts';
import { changeRetention, erasePerson, loadRetention } from '../retention/index.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import { getUserId } from './find-named.ts';
import type { RouteFamily } from './http-app.ts';

const days = z.int().min(1).max(3650).describe('Requests, their log and closed holds are kept for so many days');
const bodyDays = z
  .int()
  .min(0)
  .max(3650)
  .describe('The HTTP exchanges in the log are kept for so many days; at most as long as the log');
const settingsOut = z.object({ days, bodyDays }).meta({ id: 'Retention' });
const tags = ['retention'];

const erasureBody = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe('Why; kept in the audit for ever, so do not name the person'),
  force: z.boolean().default(false).describe('Also while the user is not deleted or an account is not finished with'),
  dryRun: z.boolean().default(false).describe('Erase nothing, and say what would be erased'),
});
const count = z.int();
const erasureOut = z
  .object({
    dryRun: z.boolean(),
    rows: z.object({
      user: count,
      assignments: count,
      links: count,
      requests: count,
      logLines: count,
      holds: count,
      dismissals: count.describe(
        'What people decided not to have done for them; what rollouts kept of their accounts goes too',
      ),
      planned: count.describe('Changes in plans that are kept'),
      audit: count,
      mentions: count.describe('Rows about others that named the person'),
    }),
    unfinished: z
      .array(z.object({ app: z.string(), why: z.string() }))
      .describe('What was still to be done at targets; erase again when it is'),
  })
  .meta({ id: 'Erasure' });

/** How long things are remembered, and the forgetting of one person. */
export function retentionRoutes(ground: Ground): RouteFamily {
  return (api) => {
    api.get(
      '/retention',
      {
        config: { scope: 'provisioning:read' },
        schema: { summary: 'Show how long requests, log and bodies are kept', tags, response: { 200: settingsOut } },
      },
      async (_request, reply) => {
        const { revision, ...settings } = await loadRetention(ground.pool);
        reply.header('etag', etagOf(revision));
        return settings;
      },
    );
    api.put(
      '/retention',
      {
        config: { scope: 'retention:write', ifMatch: true },
        schema: {
          summary: 'Change how long requests, log and bodies are kept',
          tags,
          body: z.strictObject({ days, bodyDays }),
          response: { 200: settingsOut },
        },
      },
      async (request, reply) => {
        const change = { expected: requireIfMatch(request), settings: request.body };
        const { revision, ...settings } = await changeRetention(ground, request.actor, change);
        reply.header('etag', etagOf(revision));
        return settings;
      },
    );
    api.delete(
      '/users/:user/personal-data',
      {
        config: { scope: 'retention:write' },
        schema: {
          summary: 'Erase what is stored of a person',
          description:
            'For a user who is deleted and whose accounts are finished with. Backups are not touched; what happened stays on record under the user’s id.',
          tags,
          params: z.strictObject({ user: z.string().min(1).max(255).describe('Id or Username') }),
          body: erasureBody,
          response: { 200: erasureOut },
        },
      },
      async (request) => {
        const userId = await getUserId(ground.pool, request.params.user);
        return await erasePerson(ground, request.actor, { userId, ...request.body });
      },
    );
  };
}
