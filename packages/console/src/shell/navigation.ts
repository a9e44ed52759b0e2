import {
  IconApps,
  IconClipboardList,
  IconHandStop,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconSettings,
  IconShieldCheck,
  IconUsers,
} from '@tabler/icons-react';
import { shellTexts } from '../texts/shell.ts';

/** The places of the console, in the order of its navigation. */
export const PLACES = [
  { to: '/', label: shellTexts.pages.overview, icon: IconLayoutDashboard, key: 'o', scope: undefined },
  { to: '/apps', label: shellTexts.pages.apps, icon: IconApps, key: 'a', scope: 'apps:read' },
  { to: '/users', label: shellTexts.pages.users, icon: IconUsers, key: 'u', scope: 'directory:read' },
  { to: '/holds', label: shellTexts.pages.holds, icon: IconHandStop, key: 'h', scope: 'provisioning:read' },
  { to: '/log', label: shellTexts.pages.log, icon: IconHistory, key: 'l', scope: 'provisioning:read' },
  {
    to: '/entitlements',
    label: shellTexts.pages.entitlements,
    icon: IconShieldCheck,
    key: 'e',
    scope: 'directory:read',
  },
  { to: '/credentials', label: shellTexts.pages.credentials, icon: IconKey, key: 'c', scope: 'apps:read' },
  { to: '/audit', label: shellTexts.pages.audit, icon: IconClipboardList, key: 'd', scope: 'audit:read' },
  { to: '/settings', label: shellTexts.pages.settings, icon: IconSettings, key: 's', scope: undefined },
] as const;
