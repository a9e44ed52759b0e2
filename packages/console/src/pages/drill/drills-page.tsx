import { Drawer } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { common } from '../../texts/common.ts';
import { drillTexts as texts } from '../../texts/drill.ts';
import { type App, useApp } from '../app/use-app.ts';
import { DrillView, WORKING } from './drill-view.tsx';
import { RunDrill } from './run-drill.tsx';

const route = getRouteApi('/shell/apps/$app/drills');
const EVERY_MS = 1_500;

/** Whether accounts can be taken away and given back, tried for real on a test user. */
export function DrillsPage() {
  const app = useApp();
  const { drill } = route.useSearch();
  const navigate = useNavigate();
  const show = (id: string | undefined) =>
    void navigate({
      to: '/apps/$app/drills',
      params: { app: app.name },
      search: id === undefined ? {} : { drill: id },
      replace: true,
    });
  return (
    <>
      <Drills app={app} onShow={show} />
      <Drawer
        opened={drill !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="min(44rem, 100%)"
        title={texts.detail}
        closeButtonProps={{ 'aria-label': common.close }}
        transitionProps={{ duration: 120 }}
      >
        {drill === undefined ? null : <DrillView app={app.name} id={drill} />}
      </Drawer>
    </>
  );
}

function Drills({ app, onShow }: { app: App; onShow: (id: string) => void }) {
  const drills = useQuery({
    ...read('/api/v1/apps/{app}/drills', { params: { path: { app: app.name } } }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => WORKING.has(one.state)) ? EVERY_MS : false),
  });
  return (
    <Panel title={texts.title} actions={<RunDrill app={app} onBegan={onShow} />} flush>
      <p className="dim" style={{ margin: 0, padding: '0.75rem 1rem' }}>
        {texts.lead}
      </p>
      <Loaded query={drills}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconShieldCheck} title={texts.none}>
              {texts.noneBody}
            </Empty>
          ) : (
            <SimpleTable
              label={texts.title}
              head={Object.values(texts.columns)}
              keys={items.map(({ id }) => id)}
              rows={items.map((one) => [
                <Link key="at" to="/apps/$app/drills" params={{ app: app.name }} search={{ drill: one.id }}>
                  <Time at={one.createdAt} />
                </Link>,
                <span key="user" className="break">
                  {one.username}
                </span>,
                <span key="state" className="row">
                  <StatePill family="drill" state={one.state} />
                  {one.state === 'passed' ? (
                    <span className="dim">{one.holds ? texts.holds : texts.holdsNot}</span>
                  ) : null}
                </span>,
                one.version,
                one.createdBy,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
