import { SegmentedControl, Switch } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { TableMenu } from '../../parts/table-menu.tsx';
import type { View } from '../../session/preferences.ts';
import { useSession } from '../../session/session.tsx';
import { logTexts as texts } from '../../texts/log.ts';
import { exportRequests } from './export-requests.ts';
import { LogFilters } from './log-filters.tsx';
import { filterOf, type LogSearch } from './log-search.ts';
import { buildRequestColumns } from './request-columns.tsx';
import { RequestList } from './request-list.tsx';

const CausesView = lazy(() => import('./causes-view.tsx').then(({ CausesView: view }) => ({ default: view })));
const RequestDrawer = lazy(() => import('./request-drawer.tsx').then(({ RequestDrawer: view }) => ({ default: view })));

const SHIPPED: readonly View[] = [
  { name: texts.shipped.failed, search: { state: 'Failed' } },
  { name: texts.shipped.retried, search: { state: 'Retried' } },
  { name: texts.shipped.leavers, search: { operation: 'deactivate' } },
];

interface LogViewProps {
  /** Of one app only; otherwise the app is a filter. */
  app?: string;
  search: LogSearch;
  onSearch: (search: LogSearch) => void;
}

/** The log: as a list or by cause, with everything that one looks at in the address. */
export function LogView({ app, search, onSearch }: LogViewProps) {
  const { can } = useSession();
  const filter = filterOf(search, app);
  const causes = search.view === 'causes';
  const { request: _open, ...closed } = search;
  return (
    <>
      <div className="row">
        <SegmentedControl
          size="xs"
          aria-label={texts.viewsLabel}
          data={[
            { value: 'list', label: texts.views.list },
            { value: 'causes', label: texts.views.causes },
          ]}
          value={search.view ?? 'list'}
          onChange={(view) => {
            const { view: _before, ...rest } = closed;
            onSearch(view === 'causes' ? { ...rest, view: 'causes' } : rest);
          }}
        />
        {causes ? null : (
          <Switch
            label={texts.live}
            title={texts.liveHint}
            checked={search.live === 'on'}
            onChange={(event) => {
              const { live: _before, ...rest } = search;
              onSearch(event.currentTarget.checked ? { ...rest, live: 'on' } : rest);
            }}
          />
        )}
        <span className="grow" />
        {causes ? null : (
          <TableMenu
            table="log"
            columns={buildRequestColumns(app === undefined, () => {})}
            shipped={SHIPPED}
            search={closed}
            onSearch={onSearch}
          />
        )}
        {can('provisioning:read') ? (
          <ExportMenu lines="jsonl" onExport={(format) => void exportRequests(filter, format)} />
        ) : null}
      </div>
      <LogFilters withApp={app === undefined} search={closed} onSearch={onSearch} />
      {causes ? (
        <Suspense fallback={<Lines count={6} />}>
          <CausesView
            filter={filter}
            onShow={(cause) => {
              const { view: _view, ...rest } = closed;
              onSearch({ ...rest, ...cause });
            }}
          />
        </Suspense>
      ) : (
        <RequestList
          filter={filter}
          withApp={app === undefined}
          live={search.live === 'on'}
          openId={search.request}
          onOpen={(request) => onSearch({ ...search, request })}
          onClear={() => onSearch({})}
        />
      )}
      <Suspense>
        <RequestDrawer id={search.request} onClose={() => onSearch(closed)} />
      </Suspense>
    </>
  );
}
