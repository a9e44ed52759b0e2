import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../../api/api.ts';
import { type Item, read, readPages } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Failure, FailureText } from '../../parts/failure.tsx';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { matchingTexts as texts } from '../../texts/matching.ts';
import type { Report } from './report-page.tsx';

type Line = Item<'/api/v1/apps/{app}/matching-reports/{report}/items'>;

const route = getRouteApi('/shell/apps/$app/matching/$report');
const PAGE = 100;
const DEBOUNCE_MS = 250;

/** Every line of a report, filtered, and what is decided of each. */
export function ReportItems({ app, report }: { app: string; report: Report }) {
  const { can } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [name] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const [asked, setAsked] = useState<Line>();
  const filter = { ...search, ...(name === '' ? {} : { name: `*${name}*` }) };
  const items = useInfiniteQuery({
    ...readPages('/api/v1/apps/{app}/matching-reports/{report}/items', {
      params: { path: { app, report: report.id }, query: { limit: PAGE, ...filter } },
    }),
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => items.data?.pages.flatMap((page) => page.items) ?? [], [items.data]);
  const may = can('provisioning:write') && report.isCurrent;
  const columns = useMemo(() => buildColumns(may ? setAsked : undefined), [may]);
  const set = (member: 'standing' | 'decided', value: string | null) => {
    const { [member]: _before, ...rest } = search;
    const next = value ? { ...rest, [member]: value } : rest;
    void navigate({
      to: '/apps/$app/matching/$report',
      params: { app, report: report.id },
      search: next as never,
      replace: true,
    });
  };
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
        <Select
          aria-label={texts.standingLabel}
          data={[
            { value: '', label: texts.anyStanding },
            ...Object.entries(texts.standings).map(([value, label]) => ({ value, label })),
          ]}
          value={search.standing ?? ''}
          onChange={(value) => set('standing', value)}
          allowDeselect={false}
        />
        <Select
          aria-label={texts.decidedLabel}
          data={Object.entries(texts.decided).map(([value, label]) => ({ value, label }))}
          value={search.decided ?? ''}
          onChange={(value) => set('decided', value)}
          allowDeselect={false}
        />
        {may ? <Bulk app={app} report={report} filter={filter} /> : null}
      </FilterBar>
      <Resolutions app={app} report={report} />
      <Panel flush>
        {items.error && !items.data ? <Failure error={items.error} onRetry={() => void items.refetch()} /> : null}
        {items.isPending ? <Lines count={6} /> : null}
        {items.data ? (
          <DataTable
            label={texts.title}
            columns={columns}
            rows={rows}
            rowKey={({ id }) => String(id)}
            hasMore={items.hasNextPage}
            loadingMore={items.isFetchingNextPage}
            onMore={() => void items.fetchNextPage()}
            empty={<Empty title={texts.noItems} />}
          />
        ) : null}
      </Panel>
      <Modal
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={texts.resolveTitle(asked?.accountName ?? asked?.remoteId ?? '')}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {asked ? (
          <Resolve key={asked.id} app={app} report={report} line={asked} onDone={() => setAsked(undefined)} />
        ) : null}
      </Modal>
    </>
  );
}

function buildColumns(onDecide: ((line: Line) => void) | undefined): Column<Line>[] {
  const { itemColumns: columns } = texts;
  const decide: Column<Line>[] = onDecide
    ? [
        {
          id: 'act',
          header: '',
          width: '6rem',
          cell: (line) =>
            line.remoteId === null ? null : (
              <Button size="compact-xs" onClick={() => onDecide(line)}>
                {texts.decide}
              </Button>
            ),
        },
      ]
    : [];
  return [
    {
      id: 'account',
      header: columns.account,
      width: 'minmax(11rem, 1.4fr)',
      card: 'title',
      cell: ({ accountName, displayName, remoteId, active }) =>
        remoteId === null ? (
          <span className="dim">{texts.noAccount}</span>
        ) : (
          <span className="break">
            {accountName ?? displayName ?? remoteId}{' '}
            {active === null ? null : <span className="dim">{active ? texts.active : texts.inactive}</span>}
          </span>
        ),
    },
    {
      id: 'user',
      header: columns.user,
      width: 'minmax(11rem, 1.4fr)',
      cell: ({ userId, username, standing }) =>
        userId === null ? (
          <span className="dim">{texts.noUser}</span>
        ) : (
          <span className="break">
            <Link to="/users/$user" params={{ user: userId }}>
              {username ?? userId}
            </Link>{' '}
            <span className="dim">{standing ? texts.standings[standing] : ''}</span>
          </span>
        ),
    },
    {
      id: 'category',
      header: columns.category,
      width: '8rem',
      cell: ({ category }) => texts.categories[category] ?? category,
    },
    {
      id: 'matched',
      header: columns.matched,
      width: 'minmax(7rem, 0.8fr)',
      cell: ({ matchedBy, explanation }) => <span className="break">{matchedBy ?? explanation ?? ''}</span>,
    },
    {
      id: 'decision',
      header: columns.decision,
      width: 'minmax(7rem, 1fr)',
      cell: ({ linked, decision, refusal }) => (
        <span className="break">
          {linked ? texts.isLinked : decision ? texts.decisions[decision] : ''} {refusal ?? ''}
        </span>
      ),
    },
    ...decide,
  ];
}

