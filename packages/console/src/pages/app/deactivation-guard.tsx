import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { common } from '../../texts/common.ts';
import classes from './app-settings.module.css';
import { type App, changeOf } from './use-app.ts';

/** Beyond how many deactivations an hour a person is asked. */
export function DeactivationGuard({ app }: { app: App }) {
  const { can } = useSession();
  const [count, setCount] = useState<number | ''>(app.deactivationLimit.count);
  const [percent, setPercent] = useState<number | ''>(app.deactivationLimit.percent);
  const save = useAct(
    async () =>
      api.PATCH('/api/v1/apps/{app}', {
        ...changeOf(app),
        body: { deactivationLimit: { count: Number(count), percent: Number(percent) } },
      }),
    { done: () => texts.saved },
  );
  const now = Math.max(Number(count), Math.floor((app.counts.active * Number(percent)) / 100));
  const may = can('apps:write');
  const changed = count !== app.deactivationLimit.count || percent !== app.deactivationLimit.percent;
  return (
    <Panel title={texts.guard}>
      <div className="stack">
        <p className="dim" style={{ margin: 0 }}>
          {texts.guardLead}
        </p>
        <div className={classes['pair']}>
          <NumberInput
            label={texts.guardCount}
            value={count}
            onChange={(value) => setCount(value === '' ? '' : Number(value))}
            min={0}
            disabled={!may}
          />
          <NumberInput
            label={texts.guardPercent}
            value={percent}
            onChange={(value) => setPercent(value === '' ? '' : Number(value))}
            min={0}
            max={100}
            disabled={!may}
          />
        </div>
        <div className="row">
          <span className="grow dim">{texts.guardNow(now)}</span>
          {may ? (
            <Button
              disabled={!changed || count === '' || percent === ''}
              loading={save.busy}
              onClick={() => void save.run(undefined)}
            >
              {common.save}
            </Button>
          ) : null}
        </div>
      </div>
    </Panel>
  );
}
