import { IconApps, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Item, read } from '../api/read.ts';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { PersonSelect } from '../parts/person-select.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { Time } from '../parts/time.tsx';
import { stateOfApp, type Tone } from '../parts/tone.ts';
import { useSession } from '../session/session.tsx';
import { describeAction } from '../texts/audit.ts';
import { number } from '../texts/format.ts';
import { overviewTexts as texts } from '../texts/overview.ts';
import classes from './overview.module.css';

type App = Item<'/api/v1/apps'>;

const EVERY_MS = 10_000;

/** Does anything need me? Is it flowing? What changed? */
export function OverviewPage() {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), refetchInterval: EVERY_MS, enabled: can('apps:read') });
  return (
    <Page title={texts.title}>
      {can('apps:read') ? (
        <Loaded query={apps}>{({ items }) => (items.length === 0 ? <FirstSteps /> : <Standing apps={items} />)}</Loaded>
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
            <LinkButton to="/apps/new" variant="filled">
              {texts.connectApp}
            </LinkButton>
          ) : undefined
        }
      >
        {texts.noAppsBody}
      </Empty>
    </Panel>
  );
}

const WORST_FIRST: readonly Tone[] = ['bad', 'held', 'wait', 'busy', 'ok', 'idle'];

function Standing({ apps }: { apps: App[] }) {
  const needs = [...useCredentialNeeds(), ...useDeletionNeeds(), ...apps.flatMap(listNeeds)].sort(
    (a, b) => WORST_FIRST.indexOf(a.tone) - WORST_FIRST.indexOf(b.tone),
  );
  return (
    <>
      <Panel title={texts.needsYou}>
        {needs.length === 0 ? (
          <Empty icon={IconCircleCheck} title={texts.nothingTitle}>
            {texts.nothingBody}
          </Empty>
        ) : (
          <div className={classes['needs']}>
            {needs.map(({ key, tone, title, body, action }) => (
              <Notice key={key} tone={tone} title={title} actions={action}>
                <p>{body}</p>
              </Notice>
            ))}
          </div>
        )}
      </Panel>
      <Panel title={texts.flow} flush>
        <Flow apps={apps} />
      </Panel>
    </>
  );
}

interface Need {
  key: string;
  tone: Tone;
  title: string;
  body: string;
  action: React.ReactNode;
}

const SLOWLY_MS = 60_000;
const SOON_DAYS = 7;

/** Credentials that do not work, or will not much longer. */
function useCredentialNeeds(): Need[] {
  const forecasts = useQuery({ ...read('/api/v1/credentials/forecast', {}), refetchInterval: SLOWLY_MS });
  return (forecasts.data?.items ?? [])
    .filter(({ outlook }) => outlook === 'dead' || outlook === 'critical' || outlook === 'soon')
    .map(({ app, label, outlook, problem, nextStep, ends }) => ({
      key: `${app} credential ends`,
      tone: outlook === 'soon' ? 'wait' : 'bad',
      title: outlook === 'dead' ? texts.credentialDead(label) : texts.credentialEnds(label, ends[0]?.daysLeft ?? 0),
      body: [problem ?? ends[0]?.why, nextStep].filter(Boolean).join(' '),
      action: (
        <LinkButton to="/apps/$app/setup" params={{ app }} search={{ step: 'credential' }} size="xs">
          {texts.look}
        </LinkButton>
      ),
    }));
}

/** Accounts that will be deleted unless somebody keeps them. */
function useDeletionNeeds(): Need[] {
  const { can } = useSession();
  const days = useQuery({
    ...read('/api/v1/deletions/days', {}),
    refetchInterval: SLOWLY_MS,
    enabled: can('provisioning:read'),
  });
  return (days.data?.items ?? [])
    .filter((day) => day.days <= SOON_DAYS)
    .map((day) => ({
      key: `${day.app} deletions ${day.days}`,
      tone: 'wait',
      title: day.sentence,
      body: texts.deletionsBody,
      action: (
        <LinkButton to="/holds/deletions" size="xs">
          {texts.look}
        </LinkButton>
      ),
    }));
}

function listNeeds(app: App): Need[] {
  const { name, label, counts, quarantine, credential } = app;
  const look = (to: '/apps/$app' | '/apps/$app/holds' | '/apps/$app/log', text: string = texts.look) => (
    <LinkButton to={to} params={{ app: name }} size="xs">
      {text}
    </LinkButton>
  );
  const needs: (Need | undefined)[] = [
    quarantine
      ? {
          key: `${name} quarantine`,
          tone: 'bad',
          title: texts.quarantined(label),
          body: `${quarantine.message} ${quarantine.nextStep}`,
          action: look('/apps/$app'),
        }
      : undefined,
    credential && !credential.isForBaseUrl
      ? {
          key: `${name} credential`,
          tone: 'bad',
          title: texts.credentialElsewhere(label),
          body: texts.credentialElsewhereBody,
          action: look('/apps/$app'),
        }
      : undefined,
    counts.held > 0
      ? {
          key: `${name} held`,
          tone: 'held',
          title: texts.held(label, counts.held),
          body: texts.heldBody,
          action: look('/apps/$app/holds'),
        }
      : undefined,
    counts.parked > 0
      ? {
          key: `${name} parked`,
          tone: 'wait',
          title: texts.parked(label, counts.parked),
          body: texts.parkedBody,
          action: look('/apps/$app/log'),
        }
      : undefined,
    app.state === 'draft'
      ? {
          key: `${name} draft`,
          tone: 'idle',
          title: texts.draft(label),
          body: texts.draftBody,
          action: look('/apps/$app', texts.setUp),
        }
      : undefined,
    app.state === 'paused'
      ? {
          key: `${name} paused`,
          tone: 'wait',
          title: texts.paused(label, counts.due),
          body: texts.pausedBody,
          action: look('/apps/$app'),
        }
      : undefined,
  ];
  return needs.filter((need) => need !== undefined);
}

function Flow({ apps }: { apps: App[] }) {
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{texts.columns.app}</th>
            <th scope="col">{texts.columns.state}</th>
            <th scope="col" className={classes['number']}>
              {texts.columns.accounts}
            </th>
            <th scope="col" className={classes['number']}>
              {texts.columns.due}
            </th>
            <th scope="col" className={classes['number']}>
              {texts.columns.held}
            </th>
            <th scope="col" className={classes['number']}>
              {texts.columns.parked}
            </th>
          </tr>
        </thead>
        <tbody>
          {apps.map((app) => (
            <tr key={app.id}>
              <th scope="row">
                <Link to="/apps/$app" params={{ app: app.name }}>
                  {app.label}
                </Link>
              </th>
              <td>
                <StatePill family="app" state={stateOfApp(app)} />
              </td>
              <td className={classes['number']}>{texts.accounts(app.counts.active, app.counts.linked)}</td>
              <td className={classes['number']}>{number(app.counts.due)}</td>
              <td className={classes['number']}>{number(app.counts.held)}</td>
              <td className={classes['number']}>{number(app.counts.parked)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
