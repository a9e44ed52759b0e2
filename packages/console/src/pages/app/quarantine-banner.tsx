import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { api } from '../../api/api.ts';
import { LinkButton } from '../../parts/link-button.tsx';
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
    </Notice>
  );
}
