import type { z } from 'zod';
import { type AppGround, describeTarget, detectTarget } from '../apps/index.ts';
import { appParams as params, readApps, APP_TAGS as tags, writeApps } from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';
import { detectionSchema, targetSchema } from './target-schemas.ts';

/** What an app's target is like, as it is known and as it shows itself. */
export function targetRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    api.get(
      '/apps/:app/target',
      {
        config: readApps,
        schema: {
          summary:
            'Show what is known of the target: what deactivating and deleting really do, its limits, and from where',
          tags,
          params,
          response: { 200: targetSchema },
        },
      },
      async (request) => {
        const { traits, ...target } = await describeTarget(ground, request.params.app);
        if (traits === null) return { ...target, traits };
        const { uniqueness, searchable, rateLimits, notes, sources, ...rest } = traits;
        return {
          ...target,
          traits: {
            ...rest,
            uniqueness: { ...uniqueness, attributes: [...uniqueness.attributes] },
            ...(searchable === undefined ? {} : { searchable: searchable === 'any' ? searchable : [...searchable] }),
            ...{ rateLimits: [...rateLimits], notes: [...notes], sources: [...sources] },
          },
        };
      },
    );
    api.post(
      '/apps/:app/detect',
      {
        // It sends the credential and asks the target, though it changes nothing.
        config: writeApps,
        schema: {
          summary: 'Find out by reading what the target is and does, and what fits it',
          tags,
          params,
          response: { 200: detectionSchema },
        },
      },
      async (request) => {
        const { suggestions, findings } = await detectTarget(ground, request.params.app);
        type Options = Record<string, z.core.util.JSONType>;
        return {
          suggestions: suggestions.map(({ options, ...rest }) => ({ ...rest, options: options as Options })),
          findings: findings.map(({ options, ...rest }) => ({
            ...rest,
            ...(options ? { options: options as Options } : {}),
          })),
        };
      },
    );
  };
}
