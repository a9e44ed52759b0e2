import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconApps, IconFileImport, IconMoon, IconPlus, IconSearch, IconUser, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../api/read.ts';
import { useSession } from '../session/session.tsx';
import { shellTexts } from '../texts/shell.ts';
import { PLACES } from './navigation.ts';

const FOUND = 7;
const DEBOUNCE_MS = 120;

/** Finds people, apps and pages, and does what is done often. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), DEBOUNCE_MS);
  const people = useFoundPeople(asked);
  const groups: SpotlightActionGroupData[] = [
    { group: shellTexts.groups.people, actions: people },
    { group: shellTexts.groups.apps, actions: useFoundApps(query) },
    { group: shellTexts.groups.acts, actions: useActs(query) },
    { group: shellTexts.groups.pages, actions: usePages(query) },
  ];
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      nothingFound={shellTexts.nothingFound}
      highlightQuery
      // What the server found is what fits.
      filter={(_query, actions) => actions}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: shellTexts.searchLabel,
        'aria-label': shellTexts.searchLabel,
      }}
    />
  );
}

function useFoundPeople(asked: string): SpotlightActionData[] {
  const { can } = useSession();
  const navigate = useNavigate();
  const users = useQuery({
    ...read('/api/v1/users', { params: { query: { search: asked, limit: FOUND, deleted: 'no' } } }),
    enabled: asked.length > 0 && can('directory:read'),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  if (asked.length === 0) return [];
  return (users.data?.items ?? []).map((user) => ({
    id: `user ${String(user.Id)}`,
    label: String(user.Name ?? user.Username),
    description: String(user.Username),
    leftSection: <IconUser size={18} />,
    onClick: () => void navigate({ to: '/users/$user', params: { user: String(user.Id) } }),
  }));
}

function useFoundApps(query: string): SpotlightActionData[] {
  const { can } = useSession();
  const navigate = useNavigate();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: can('apps:read') });
  return (apps.data?.items ?? [])
    .filter(({ name, label }) => fits(query, `${label} ${name}`))
    .slice(0, FOUND)
    .map((app) => ({
      id: `app ${app.name}`,
      label: app.label,
      description: app.baseUrl,
      leftSection: <IconApps size={18} />,
      onClick: () => void navigate({ to: '/apps/$app', params: { app: app.name } }),
    }));
}

function useActs(query: string): SpotlightActionData[] {
  const { can } = useSession();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const acts = [
    { scope: 'apps:write', label: shellTexts.acts.newApp, icon: IconPlus, act: () => navigate({ to: '/apps/new' }) },
    {
      scope: 'directory:write',
      label: shellTexts.acts.newUser,
      icon: IconUserPlus,
      act: () => navigate({ to: '/users/new' }),
    },
    {
      scope: 'directory:write',
      label: shellTexts.acts.importUsers,
      icon: IconFileImport,
      act: () => navigate({ to: '/users/import' }),
    },
    { scope: undefined, label: shellTexts.acts.toggleScheme, icon: IconMoon, act: async () => toggleColorScheme() },
  ];
  return acts
    .filter(({ scope, label }) => (scope === undefined || can(scope)) && fits(query, label))
    .map(({ label, icon: Icon, act }) => ({
      id: `act ${label}`,
      label,
      leftSection: <Icon size={18} />,
      onClick: () => void act(),
    }));
}

function usePages(query: string): SpotlightActionData[] {
  const { can } = useSession();
  const navigate = useNavigate();
  return PLACES.filter(({ scope, label }) => (scope === undefined || can(scope)) && fits(query, label)).map(
    ({ to, label, icon: Icon, key }) => ({
      id: `page ${to}`,
      label,
      description: `g ${key}`,
      leftSection: <Icon size={18} />,
      onClick: () => void navigate({ to }),
    }),
  );
}

function fits(query: string, text: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => text.toLowerCase().includes(word));
}
