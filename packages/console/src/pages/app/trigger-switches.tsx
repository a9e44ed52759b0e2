import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { undoneTexts } from '../../texts/guards.ts';
import classes from './app-settings.module.css';
import { switchesQuery } from './undone-query.ts';
import { type App, changeOf } from './use-app.ts';

const EVERY_MS = 15_000;
type Trigger = keyof App['triggers'];
const TRIGGERS: readonly Trigger[] = ['create', 'update', 'deactivate', 'reactivate'];

/** Each switch says what it does; turning one off says whom it leaves behind, first. */
export function TriggerSwitches({ app }: { app: App }) {
  const { can } = useSession();
  const [asked, setAsked] = useState<Trigger>();
  const set = async (trigger: Trigger, on: boolean) => {
    await api.PUT('/api/v1/apps/{app}/triggers', { ...changeOf(app), body: { [trigger]: on } });
    tellDone(texts.triggerSaved);
  };
  const switches = useQuery({ ...switchesQuery(app.name), refetchInterval: EVERY_MS });
  const undone = new Map(switches.data?.items.map((one) => [one.trigger, one.undone]) ?? []);
  const change = useAct(async (trigger: Trigger) => set(trigger, true), {});
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/apps'] });
  return (
    <Panel title={texts.triggers}>
      <ul className={classes['triggers']}>
        {TRIGGERS.map((trigger) => {
          const on = app.triggers[trigger];
          return (
            <li key={trigger}>
              <Switch
                label={texts.triggerNames[trigger]}
                description={on ? texts.triggerOn[trigger] : texts.triggerOff[trigger]}
                checked={on}
                disabled={!can('apps:write') || change.busy}
                onChange={(event) => {
                  if (event.currentTarget.checked) void change.run(trigger);
                  else setAsked(trigger);
                }}
              />
              <LeftUndone app={app} trigger={trigger} count={undone.get(trigger) ?? 0} />
            </li>
          );
        })}
      </ul>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={texts.triggerTitle(asked ? texts.triggerNames[asked] : '')}
        effect={asked ? texts.triggerEffect(texts.triggerOff[asked], app.counts.active) : ''}
        verb={texts.triggerVerb}
        danger
        onConfirm={async () => {
          if (!asked) return;
          await set(asked, false);
          await refresh.run(undefined);
        }}
      />
    </Panel>
  );
}

function LeftUndone({ app, trigger, count }: { app: App; trigger: Trigger; count: number }) {
  const { can } = useSession();
  if (count === 0 || !can('provisioning:read')) return null;
  return (
    <Link to="/apps/$app/undone" params={{ app: app.name }} search={{ trigger }} className={classes['undone']}>
      {undoneTexts.count(count)}
    </Link>
  );
}
