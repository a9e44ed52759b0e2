import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Item, read } from '../../api/read.ts';
import { ActButton } from '../../parts/act-button.tsx';
import { CopyText } from '../../parts/copy.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { settingsTexts, keyTexts as texts } from '../../texts/settings.ts';

type Key = Item<'/api/v1/keys'>;

/** Keys for programs: made, shown once, revoked. */
export function KeysPage() {
  const { can } = useSession();
  const keys = useQuery(read('/api/v1/keys', { params: { query: { limit: 500 } } }));
  const [making, setMaking] = useState(false);
  return (
    <Panel
      title={settingsTexts.tabs.keys}
      actions={
        can('keys:write') ? (
          <Button size="xs" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => setMaking(true)}>
            {texts.make}
          </Button>
        ) : undefined
      }
      flush
    >
      <Loaded query={keys}>
        {({ items }) => (
          <SimpleTable
            label={settingsTexts.tabs.keys}
            head={[...Object.values(texts.columns), <ActsHead key="acts" />]}
            keys={items.map(({ id }) => id)}
            rows={items.map((key) => [
              <span key="name" className="break">
                {key.name}
              </span>,
              <code key="prefix" className="mono nowrap">
                {key.prefix}…
              </code>,
              key.scopes.map((scope) => texts.scopeNames[scope] ?? scope).join('; '),
              key.lastUsedAt ? <Time key="used" at={key.lastUsedAt} /> : texts.never,
              key.expiresAt ? <Time key="ends" at={key.expiresAt} /> : texts.never,
              <span key="made" className="nowrap">
                <Time at={key.createdAt} />, {key.createdBy}
              </span>,
              <KeyAct key="act" apiKey={key} />,
            ])}
          />
        )}
      </Loaded>
      <MakeKey opened={making} onClose={() => setMaking(false)} />
    </Panel>
  );
}

function KeyAct({ apiKey: { id, name, revokedAt, expiresAt } }: { apiKey: Key }) {
  const { can } = useSession();
  const refresh = useAct(async () => {}, { refresh: ['/api/v1/keys'] });
  if (revokedAt) return <TonePill tone="bad">{texts.revoked}</TonePill>;
  if (expiresAt && new Date(expiresAt) < new Date()) return <TonePill tone="idle">{texts.expired}</TonePill>;
  if (!can('keys:write')) return null;
  return (
    <ActButton
      label={texts.revoke}
      size="xs"
      confirm={{
        title: texts.revokeTitle(name),
        effect: texts.revokeEffect(name),
        verb: texts.revokeVerb,
        danger: true,
        onConfirm: async () => {
          await api.DELETE('/api/v1/keys/{id}', { params: { path: { id } } });
          tellDone(texts.revokedDone);
          await refresh.run(undefined);
        },
      }}
    />
  );
}

const DAY_MS = 86_400_000;

interface MakeKeyProps {
  opened: boolean;
  onClose: () => void;
  /** A key of the person: it may do no more than they may. */
  own?: boolean;
}

export function MakeKey({ opened, onClose, own = false }: MakeKeyProps) {
  const [made, setMade] = useState<string>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={texts.makeTitle}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {made === undefined ? <KeyForm own={own} onMade={setMade} /> : <MadeKey value={made} onStored={close} />}
    </Modal>
  );
}

function KeyForm({ own, onMade }: { own: boolean; onMade: (key: string) => void }) {
  const { can } = useSession();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [ends, setEnds] = useState<string>('90');
  const [failure, setFailure] = useState<unknown>();
  const make = useAct(
    async () => {
      const expiresAt = ends === 'never' ? undefined : new Date(Date.now() + Number(ends) * DAY_MS).toISOString();
      const body = { name, scopes: scopes as never, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const { data } = own
        ? await api.POST('/api/v1/session/keys', { body: body as never })
        : await api.POST('/api/v1/keys', { body });
      return data?.key ?? '';
    },
    { failed: setFailure, after: onMade, refresh: ['/api/v1/keys', '/api/v1/session/keys'] },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const offered = Object.entries(texts.scopeNames).filter(([scope]) => !own || can(scope));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void make.run(undefined);
      }}
    >
      <TextInput
        label={texts.name}
        description={texts.nameHint}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={refusal?.fieldText('name')}
        required
        data-autofocus
      />
      <Checkbox.Group
        label={texts.scopes}
        value={scopes}
        onChange={setScopes}
        error={refusal?.fieldText('scopes')}
        withAsterisk
      >
        <div className="stack-tight" style={{ marginTop: '0.375rem' }}>
          {offered.map(([value, label]) => (
            <Checkbox key={value} value={value} label={label} size="xs" />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label={texts.expires}
        data={Object.entries(texts.expiresChoices)
          .filter(([value]) => !own || value !== 'never')
          .map(([value, label]) => ({ value, label }))}
        value={ends}
        onChange={(value) => setEnds(value ?? '90')}
        allowDeselect={false}
        error={refusal?.fieldText('expiresAt')}
      />
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" variant="filled" loading={make.busy} disabled={name.trim() === '' || scopes.length === 0}>
          {texts.make}
        </Button>
      </div>
    </form>
  );
}

/** Shown once: it is closed only by saying that it was stored. */
function MadeKey({ value, onStored }: { value: string; onStored: () => void }) {
  return (
    <div className="stack">
      <Notice tone="wait" title={texts.shownOnce} />
      <code className="mono break">{value}</code>
      <div className="row">
        <CopyText value={value} label={texts.copyKey} />
        <span className="grow" />
        <Button variant="filled" onClick={onStored}>
          {texts.stored}
        </Button>
      </div>
    </div>
  );
}
