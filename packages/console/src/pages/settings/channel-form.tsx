import { Button, Checkbox, PasswordInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { FailureText } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { useAct } from '../../parts/use-act.ts';
import { alertTexts as texts } from '../../texts/alerts.ts';
import { common } from '../../texts/common.ts';
import type { Channel } from './alerts.tsx';

interface Draft {
  name: string;
  enabled: boolean;
  kinds: string[];
  kind: 'webhook' | 'email';
  url: string;
  host: string;
  port: number;
  tls: string;
  username: string;
  password: string;
  from: string;
  to: string[];
}

function draftOf(channel: Channel | undefined): Draft {
  const config = (channel?.config ?? {}) as Partial<Draft>;
  return {
    name: channel?.name ?? '',
    enabled: channel?.enabled ?? true,
    kinds: [...(channel?.kinds ?? [])],
    kind: channel?.kind ?? 'webhook',
    url: config.url ?? '',
    host: config.host ?? '',
    port: config.port ?? 587,
    tls: config.tls ?? 'starttls',
    username: config.username ?? '',
    password: '',
    from: config.from ?? '',
    to: [...(config.to ?? [])],
  };
}

function bodyOfDraft({ name, enabled, kinds, ...rest }: Draft) {
  const { kind, url, host, port, tls, username, password, from, to } = rest;
  const config =
    kind === 'webhook'
      ? { kind, url }
      : {
          ...{ kind, host, port, tls, from, to },
          ...(username === '' ? {} : { username }),
          ...(password === '' ? {} : { password }),
        };
  return { name, enabled, kinds, config } as never;
}

interface ChannelFormProps {
  channel: Channel | undefined;
  onSaved: (secret: string | undefined) => void;
}

export function ChannelForm({ channel, onSaved }: ChannelFormProps) {
  const [draft, setDraft] = useState(() => draftOf(channel));
  const [failure, setFailure] = useState<unknown>();
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const save = useAct(
    async () => {
      const body = bodyOfDraft(draft);
      if (!channel) return (await api.POST('/api/v1/alert-channels', { body })).data?.secret ?? undefined;
      const params = { path: { id: channel.id } };
      const { response } = await api.GET('/api/v1/alert-channels/{id}', { params });
      const header = { 'If-Match': response.headers.get('etag') ?? '*' };
      const { data } = await api.PUT('/api/v1/alert-channels/{id}', { params: { ...params, header }, body });
      return data?.secret ?? undefined;
    },
    { failed: setFailure, after: onSaved, done: () => texts.saved, refresh: ['/api/v1/alert'] },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const text = (name: 'name' | 'url' | 'host' | 'username' | 'from', error: string) => ({
    value: draft[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.currentTarget.value }),
    error: refusal?.fieldText(error),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setFailure(undefined);
        void save.run(undefined);
      }}
    >
      <TextInput label={texts.name} {...text('name', 'name')} required data-autofocus />
      <Select
        label={texts.kind}
        data={Object.entries(texts.channelKinds).map(([value, label]) => ({ value, label }))}
        value={draft.kind}
        onChange={(kind) => set({ kind: (kind ?? 'webhook') as Draft['kind'] })}
        allowDeselect={false}
        disabled={channel !== undefined}
      />
      {draft.kind === 'webhook' ? (
        <TextInput label={texts.url} description={texts.urlHint} type="url" {...text('url', 'config.url')} required />
      ) : (
        <>
          <TextInput label={texts.host} {...text('host', 'config.host')} required />
          <NumberField
            label={texts.port}
            value={draft.port}
            onChange={(port) => set({ port: Number(port) })}
            min={1}
            max={65_535}
            error={refusal?.fieldText('config.port')}
          />
          <Select
            label={texts.tls}
            data={Object.entries(texts.tlsChoices).map(([value, label]) => ({ value, label }))}
            value={draft.tls}
            onChange={(tls) => set({ tls: tls ?? 'starttls' })}
            allowDeselect={false}
          />
          <TextInput label={texts.username} {...text('username', 'config.username')} autoComplete="off" />
          <PasswordInput
            label={texts.password}
            description={channel ? texts.passwordHint : undefined}
            value={draft.password}
            onChange={(event) => set({ password: event.currentTarget.value })}
            error={refusal?.fieldText('config.password')}
            autoComplete="new-password"
          />
          <TextInput label={texts.from} {...text('from', 'config.from')} required />
          <TagsInput
            label={texts.to}
            description={texts.toHint}
            value={draft.to}
            onChange={(to) => set({ to })}
            error={refusal?.fieldText('config.to')}
          />
        </>
      )}
      <Checkbox.Group
        label={texts.which}
        description={texts.whichHint}
        value={draft.kinds}
        onChange={(kinds) => set({ kinds })}
      >
        <div className="stack-tight" style={{ marginTop: '0.375rem' }}>
          {Object.entries(texts.kinds).map(([value, label]) => (
            <Checkbox key={value} value={value} label={label} size="xs" />
          ))}
        </div>
      </Checkbox.Group>
      <Switch
        label={texts.enabled}
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      {failure !== undefined ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" variant="filled" loading={save.busy}>
          {common.save}
        </Button>
      </div>
    </form>
  );
}
