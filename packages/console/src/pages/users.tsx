import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileImport, IconSearch, IconUserOff, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { type Item, read, readPages } from '../api/read.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Empty } from '../parts/empty.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Failure } from '../parts/failure.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Lines } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { downloadFile } from '../parts/save-file.ts';
import { TonePill } from '../parts/state-pill.tsx';
import { TableMenu, useChosenColumns } from '../parts/table-menu.tsx';
import { Time } from '../parts/time.tsx';
import type { View } from '../session/preferences.ts';
import { useSession } from '../session/session.tsx';
import { common } from '../texts/common.ts';
import { usersTexts as texts } from '../texts/users.ts';
import { DemoCompanyNotice, LoadDemoCompany } from './demo-company.tsx';

type User = Item<'/api/v1/users'>;

const route = getRouteApi('/shell/users');
const PAGE = 100;
const DEBOUNCE_MS = 150;

/** Finds one of very many, as one types. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useSession();
  const [typed, setTyped] = useState(search.q ?? '');
  const [asked] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  useEffect(() => {
    if (asked !== (search.q ?? ''))
      void navigate({ to: '/users', search: { ...search, q: asked || undefined }, replace: true });
  }, [asked, search, navigate]);
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/users', search: { ...search, ...change }, replace: true });
  const clear = () => {
    setTyped('');
    void navigate({ to: '/users', search: {}, replace: true });
  };
  return (
    <Page
      title={texts.title}
      actions={
        can('directory:write') ? (
          <>
            <LinkButton to="/users/import" leftSection={<IconFileImport size={16} />}>
              {texts.import}
            </LinkButton>
            <LinkButton to="/users/new" variant="filled" leftSection={<IconUserPlus size={16} />}>
              {texts.add}
            </LinkButton>
          </>
        ) : undefined
      }
    >
      <DemoCompanyNotice />
      <FilterBar>
        <TextInput
          data-page-filter
          data-grow
          aria-label={texts.searchLabel}
          placeholder={texts.searchHint}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
        />
        <Select
          aria-label={texts.filters.state}
          data={[
            { value: '', label: texts.states.any },
            { value: 'true', label: texts.states.true },
            { value: 'false', label: texts.states.false },
          ]}
          value={search.active ?? ''}
          onChange={(value) => set({ active: (value || undefined) as typeof search.active })}
          allowDeselect={false}
        />
        <ProfileFilter value={search.profile} onChange={(profile) => set({ profile })} />
        <Select
          aria-label={texts.filters.deleted}
          data={(['no', 'also', 'only'] as const).map((value) => ({ value, label: texts.deletedChoices[value] }))}
          value={search.deleted ?? 'no'}
          onChange={(value) => set({ deleted: value === 'no' ? undefined : (value as typeof search.deleted) })}
          allowDeselect={false}
        />
      </FilterBar>
      <div className="row">
        <span className="grow" />
        <TableMenu
          table="users"
          columns={COLUMNS}
          shipped={SHIPPED}
          search={search}
          onSearch={(next) => {
            setTyped(next.q ?? '');
            void navigate({ to: '/users', search: next, replace: true });
          }}
        />
        <ExportUsers query={queryOf(search)} />
      </div>
      <Panel flush>
        <UserList onClear={clear} />
      </Panel>
    </Page>
  );
}

function ProfileFilter({ value, onChange }: { value: string | undefined; onChange: (name?: string) => void }) {
  const profiles = useQuery({ ...read('/api/v1/profiles', { params: { query: { limit: 500 } } }), staleTime: 60_000 });
  const names = (profiles.data?.items ?? []).map((profile) => String((profile as { Name: string }).Name));
  return (
    <Select
      aria-label={texts.filters.profile}
      data={[{ value: '', label: texts.anyProfile }, ...new Set([...names, ...(value ? [value] : [])])]}
      value={value ?? ''}
      onChange={(name) => onChange(name || undefined)}
      searchable
      allowDeselect={false}
    />
  );
}

type Search = ReturnType<typeof route.useSearch>;

/** What of the view state the server filters by. */
function queryOf({ q, active, profile, deleted }: Search): Record<string, string> {
  return {
    ...(q ? { search: q } : {}),
    ...(active ? { isActive: active } : {}),
    ...(profile ? { profile } : {}),
    ...(deleted ? { deleted } : {}),
  };
}

