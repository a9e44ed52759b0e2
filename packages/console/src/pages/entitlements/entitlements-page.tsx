import { ActionIcon, Button, Menu, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDots, IconPlus, IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { readPages } from '../../api/read.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Failure } from '../../parts/failure.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { entitlementTexts as texts } from '../../texts/entitlements.ts';
import classes from '../log/request-list.module.css';
import { DeleteEntitlement, EntitlementForm } from './entitlement-form.tsx';
import { type Entitlement, type Kind, LISTS } from './kinds.ts';

const route = getRouteApi('/shell/entitlements');
const PAGE = 200;
const DEBOUNCE_MS = 150;

/** Profiles, permission sets and groups of them. */
export function EntitlementsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can } = useSession();
  const kind: Kind = search.kind ?? 'profile';
  const [typed, setTyped] = useState(search.q ?? '');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        can('directory:write') ? (
          <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {texts.add(texts.one[kind])}
          </Button>
        ) : undefined
      }
    >
      <FilterBar>
        <SegmentedControl
          data-fit
          size="xs"
          aria-label={texts.kindsLabel}
          data={Object.entries(texts.kinds).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={(value) => {
            setTyped('');
            void navigate({
              to: '/entitlements',
              search: value === 'profile' ? {} : { kind: value as Exclude<Kind, 'profile'> },
              replace: true,
            });
          }}
        />
        <TextInput
          data-page-filter
          data-grow
          aria-label={texts.search}
          placeholder={texts.search}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          type="search"
        />
      </FilterBar>
      <Panel flush>
        <EntitlementList key={kind} kind={kind} typed={typed} />
      </Panel>
      <EntitlementForm key={`${kind} ${adding}`} kind={kind} opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function EntitlementList({ kind, typed }: { kind: Kind; typed: string }) {
  const { can } = useSession();
  const [asked] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const [editing, setEditing] = useState<Entitlement>();
  const [deleting, setDeleting] = useState<Entitlement>();
  const found = useInfiniteQuery({
    ...readPages(LISTS[kind], { params: { query: { limit: PAGE, ...(asked ? { search: asked } : {}) } } }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => (found.data?.pages.flatMap(({ items }) => items) ?? []) as Entitlement[], [found.data]);
  const may = can('directory:write');
  const columns = useMemo(() => buildColumns(kind, may, setEditing, setDeleting), [kind, may]);
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) {
    return (
      <div className={classes['loading']}>
        <Lines count={6} height={18} />
      </div>
    );
  }
  return (
    <>
      <DataTable
        label={texts.kinds[kind]}
        columns={columns}
        rows={rows}
        rowKey={({ Id }) => Id}
        {...(may ? { onOpen: setEditing } : {})}
        hasMore={found.hasNextPage}
        loadingMore={found.isFetchingNextPage}
        onMore={() => void found.fetchNextPage()}
        empty={
          <Empty
            icon={IconShieldCheck}
            title={asked ? texts.emptySearch : texts.emptyTitle(texts.kinds[kind].toLowerCase())}
          >
            {asked ? undefined : texts.emptyBody}
          </Empty>
        }
      />
      <EntitlementForm
        key={editing?.Id}
        kind={kind}
        editing={editing}
        opened={editing !== undefined}
        onClose={() => setEditing(undefined)}
      />
      <DeleteEntitlement kind={kind} entitlement={deleting} onClose={() => setDeleting(undefined)} />
    </>
  );
}

function buildColumns(
  kind: Kind,
  may: boolean,
  onEdit: (entitlement: Entitlement) => void,
  onDelete: (entitlement: Entitlement) => void,
): Column<Entitlement>[] {
  const { columns } = texts;
  return [
    {
      id: 'name',
      header: columns.name,
      width: 'minmax(10rem, 1.2fr)',
      card: 'title',
      cell: (entitlement) =>
        may ? (
          <button type="button" className={classes['open']} onClick={() => onEdit(entitlement)}>
            {entitlement.Name}
          </button>
        ) : (
          entitlement.Name
        ),
    },
    {
      id: 'label',
      header: columns.label,
      width: 'minmax(8rem, 1fr)',
      hidden: kind === 'profile',
      cell: ({ Label }) => Label,
    },
    {
      id: 'sets',
      header: columns.sets,
      width: 'minmax(8rem, 1.6fr)',
      hidden: kind !== 'permission-set-group',
      cell: ({ PermissionSets }) => PermissionSets?.join(', '),
    },
    {
      id: 'description',
      header: columns.description,
      width: 'minmax(8rem, 1.6fr)',
      cell: ({ Description }) => Description,
    },
    {
      id: 'acts',
      header: '',
      width: '2.25rem',
      hidden: !may,
      cell: (entitlement) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`${common.more}: ${entitlement.Name}`} size="sm">
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onEdit(entitlement)}>{common.edit}</Menu.Item>
            <Menu.Item c="var(--u-bad)" onClick={() => onDelete(entitlement)}>
              {texts.delete}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];
}