interface ResolveProps {
  app: string;
  report: Report;
  line: Line;
  onDone: () => void;
}

function Resolve({ app, report, line, onDone }: ResolveProps) {
  const [user, setUser] = useState<string | null>(line.username);
  const [failure, setFailure] = useState<unknown>();
  const decide = useAct(
    async (decision: 'link' | 'ignore' | 'undecided') =>
      api.POST('/api/v1/apps/{app}/matching-reports/{report}/items/{item}/resolve', {
        params: { path: { app, report: report.id, item: line.id } },
        body: { decision, ...(decision === 'link' && user ? { user } : {}) },
      }),
    { done: () => texts.decidedDone, after: onDone, failed: setFailure, refresh: ['/api/v1/apps', '/api/v1/users'] },
  );
  const others = [...line.otherUsers, ...line.otherAccounts];
  return (
    <div className="stack">
      <p style={{ margin: 0 }}>{texts.resolveLead}</p>
      {line.explanation ? <p style={{ margin: 0 }}>{line.explanation}</p> : null}
      {others.length > 0 ? (
        <p className="dim break" style={{ margin: 0 }}>
          {texts.others}: {others.join(', ')}
        </p>
      ) : null}
      <PersonSelect label={texts.whose} value={user} onChange={setUser} />
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {line.decision === null ? (
          <Button onClick={() => void decide.run('ignore')} loading={decide.busy}>
            {texts.ignoreVerb}
          </Button>
        ) : (
          <Button onClick={() => void decide.run('undecided')} loading={decide.busy}>
            {texts.undecideVerb}
          </Button>
        )}
        <Button variant="filled" disabled={user === null} loading={decide.busy} onClick={() => void decide.run('link')}>
          {texts.linkVerb}
        </Button>
      </div>
    </div>
  );
}

interface BulkProps {
  app: string;
  report: Report;
  filter: Record<string, string | undefined>;
}

/** Every line that the filter picks; the count is known where the class alone is the filter. */
function Bulk({ app, report, filter }: BulkProps) {
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  const { active, decided, ...rest } = filter;
  const flag = (value: string | undefined) => (value === undefined ? undefined : value === 'true');
  const body = { ...rest, active: flag(active), decided: flag(decided) };
  const { category } = filter;
  const count =
    category !== undefined && Object.values(filter).filter((value) => value !== undefined).length === 1
      ? report.byCategory?.[category as 'matched']
      : undefined;
  const what = category === undefined ? texts.everything : (texts.categories[category] ?? category);
  const decide = async (decision: 'link' | 'ignore', note: string | undefined) => {
    await api.POST('/api/v1/apps/{app}/matching-reports/{report}/resolve', {
      params: { path: { app, report: report.id } },
      body: { decision, filter: body as never, ...(note === undefined ? {} : { note }) },
    });
    tellDone(texts.bulkBegan);
    await refresh.run(undefined);
  };
  return (
    <>
      {category === 'matched' || category === 'inactive' ? (
        <ActButton
          label={texts.bulkLink}
          confirm={{
            title: texts.bulkTitle(texts.bulkLink),
            effect: texts.bulkEffect(count, what),
            verb: texts.bulkLinkVerb(count),
            reason: 'optional',
            onConfirm: (note) => decide('link', note),
          }}
        />
      ) : null}
      {category === 'orphaned' || category === 'duplicate' ? (
        <ActButton
          label={texts.bulkIgnore}
          confirm={{
            title: texts.bulkTitle(texts.bulkIgnore),
            effect: texts.bulkEffect(count, what),
            verb: texts.bulkIgnoreVerb(count),
            reason: 'optional',
            onConfirm: (note) => decide('ignore', note),
          }}
        />
      ) : null}
    </>
  );
}

const EVERY_MS = 2_000;

function Resolutions({ app, report }: { app: string; report: Report }) {
  const resolutions = useQuery({
    ...read('/api/v1/apps/{app}/matching-reports/{report}/resolutions', {
      params: { path: { app, report: report.id } },
    }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'waiting' || one.state === 'running') ? EVERY_MS : false,
  });
  const items = resolutions.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={texts.resolutions}>
      <ul style={{ margin: 0, paddingInlineStart: '1.125rem' }}>
        {items.map(({ id, decision, done, refused, state, problem }) => (
          <li key={id}>
            {texts.resolution(texts.decisions[decision] ?? decision, done, refused)}{' '}
            <span className="dim">
              {state}
              {problem ? `: ${problem}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
