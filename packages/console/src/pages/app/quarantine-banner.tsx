import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { type Exchange, ExchangeView } from '../../parts/exchange.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import type { App } from './use-app.ts';

/** Why nothing is sent, since when, what to do, and what happens by itself. */
export function QuarantineBanner({ app }: { app: App }) {
  const { can } = useSession();
  const probe = useAct(
    async () => api.POST('/api/v1/apps/{app}/quarantine/probe', { params: { path: { app: app.name } } }),
    { done: () => texts.probed },
  );
  const { quarantine } = app;
  if (!quarantine) return null;
  return (
    <Notice
      tone="bad"
      icon={IconAlertTriangle}
      title={texts.quarantineTitle[quarantine.cause]}
      live
      actions={
        can('apps:operate') ? (
          <>
            {quarantine.cause === 'credential' && can('apps:write') ? (
              <LinkButton
                to="/apps/$app/setup"
                params={{ app: app.name }}
                search={{ step: 'credential' }}
                size="xs"
                variant="filled"
              >
                {texts.fixCredential}
              </LinkButton>
            ) : null}
            <Button size="xs" onClick={() => void probe.run(undefined)} loading={probe.busy}>
              {texts.probeNow}
            </Button>
          </>
        ) : undefined
      }
    >
      <p>
        {quarantine.message}
        {quarantine.status ? ` (${quarantine.status})` : ''}. {quarantine.nextStep}.
      </p>
      {quarantine.targetSaid ? (
        <p className="break">
          {texts.targetSaid}: “{quarantine.targetSaid}”
        </p>
      ) : null}
      <p>
        {texts.quarantineSince} <Time at={quarantine.since} show="both" focusable />.{' '}
        {texts.quarantineTries(quarantine.probeAttempts)}, {texts.quarantineProbe.toLowerCase()}{' '}
        <Time at={quarantine.probeAt} focusable />. {texts.quarantineWaits(app.counts.due)}
      </p>
      {can('provisioning:read') ? <FirstFailure app={app.name} /> : null}
    </Notice>
  );
}

/** The evidence: what was sent and answered when it began. */
function FirstFailure({ app }: { app: string }) {
  const [opened, setOpened] = useState(false);
  const found = useQuery({
    ...read('/api/v1/apps/{app}/quarantine', { params: { path: { app } } }),
    enabled: opened,
  });
  const first = found.data?.quarantine?.firstFailure;
  return (
    <details onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{texts.firstFailure}</summary>
      {opened ? (
        <Loaded query={found} skeleton={<Lines count={2} />}>
          {() =>
            first ? (
              <>
                <p>
                  <Time at={first.at} show="both" focusable />: {first.message}
                </p>
                {first.exchange ? <ExchangeView exchange={first.exchange as Exchange} opened /> : null}
              </>
            ) : (
              <p>{texts.firstFailureNone}</p>
            )
          }
        </Loaded>
      ) : null}
    </details>
  );
}
