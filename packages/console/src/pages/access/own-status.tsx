import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { statusTexts as texts } from '../../texts/sign-in.ts';
import { userTexts } from '../../texts/users.ts';
import classes from './access-card.module.css';
import { AccessCard } from './access-card.tsx';

const EVERY_MS = 15_000;

/** What a person sees of themselves by the link of the help desk, without an account here. */
export function OwnStatusPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const status = useQuery({
    queryKey: ['own status', token],
    queryFn: async () => (await api.POST('/api/v1/status', { body: { token } })).data,
    retry: false,
    refetchInterval: ({ state }) => (state.error ? false : EVERY_MS),
  });
  if (status.error && !status.data) {
    return (
      <AccessCard title={texts.bad}>
        <Notice tone="bad" live>
          <FailureText error={status.error} />
          <p>{texts.badBody}</p>
        </Notice>
      </AccessCard>
    );
  }
  if (!status.data) return <AccessCard title={texts.title}>{<Lines count={4} />}</AccessCard>;
  const { name, apps, expiresAt } = status.data;
  return (
    <AccessCard title={texts.title} wide>
      <p>{texts.lead(name)}</p>
      {apps.length === 0 ? <p className="dim">{texts.none}</p> : null}
      <ul className={classes['apps']}>
        {apps.map(({ label, state, sentence, since, nextAttemptAt }) => (
          <li key={label}>
            <div className="row">
              <strong>{label}</strong>
              <StatePill family="standing" state={state} />
            </div>
            <p>{sentence}</p>
            {since || nextAttemptAt ? (
              <p className="dim">
                {since ? (
                  <>
                    {userTexts.since} <Time at={since} focusable />
                  </>
                ) : null}
                {nextAttemptAt ? (
                  <>
                    {since ? '. ' : ''}
                    {userTexts.nextAttempt} <Time at={nextAttemptAt} focusable />
                  </>
                ) : null}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      <p className="dim">
        {texts.ends} <Time at={expiresAt} focusable />
      </p>
    </AccessCard>
  );
}
