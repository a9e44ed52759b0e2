import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { sentences } from '../../texts/format.ts';
import { userTexts as texts } from '../../texts/users.ts';
import type { Standing } from './user-apps.tsx';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

type Why = Answer<'/api/v1/apps/{app}/users/{user}/why'>;

/** The one reason, what grants the app, the account, and what can be done. */
export function StandingDetails({ user, standing }: { user: User; standing: Standing }) {
  const path = { app: standing.app, user: String(user.Id) };
  const why = useQuery(read('/api/v1/apps/{app}/users/{user}/why', { params: { path } }));
  return (
    <div className={`stack ${classes['more']}`}>
      <Loaded query={why}>{(found) => <WhyFacts why={found} />}</Loaded>
      <DetailActs user={user} standing={standing} linked={why.data?.account?.remoteId != null} />
    </div>
  );
}

function WhyFacts({ why: { reason, grants, account } }: { why: Why }) {
  return (
    <Facts
      facts={[
        reason ? [texts.reason, sentences(reason.message, reason.detail)] : undefined,
        reason ? [texts.nextStep, reason.nextStep] : undefined,
        [texts.grantedBy, grants.length === 0 ? texts.grantedByNothing : <Grants key="grants" grants={grants} />],
        account?.remoteId
          ? [texts.account, `${account.remoteUsername ?? ''} (${account.remoteId}), ${account.state}`]
          : undefined,
        account?.deleteAt ? [texts.deleteAt, <Time key="at" at={account.deleteAt} show="both" focusable />] : undefined,
      ]}
    />
  );
}

function Grants({ grants }: { grants: Why['grants'] }) {
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

function DetailActs({ user, standing: { app, label }, linked }: { user: User; standing: Standing; linked: boolean }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps/{app}/users', '/api/v1/users/{user}'] });
  const name = String(user.Name || user.Username);
  return (
    <div className="row">
      {can('provisioning:read') ? (
        <LinkButton to="/log" search={{ app, user: String(user.Username) }} size="xs">
          {texts.requests}
        </LinkButton>
      ) : null}
      {linked && can('provisioning:write') ? (
        <ActButton
          label={texts.unlink}
          size="xs"
          confirm={{
            title: texts.unlinkTitle(label),
            effect: texts.unlinkEffect(name, label),
            verb: texts.unlinkVerb,
            danger: true,
            onConfirm: async () => {
              await api.DELETE('/api/v1/apps/{app}/users/{user}/link', {
                params: { path: { app, user: String(user.Id) } },
              });
              tellDone(texts.unlinked);
              await refresh.run(undefined);
            },
          }}
        />
      ) : null}
    </div>
  );
}
