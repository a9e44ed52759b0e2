import { IconApps } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Item, read } from '../../api/read.ts';
import { Empty } from '../../parts/empty.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { SimpleTable } from '../../parts/simple-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { stateOfApp } from '../../parts/tone.ts';
import { useSession } from '../../session/session.tsx';
import { describeAction } from '../../texts/audit.ts';
import { number } from '../../texts/format.ts';
import { overviewTexts as texts } from '../../texts/overview.ts';
import { DemoCompanyNotice, LoadDemoCompany } from '../demo-company.tsx';
import { Needs } from './needs.tsx';
import classes from './overview.module.css';

export type App = Item<'/api/v1/apps'>;

const EVERY_MS = 10_000;

/** Does anything need me? Is it flowing? What changed? */
export function OverviewPage() {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), refetchInterval: EVERY_MS, enabled: can('apps:read') });
  return (
    <Page title={texts.title}>
      <DemoCompanyNotice />
      {can('apps:read') ? (
        <Loaded query={apps}>
          {({ items }) =>
            items.length === 0 ? (
              <FirstSteps />
            ) : (
              <>
                <Needs apps={items} />
                <Panel title={texts.flow} flush>
                  <Flow apps={items} />
                </Panel>
              </>
            )
          }
        </Loaded>
      ) : (
        <FindPerson />
      )}
      {can('audit:read') ? <RecentChanges /> : null}
    </Page>
  );
}

/** What the help desk comes for. */
function FindPerson() {
  const navigate = useNavigate();
  return (
    <Panel title={texts.whereTitle}>
      <div className="stack" style={{ maxWidth: '32rem' }}>
        <p className="dim" style={{ margin: 0 }}>
          {texts.whereBody}
        </p>
        <PersonSelect
          label={texts.whereLabel}
          value={null}
          keep={false}
          onChange={(user) => user && void navigate({ to: '/users/$user', params: { user } })}
        />
      </div>
    </Panel>
  );
}

function FirstSteps() {
  const { can } = useSession();
  return (
    <Panel>
      <Empty
        icon={IconApps}
        title={texts.noAppsTitle}
        action={
          can('apps:write') ? (
            <>
              <LinkButton to="/apps/new" variant="filled">
                {texts.connectApp}
              </LinkButton>
              <LoadDemoCompany />
            </>
          ) : undefined
        }
      >
        {texts.noAppsBody}
      </Empty>
    </Panel>
  );
}

function Flow({ apps }: { apps: App[] }) {
  return (
    <SimpleTable
      label={texts.flow}
      head={Object.values(texts.columns)}
      ends={[2, 3, 4, 5]}
      keys={apps.map(({ name }) => name)}
      rows={apps.map((app) => [
        <Link key="app" to="/apps/$app" params={{ app: app.name }} className={classes['app']}>
          {app.label}
        </Link>,
        <StatePill key="state" family="app" state={stateOfApp(app)} />,
        texts.accounts(app.counts.active, app.counts.linked),
        number(app.counts.due),
        number(app.counts.held),
        number(app.counts.parked),
      ])}
    />
  );
}

const SHOWN_CHANGES = 8;

function RecentChanges() {
  const audit = useQuery(read('/api/v1/audit', { params: { query: { limit: SHOWN_CHANGES } } }));
  return (
    <Panel title={texts.changed} actions={<Link to="/audit">{texts.allChanges}</Link>}>
      <Loaded query={audit}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim">{texts.noChanges}</p>
          ) : (
            <ul className={classes['changes']}>
              {items.map((event) => (
                <li key={event.id}>
                  <span className="break">
                    <strong>{event.actor}</strong> {describeAction(event)}
                  </span>
                  <span className="dim">
                    <Time at={event.at} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