/** Everybody whom the filters leave, as the server writes them: no cell is taken for a formula. */
function ExportUsers({ query }: { query: Record<string, string> }) {
  const save = (format: 'csv' | 'jsonl') => {
    const path = `/api/v1/users/export?${new URLSearchParams({ ...query, format })}`;
    downloadFile(path, `users.${format}`);
  };
  return <ExportMenu lines="jsonl" onExport={save} />;
}

function UserList({ onClear }: { onClear: () => void }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = { limit: PAGE, sort: 'Username', ...queryOf(search) };
  const users = useInfiniteQuery({
    ...readPages('/api/v1/users', { params: { query } }),
    placeholderData: keepPreviousData,
  });
  const columns = useChosenColumns('users', COLUMNS);
  const rows = useMemo(() => users.data?.pages.flatMap(({ items }) => items) ?? [], [users.data]);
  if (users.error && !users.data) return <Failure error={users.error} onRetry={() => void users.refetch()} />;
  if (!users.data)
    return (
      <div style={{ padding: '1rem' }}>
        <Lines count={8} height={18} />
      </div>
    );
  const { q } = search;
  const filtered = Object.keys(queryOf(search)).length > 0;
  return (
    <DataTable
      label={texts.title}
      columns={columns}
      rows={rows}
      rowKey={(user) => String(user.Id)}
      onOpen={(user) => void navigate({ to: '/users/$user', params: { user: String(user.Id) } })}
      hasMore={users.hasNextPage}
      loadingMore={users.isFetchingNextPage}
      onMore={() => void users.fetchNextPage()}
      empty={
        filtered ? (
          <Empty
            icon={IconUserOff}
            title={texts.emptyTitle}
            action={<Button onClick={onClear}>{common.clearFilters}</Button>}
          >
            {q ? texts.emptyBody(q) : texts.emptyFilter}
          </Empty>
        ) : (
          <Empty
            icon={IconUsers}
            title={texts.neverTitle}
            action={
              <>
                <LinkButton to="/users/import" variant="filled">
                  {texts.import}
                </LinkButton>
                <LoadDemoCompany />
              </>
            }
          >
            {texts.neverBody}
          </Empty>
        )
      }
    />
  );
}

function buildColumns(): Column<User>[] {
  const { columns } = texts;
  return [
    {
      id: 'name',
      header: columns.name,
      width: 'minmax(9rem, 1.4fr)',
      card: 'title',
      cell: (user) => (
        <Link to="/users/$user" params={{ user: String(user.Id) }}>
          {String(user.Name || user.Username)}
        </Link>
      ),
    },
    { id: 'username', header: columns.username, width: 'minmax(9rem, 1.8fr)', cell: (user) => String(user.Username) },
    { id: 'department', header: columns.department, width: 'minmax(6rem, 1fr)', cell: (user) => user.Department ?? '' },
    {
      id: 'title',
      header: columns.title,
      width: 'minmax(6rem, 1.2fr)',
      card: 'hide',
      cell: (user) => user.Title ?? '',
    },
    {
      id: 'profile',
      header: columns.profile,
      width: 'minmax(6rem, 1fr)',
      card: 'hide',
      cell: (user) => user.Profile ?? '',
    },
    { id: 'email', header: columns.email, width: 'minmax(9rem, 1.6fr)', extra: true, cell: (user) => user.Email ?? '' },
    { id: 'number', header: columns.number, width: '8rem', extra: true, cell: (user) => user.EmployeeNumber ?? '' },
    {
      id: 'manager',
      header: columns.manager,
      width: 'minmax(8rem, 1.2fr)',
      extra: true,
      cell: (user) => user.Manager ?? '',
    },
    {
      id: 'changed',
      header: columns.changed,
      width: '8rem',
      extra: true,
      cell: (user) => <Time at={String(user.LastModifiedDate)} />,
    },
    { id: 'state', header: columns.state, width: '6.5rem', cell: (user) => <UserState user={user} /> },
  ];
}

const COLUMNS = buildColumns();
const SHIPPED: readonly View[] = [
  { name: texts.shipped.inactive, search: { active: 'false' } },
  { name: texts.shipped.deleted, search: { deleted: 'only' } },
];

export function UserState({ user }: { user: User }) {
  if (user.IsDeleted) return <TonePill tone="bad">{texts.deleted}</TonePill>;
  return user.IsActive ? (
    <TonePill tone="ok">{texts.active}</TonePill>
  ) : (
    <TonePill tone="idle">{texts.inactive}</TonePill>
  );
}
