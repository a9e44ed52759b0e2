import { Button, Modal, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, sendRaw } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { common } from '../../texts/common.ts';
import { entitlementTexts as texts } from '../../texts/entitlements.ts';
import { type Entitlement, ITEMS, type Kind, LISTS } from './kinds.ts';

interface FormProps {
  kind: Kind;
  editing?: Entitlement | undefined;
  opened: boolean;
  onClose: () => void;
}

export function EntitlementForm({ kind, editing, opened, onClose }: FormProps) {
  const [name, setName] = useState(editing?.Name ?? '');
  const [label, setLabel] = useState(editing?.Label ?? '');
  const [description, setDescription] = useState(editing?.Description ?? '');
  const [sets, setSets] = useState(editing?.PermissionSets ?? []);
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(
    async () => {
      const body = {
        Name: name,
        Description: description || null,
        ...(kind === 'profile' || label === '' ? {} : { Label: label }),
        ...(kind === 'permission-set-group' ? { PermissionSets: sets } : {}),
      };
      await saveEntitlement(kind, editing, body);
    },
    { done: () => (editing ? texts.saved : texts.created(name)), failed: setFailure, after: onClose },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={editing ? texts.editTitle(editing.Name) : texts.addTitle(texts.one[kind])}
      closeButtonProps={{ 'aria-label': common.close }}
    >
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
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={refusal?.fieldText('Name')}
          required
          data-autofocus
        />
        {kind === 'profile' ? null : (
          <TextInput
            label={texts.label}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={refusal?.fieldText('Label')}
          />
        )}
        {kind === 'permission-set-group' ? (
          <SetSelect value={sets} onChange={setSets} error={refusal?.fieldText('PermissionSets')} />
        ) : null}
        <Textarea
          label={texts.description}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={refusal?.fieldText('Description')}
        />
        {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
          <Notice tone="bad" live>
            <FailureText error={failure} />
          </Notice>
        ) : null}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" variant="filled" loading={save.busy}>
            {common.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function SetSelect({
  value,
  onChange,
  error,
}: {
  value: string[];
  onChange: (sets: string[]) => void;
  error: string | undefined;
}) {
  const found = useQuery({
    ...read('/api/v1/permission-sets', { params: { query: { limit: 500 } } }),
    staleTime: 10_000,
  });
  const names = (found.data?.items ?? []).map((item) => (item as Entitlement).Name);
  return (
    <MultiSelect
      label={texts.sets}
      data={[...new Set([...names, ...value])]}
      value={value}
      onChange={onChange}
      searchable
      limit={50}
      error={error}
    />
  );
}

async function saveEntitlement(kind: Kind, editing: Entitlement | undefined, body: { Name: string }): Promise<void> {
  if (!editing) {
    await sendRaw(LISTS[kind], {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return;
  }
  const path = { params: { path: { key: editing.Id } } };
  const etag = await readTag(kind, editing.Id);
  await api.PATCH(ITEMS[kind], { ...path, headers: { 'if-match': etag }, body: body as never });
}

async function readTag(kind: Kind, key: string): Promise<string> {
  const { response } = await api.GET(ITEMS[kind], { params: { path: { key } } });
  return response.headers.get('etag') ?? '*';
}

export function DeleteEntitlement({
  kind,
  entitlement,
  onClose,
}: {
  kind: Kind;
  entitlement: Entitlement | undefined;
  onClose: () => void;
}) {
  const refresh = useAct(async () => {}, {});
  return (
    <Confirm
      opened={entitlement !== undefined}
      onClose={onClose}
      title={texts.deleteTitle(entitlement?.Name ?? '')}
      effect={texts.deleteEffect[kind]}
      verb={texts.deleteVerb(texts.one[kind])}
      danger
      typed={kind === 'profile' ? undefined : entitlement?.Name}
      onConfirm={async () => {
        if (!entitlement) return;
        const etag = await readTag(kind, entitlement.Id);
        const { data } = await api.DELETE(ITEMS[kind], {
          params: { path: { key: entitlement.Id } },
          headers: { 'if-match': etag },
        });
        tellDone(texts.deleted(data?.holders ?? 0));
        await refresh.run(undefined);
      }}
    />
  );
}
