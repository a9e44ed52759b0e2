import { IconClipboardList } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Item, readPages } from '../../api/read.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { downloadFile } from '../../parts/save-file.ts';
import { Time } from '../../parts/time.tsx';
import { describeAction, auditTexts as texts } from '../../texts/audit.ts';
import classes from '../log/request-list.module.css';
import { AuditFilters, type AuditSearch } from './audit-filters.tsx';
import { EventDrawer } from './event-drawer.tsx';

export type Event = Item<'/api/v1/audit'>;

const route = getRouteApi('/shell/audit');
const PAGE = 100;

/** Who changed what. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '/audit', search: { ...search, ...change }, replace: true });
  const query = queryOf(search);
  const events = useInfiniteQuery({
    ...readPages('/api/v1/audit', { params: { query: { ...query, limit: PAGE } } }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => events.data?.pages.flatMap(({ items }) => items) ?? [], [events.data]);
  const columns = useMemo(
    () => buildColumns((event) => void navigate({ to: '/audit', search: { ...search, event }, replace: true })),
    [navigate, search],
  );
  const open = rows.find(({ id }) => String(id) === search.event);
  return (
    <Page title={texts.title} lead={texts.lead} actions={<ExportAudit query={query} />}>
      <AuditFilters search={search} onSearch={set} />
      <Panel flush>
        {events.error && !events.data ? (
          <Failure error={events.error} onRetry={() => void events.refetch()} />
        ) : events.data ? (
          <DataTable
            label={texts.title}
            columns={columns}
            rows={rows}
            rowKey={({ id }) => String(id)}
            openKey={search.event}
            onOpen={({ id }) => set({ event: String(id) })}
            hasMore={events.hasNextPage}
            loadingMore={events.isFetchingNextPage}
            onMore={() => void events.fetchNextPage()}
            empty={
              <Empty
                icon={IconClipboardList}
                title={Object.keys(query).length > 0 ? texts.emptyTitle : texts.neverTitle}
              >
                {Object.keys(query).length > 0 ? texts.emptyBody : texts.neverBody}
              </Empty>
            }
          />
        ) : (
          <div className={classes['loading']}>
            <Lines count={8} height={18} />
          </div>
        )}
      </Panel>
      <EventDrawer event={open} onClose={() => set({ event: undefined })} />
    </Page>
  );
}

function queryOf({ action, actor, app, user, from, to }: AuditSearch): Record<string, string> {
  const instant = (text: string | undefined) => {
    const ms = text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  };
  const all = { action, actor, app, userId: user, from: instant(from), to: instant(to) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function buildColumns(onOpen: (id: string) => void): Column<Event>[] {
  const { columns } = texts;
  return [
    { id: 'at', header: columns.at, width: '11rem', cell: ({ at }) => <Time at={at} show="exact" /> },
    {
      id: 'what',
      header: columns.action,
      width: 'minmax(10rem, 2fr)',
      card: 'title',
      cell: (event) => (
        <button type="button" className={classes['open']} onClick={() => onOpen(String(event.id))}>
          {describeAction(event)}
        </button>
      ),
    },
    { id: 'actor', header: columns.actor, width: 'minmax(8rem, 1fr)', cell: ({ actor }) => actor },
    { id: 'reason', header: columns.reason, width: 'minmax(6rem, 1.2fr)', cell: ({ reason }) => reason ?? '' },
    { id: 'origin', header: columns.origin, width: '8rem', card: 'hide', cell: ({ origin }) => origin ?? '' },
  ];
}

function ExportAudit({ query }: { query: Record<string, string> }) {
  const save = (format: 'csv' | 'jsonl') => {
    const path = `/api/v1/audit/export?${new URLSearchParams({ ...query, format })}`;
    downloadFile(path, `audit.${format}`);
  };
  return <ExportMenu lines="jsonl" onExport={save} />;
}
