import { Button, MultiSelect, Select, TagsInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { useAct } from '../../parts/use-act.ts';
import { rolloutTexts } from '../../texts/rollout.ts';
import type { App } from '../app/use-app.ts';
import { PilotUsers } from './pilot-users.tsx';
import classes from './rollout.module.css';

const texts = rolloutTexts.form;

interface RolloutFormProps {
  app: App;
  onPlanned: (id: number) => void;
}

/** Who is first, in which steps everyone follows, and how long each is watched. */
export function RolloutForm({ app, onPlanned }: RolloutFormProps) {
  const versions = useQuery(read('/api/v1/apps/{app}/configurations', { params: { path: { app: app.name } } }));
  return (
    <Loaded query={versions}>
      {({ items }) => {
        const saved = items.map(({ version }) => version);
        const [newest] = saved;
        return newest === undefined ? (
          <Notice tone="wait">{texts.needs}</Notice>
        ) : (
          <Form app={app} versions={saved} newest={newest} onPlanned={onPlanned} />
        );
      }}
    </Loaded>
  );
}

interface Draft {
  version: number;
  users: string[];
  permissionSets: string[];
  profiles: string[];
  shares: string[];
  soakHours: number | '';
  count: number | '';
  percent: number | '';
  onFailure: 'halt' | 'roll back';
  note: string;
}

function Form({ app, versions, newest, onPlanned }: RolloutFormProps & { versions: number[]; newest: number }) {
  const [draft, setDraft] = useState<Draft>({
    ...{ version: newest, users: [], permissionSets: [], profiles: [], shares: ['10', '50'] },
    ...{ soakHours: 48, count: 3, percent: 5, onFailure: 'halt', note: '' },
  });
  const [failure, setFailure] = useState<unknown>();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const named = draft.users.length + draft.permissionSets.length + draft.profiles.length > 0;
  const plan = useAct(
    async () => {
      const { version, users, permissionSets, profiles, shares, soakHours, count, percent, onFailure, note } = draft;
      const { data } = await api.POST('/api/v1/apps/{app}/rollouts', {
        params: { path: { app: app.name } },
        body: {
          version,
          pilot: { users, permissionSets, profiles },
          percentages: shares.map(Number),
          settings: {
            soakHours: Number(soakHours),
            failureLimit: { count: Number(count), percent: Number(percent) },
            onFailure,
          },
          note: note.trim() || null,
        },
      });
      return data?.id ?? 0;
    },
    { done: () => texts.planned, failed: setFailure, after: onPlanned, refresh: ['/api/v1/apps'] },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        if (named) void plan.run(undefined);
      }}
    >
      <Select
        label={texts.version}
        data={versions.map((version) => ({ value: String(version), label: rolloutTexts.version(version) }))}
        value={String(draft.version)}
        onChange={(version) => set({ version: Number(version) })}
        allowDeselect={false}
        error={refusal?.fieldText('version')}
      />
      <PilotUsers
        users={draft.users}
        onChange={(users) => set({ users })}
        error={refusal?.fieldText('pilot.users') ?? refusal?.fieldText('pilot')}
      />
      <NamesSelect
        label={texts.sets}
        path="/api/v1/permission-sets"
        value={draft.permissionSets}
        onChange={(permissionSets) => set({ permissionSets })}
      />
      <NamesSelect
        label={texts.profiles}
        path="/api/v1/profiles"
        value={draft.profiles}
        onChange={(profiles) => set({ profiles })}
      />
      <TagsInput
        label={texts.shares}
        description={texts.sharesHint}
        value={draft.shares}
        onChange={(shares) => set({ shares })}
        error={refusal?.fieldText('percentages')}
      />
      <NumberField
        label={texts.soak}
        value={draft.soakHours}
        onChange={(hours) => set({ soakHours: hours === '' ? '' : Number(hours) })}
        min={0}
        max={8760}
        error={refusal?.fieldText('settings.soakHours')}
      />
      <div className={classes['columns']}>
        <NumberField
          label={texts.failures}
          value={draft.count}
          onChange={(count) => set({ count: count === '' ? '' : Number(count) })}
          min={0}
        />
        <NumberField
          label={texts.percent}
          value={draft.percent}
          onChange={(percent) => set({ percent: percent === '' ? '' : Number(percent) })}
          min={0}
          max={100}
        />
      </div>
      <Select
        label={texts.onFailure}
        data={Object.entries(rolloutTexts.onFailure).map(([value, label]) => ({ value, label }))}
        value={draft.onFailure}
        onChange={(value) => set({ onFailure: (value ?? 'halt') as Draft['onFailure'] })}
        allowDeselect={false}
      />
      <Textarea
        label={texts.note}
        value={draft.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
        maxLength={2000}
      />
      {failure === undefined ? null : (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      )}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        {named ? null : <span className="dim grow">{texts.nobody}</span>}
        <Button type="submit" variant="filled" loading={plan.busy} disabled={!named}>
          {texts.plan}
        </Button>
      </div>
    </form>
  );
}

interface NamesSelectProps {
  label: string;
  path: '/api/v1/permission-sets' | '/api/v1/profiles';
  value: string[];
  onChange: (names: string[]) => void;
}

function NamesSelect({ label, path, value, onChange }: NamesSelectProps) {
  const found = useQuery({ ...read(path, { params: { query: { limit: 500 } } }), staleTime: 10_000 });
  const names = (found.data?.items ?? []).map((item) => (item as { Name: string }).Name);
  return <MultiSelect label={label} data={names} value={value} onChange={onChange} searchable clearable limit={50} />;
}
