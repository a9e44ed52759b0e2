import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Tagged } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Answer, read } from '../../api/read.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellFailure } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { settingsTexts, organizationTexts as texts } from '../../texts/settings.ts';

type Organization = Tagged<Answer<'/api/v1/organization'>>;
const FIELDS = ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'EmailEncodingKey'] as const;

export function OrganizationPage() {
  const organization = useQuery(read('/api/v1/organization', {}));
  return (
    <Panel title={settingsTexts.tabs.organization}>
      <Loaded query={organization}>{(found) => <OrganizationForm key={found.etag} organization={found} />}</Loaded>
    </Panel>
  );
}

function OrganizationForm({ organization }: { organization: Organization }) {
  const { can } = useSession();
  const [values, setValues] = useState(organization);
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async () => {
      const body = Object.fromEntries(FIELDS.map((name) => [name, values[name]]));
      await api.PATCH('/api/v1/organization', { headers: { 'if-match': organization.etag ?? '*' }, body } as never);
    },
    {
      done: () => texts.saved,
      failed: (error) => {
        setFailure(error);
        void tellFailure(error);
      },
    },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const may = can('directory:write');
  return (
    <form
      className="stack"
      style={{ maxWidth: '30rem' }}
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <p className="dim" style={{ margin: 0 }}>
        {texts.lead}
      </p>
      {FIELDS.map((name) => {
        const shared = { label: texts[name], value: values[name], error: refusal?.fieldText(name), disabled: !may };
        if (name === 'TimeZoneSidKey') {
          return (
            <Select
              key={name}
              {...shared}
              data={[...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), values[name]])]}
              onChange={(value) => setValues({ ...values, [name]: value ?? values[name] })}
              searchable
              limit={60}
            />
          );
        }
        return (
          <TextInput
            key={name}
            {...shared}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        );
      })}
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
