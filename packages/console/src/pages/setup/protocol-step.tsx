import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import {
  type Newest,
  proposeMapping,
  saveConfiguration,
  useNewestConfiguration,
} from '../../configuration/use-configuration.ts';
import { Failure, FailureText } from '../../parts/failure.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { listed } from '../../texts/format.ts';
import { setupTexts } from '../../texts/setup.ts';
import type { App } from '../app/use-app.ts';
import { OptionsForm } from './options-form.tsx';
import classes from './setup-page.module.css';
import { useConnectionTest, useTargetSchema } from './use-target.ts';

const texts = setupTexts.protocol;

/** What the target says of itself, and the settings of the connector that speaks to it. */
export function ProtocolStep({ app }: { app: App }) {
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const newest = useNewestConfiguration(app.name);
  return (
    <>
      <Observed app={app} />
      <Panel title={texts.options}>
        <Loaded query={connectors}>
          {({ items }) => {
            const connector = items.find(({ id }) => id === app.connector);
            if (newest.data === undefined) return <Lines count={5} />;
            return (
              <Options
                key={newest.data?.version ?? 'first'}
                app={app}
                schema={(connector?.optionsSchema ?? {}) as never}
                newest={newest.data}
              />
            );
          }}
        </Loaded>
      </Panel>
    </>
  );
}

function Observed({ app }: { app: App }) {
  const test = useConnectionTest(app);
  const schema = useTargetSchema(app, app.credential !== null);
  const discovery = test.data?.steps.find(({ step }) => step === 'discovery');
  const ask = () => {
    if (app.credential) void test.refetch();
    void schema.refetch();
  };
  const demanded = (schema.data?.attributes ?? []).filter(({ required, path }) => required && !path.includes('.'));
  return (
    <Panel
      title={texts.title}
      actions={
        <Button size="xs" onClick={ask} loading={schema.isFetching}>
          {texts.detect}
        </Button>
      }
    >
      <div className="stack">
        <p className={classes['lead']}>{texts.lead}</p>
        {schema.error ? <Failure error={schema.error} onRetry={ask} /> : null}
        {schema.data ? (
          <Notice tone={schema.data.source === 'default' ? 'wait' : 'ok'} title={texts.observed}>
            {discovery ? <p>{discovery.message}</p> : null}
            <p>
              {texts.source[schema.data.source]} {texts.attributes(schema.data.attributes.length)}.{' '}
              {demanded.length > 0 ? texts.required(listed(demanded.map(({ path }) => path))) : ''}
            </p>
          </Notice>
        ) : null}
      </div>
    </Panel>
  );
}

interface OptionsProps {
  app: App;
  schema: { properties?: Record<string, object>; required?: string[] };
  newest: Newest | null;
}

function Options({ app, schema, newest }: OptionsProps) {
  const { can } = useSession();
  const present = newest?.configuration.connectorOptions ?? {};
  const [options, setOptions] = useState<Record<string, unknown>>(present);
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async () => {
      const proposal = newest ? undefined : await proposeMapping(app.name, options);
      const configuration = newest
        ? { ...newest.configuration, connectorOptions: options }
        : { mapping: [], ...proposal?.first, connectorOptions: options };
      return await saveConfiguration(app.name, configuration, {
        note: texts.options,
        baseVersion: newest?.version ?? 0,
      });
    },
    { done: ({ version }) => texts.saved(version ?? 0), failed: setFailure },
  );
  const unchanged = newest !== null && JSON.stringify(options) === JSON.stringify(present);
  const refusal = isApiError(failure) ? failure : undefined;
  const elsewhere = refusal?.fields.filter(({ field }) => !field.startsWith('connectorOptions.')) ?? [];
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <OptionsForm schema={schema} options={options} onChange={setOptions} refusal={refusal} />
      {newest === null ? <p className={classes['lead']}>{texts.savedFirst}</p> : null}
      {failure !== undefined && (refusal === undefined || elsewhere.length > 0) ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      {can('apps:write') ? (
        <div className="row">
          <Button type="submit" variant="filled" loading={save.busy} disabled={unchanged}>
            {texts.save}
          </Button>
          {unchanged ? <span className="dim">{texts.unchanged}</span> : null}
        </div>
      ) : null}
    </form>
  );
}
