import { Button } from '@mantine/core';
import { IconHistory, IconListSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Item, readPages } from '../../api/read.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { useChosenColumns } from '../../parts/table-menu.tsx';
import { common, failureTexts } from '../../texts/common.ts';
import { logTexts as texts } from '../../texts/log.ts';
import { buildRequestColumns } from './request-columns.tsx';
import classes from './request-list.module.css';
import { useFreshRequests } from './use-fresh-requests.ts';

export type Request = Item<'/api/v1/requests'>;
export type RequestFilter = Record<string, string>;

const PAGE = 100;

interface RequestListProps {
  filter: RequestFilter;
  withApp: boolean;
  live: boolean;
  openId: string | undefined;
  onOpen: (id: string) => void;
  onClear: () => void;
}

/** Requests, newest first, over any number of pages; new ones come when they are asked for, or by themselves. */
export function RequestList({ filter, withApp, live, openId, onOpen, onClear }: RequestListProps) {
  const requests = useInfiniteQuery({
    ...readPages('/api/v1/requests', { params: { query: { ...filter, limit: PAGE } } }),
    placeholderData: keepPreviousData,
    // The stream tells of news; what was read stays as it was read.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
  const older = useMemo(() => requests.data?.pages.flatMap(({ items }) => items) ?? [], [requests.data]);
  const fresh = useFreshRequests({ filter, live, enabled: requests.isSuccess });
  const rows = useMemo(() => merge(fresh.rows, older), [fresh.rows, older]);
  const columns = useChosenColumns(
    'log',
    useMemo(() => buildRequestColumns(withApp, onOpen), [withApp, onOpen]),
  );
  if (requests.error && !requests.data)
    return <Failure error={requests.error} onRetry={() => void requests.refetch()} />;
  return (
    <Panel flush>
      <div className={classes['news']} role="status">
        {fresh.state === 'lost' ? <TonePill tone="wait">{failureTexts.streamLost}</TonePill> : null}
        {!live && fresh.waiting > 0 ? (
          <Button size="xs" variant="light" onClick={fresh.show}>
            {texts.fresh(fresh.waiting)}
          </Button>
        ) : null}
      </div>
      {requests.data ? (
        <DataTable
          label={texts.title}
          columns={columns}
          rows={rows}
          rowKey={idOf}
          openKey={openId}
          onOpen={(row) => onOpen(row.id)}
          hasMore={requests.hasNextPage}
          loadingMore={requests.isFetchingNextPage}
          onMore={() => void requests.fetchNextPage()}
          freshKeys={fresh.keys}
          empty={<Nothing filtered={Object.keys(filter).length > 0} onClear={onClear} />}
        />
      ) : (
        <div className={classes['loading']}>
          <Lines count={8} height={18} />
        </div>
      )}
    </Panel>
  );
}

function idOf({ id }: Request): string {
  return id;
}

/** What came later stands above, and replaces what was read of the same request before. */
function merge(fresh: readonly Request[], older: readonly Request[]): Request[] {
  if (fresh.length === 0) return older as Request[];
  const known = new Set(fresh.map(idOf));
  return [...fresh, ...older.filter(({ id }) => !known.has(id))];
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) {
    return (
      <Empty icon={IconHistory} title={texts.neverTitle}>
        {texts.neverBody}
      </Empty>
    );
  }
  return (
    <Empty
      icon={IconListSearch}
      title={texts.emptyTitle}
      action={<Button onClick={onClear}>{common.clearFilters}</Button>}
    >
      {texts.emptyBody}
    </Empty>
  );
}
