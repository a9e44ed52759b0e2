import { Select } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type Item, read, readPages } from '../../api/read.ts';
import { type Chosen, DataTable, toggle } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Failure } from '../../parts/failure.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useSession } from '../../session/session.tsx';
import { useKeys } from '../../shell/keys.ts';
import type { HOLD_SEARCH } from '../../shell/page-search.ts';
import type { SearchOf } from '../../shell/search-params.ts';
import { holdTexts as texts } from '../../texts/holds.ts';
import { DecideBar } from './decide-bar.tsx';
import { buildHoldColumns } from './hold-columns.tsx';
import { HoldGroups } from './hold-groups.tsx';
import classes from './holds-view.module.css';

const HoldDrawer = lazy(() => import('./hold-drawer.tsx').then(({ HoldDrawer: view }) => ({ default: view })));

export type Hold = Item<'/api/v1/holds'>;

export type HoldSearch = SearchOf<typeof HOLD_SEARCH>;

const PAGE = 200;
const EVERY_MS = 5_000;

interface HoldsViewProps {
  app?: string;
  search: HoldSearch;
  onSearch: (search: HoldSearch) => void;
}

/** What waits for a person: by cause, one by one, or all. */
export function HoldsView({ app, search, onSearch }: HoldsViewProps) {
  const { can } = useSession();
  const [chosen, setChosen] = useState<Chosen>({});
  const named = app ?? search.app;
  const open = search.state === undefined;
  const query = {
    limit: PAGE,
    ...(named === undefined ? {} : { app: named }),
    ...(search.state === undefined ? {} : { state: search.state }),
    ...(search.cause === undefined ? {} : { cause: search.cause }),
    ...(search.operation === undefined ? {} : { operation: search.operation }),
  };
  const holds = useInfiniteQuery({
    ...readPages('/api/v1/holds', { params: { query } }),
    placeholderData: keepPreviousData,
    refetchInterval: open ? EVERY_MS : false,
  });
  const rows = useMemo(() => holds.data?.pages.flatMap(({ items }) => items) ?? [], [holds.data]);
  const picked = rows.filter(({ id }) => chosen[String(id)]);
  const mayDecide = can('holds:release') && open;
  const columns = useMemo(
    () => buildHoldColumns({ withApp: app === undefined, open, onOpen: (hold) => onSearch({ ...search, hold }) }),
    [app, open, search, onSearch],
  );
  const findFocused = () => findFocusedRow(rows);
  useKeys({
    x: () => {
      const hold = findFocused();
      if (hold && mayDecide) setChosen((before) => toggle(before, String(hold.id)));
    },
  });
  return (
    <>
      <HoldFilters withApp={app === undefined} search={search} onSearch={onSearch} />
      <div className={classes['columns']}>
        {open ? <HoldGroups app={named} search={search} onSearch={onSearch} /> : null}
        <div className="stack">
          {mayDecide ? (
            <DecideBar
              picked={picked}
              findFocused={findFocused}
              onPick={({ id }) => setChosen({ [String(id)]: true })}
              onDone={() => setChosen({})}
            />
          ) : null}
          <Panel flush>
            {holds.error && !holds.data ? (
              <Failure error={holds.error} onRetry={() => void holds.refetch()} />
            ) : holds.data ? (
              <DataTable
                label={texts.title}
                columns={columns}
                rows={rows}
                rowKey={({ id }) => String(id)}
                rowName={({ username }) => username}
                openKey={search.hold}
                onOpen={({ id }) => onSearch({ ...search, hold: String(id) })}
                hasMore={holds.hasNextPage}
                loadingMore={holds.isFetchingNextPage}
                onMore={() => void holds.fetchNextPage()}
                {...(mayDecide ? { selection: { chosen, onChange: setChosen } } : {})}
                empty={
                  <Empty icon={IconCircleCheck} title={texts.emptyTitle}>
                    {open && search.cause === undefined ? texts.emptyBody : texts.emptyFiltered}
                  </Empty>
                }
              />
            ) : (
              <div className={classes['loading']}>
                <Lines count={6} height={18} />
              </div>
            )}
          </Panel>
        </div>
      </div>
      <Suspense>
        <HoldDrawer
          id={search.hold}
          onClose={() => {
            const { hold: _hold, ...rest } = search;
            onSearch(rest);
          }}
        />
      </Suspense>
    </>
  );
}

function findFocusedRow(rows: readonly Hold[]): Hold | undefined {
  const index = document.activeElement?.closest<HTMLElement>('[data-index]')?.dataset['index'];
  return index === undefined ? undefined : rows[Number(index)];
}

function HoldFilters({
  withApp,
  search,
  onSearch,
}: {
  withApp: boolean;
  search: HoldSearch;
  onSearch: (search: HoldSearch) => void;
}) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: withApp && can('apps:read') });
  const set = (name: 'app' | 'state', value: string | null) => {
    const { [name]: _before, hold: _hold, ...rest } = search;
    onSearch(value ? { ...rest, [name]: value } : rest);
  };
  return (
    <FilterBar>
      <Select
        aria-label={texts.stateLabel}
        data={Object.entries(texts.states).map(([value, label]) => ({ value: value === 'open' ? '' : value, label }))}
        value={search.state ?? ''}
        onChange={(value) => set('state', value)}
        allowDeselect={false}
      />
      {withApp ? (
        <Select
          aria-label={texts.appLabel}
          data={[
            { value: '', label: texts.anyApp },
            ...(apps.data?.items ?? []).map(({ name, label }) => ({ value: name, label })),
          ]}
          value={search.app ?? ''}
          onChange={(value) => set('app', value)}
          allowDeselect={false}
          searchable
        />
      ) : null}
    </FilterBar>
  );
}
