import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { isApiError } from '../api/problem.ts';
import { read } from '../api/read.ts';
import { FailureText } from '../parts/failure.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Panel } from '../parts/panel.tsx';
import { useAct } from '../parts/use-act.ts';
import { appsTexts, newAppTexts as texts } from '../texts/apps.ts';
import { common } from '../texts/common.ts';

/** Begins the set-up: what the app is called and where it is. */
export function NewAppPage() {
  const navigate = useNavigate();
  const connectors = useQuery({ ...read('/api/v1/connectors', {}), staleTime: 60_000 });
  const [label, setLabel] = useState('');
  const [name, setName] = useState<string>();
  const [connector, setConnector] = useState('scim2');
  const [baseUrl, setBaseUrl] = useState('');
  const [description, setDescription] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const programName = name ?? nameFrom(label);
  const create = useAct(
    async () => {
      await api.POST('/api/v1/apps', {
        body: { name: programName, label, connector, baseUrl, ...(description ? { description } : {}) },
      });
    },
    {
      done: () => texts.created(label),
      failed: setFailure,
      after: () => void navigate({ to: '/apps/$app/setup', params: { app: programName } }),
    },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const wrong = (field: string) => refusal?.fieldText(field);
  return (
    <Page title={texts.title} lead={texts.lead} above={<Link to="/apps">{appsTexts.title}</Link>}>
      <Panel>
        <form
          className="stack"
          style={{ maxWidth: '36rem' }}
          onSubmit={(event) => {
            event.preventDefault();
            setFailure(undefined);
            void create.run(undefined);
          }}
        >
          {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
            <Notice tone="bad" live>
              <FailureText error={failure} />
            </Notice>
          ) : null}
          <TextInput
            label={texts.label}
            description={texts.labelHint}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={wrong('label')}
            required
            autoFocus
          />
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            value={programName}
            onChange={(event) => setName(event.currentTarget.value)}
            error={wrong('name')}
            required
          />
          <Loaded query={connectors}>
            {({ items }) => (
              <Select
                label={texts.connector}
                description={items.find(({ id }) => id === connector)?.description}
                data={items.map(({ id, label: shown }) => ({ value: id, label: shown }))}
                value={connector}
                onChange={(id) => setConnector(id ?? 'scim2')}
                allowDeselect={false}
                error={wrong('connector')}
              />
            )}
          </Loaded>
          <TextInput
            label={texts.baseUrl}
            description={texts.baseUrlHint}
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.currentTarget.value)}
            error={wrong('baseUrl')}
            type="url"
            required
          />
          <Textarea
            label={`${texts.description} (${common.optional})`}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            error={wrong('description')}
            maxLength={2000}
          />
          <div className="row">
            <Button type="submit" variant="filled" loading={create.busy}>
              {texts.create}
            </Button>
            <LinkButton to="/apps">{common.cancel}</LinkButton>
          </div>
        </form>
      </Panel>
    </Page>
  );
}

/** "Slack (EU)" → "Slack_EU" */
export function nameFrom(label: string): string {
  const ascii = label.normalize('NFKD').replace(/[^\w\s-]/g, '');
  return ascii
    .trim()
    .replace(/[\s-]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 80);
}
