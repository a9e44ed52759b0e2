import { IconApps, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { read } from '../api/read.ts';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { SimpleTable } from '../parts/simple-table.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { stateOfApp } from '../parts/tone.ts';
import { useSession } from '../session/session.tsx';
import { appsTexts as texts } from '../texts/apps.ts';
import { number } from '../texts/format.ts';
import { AppLogo } from './app/app-logo.tsx';

const EVERY_MS = 10_000;

export function AppsPage() {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), refetchInterval: EVERY_MS });
  const connect = can('apps:write') ? (
    <LinkButton to="/apps/new" variant="filled" leftSection={<IconPlus size={16} />}>
      {texts.connect}
    </LinkButton>
  ) : undefined;
  return (
    <Page title={texts.title} lead={texts.lead} actions={connect}>
      <Panel flush>
        <Loaded query={apps}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={IconApps} title={texts.emptyTitle} action={connect}>
                {texts.emptyBody}
              </Empty>
            ) : (
              <SimpleTable
                label={texts.title}
                head={Object.values(texts.columns)}
                ends={[3, 4, 5, 6]}
                keys={items.map(({ name }) => name)}
                rows={items.map((app) => [
                  <span key="link" className="row nowrap">
                    <AppLogo app={app} />
                    <Link to="/apps/$app" params={{ app: app.name }}>
                      {app.label}
                    </Link>
                  </span>,
                  <StatePill key="state" family="app" state={stateOfApp(app)} />,
                  app.connector,
                  number(app.counts.active),
                  number(app.counts.due),
                  number(app.counts.held),
                  number(app.counts.parked),
                ])}
              />
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}
