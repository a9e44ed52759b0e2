import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/api.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { AppIdentity } from './app-identity.tsx';
import classes from './app-settings.module.css';
import { Grants } from './grants.tsx';
import { GuardsPanel } from './guards-panel.tsx';
import { PresentationPanel } from './presentation-panel.tsx';
import { TriggerSwitches } from './trigger-switches.tsx';
import { type App, changeOf, useApp } from './use-app.ts';

/** What of an app is effective at once: triggers, guards, pace, its names. What is versioned is in Mapping. */
export function AppSettings() {
  const app = useApp();
  const { can } = useSession();
  return (
    <div className={classes['columns']}>
      <div className="stack">
        <TriggerSwitches app={app} />
        <GuardsPanel app={app} />
        <Grants app={app} />
      </div>
      <div className="stack">
        <Panel title={texts.identity}>
          <AppIdentity key={app.name} app={app} />
        </Panel>
        <PresentationPanel app={app} />
        {can('apps:write') ? <DeleteApp app={app} /> : null}
      </div>
    </div>
  );
}

function DeleteApp({ app }: { app: App }) {
  const navigate = useNavigate();
  const { linked } = app.counts;
  const refresh = useAct(async () => {}, {});
  return (
    <Panel title={texts.deleteApp}>
      <div className="row">
        {app.state === 'active' ? (
          <span className="dim">{texts.deleteHint}</span>
        ) : (
          <ActButton
            label={texts.deleteApp}
            c="var(--u-bad)"
            confirm={{
              title: texts.deleteTitle(app.label),
              effect: texts.deleteEffect(linked),
              verb: texts.deleteVerb,
              danger: true,
              typed: app.name,
              onConfirm: async () => {
                await api.DELETE('/api/v1/apps/{app}', {
                  params: { ...changeOf(app).params, query: linked > 0 ? { accounts: 'leave' } : {} },
                });
                tellDone(texts.deleted);
                await navigate({ to: '/apps' });
                await refresh.run(undefined);
              },
            }}
          />
        )}
      </div>
    </Panel>
  );
}
