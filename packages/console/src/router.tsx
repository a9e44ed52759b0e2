import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { Crash } from './parts/failure.tsx';
import { Lines } from './parts/loaded.tsx';
import { sessionQuery } from './session/session.tsx';
import { NotFoundPage } from './shell/not-found.tsx';
import {
  AUDIT_SEARCH,
  ENTITLEMENT_SEARCH,
  HOLD_SEARCH,
  LOG_SEARCH,
  MATCHING_SEARCH,
  PLAN_SEARCH,
  SETUP_SEARCH,
} from './shell/page-search.ts';
import { parseSearch, searchParams, stringifySearch } from './shell/search-params.ts';
import { Shell } from './shell/shell.tsx';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: searchParams({ next: 'text', problem: 'text' }),
  loader: ({ context }) => context.queries.ensureQueryData(sessionQuery),
  component: lazyRouteComponent(() => import('./pages/access/sign-in.tsx'), 'SignInPage'),
});

const linkPage = lazyRouteComponent(() => import('./pages/access/use-link.tsx'), 'UseLinkPage');
const firstRun = createRoute({ getParentRoute: () => root, path: '/first-run', component: linkPage });
const join = createRoute({ getParentRoute: () => root, path: '/join', component: linkPage });
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: linkPage });
const ownStatus = createRoute({
  getParentRoute: () => root,
  path: '/status',
  component: lazyRouteComponent(() => import('./pages/access/own-status.tsx'), 'OwnStatusPage'),
});
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (!session.signedIn) throw redirect({ to: '/sign-in' });
  },
  component: lazyRouteComponent(() => import('./pages/access/second-factor.tsx'), 'SecondFactorPage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  notFoundComponent: NotFoundPage,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (!session.signedIn)
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    if (session.stage === 'enrolling') throw redirect({ to: '/second-factor' });
  },
});

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});
const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  staticData: { scope: 'directory:read' },
  validateSearch: searchParams({ q: 'text', active: ['true', 'false'], profile: 'text', deleted: ['also', 'only'] }),
  component: lazyRouteComponent(() => import('./pages/users.tsx'), 'UsersPage'),
});
const newUser = createRoute({
  getParentRoute: () => shell,
  path: '/users/new',
  staticData: { scope: 'directory:write' },
  component: lazyRouteComponent(() => import('./pages/user/user-form.tsx'), 'NewUserPage'),
});
const importUsers = createRoute({
  getParentRoute: () => shell,
  path: '/users/import',
  staticData: { scope: 'directory:write' },
  component: lazyRouteComponent(() => import('./pages/import-users.tsx'), 'ImportUsersPage'),
});
const user = createRoute({
  getParentRoute: () => shell,
  path: '/users/$user',
  staticData: { scope: 'directory:read' },
  component: lazyRouteComponent(() => import('./pages/user/user-page.tsx'), 'UserPage'),
});
const editUser = createRoute({
  getParentRoute: () => shell,
  path: '/users/$user/edit',
  staticData: { scope: 'directory:write' },
  component: lazyRouteComponent(() => import('./pages/user/user-form.tsx'), 'EditUserPage'),
});
const apps = createRoute({
  getParentRoute: () => shell,
  path: '/apps',
  staticData: { scope: 'apps:read' },
  component: lazyRouteComponent(() => import('./pages/apps.tsx'), 'AppsPage'),
});
const newApp = createRoute({
  getParentRoute: () => shell,
  path: '/apps/new',
  staticData: { scope: 'apps:write' },
  component: lazyRouteComponent(() => import('./pages/new-app.tsx'), 'NewAppPage'),
});
const app = createRoute({
  getParentRoute: () => shell,
  path: '/apps/$app',
  staticData: { scope: 'apps:read' },
  component: lazyRouteComponent(() => import('./pages/app/app-frame.tsx'), 'AppFrame'),
});
const appOverview = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/app/app-overview.tsx'), 'AppOverview'),
});
const appSetup = createRoute({
  getParentRoute: () => app,
  path: '/setup',
  validateSearch: searchParams(SETUP_SEARCH),
  component: lazyRouteComponent(() => import('./pages/setup/setup-page.tsx'), 'SetupPage'),
});
const appMapping = createRoute({
  getParentRoute: () => app,
  path: '/mapping',
  validateSearch: searchParams({ row: 'text', person: 'text', view: ['versions', 'tests'] }),
  component: lazyRouteComponent(() => import('./pages/mapping/mapping-page.tsx'), 'MappingPage'),
});
const appPlans = createRoute({
  getParentRoute: () => app,
  path: '/plans',
  staticData: { scope: 'provisioning:read' },
  component: lazyRouteComponent(() => import('./pages/plans/plans-page.tsx'), 'PlansPage'),
});
const appPlan = createRoute({
  getParentRoute: () => app,
  path: '/plans/$plan',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(PLAN_SEARCH),
  component: lazyRouteComponent(() => import('./pages/plans/plan-page.tsx'), 'PlanPage'),
});
const appRollouts = createRoute({
  getParentRoute: () => app,
  path: '/rollouts',
  validateSearch: searchParams({ plan: ['new'] }),
  component: lazyRouteComponent(() => import('./pages/rollout/rollouts-page.tsx'), 'RolloutsPage'),
});
const appRollout = createRoute({
  getParentRoute: () => app,
  path: '/rollouts/$rollout',
  component: lazyRouteComponent(() => import('./pages/rollout/rollout-page.tsx'), 'RolloutPage'),
});
const appDrills = createRoute({
  getParentRoute: () => app,
  path: '/drills',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams({ drill: 'text' }),
  component: lazyRouteComponent(() => import('./pages/drill/drills-page.tsx'), 'DrillsPage'),
});
const appMatching = createRoute({
  getParentRoute: () => app,
  path: '/matching',
  staticData: { scope: 'provisioning:read' },
  component: lazyRouteComponent(() => import('./pages/matching/reports-page.tsx'), 'ReportsPage'),
});
const appReport = createRoute({
  getParentRoute: () => app,
  path: '/matching/$report',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(MATCHING_SEARCH),
  component: lazyRouteComponent(() => import('./pages/matching/report-page.tsx'), 'ReportPage'),
});
const appHolds = createRoute({
  getParentRoute: () => app,
  path: '/holds',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(HOLD_SEARCH),
  component: lazyRouteComponent(() => import('./pages/holds/app-holds.tsx'), 'AppHolds'),
});
const appLog = createRoute({
  getParentRoute: () => app,
  path: '/log',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(LOG_SEARCH),
  component: lazyRouteComponent(() => import('./pages/log/app-log.tsx'), 'AppLog'),
});
const appUndone = createRoute({
  getParentRoute: () => app,
  path: '/undone',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams({ trigger: ['create', 'update', 'deactivate', 'reactivate'] }),
  component: lazyRouteComponent(() => import('./pages/app/undone-page.tsx'), 'UndonePage'),
});
const appSettings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/app/app-settings.tsx'), 'AppSettings'),
});
const holds = createRoute({
  getParentRoute: () => shell,
  path: '/holds',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(HOLD_SEARCH),
  component: lazyRouteComponent(() => import('./pages/holds/holds-page.tsx'), 'HoldsPage'),
});
const deletions = createRoute({
  getParentRoute: () => shell,
  path: '/holds/deletions',
  staticData: { scope: 'provisioning:read' },
  component: lazyRouteComponent(() => import('./pages/holds/deletions-page.tsx'), 'DeletionsPage'),
});
const log = createRoute({
  getParentRoute: () => shell,
  path: '/log',
  staticData: { scope: 'provisioning:read' },
  validateSearch: searchParams(LOG_SEARCH),
  component: lazyRouteComponent(() => import('./pages/log/log-page.tsx'), 'LogPage'),
});
const entitlements = createRoute({
  getParentRoute: () => shell,
  path: '/entitlements',
  staticData: { scope: 'directory:read' },
  validateSearch: searchParams(ENTITLEMENT_SEARCH),
  component: lazyRouteComponent(() => import('./pages/entitlements/entitlements-page.tsx'), 'EntitlementsPage'),
});
const credentials = createRoute({
  getParentRoute: () => shell,
  path: '/credentials',
  staticData: { scope: 'apps:read' },
  component: lazyRouteComponent(() => import('./pages/credentials.tsx'), 'CredentialsPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  staticData: { scope: 'audit:read' },
  validateSearch: searchParams(AUDIT_SEARCH),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/me' });
  },
});
const me = createRoute({
  getParentRoute: () => settings,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/settings/me.tsx'), 'MePage'),
});
const people = createRoute({
  getParentRoute: () => settings,
  path: '/people',
  staticData: { scope: 'people:read' },
  component: lazyRouteComponent(() => import('./pages/settings/people.tsx'), 'PeoplePage'),
});
const alerts = createRoute({
  getParentRoute: () => settings,
  path: '/alerts',
  staticData: { scope: 'alerts:read' },
  component: lazyRouteComponent(() => import('./pages/settings/alerts.tsx'), 'AlertsPage'),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  staticData: { scope: 'keys:read' },
  component: lazyRouteComponent(() => import('./pages/settings/keys.tsx'), 'KeysPage'),
});
const fields = createRoute({
  getParentRoute: () => settings,
  path: '/fields',
  staticData: { scope: 'directory:read' },
  component: lazyRouteComponent(() => import('./pages/settings/fields.tsx'), 'FieldsPage'),
});
const organization = createRoute({
  getParentRoute: () => settings,
  path: '/organization',
  staticData: { scope: 'directory:read' },
  component: lazyRouteComponent(() => import('./pages/settings/organization.tsx'), 'OrganizationPage'),
});
const singleSignOn = createRoute({
  getParentRoute: () => settings,
  path: '/single-sign-on',
  staticData: { scope: 'people:read' },
  component: lazyRouteComponent(() => import('./pages/settings/single-sign-on.tsx'), 'SingleSignOnPage'),
});
const vault = createRoute({
  getParentRoute: () => settings,
  path: '/vault',
  staticData: { scope: 'vault:read' },
  component: lazyRouteComponent(() => import('./pages/settings/vault.tsx'), 'VaultPage'),
});
const retention = createRoute({
  getParentRoute: () => settings,
  path: '/retention',
  staticData: { scope: 'retention:write' },
  component: lazyRouteComponent(() => import('./pages/settings/retention.tsx'), 'RetentionPage'),
});

const routes = root.addChildren([
  signIn,
  firstRun,
  join,
  reset,
  ownStatus,
  secondFactor,
  shell.addChildren([
    overview,
    users,
    newUser,
    importUsers,
    user,
    editUser,
    apps,
    newApp,
    app.addChildren([
      appOverview,
      appSetup,
      appMapping,
      appPlans,
      appPlan,
      appMatching,
      appReport,
      appDrills,
      appRollouts,
      appRollout,
      appHolds,
      appLog,
      appUndone,
      appSettings,
    ]),
    holds,
    deletions,
    log,
    entitlements,
    credentials,
    audit,
    settings.addChildren([
      settingsStart,
      me,
      people,
      singleSignOn,
      alerts,
      keys,
      fields,
      organization,
      retention,
      vault,
    ]),
  ]),
]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: routes,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadDelay: 40,
    scrollRestoration: true,
    defaultPendingMs: 150,
    defaultPendingMinMs: 300,
    defaultPendingComponent: () => <Lines count={6} height={18} />,
    defaultErrorComponent: ({ error, reset }) => <Crash error={error} onRetry={reset} />,
  });
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What it takes to see the page. */
    scope?: string;
  }
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
