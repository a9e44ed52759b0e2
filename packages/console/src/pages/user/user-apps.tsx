import { Button, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Answer, type Item, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { CopyText } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Failure } from '../../parts/failure.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { sayToCaller, userTexts as texts } from '../../texts/users.ts';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

type App = Item<'/api/v1/apps'>;
type Standing = Answer<'/api/v1/apps/{app}/users/{user}/why'>;

const EVERY_MS = 5_000;

/** Every app with one sentence of one state. */
export function UserApps({ user }: { user: User }) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: can('apps:read') });
  return (
    <Panel title={texts.apps} flush>
      <Loaded query={apps}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={`dim ${classes['app']}`}>{texts.noApps}</p>
          ) : (
            <Standings user={user} apps={items} />
          )
        }
      </Loaded>
    </Panel>
  );
}

/** What needs a person comes first; where nothing is wanted comes last. */
const ORDER: readonly string[] = [
  'parked',
  'held',
  'app quarantined',
  'retrying',
  'in progress',
  'waiting',
  'app rate limited',
];
const LAST: readonly string[] = ['not assigned', 'account deleted'];

function rank({ state }: Standing): number {
  const first = ORDER.indexOf(state);
  return first >= 0 ? first : ORDER.length + LAST.indexOf(state) + 1;
}

function Standings({ user, apps }: { user: User; apps: App[] }) {
  const id = String(user.Id);
  const answers = useQueries({
    queries: apps.map(({ name }) => ({
      ...read('/api/v1/apps/{app}/users/{user}/why', { params: { path: { app: name, user: id } } }),
      refetchInterval: EVERY_MS,
    })),
  });
  const failed = answers.find(({ error, data }) => error && !data);
  if (failed) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  if (answers.some(({ data }) => !data)) {
    return (
      <div className={classes['app']}>
        <Lines count={apps.length * 2} />
      </div>
    );
  }
  const standings = answers.map(({ data }, index) => ({ standing: data as Standing, app: apps[index] as App }));
  standings.sort((a, b) => rank(a.standing) - rank(b.standing) || a.app.label.localeCompare(b.app.label));
  return standings.map(({ standing, app }) => <AppStanding key={app.id} user={user} app={app} standing={standing} />);
}

function AppStanding({ user, app, standing }: { user: User; app: App; standing: Standing }) {
  const [opened, setOpened] = useState(false);
  const say = sayToCaller(standing.state, app.label);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <article className={classes['app']} aria-label={app.label}>
      <div className={classes['appHead']}>
        <Link to="/apps/$app" params={{ app: app.name }} className={classes['appName']}>
          {app.label}
        </Link>
        <StatePill family="link" state={standing.state} />
        <div className={classes['appActs']}>
          <ProvisionNow user={user} app={app} />
        </div>
      </div>
      <p className={classes['sentence']}>{standing.sentence}.</p>
      {standing.since || standing.nextAttemptAt ? (
        <p className={classes['times']}>
          {standing.since ? (
            <span>
              {texts.since} <Time at={standing.since} show="both" focusable />
            </span>
          ) : null}
          {standing.nextAttemptAt ? (
            <span>
              {texts.nextAttempt} <Time at={standing.nextAttemptAt} show="both" focusable />
            </span>
          ) : null}
        </p>
      ) : null}
      <div className={classes['say']}>
        <div>
          <p className={classes['sayLabel']}>{texts.say}</p>
          <p>{say}</p>
        </div>
        <CopyText value={say} label={texts.copySay} />
      </div>
      <UnstyledButton className={classes['more']} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        <span className="row dim">
          <Chevron size={14} aria-hidden />
          {standing.account?.state === 'active' ? texts.why : texts.whyNot}
        </span>
      </UnstyledButton>
      {opened ? <StandingDetails user={user} app={app} standing={standing} /> : null}
    </article>
  );
}

function ProvisionNow({ user, app }: { user: User; app: App }) {
  const { can } = useSession();
  const provision = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/provision', {
        params: { path: { app: app.name } },
        body: { users: [String(user.Id)] },
      });
      return data?.results[0];
    },
    {
      done: (result) => (result?.answered ? `${app.label}: ${result.sentence}` : texts.queued(app.label)),
      refresh: ['/api/v1/apps/{app}/users', '/api/v1/users/{user}', '/api/v1/requests'],
    },
  );
  if (!can('provisioning:write') || app.state !== 'active') return null;
  return (
    <Button size="xs" onClick={() => void provision.run(undefined)} loading={provision.busy}>
      {texts.provision}
    </Button>
  );
}

function StandingDetails({ user, app, standing }: { user: User; app: App; standing: Standing }) {
  const { can } = useSession();
  const { reason, grants, account } = standing;
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps/{app}/users'] });
  const name = String(user.Name || user.Username);
  return (
    <div className={`stack ${classes['more']}`}>
      <Facts
        facts={[
          reason ? [texts.reason, `${reason.message}${reason.detail ? `. ${reason.detail}` : ''}`] : undefined,
          reason ? [texts.nextStep, reason.nextStep] : undefined,
          [texts.grantedBy, grants.length === 0 ? texts.grantedByNothing : <Grants key="grants" grants={grants} />],
          account?.remoteId
            ? [texts.account, `${account.remoteUsername ?? ''} (${account.remoteId}), ${account.state}`]
            : undefined,
          account?.deleteAt
            ? [texts.deleteAt, <Time key="at" at={account.deleteAt} show="both" focusable />]
            : undefined,
        ]}
      />
      <div className="row">
        <LinkButton to="/log" search={{ app: app.name, user: String(user.Username) }} size="xs">
          {texts.requests}
        </LinkButton>
        {account?.remoteId && can('provisioning:write') ? (
          <ActButton
            label={texts.unlink}
            size="xs"
            confirm={{
              title: texts.unlinkTitle(app.label),
              effect: texts.unlinkEffect(name, app.label),
              verb: texts.unlinkVerb,
              danger: true,
              onConfirm: async () => {
                await api.DELETE('/api/v1/apps/{app}/users/{user}/link', {
                  params: { path: { app: app.name, user: String(user.Id) } },
                });
                tellDone(texts.unlinked);
                await refresh.run(undefined);
              },
            }}
          />
        ) : null}
      </div>
    </div>
  );
}

function Grants({ grants }: { grants: Standing['grants'] }) {
  return grants.map(({ kind, name, through, expiresAt }) => (
    <div key={`${kind} ${name} ${through}`}>
      {kind} {name}
      {through ? `, ${texts.through(through)}` : ''}
      {expiresAt ? (
        <>
          , {texts.until} <Time at={expiresAt} show="exact" seconds={false} />
        </>
      ) : null}
    </div>
  ));
}
