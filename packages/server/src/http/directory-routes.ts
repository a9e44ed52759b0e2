import type { Ground } from '../ground.ts';
import { customFieldRoutes } from './custom-field-routes.ts';
import { demoRoutes } from './demo-routes.ts';
import type { RouteFamily } from './http-app.ts';
import { organizationRoutes } from './organization-routes.ts';
import { userExportRoutes } from './user-export-routes.ts';
import { userImportRoutes } from './user-import-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Users, their import, their custom fields, the organization's defaults, and the demo company. */
export function directoryRoutes(ground: Ground): RouteFamily {
  const families = [userImportRoutes, userExportRoutes, userRoutes, customFieldRoutes, organizationRoutes, demoRoutes];
  return async (app) => {
    for (const family of families) await family(ground)(app);
  };
}
