import { z } from 'zod';
import { changeOrganization, loadOrganization } from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { RouteFamily } from './http-app.ts';

const members = {
  TimeZoneSidKey: z.string().describe('IANA name. Decides the day of TODAY(), and is the default of new users'),
  LocaleSidKey: z.string(),
  LanguageLocaleKey: z.string(),
  EmailEncodingKey: z.string(),
};
const organizationOut = z.object(members).meta({ id: 'Organization' });
const organizationChange = z.strictObject({
  TimeZoneSidKey: members.TimeZoneSidKey.optional(),
  LocaleSidKey: z.string().optional(),
  LanguageLocaleKey: z.string().optional(),
  EmailEncodingKey: z.string().optional(),
});
const tags = ['directory'];

export function organizationRoutes(ground: Ground): RouteFamily {
  return (app) => {
    app.get(
      '/organization',
      {
        config: { scope: 'directory:read' },
        schema: { summary: 'Show the organization’s defaults', tags, response: { 200: organizationOut } },
      },
      async (_request, reply) => {
        const { revision, ...organization } = await loadOrganization(ground.pool);
        reply.header('etag', etagOf(revision));
        return organization;
      },
    );
    app.patch(
      '/organization',
      {
        config: { scope: 'directory:write' },
        schema: {
          summary: 'Change the organization’s defaults',
          tags,
          body: organizationChange,
          response: { 200: organizationOut },
        },
      },
      async (request, reply) => {
        const expected = requireIfMatch(request);
        const { revision, ...organization } = await changeOrganization(ground, request.actor, {
          expected,
          values: request.body,
        });
        reply.header('etag', etagOf(revision));
        return organization;
      },
    );
  };
}
