import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { type Newest, saveConfiguration, useNewestConfiguration } from '../../configuration/use-configuration.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { setupTexts } from '../../texts/setup.ts';
import { Grants } from '../app/grants.tsx';
import { GuardsPanel } from '../app/guards-panel.tsx';
import { TriggerSwitches } from '../app/trigger-switches.tsx';
import type { App } from '../app/use-app.ts';
import classes from './setup-page.module.css';

const texts = setupTexts.policies;
type Cause = keyof typeof texts.causes;
type Action = keyof typeof texts.actions;
interface CauseRule {
  action: Action;
  deleteAfterDays?: number;
}
type Policy = Partial<Record<Cause, CauseRule>>;

/** For whom, which operations, and what becomes of leavers. */
export function PolicyStep({ app }: { app: App }) {
  const newest = useNewestConfiguration(app.name);
  return (
    <>
      <Grants app={app} />
      <TriggerSwitches app={app} />
      <Panel title={texts.deprovisioning}>
        <Loaded query={newest}>
          {(found) =>
            found ? (
              <PolicyForm key={found.version} app={app} newest={found} />
            ) : (
              <Notice tone="wait">{texts.needsMapping}</Notice>
            )
          }
        </Loaded>
      </Panel>
      <GuardsPanel app={app} />
    </>
  );
}

function PolicyForm({ app, newest }: { app: App; newest: Newest }) {
  const { can } = useSession();
  const present = (newest.configuration.deprovisioning ?? {}) as Policy;
  const [policy, setPolicy] = useState<Policy>(present);
  const save = useAct(
    async () =>
      await saveConfiguration(
        app.name,
        { ...newest.configuration, deprovisioning: policy },
        { note: texts.deprovisioning, baseVersion: newest.version },
      ),
    { done: ({ version }) => setupTexts.mapping.saved(version ?? 0) },
  );
  const changed = JSON.stringify(policy) !== JSON.stringify(present);
  return (
    <div className="stack">
      {(Object.keys(texts.causes) as Cause[]).map((cause) => (
        <CauseInput
          key={cause}
          cause={cause}
          rule={policy[cause] ?? { action: 'deactivate' }}
          disabled={!can('apps:write')}
          onChange={(rule) => setPolicy({ ...policy, [cause]: rule })}
        />
      ))}
      {can('apps:write') ? (
        <div className="row">
          <Button disabled={!changed} loading={save.busy} onClick={() => void save.run(undefined)}>
            {texts.save}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface CauseInputProps {
  cause: Cause;
  rule: CauseRule;
  disabled: boolean;
  onChange: (rule: CauseRule) => void;
}

function CauseInput({ cause, rule, disabled, onChange }: CauseInputProps) {
  const warning = texts.warnings[rule.action];
  return (
    <div className={classes['policy']}>
      <Select
        label={texts.causes[cause]}
        data={Object.entries(texts.actions).map(([value, label]) => ({ value, label }))}
        value={rule.action}
        onChange={(action) => onChange({ action: (action ?? 'deactivate') as Action })}
        allowDeselect={false}
        disabled={disabled}
        {...(warning ? { description: warning } : {})}
      />
      {rule.action === 'deactivate' ? (
        <NumberField
          label={texts.days}
          placeholder={texts.daysHint}
          value={rule.deleteAfterDays ?? ''}
          onChange={(days) =>
            onChange(days === '' ? { action: 'deactivate' } : { action: 'deactivate', deleteAfterDays: Number(days) })
          }
          min={1}
          max={3650}
          disabled={disabled}
        />
      ) : null}
    </div>
  );
}
