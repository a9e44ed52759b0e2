import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import type { paths } from '../../api/generated/openapi.ts';
import type { Configuration } from '../../configuration/use-configuration.ts';
import { CopyIcon } from '../../parts/copy.tsx';
import { Failure } from '../../parts/failure.tsx';
import { JsonView, prettify } from '../../parts/json-view.tsx';
import { Lines } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import type { Tone } from '../../parts/tone.ts';
import { shortPath, Value } from '../../parts/value.tsx';
import { mappingTexts as texts } from '../../texts/mapping.ts';
import { fates } from '../../texts/states.ts';
import classes from './mapping.module.css';

type Preview =
  paths['/api/v1/apps/{app}/configurations/preview']['post']['responses'][200]['content']['application/json'];
type Operation = 'create' | 'update' | 'deactivate' | 'reactivate';

const DEBOUNCE_MS = 600;

interface PersonPreviewProps {
  app: string;
  username: string;
  configuration: Configuration;
}

/** One person under the draft: every attribute with its fate, side by side with the exact request. It reads at the target and writes nothing. */
export function PersonPreview({ app, username, configuration }: PersonPreviewProps) {
  const [operation, setOperation] = useState<Operation>();
  const [asked] = useDebouncedValue(configuration, DEBOUNCE_MS);
  const preview = useQuery({
    queryKey: ['preview', app, username, operation, asked],
    queryFn: async ({ signal }): Promise<Preview> => {
      const { data } = await api.POST('/api/v1/apps/{app}/configurations/preview', {
        params: { path: { app } },
        body: { user: username, configuration: asked, ...(operation ? { operation } : {}) },
        signal,
      });
      return data as Preview;
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 20_000,
  });
  return (
    <Panel
      title={texts.previewFor(username)}
      actions={
        <Select
          size="xs"
          aria-label={texts.operation}
          data={Object.entries(texts.operations).map(([value, label]) => ({ value, label }))}
          value={operation ?? 'next'}
          onChange={(value) => setOperation(value === 'next' ? undefined : (value as Operation))}
          allowDeselect={false}
        />
      }
    >
      {preview.error ? <Failure error={preview.error} onRetry={() => void preview.refetch()} /> : null}
      {!preview.data && preview.isFetching ? <Lines count={6} /> : null}
      {preview.data ? (
        <PreviewBody preview={preview.data} stale={preview.isPlaceholderData || asked !== configuration} />
      ) : null}
    </Panel>
  );
}

const FATE_TONES: Record<string, Tone> = {
  sent: 'ok',
  'default sent': 'ok',
  cleared: 'wait',
  parks: 'bad',
  failed: 'bad',
};

function PreviewBody({ preview, stale }: { preview: Preview; stale: boolean }) {
  const { reason, obstacles, notes, request, attributes } = preview;
  return (
    <div className="stack" style={{ opacity: stale ? 0.55 : 1 }}>
      {reason ? (
        <Notice tone="wait" title={reason.message}>
          <p>{reason.nextStep}</p>
        </Notice>
      ) : null}
      {obstacles.length > 0 ? (
        <Notice tone="idle" title={texts.obstacles}>
          <ul>
            {obstacles.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {notes.map((note) => (
        <Notice key={note} tone="idle">
          {note}
        </Notice>
      ))}
      <div className={classes['beside']}>
        <section>
          <h3>{texts.attributes}</h3>
          <table className={classes['fates']}>
            <thead>
              <tr>
                <th scope="col">{texts.target}</th>
                <th scope="col">{texts.value}</th>
                <th scope="col">{texts.fate}</th>
              </tr>
            </thead>
            <tbody>
              {attributes.map(({ target, value, fate, error, note }) => (
                <tr key={target}>
                  <th scope="row">{shortPath(target)}</th>
                  <td>
                    <Value value={value} />
                    {error || note ? <div className="dim">{error ?? note}</div> : null}
                  </td>
                  <td>
                    <TonePill tone={FATE_TONES[fate] ?? 'idle'}>{fates[fate] ?? fate}</TonePill>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section>
          <div className="row">
            <h3 className="grow">{texts.exact}</h3>
            {request?.body ? <CopyIcon value={prettify(request.body)} what={texts.exact} /> : null}
          </div>
          {request ? (
            <>
              <p className="mono break" style={{ margin: '0 0 0.375rem' }}>
                {request.method} {request.url}
              </p>
              {request.body ? <JsonView text={request.body} label={texts.exact} /> : null}
            </>
          ) : (
            <p className="dim">{texts.nothingSent}</p>
          )}
        </section>
      </div>
    </div>
  );
}
