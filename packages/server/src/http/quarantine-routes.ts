import { z } from 'zod';
import { type AppGround, getApp } from '../apps/index.ts';
import { describeQuarantine } from '../provisioning/index.ts';
import { APP_TAGS, appParams as params } from './app-schemas.ts';
import type { RouteFamily } from './http-app.ts';
import { exchangeSchema, instant, toWire } from './provisioning-schemas.ts';

const quarantineSchema = z.object({
  since: instant,
  cause: z.enum(['credential', 'target', 'connector']),
  message: z.string(),
  nextStep: z.string(),
  status: z.number().nullable(),
  targetSaid: z.string().nullable(),
  probeAt: instant.describe('When the target is asked next, by a read that changes nothing'),
  probeAttempts: z.number(),
  waiting: z.number().describe('Links that wait for its end; nothing of them is lost'),
  firstFailure: z
    .object({
      requestId: z.string(),
      at: instant,
      userId: z.string().nullable(),
      operation: z.string().nullable(),
      message: z.string(),
      exchange: exchangeSchema.nullable(),
    })
    .nullable()
    .describe('The first of the failures in a row; null where no call led to it'),
});

/** Why an app is quarantined, and what waits for its end. */
export function quarantineRoutes(ground: AppGround): RouteFamily {
  return (api) => {
    api.get(
      '/apps/:app/quarantine',
      {
        config: { scope: 'provisioning:read' },
        schema: {
          summary: 'Why an app is quarantined: the cause, the first failing exchange, and how many wait',
          tags: APP_TAGS,
          params,
          response: { 200: z.object({ quarantine: quarantineSchema.nullable().describe('Null: it is not') }) },
        },
      },
      async (request) => {
        const app = await getApp(ground, request.params.app);
        const quarantine = await describeQuarantine(ground.pool, app, ground.clock.now());
        return toWire({ quarantine }) as { quarantine: z.output<typeof quarantineSchema> | null };
      },
    );
  };
}
