import { type ConnectedApp, findAppByName } from '../apps/index.ts';
import type { Queryable } from '../db/pool.ts';
import { findUserId } from '../provisioning/index.ts';
import { Refusal } from '../refusal.ts';

/** The app of this name, or a refusal that says which is missing. */
export async function getApp(db: Queryable, name: string): Promise<ConnectedApp> {
  const app = await findAppByName(db, name);
  if (!app) {
    throw new Refusal('not_found', `There is no app called ${JSON.stringify(name.slice(0, 80))}.`, [
      { field: 'app', problem: 'names no connected app', fix: 'GET /api/v1/apps lists their names.', place: 'apps' },
    ]);
  }
  return app;
}

/** The id of the user with this id or Username. */
export async function getUserId(db: Queryable, idOrUsername: string): Promise<string> {
  const id = await findUserId(db, idOrUsername);
  if (!id) {
    throw new Refusal('not_found', `There is no user ${JSON.stringify(idOrUsername.slice(0, 80))}.`, [
      {
        ...{ field: 'user', problem: 'is neither the id nor the Username of a user', place: 'users' },
        fix: 'GET /api/v1/users finds users.',
      },
    ]);
  }
  return id;
}
