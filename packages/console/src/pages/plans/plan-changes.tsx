import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type Item, readPages } from '../../api/read.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Failure } from '../../parts/failure.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { shortPath, Value } from '../../parts/value.tsx';
import { planTexts as texts } from '../../texts/mapping.ts';
import { operations } from '../../texts/states.ts';
import classes from './plan.module.css';
import type { Plan } from './plan-page.tsx';

type Row = Item<'/api/v1/apps/{app}/plans/{plan}/changes'>;

const route = getRouteApi('/shell/apps/$app/plans/$plan');
const PAGE = 100;
const DEBOUNCE_MS = 200;

/** Everybody for whom something would happen, with before and after. */
export function PlanChanges({ app, plan }: { app: string; plan: Plan }) {
  const search = route.useSearch();
  const [typed, setTyped] = useState('');
  const [username] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const query = { limit: PAGE, ...search, ...(username ? { username } : {}) };
  const changes = useInfiniteQuery({
    ...readPages('/api/v1/apps/{app}/plans/{plan}/changes', { params: { path: { app, plan: plan.id }, query } }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => changes.data?.pages.flatMap(({ items }) => items) ?? [], [changes.data]);
  const columns = useMemo(buildColumns, []);
  return (
    <>
      <FilterBar>
        <TextInput
          data-page-filter
          aria-label={texts.filter}
          placeholder={texts.filter}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </FilterBar>
      <Panel flush>
        {changes.error && !changes.data ? (
          <Failure error={changes.error} onRetry={() => void changes.refetch()} />
        ) : null}
        {changes.isPending ? <Lines count={6} /> : null}
        {changes.data ? (
          <DataTable
            label={texts.changesColumns.changes}
            columns={columns}
            rows={rows}
            rowKey={({ userId }) => userId}
            hasMore={changes.hasNextPage}
            loadingMore={changes.isFetchingNextPage}
            onMore={() => void changes.fetchNextPage()}
            empty={<Empty title={texts.noChanges} />}
          />
        ) : null}
      </Panel>
    </>
  );
}

function buildColumns(): Column<Row>[] {
  const { changesColumns: columns } = texts;
  return [
    {
      id: 'user',
      header: columns.user,
      width: 'minmax(9rem, 1fr)',
      card: 'title',
      cell: ({ userId, username }) => (
        <Link to="/users/$user" params={{ user: userId }}>
          {username}
        </Link>
      ),
    },
    {
      id: 'operation',
      header: columns.operation,
      width: '7rem',
      cell: ({ operation }) => operations[operation] ?? operation,
    },
    {
      id: 'changes',
      header: columns.changes,
      width: 'minmax(14rem, 3fr)',
      cell: ({ changes, reason }) => (
        <div className={classes['diff']}>
          {reason ? <div>{reason.message}</div> : null}
          {changes.map(({ path, before, after }) => (
            <div key={path}>
              <strong>{shortPath(path)}</strong> <Value value={before} /> <span aria-hidden>→</span>{' '}
              <Value value={after} />
            </div>
          ))}
        </div>
      ),
    },
    { id: 'cause', header: columns.cause, width: 'minmax(6rem, 0.8fr)', card: 'hide', cell: ({ cause }) => cause },
  ];
}
