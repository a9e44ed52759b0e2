import { Link, Outlet } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import classes from '../../parts/tab-bar.module.css';
import { TabBar } from '../../parts/tab-bar.tsx';
import { useSession } from '../../session/session.tsx';
import { settingsTexts as texts } from '../../texts/settings.ts';

const TABS = [
  ['/settings/me', texts.tabs.me, undefined],
  ['/settings/people', texts.tabs.people, 'people:read'],
  ['/settings/single-sign-on', texts.tabs.signOn, 'people:read'],
  ['/settings/alerts', texts.tabs.alerts, 'alerts:read'],
  ['/settings/keys', texts.tabs.keys, 'keys:read'],
  ['/settings/fields', texts.tabs.fields, 'directory:read'],
  ['/settings/organization', texts.tabs.organization, 'directory:read'],
  ['/settings/retention', texts.tabs.retention, 'retention:write'],
  ['/settings/vault', texts.tabs.vault, 'vault:read'],
] as const;

/** What concerns the whole instance, and oneself. */
export function SettingsPage() {
  const { can } = useSession();
  return (
    <Page title={texts.title}>
      <TabBar label={texts.tabsLabel}>
        {TABS.filter(([, , scope]) => scope === undefined || can(scope)).map(([to, label]) => (
          <Link key={to} to={to} className={classes['tab']} activeProps={{ 'data-here': true }}>
            {label}
          </Link>
        ))}
      </TabBar>
      <Outlet />
    </Page>
  );
}
