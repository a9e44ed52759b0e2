import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import classes from '../../parts/tab-bar.module.css';
import { TabBar } from '../../parts/tab-bar.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { stateOfApp } from '../../parts/tone.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { useKeys } from '../../shell/keys.ts';
import { appsTexts, appTexts as texts } from '../../texts/apps.ts';
import { AppContact, AppLogo } from './app-logo.tsx';
import { QuarantineBanner } from './quarantine-banner.tsx';
import { type App, appQuery } from './use-app.ts';

const route = getRouteApi('/shell/apps/$app');

const TABS = [
  ['/apps/$app', texts.tabs.overview, '', 'apps:read'],
  ['/apps/$app/setup', texts.tabs.setup, 'setup', 'apps:read'],
  ['/apps/$app/mapping', texts.tabs.mapping, 'mapping', 'apps:read'],
  ['/apps/$app/plans', texts.tabs.plans, 'plans', 'provisioning:read'],
  ['/apps/$app/matching', texts.tabs.matching, 'matching', 'provisioning:read'],
  ['/apps/$app/drills', texts.tabs.drills, 'drills', 'provisioning:read'],
  ['/apps/$app/rollouts', texts.tabs.rollout, 'rollouts', 'apps:read'],
  ['/apps/$app/holds', texts.tabs.holds, 'holds', 'provisioning:read'],
  ['/apps/$app/log', texts.tabs.log, 'log', 'provisioning:read'],
  ['/apps/$app/settings', texts.tabs.settings, 'settings', 'apps:read'],
] as const;

/** The frame of an app's pages: what it is, how it stands, and what stops it. */
export function AppFrame() {
  const { app: name } = route.useParams();
  const { can } = useSession();
  const app = useQuery(appQuery(name));
  const tabs = TABS.filter(([, , , scope]) => can(scope));
  const here = useTabKeys(name, tabs);
  return (
    <Loaded query={app} skeleton={<Lines count={6} height={18} />}>
      {(found) => (
        <Page
          title={found.label}
          above={<Link to="/apps">{appsTexts.title}</Link>}
          mark={<AppLogo app={found} size="large" />}
          beside={<StatePill family="app" state={stateOfApp(found)} />}
          lead={<AppLead app={found} />}
          actions={<AppActs app={found} />}
        >
          <TabBar label={texts.tabsLabel}>
            {tabs.map(([to, label, part]) => (
              <Link
                key={to}
                to={to}
                params={{ app: name }}
                className={classes['tab']}
                activeOptions={{ exact: part === '', includeSearch: false }}
                data-here={part === here || undefined}
                aria-current={part === here ? 'page' : undefined}
              >
                {label}
                {part === 'holds' && found.counts.held > 0 ? (
                  <span className={classes['count']}>{found.counts.held}</span>
                ) : null}
              </Link>
            ))}
          </TabBar>
          <Standing app={found} here={here} />
          <Outlet />
        </Page>
      )}
    </Loaded>
  );
}

/** What it is for, and whom to ask about it; nothing where neither was said. */
function AppLead({ app: { description, presentation } }: { app: App }) {
  const { contactName, contactEmail, contactPhone, infoUrl } = presentation ?? {};
  const isSaid = [description, contactName, contactEmail, contactPhone, infoUrl].some((part) => part);
  if (!isSaid) return null;
  return (
    <>
      {description ? `${description} ` : null}
      {presentation ? <AppContact contact={presentation} /> : null}
    </>
  );
}

/** Which tab is shown; [ and ] go to its neighbours. */
function useTabKeys(name: string, tabs: readonly (typeof TABS)[number][]): string {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const here = pathname.split('/')[3] ?? '';
  const at = tabs.findIndex(([, , part]) => part === here);
  const go = (step: number) => {
    const to = tabs[(at + step + tabs.length) % tabs.length]?.[0];
    if (to) void navigate({ to, params: { app: name } });
  };
  useKeys({ '[': () => go(-1), ']': () => go(1) });
  return here;
}

function Standing({ app, here }: { app: App; here: string }) {
  if (app.state === 'draft') {
    if (here === 'setup') return null;
    return (
      <Notice
        tone="idle"
        actions={
          <LinkButton to="/apps/$app/setup" params={{ app: app.name }} size="xs">
            {texts.draftGoOn}
          </LinkButton>
        }
      >
        {texts.draftNotice}
      </Notice>
    );
  }
  return (
    <>
      {app.state === 'paused' ? <Notice tone="wait">{texts.pausedNotice(app.counts.due)}</Notice> : null}
      {app.quarantine ? <QuarantineBanner app={app} /> : null}
      {stateOfApp(app) === 'rate limited' && app.stoppedUntil ? (
        <Notice tone="wait">
          {texts.rateLimited} <Time at={app.stoppedUntil} show="both" focusable />
        </Notice>
      ) : null}
    </>
  );
}

function AppActs({ app }: { app: App }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, {});
  if (!can('apps:operate') || app.state === 'draft') return null;
  const path = { params: { path: { app: app.name } } };
  if (app.state === 'paused') {
    return (
      <ActButton
        label={texts.resume}
        variant="filled"
        leftSection={<IconPlayerPlay size={16} />}
        confirm={{
          title: texts.resumeTitle(app.label),
          effect: texts.resumeEffect(app.counts.due),
          verb: texts.resumeVerb,
          onConfirm: async () => {
            const { data } = await api.POST('/api/v1/apps/{app}/resume', path);
            tellDone(texts.resumed(data?.links ?? 0));
            await refresh.run(undefined);
          },
        }}
      />
    );
  }
  return (
    <ActButton
      label={texts.pause}
      leftSection={<IconPlayerPause size={16} />}
      confirm={{
        title: texts.pauseTitle(app.label),
        effect: texts.pauseEffect(app.counts.active),
        verb: texts.pauseVerb,
        reason: 'optional',
        onConfirm: async (reason) => {
          await api.POST('/api/v1/apps/{app}/pause', { ...path, body: reason === undefined ? {} : { reason } });
          tellDone(texts.paused);
          await refresh.run(undefined);
        },
      }}
    />
  );
}
