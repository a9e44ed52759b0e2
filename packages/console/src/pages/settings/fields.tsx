import { Button, Modal, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Item, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { settingsTexts, fieldTexts as texts } from '../../texts/settings.ts';

type Field = Item<'/api/v1/custom-fields'>;
const TYPES = [
  'text',
  'textarea',
  'email',
  'phone',
  'number',
  'boolean',
  'date',
  'dateTime',
  'picklist',
  'multipicklist',
] as const;

/** Custom fields of users. */
export function FieldsPage() {
  const { can } = useSession();
  const fields = useQuery(read('/api/v1/custom-fields', {}));
  const [adding, setAdding] = useState(false);
  const may = can('directory:write');
  return (
    <Panel
      title={settingsTexts.tabs.fields}
      actions={
        may ? (
          <Button size="xs" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            {texts.add}
          </Button>
        ) : undefined
      }
      flush
    >
      <Loaded query={fields}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={texts.empty}>{texts.lead}</Empty>
          ) : (
            <SimpleTable
              label={settingsTexts.tabs.fields}
              head={[...Object.values(texts.columns), <ActsHead key="acts" />]}
              keys={items.map(({ Name }) => Name)}
              rows={items.map((field) => [
                <code key="name" className="mono">
                  {field.Name}
                </code>,
                field.Label,
                field.Type,
                field.Required ? common.yes : common.no,
                field.PicklistValues?.join(', ') ?? field.Length ?? '',
                may ? <DeleteField key="act" field={field} /> : null,
              ])}
            />
          )
        }
      </Loaded>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={texts.addTitle}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {adding ? <FieldForm onDone={() => setAdding(false)} /> : null}
      </Modal>
    </Panel>
  );
}

function DeleteField({ field: { Name } }: { field: Field }) {
  const refresh = useAct(async () => {}, {
    refresh: ['/api/v1/custom-fields', '/api/v1/user-fields', '/api/v1/users'],
  });
  return (
    <ActButton
      label={texts.delete}
      size="xs"
      confirm={{
        title: texts.deleteTitle(Name),
        effect: texts.deleteEffect(Name),
        verb: texts.deleteVerb,
        danger: true,
        typed: Name,
        onConfirm: async () => {
          const path = { name: Name };
          const { response } = await api.GET('/api/v1/custom-fields/{name}', { params: { path } });
          await api.DELETE('/api/v1/custom-fields/{name}', {
            params: { path, query: { deleteValues: 'true' } },
            headers: { 'if-match': response.headers.get('etag') ?? '*' },
          });
          tellDone(texts.deleted);
          await refresh.run(undefined);
        },
      }}
    />
  );
}

function FieldForm({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('');
  const [label, setLabel] = useState('');
  const [type, setType] = useState<(typeof TYPES)[number]>('text');
  const [length, setLength] = useState<number | ''>('');
  const [values, setValues] = useState<string[]>([]);
  const [required, setRequired] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const isPicklist = type === 'picklist' || type === 'multipicklist';
  const save = useAct(
    async () => {
      const body = {
        Name: name,
        Type: type,
        Required: required,
        ...(label === '' ? {} : { Label: label }),
        ...(type === 'text' && length !== '' ? { Length: length } : {}),
        ...(isPicklist ? { PicklistValues: values } : {}),
      };
      await api.POST('/api/v1/custom-fields', { body: body as never });
    },
    { done: () => texts.created(name), failed: setFailure, after: onDone },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <TextInput
        label={texts.name}
        description={texts.nameHint}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={refusal?.fieldText('Name')}
        required
        data-autofocus
      />
      <TextInput
        label={texts.label}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={refusal?.fieldText('Label')}
      />
      <Select
        label={texts.type}
        data={[...TYPES]}
        value={type}
        onChange={(value) => setType(value ?? 'text')}
        allowDeselect={false}
        error={refusal?.fieldText('Type')}
      />
      {type === 'text' ? (
        <NumberField
          label={texts.length}
          value={length}
          onChange={(value) => setLength(value === '' ? '' : Number(value))}
          min={1}
          error={refusal?.fieldText('Length')}
        />
      ) : null}
      {isPicklist ? (
        <TagsInput
          label={texts.values}
          description={texts.valuesHint}
          value={values}
          onChange={setValues}
          error={refusal?.fieldText('PicklistValues')}
        />
      ) : null}
      <Switch
        label={texts.required}
        checked={required}
        onChange={(event) => setRequired(event.currentTarget.checked)}
      />
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" variant="filled" loading={save.busy}>
          {texts.add}
        </Button>
      </div>
    </form>
  );
}
