import { guardRoutes } from '../../src/http/guard-routes.ts';
import { holdRoutes } from '../../src/http/hold-routes.ts';
import { quarantineRoutes } from '../../src/http/quarantine-routes.ts';
import { requestRoutes } from '../../src/http/request-routes.ts';
import { undoneRoutes } from '../../src/http/undone-routes.ts';
import { type Json, World } from '../mapping/world.ts';

/** The whole server with everything that stops changes, against the fault-injecting target. */
export const startWorld = (profile?: Parameters<typeof World.start>[0]): Promise<World> =>
  World.start(profile, {
    moreRoutes: (ground, openApp) => [
      holdRoutes(ground),
      guardRoutes(ground),
      undoneRoutes(ground, openApp),
      quarantineRoutes(ground),
      requestRoutes(ground),
    ],
  });

/** The body of a good answer. */
export async function ask(world: World, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await world.send(method, path, body, method === 'GET' ? {} : { 'if-match': '*' });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

export const people = (count: number, fields: Record<string, unknown> = {}, start = 0) =>
  Array.from({ length: count }, (_, n) => ({
    username: `user${start + n}@example.com`,
    fields: { Title: `Title ${start + n}`, ...fields },
  }));

export const openHolds = async (world: World): Promise<Json[]> => (await ask(world, 'GET', '/holds?limit=500')).items;

/** Accounts of the target that cannot be used. */
export const inactive = (world: World): number =>
  [...world.target.accounts().values()].filter(({ active }) => !active).length;

/** Writes that have reached the target by now. */
export const writes = (world: World): number =>
  world.target.exchanges().filter(({ method }) => method !== 'GET').length;
