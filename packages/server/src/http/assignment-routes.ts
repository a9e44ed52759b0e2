import type { Ground } from '../ground.ts';
import { entitlementRoutes } from './entitlement-routes.ts';
import type { RouteFamily } from './http-app.ts';
import { userAssignmentRoutes } from './user-assignment-routes.ts';

/** Profiles, permission sets, permission set groups, and what of them a user is given. */
export function assignmentRoutes(ground: Ground): RouteFamily {
  const families = [entitlementRoutes, userAssignmentRoutes];
  return async (app) => {
    for (const family of families) await family(ground)(app);
  };
}
