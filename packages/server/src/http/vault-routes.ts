import { z } from 'zod';
import { describeVault, rotateVault, type VaultGround } from '../vault/index.ts';
import type { RouteFamily } from './http-app.ts';

const tags = ['vault'];
const standingSchema = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      seals: z.boolean().describe('New values are sealed under it'),
      isHere: z.boolean().describe('False: this server was not given it, and cannot open what it sealed'),
      values: z.number(),
    }),
  ),
});

/** The master keys by their ids, and sealing everything anew under the first. */
export function vaultRoutes(ground: VaultGround): RouteFamily {
  return (api) => {
    api.get(
      '/vault',
      {
        config: { scope: 'vault:read' },
        schema: {
          summary: 'How many secrets are sealed under which master key',
          tags,
          response: { 200: standingSchema },
        },
      },
      async () => {
        const { keys } = await describeVault(ground);
        return { keys: [...keys] };
      },
    );
    api.post(
      '/vault/rotate',
      {
        config: { scope: 'vault:write' },
        schema: {
          summary: 'Seal every secret anew under the first master key, while everything goes on',
          tags,
          response: {
            200: standingSchema.extend({
              resealed: z.number(),
              unopened: z.array(z.object({ owner: z.string(), field: z.string(), problem: z.string() })),
            }),
          },
        },
      },
      async (request) => {
        const { keys, resealed, unopened } = await rotateVault(ground, request.actor);
        return { keys: [...keys], resealed, unopened: [...unopened] };
      },
    );
  };
}
