import { Button, Select } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { read, readPages } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { shortPath, Value } from '../../parts/value.tsx';
import { useSession } from '../../session/session.tsx';
import { appTexts } from '../../texts/apps.ts';
import { common } from '../../texts/common.ts';
import { undoneTexts as texts } from '../../texts/guards.ts';
import { operations } from '../../texts/states.ts';
import { switchesQuery } from './undone-query.ts';
import { type App, useApp } from './use-app.ts';

type Trigger = keyof App['triggers'];

const route = getRouteApi('/shell/apps/$app/undone');
const PAGE = 100;

/** What triggers that are off left undone, and what people decided not to have done. */
export function UndonePage() {
  const app = useApp();
  const { can } = useSession();
  const { trigger } = route.useSearch();
  const navigate = useNavigate();
  const switches = useQuery(switchesQuery(app.name));
  const undone = useInfiniteQuery(
    readPages('/api/v1/apps/{app}/undone', {
      params: { path: { app: app.name }, query: { limit: PAGE, ...(trigger === undefined ? {} : { trigger }) } },
    }),
  );
  const rows = undone.data?.pages.flatMap(({ items }) => items) ?? [];
  const counts = new Map(switches.data?.items.map((one) => [one.trigger, one.undone]) ?? []);
  return (
    <>
      <div>
        <Link to="/apps/$app/settings" params={{ app: app.name }}>
          {appTexts.tabs.settings}
        </Link>
      </div>
      <Panel
        title={texts.title}
        beside={<span className="dim">{texts.lead}</span>}
        actions={
          <>
            <Select
              size="xs"
              aria-label={texts.triggerLabel}
              data={[
                { value: '', label: texts.anyTrigger },
                ...Object.entries(appTexts.triggerNames).map(([value, label]) => ({ value, label })),
              ]}
              value={trigger ?? ''}
              onChange={(value) =>
                void navigate({
                  to: '/apps/$app/undone',
                  params: { app: app.name },
                  search: value ? { trigger: value as Trigger } : {},
                  replace: true,
                })
              }
              allowDeselect={false}
            />
            {can('provisioning:write') && trigger !== undefined && (counts.get(trigger) ?? 0) > 0 ? (
              <Dismiss app={app} trigger={trigger} count={counts.get(trigger) ?? 0} />
            ) : null}
          </>
        }
        flush
      >
        <Loaded query={undone}>
          {() =>
            rows.length === 0 ? (
              <Empty icon={IconCircleCheck} title={texts.none}>
                {texts.noneBody}
              </Empty>
            ) : (
              <SimpleTable
                label={texts.title}
                head={Object.values(texts.columns)}
                keys={rows.map(({ userId }) => userId)}
                rows={rows.map((one) => [
                  <Link key="user" to="/users/$user" params={{ user: one.userId }} className="break">
                    {one.username}
                  </Link>,
                  appTexts.triggerNames[one.trigger],
                  one.operation === null ? (
                    <span key="changes" className="dim">
                      {texts.pending}
                    </span>
                  ) : (
                    <div key="changes">
                      <strong>{operations[one.operation] ?? one.operation}</strong>
                      {one.changes.map(({ path, before, after }) => (
                        <div key={path} className="break">
                          {shortPath(path)}: <Value value={before} /> → <Value value={after} />
                        </div>
                      ))}
                    </div>
                  ),
                  <Time key="since" at={one.since} />,
                ])}
              />
            )
          }
        </Loaded>
        {undone.hasNextPage ? (
          <div style={{ padding: '0.5rem 1rem' }}>
            <Button size="xs" onClick={() => void undone.fetchNextPage()} loading={undone.isFetchingNextPage}>
              {common.loadOlder}
            </Button>
          </div>
        ) : null}
      </Panel>
      <Dismissals app={app} />
    </>
  );
}

function Dismiss({ app, trigger, count }: { app: App; trigger: Trigger; count: number }) {
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  return (
    <ActButton
      label={texts.dismiss}
      size="xs"
      confirm={{
        title: texts.dismissTitle(appTexts.triggerNames[trigger]),
        effect: texts.dismissEffect(trigger, count),
        verb: texts.dismissVerb(count),
        danger: true,
        reason: 'required',
        onConfirm: async (reason) => {
          const { data } = await api.POST('/api/v1/apps/{app}/undone/dismiss', {
            params: { path: { app: app.name } },
            body: { trigger, reason: reason ?? '' },
          });
          const dismissed = data?.dismissed ?? 0;
          tellDone(data?.isComplete ? texts.dismissed(dismissed) : texts.dismissedPartly(dismissed));
          await refresh.run(undefined);
        },
      }}
    />
  );
}

function Dismissals({ app }: { app: App }) {
  const { can } = useSession();
  const dismissals = useQuery(
    read('/api/v1/apps/{app}/dismissals', { params: { path: { app: app.name }, query: { limit: PAGE } } }),
  );
  const takeBack = useAct(
    async (id: number) =>
      api.POST('/api/v1/apps/{app}/dismissals/{id}/take-back', { params: { path: { app: app.name, id } } }),
    { done: () => texts.takenBack, refresh: ['/api/v1/apps'] },
  );
  const items = dismissals.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={texts.dismissals} flush>
      <SimpleTable
        label={texts.dismissals}
        head={[...Object.values(texts.dismissalsColumns), '']}
        keys={items.map(({ id }) => String(id))}
        rows={items.map((one) => [
          <Link key="user" to="/users/$user" params={{ user: one.userId }} className="break">
            {one.username}
          </Link>,
          operations[one.operation] ?? one.operation,
          <span key="reason" className="break">
            {one.reason}
          </span>,
          <span key="by">
            {one.by}, <Time at={one.at} />
          </span>,
          one.undoneAt ? (
            <span key="act" className="dim">
              {texts.takenBackAt} <Time at={one.undoneAt} />
            </span>
          ) : can('provisioning:write') ? (
            <Button key="act" size="xs" onClick={() => void takeBack.run(one.id)}>
              {texts.takeBack}
            </Button>
          ) : (
            ''
          ),
        ])}
      />
    </Panel>
  );
}
