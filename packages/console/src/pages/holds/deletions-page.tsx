import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { type Item, read, readPages } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useNow } from '../../session/now.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { deletionTexts as texts } from '../../texts/guards.ts';
import { holdTexts } from '../../texts/holds.ts';
import { HoldTabs } from './hold-tabs.tsx';

type Day = Item<'/api/v1/deletions/days'>;

const PAGE = 100;
const DAY_MS = 86_400_000;
/** What is deleted now leaves the list as soon as the target has done it. */
const EVERY_MS = 3_000;

/** Accounts that will be deleted on their day: kept, or deleted without waiting. */
export function DeletionsPage() {
  const { can } = useSession();
  const days = useQuery({ ...read('/api/v1/deletions/days', {}), refetchInterval: EVERY_MS });
  const deletions = useInfiniteQuery({
    ...readPages('/api/v1/deletions', { params: { query: { limit: PAGE } } }),
    refetchInterval: EVERY_MS,
  });
  const now = useNow();
  const rows = deletions.data?.pages.flatMap(({ items }) => items) ?? [];
  const may = can('provisioning:write');
  return (
    <Page title={holdTexts.title} lead={texts.lead}>
      <HoldTabs />
      {addUp(days.data?.items ?? []).map((day) => (
        <Notice
          key={`${day.app} ${day.days}`}
          tone="wait"
          title={day.sentence}
          actions={may ? <Decide app={day.app} count={day.until} pick={pickDay(day)} /> : undefined}
        >
          <p>
            <Time at={day.firstAt} show="both" focusable />
          </p>
        </Notice>
      ))}
      <Panel flush>
        <Loaded query={deletions}>
          {() =>
            rows.length === 0 ? (
              <Empty icon={IconCircleCheck} title={texts.none}>
                {texts.noneBody}
              </Empty>
            ) : (
              <SimpleTable
                label={texts.tab}
                head={[...Object.values(texts.columns), <ActsHead key="acts" />]}
                keys={rows.map(({ app, userId }) => `${app} ${userId}`)}
                rows={rows.map((row) => [
                  <span key="account" className="break">
                    {row.remoteUsername ?? row.remoteId}
                  </span>,
                  <Link key="user" to="/users/$user" params={{ user: row.userId }} className="break">
                    {row.username}
                  </Link>,
                  row.app,
                  <Time key="on" at={row.deleteAt} show="both" />,
                  <Time key="since" at={row.since} />,
                  new Date(row.deleteAt) <= now ? (
                    <TonePill key="acts" tone="busy">
                      {texts.beingDeleted}
                    </TonePill>
                  ) : may ? (
                    <Decide key="acts" app={row.app} count={1} pick={{ users: [row.userId] }} />
                  ) : (
                    ''
                  ),
                ])}
              />
            )
          }
        </Loaded>
        {deletions.hasNextPage ? (
          <div style={{ padding: '0.5rem 1rem' }}>
            <Button size="xs" onClick={() => void deletions.fetchNextPage()} loading={deletions.isFetchingNextPage}>
              {common.loadOlder}
            </Button>
          </div>
        ) : null}
      </Panel>
    </Page>
  );
}

/** With how many accounts of the same app are due up to the end of each day, which is what a decision on it concerns. */
function addUp(days: readonly Day[]): (Day & { until: number })[] {
  const sums = new Map<string, number>();
  return [...days]
    .sort((a, b) => a.days - b.days)
    .map((day) => {
      const until = (sums.get(day.app) ?? 0) + day.accounts;
      sums.set(day.app, until);
      return { ...day, until };
    });
}

interface Pick {
  users?: string[];
  before?: string;
}

/** Everything of an app that is due until the end of that day. */
function pickDay({ days }: Day): Pick {
  return { before: new Date(Date.now() + (days + 1) * DAY_MS).toISOString() };
}

function Decide({ app, count, pick }: { app: string; count: number; pick: Pick }) {
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/deletions', '/api/v1/apps'] });
  const decide = async (verb: 'keep' | 'now', reason: string | undefined) => {
    const { data } = await api.POST(
      verb === 'keep' ? '/api/v1/apps/{app}/deletions/keep' : '/api/v1/apps/{app}/deletions/now',
      { params: { path: { app } }, body: { ...pick, expected: count, reason: reason ?? '' } },
    );
    const decided = data?.decided ?? 0;
    tellDone(verb === 'keep' ? texts.kept(decided) : texts.deleting(decided));
    await refresh.run(undefined);
  };
  return (
    <div className="row" style={{ flexWrap: count > 1 ? 'wrap' : 'nowrap' }}>
      <ActButton
        label={count > 1 ? texts.keepVerb(count) : texts.keep}
        size="xs"
        confirm={{
          title: texts.keepTitle(count),
          effect: texts.keepEffect(count, app),
          verb: texts.keepVerb(count),
          reason: 'required',
          onConfirm: (reason) => decide('keep', reason),
        }}
      />
      <ActButton
        label={count > 1 ? texts.nowAll(count) : texts.now}
        size="xs"
        confirm={{
          title: texts.nowTitle(count),
          effect: texts.nowEffect(count, app),
          verb: texts.nowVerb(count),
          danger: true,
          reason: 'required',
          typed: count > 1 ? String(count) : undefined,
          onConfirm: (reason) => decide('now', reason),
        }}
      />
    </div>
  );
}
