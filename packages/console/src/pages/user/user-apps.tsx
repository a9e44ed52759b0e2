import { Button, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { type Item, read } from '../../api/read.ts';
import { CopyText } from '../../parts/copy.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { sentences } from '../../texts/format.ts';
import { userTexts as texts } from '../../texts/users.ts';
import { AppContact } from '../app/app-logo.tsx';
import { StandingDetails } from './standing-details.tsx';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

export type Standing = Item<'/api/v1/users/{user}/apps'>;

const EVERY_MS = 5_000;

/** Every app with one sentence of one state; those that concern the person come first. */
export function UserApps({ user }: { user: User }) {
  const { can } = useSession();
  const standings = useQuery({
    ...read('/api/v1/users/{user}/apps', { params: { path: { user: String(user.Id) } } }),
    refetchInterval: EVERY_MS,
    enabled: can('reasons:read'),
  });
  if (!can('reasons:read')) return null;
  return (
    <Panel title={texts.apps} flush>
      <Loaded query={standings}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={`dim ${classes['app']}`}>{texts.noApps}</p>
          ) : (
            items.map((standing) => <AppStanding key={standing.app} user={user} standing={standing} />)
          )
        }
      </Loaded>
    </Panel>
  );
}

function AppStanding({ user, standing }: { user: User; standing: Standing }) {
  const { can } = useSession();
  const [opened, setOpened] = useState(false);
  const { app, label, state, sentence, since, nextAttemptAt, sayToCaller, contact } = standing;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <article className={classes['app']} aria-label={label}>
      <div className={classes['appHead']}>
        {can('apps:read') ? (
          <Link to="/apps/$app" params={{ app }} className={classes['appName']}>
            {label}
          </Link>
        ) : (
          <span className={classes['appName']}>{label}</span>
        )}
        <StatePill family="standing" state={state} />
        <div className={classes['appActs']}>
          <ProvisionNow user={user} standing={standing} />
        </div>
      </div>
      <p className={classes['sentence']}>{sentences(sentence)}</p>
      {since || nextAttemptAt ? (
        <p className={classes['times']}>
          {since ? (
            <span>
              {texts.since} <Time at={since} show="both" focusable />
            </span>
          ) : null}
          {nextAttemptAt ? (
            <span>
              {state === 'not assigned' ? texts.deleteAt : texts.nextAttempt}{' '}
              <Time at={nextAttemptAt} show="both" focusable />
            </span>
          ) : null}
        </p>
      ) : null}
      <div className={classes['say']}>
        <div>
          <p className={classes['sayLabel']}>{texts.say}</p>
          <p>{sayToCaller}</p>
        </div>
        <CopyText value={sayToCaller} label={texts.copySay} />
      </div>
      {contact ? (
        <p className={classes['times']}>
          <AppContact
            contact={{ contactName: contact.name, contactEmail: contact.email, contactPhone: contact.phone }}
          />
        </p>
      ) : null}
      <UnstyledButton className={classes['more']} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        <span className="row dim">
          <Chevron size={14} aria-hidden />
          {state === 'has account' ? texts.why : texts.whyNot}
        </span>
      </UnstyledButton>
      {opened ? <StandingDetails user={user} standing={standing} /> : null}
    </article>
  );
}

function ProvisionNow({ user, standing: { app, label, state } }: { user: User; standing: Standing }) {
  const { can } = useSession();
  const provision = useAct(
    async () => {
      const { data } = await api.POST('/api/v1/apps/{app}/provision', {
        params: { path: { app } },
        body: { users: [String(user.Id)] },
      });
      return data?.results[0];
    },
    {
      done: (result) => (result?.answered ? `${label}: ${sentences(result.sentence)}` : texts.queued(label)),
      refresh: ['/api/v1/apps/{app}/users', '/api/v1/users/{user}', '/api/v1/requests'],
    },
  );
  if (!can('provision:now') || state === 'not assigned') return null;
  return (
    <Button size="xs" onClick={() => void provision.run(undefined)} loading={provision.busy}>
      {texts.provision}
    </Button>
  );
}
