import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { read } from '../../api/read.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { useSession } from '../../session/session.tsx';
import { operations } from '../../texts/states.ts';
import { userTexts as texts } from '../../texts/users.ts';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

const SHOWN = 8;
const EVERY_MS = 5_000;

/** What was sent for a person lately, over all apps. */
export function LatestRequests({ user }: { user: User }) {
  const { can } = useSession();
  const requests = useQuery({
    ...read('/api/v1/requests', { params: { query: { user: String(user.Id), limit: SHOWN } } }),
    refetchInterval: EVERY_MS,
    enabled: can('provisioning:read'),
  });
  if (!can('provisioning:read')) return null;
  const username = String(user.Username);
  return (
    <Panel
      title={texts.timeline}
      actions={
        <Link to="/log" search={{ user: username }}>
          {texts.allRequests}
        </Link>
      }
    >
      <Loaded query={requests}>
        {({ items }) =>
          items.length === 0 ? (
            <span className="dim">{texts.noRequests}</span>
          ) : (
            <ul className={classes['list']}>
              {items.map((request) => (
                <li key={request.id}>
                  <Link to="/log" search={{ user: username, request: request.id }}>
                    {operations[request.operation] ?? request.operation}, {request.app}
                  </Link>
                  <span className="row">
                    <StatePill family="request" state={request.state} />
                    <span className="dim">
                      <Time at={request.createdAt} />
                    </span>
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
