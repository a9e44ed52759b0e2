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
import { sentences } from '../../texts/format.ts';
import type { App } from './use-app.ts';

/** Why nothing is sent, since when, what to do, and what happens by itself. */
export function QuarantineBanner({ app }: { app: App }) {
  const { can } = useSession();
  const probe = useAct(() => askTarget(app), { done: (told) => told });
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
      <p>{sentences(quarantine.message, quarantine.nextStep)}</p>
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

const ASK_EVERY_MS = 400;
const ASK_AT_MOST = 25;

/** Has the target asked, and waits for what came of it, which is told. */
async function askTarget({ name, quarantine }: App): Promise<string> {
  const params = { path: { app: name } };
  await api.POST('/api/v1/apps/{app}/quarantine/probe', { params });
  for (let asked = 0; asked < ASK_AT_MOST; asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    const { data } = await api.GET('/api/v1/apps/{app}', { params });
    if (data && !data.quarantine) return texts.probeWorks;
    if (data?.quarantine && data.quarantine.probeAttempts !== quarantine?.probeAttempts)
      return texts.probeFails(data.quarantine.message);
  }
  return texts.probed;
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
