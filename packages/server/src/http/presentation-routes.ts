import { z } from 'zod';
import { type AppGround, changeCredential, createCredentialChanger, getApp } from '../apps/index.ts';
import {
  buildHandOver,
  findLogo,
  findPresentation,
  presentApp,
  registerConsumer,
  setLogo,
  writeHandOver,
} from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { commandOf } from './app-command.ts';
import {
  appParams,
  changeApps,
  presentationSchema,
  readApps,
  APP_TAGS as tags,
  writeApps,
  writePresentation,
} from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';
import { shownConsumerSchema, writeShownConsumer } from './oauth-schemas.ts';

const text = (most: number) => z.string().trim().min(1).max(most).nullable().default(null);
const presentationBody = z.strictObject({
  contactName: text(200),
  contactEmail: z.email().max(320).nullable().default(null),
  contactPhone: text(60),
  infoUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable()
    .default(null),
});
const sheetSchema = z.object({
  sheet: z.record(z.string(), z.json()),
  markdown: z.string().describe('The same, to be copied into a mail or a ticket; no secret is in it'),
});

/** How an app is presented to people, and handed over to its target's administrator. */
export function presentationRoutes(ground: AppGround): RouteFamily {
  const describe = async (idOrName: string): Promise<z.output<typeof presentationSchema>> => {
    const app = await getApp(ground, idOrName);
    return writePresentation((await findPresentation(ground.pool, app.id)) ?? null);
  };
  return (api) => {
    api.get(
      '/apps/:app/presentation',
      {
        config: readApps,
        schema: { summary: 'Contact and logo', tags, params: appParams, response: { 200: presentationSchema } },
      },
      async (request) => describe(request.params.app),
    );
    api.put(
      '/apps/:app/presentation',
      {
        config: changeApps,
        schema: {
          summary: 'Say whom to ask about the app',
          tags,
          params: appParams,
          body: presentationBody,
          response: { 200: presentationSchema },
        },
      },
      async (request) => {
        await changeCredential(ground, commandOf(request), (change) => presentApp(change, request.body));
        return describe(request.params.app);
      },
    );
    api.get(
      '/apps/:app/logo',
      { config: readApps, schema: { summary: 'The logo', tags, params: appParams, produces: ['image/png'] } as never },
      async (request, reply) => {
        const { app } = request.params as { app: string };
        const found = await findLogo(ground.pool, (await getApp(ground, app)).id);
        if (!found) throw new Refusal('not_found', `${app} has no logo.`);
        return reply.type(found.logoType).header('cache-control', 'private, max-age=300').send(found.logo);
      },
    );
    api.put(
      '/apps/:app/logo',
      {
        config: changeApps,
        schema: {
          summary: 'Keep a logo: PNG, JPEG or WebP of at most 128 KiB',
          tags,
          params: appParams,
          body: z.strictObject({ base64: z.base64().max(200_000) }),
          response: { 200: presentationSchema },
        },
      },
      async (request) => {
        const bytes = Buffer.from(request.body.base64, 'base64');
        await changeCredential(ground, commandOf(request), (change) => setLogo(change, bytes));
        return describe(request.params.app);
      },
    );
    api.delete(
      '/apps/:app/logo',
      {
        config: changeApps,
        schema: { summary: 'Take the logo away', tags, params: appParams, response: { 200: presentationSchema } },
      },
      async (request) => {
        await changeCredential(ground, commandOf(request), (change) => setLogo(change, null));
        return describe(request.params.app);
      },
    );
    api.get(
      '/apps/:app/oauth/hand-over',
      {
        config: readApps,
        schema: {
          summary: "What the target's administrator needs to register Usher",
          tags,
          params: appParams,
          response: { 200: sheetSchema },
        },
      },
      async (request) => {
        const sheet = await buildHandOver(ground, await getApp(ground, request.params.app));
        return { sheet: sheet as never, markdown: writeHandOver(sheet) };
      },
    );
    api.post(
      '/apps/:app/oauth/register',
      {
        config: writeApps,
        schema: {
          summary: 'Register at the authorization server by itself (RFC 7591)',
          tags,
          params: appParams,
          body: z.strictObject({ initialAccessToken: z.string().min(1).max(8000).optional() }).nullish(),
          response: { 201: shownConsumerSchema },
        },
      },
      async (request, reply) => {
        const app = await getApp(ground, request.params.app);
        commandOf(request).checkRevision(app.revision);
        const changer = createCredentialChanger(ground, request.actor);
        const shown = await registerConsumer(ground, app.id, request.actor, changer, request.body ?? {});
        return reply.code(201).send(writeShownConsumer(shown));
      },
    );
  };
}
