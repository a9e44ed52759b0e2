import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import { common } from '../../texts/common.ts';
import classes from './app-settings.module.css';
import { type App, changeOf } from './use-app.ts';

interface Draft {
  label: string;
  description: string;
  baseUrl: string;
  connector: string;
  maxConcurrency: number;
  maxPerSecond: number | '';
}

function draftOf(app: App): Draft {
  const { label, description, baseUrl, connector, maxConcurrency, maxPerSecond } = app;
  return {
    label,
    description: description ?? '',
    baseUrl,
    connector,
    maxConcurrency,
    maxPerSecond: maxPerSecond ?? '',
  };
}

/** What an app is called, where its target is, and how fast it may be asked. */
export function AppIdentity({ app }: { app: App }) {
  const { can } = useSession();
  const [draft, setDraft] = useState(() => draftOf(app));
  const [failure, setFailure] = useState<unknown>();
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const save = useAct(
    async () => {
      const { maxPerSecond, description, ...rest } = draft;
      const body = {
        ...rest,
        description: description || null,
        maxPerSecond: maxPerSecond === '' ? null : maxPerSecond,
      };
      await api.PATCH('/api/v1/apps/{app}', { ...changeOf(app), body });
    },
    { done: () => texts.saved, failed: setFailure },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const moves = draft.baseUrl !== app.baseUrl || draft.connector !== app.connector;
  const may = can('apps:write');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <fieldset disabled={!may} className={classes['fields']}>
        <TextInput
          label={texts.label}
          value={draft.label}
          onChange={(event) => set({ label: event.currentTarget.value })}
          error={refusal?.fieldText('label')}
          required
        />
        <Textarea
          label={texts.description}
          value={draft.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
          error={refusal?.fieldText('description')}
        />
        <Select
          label={texts.connector}
          data={(connectors.data?.items ?? []).map(({ id, label }) => ({ value: id, label }))}
          value={draft.connector}
          onChange={(connector) => set({ connector: connector ?? draft.connector })}
          allowDeselect={false}
          error={refusal?.fieldText('connector')}
        />
        <TextInput
          label={texts.baseUrl}
          value={draft.baseUrl}
          onChange={(event) => set({ baseUrl: event.currentTarget.value })}
          error={refusal?.fieldText('baseUrl')}
          type="url"
          required
        />
        {moves ? <Notice tone="wait">{texts.identityWarning}</Notice> : null}
        <div className={classes['pair']}>
          <NumberField
            label={texts.maxConcurrency}
            value={draft.maxConcurrency}
            onChange={(value) => set({ maxConcurrency: Number(value) })}
            min={1}
            max={256}
            error={refusal?.fieldText('maxConcurrency')}
          />
          <NumberField
            label={texts.maxPerSecond}
            description={texts.maxPerSecondHint}
            value={draft.maxPerSecond}
            onChange={(value) => set({ maxPerSecond: value === '' ? '' : Number(value) })}
            min={0}
            error={refusal?.fieldText('maxPerSecond')}
          />
        </div>
      </fieldset>
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      {may ? (
        <div className="row">
          <Button type="submit" variant="filled" loading={save.busy}>
            {common.save}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
