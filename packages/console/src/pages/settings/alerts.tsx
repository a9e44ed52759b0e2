import { ActionIcon, Button, Menu, Modal, Switch } from '@mantine/core';
import { IconBellOff, IconDots, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/api.ts';
import { type Item, read } from '../../api/read.ts';
import { Confirm, type ConfirmProps } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Lines, Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone, tellFailure } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { alertTexts as texts } from '../../texts/alerts.ts';
import { common } from '../../texts/common.ts';

const ChannelForm = lazy(() => import('./channel-form.tsx').then(({ ChannelForm: form }) => ({ default: form })));

export type Channel = Item<'/api/v1/alert-channels'>;

/** By which ways people are told, and what they were told. */
export function AlertsPage() {
  const { can } = useSession();
  const channels = useQuery(read('/api/v1/alert-channels', {}));
  const [form, setForm] = useState<'new' | Channel>();
  const [secret, setSecret] = useState<string>();
  const may = can('alerts:write');
  return (
    <div className="stack">
      <Panel
        title={texts.channels}
        actions={
          may ? (
            <Button size="xs" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => setForm('new')}>
              {texts.add}
            </Button>
          ) : undefined
        }
        flush
      >
        <Loaded query={channels}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={IconBellOff} title={texts.empty}>
                {texts.emptyBody}
              </Empty>
            ) : (
              <SimpleTable
                label={texts.channels}
                head={[...Object.values(texts.columns), ...(may ? [<ActsHead key="acts" />] : [])]}
                keys={items.map(({ id }) => String(id))}
                rows={items.map((channel) => [
                  <strong key="name" className="break">
                    {channel.name}
                  </strong>,
                  <span key="to" className="break">
                    {goesTo(channel)}
                  </span>,
                  channel.kinds.length === 0
                    ? texts.everything
                    : channel.kinds.map((kind) => texts.kinds[kind] ?? kind).join(', '),
                  <TonePill key="state" tone={channel.enabled ? 'ok' : 'idle'}>
                    {channel.enabled ? texts.on : texts.off}
                  </TonePill>,
                  ...(may
                    ? [
                        <ChannelActs
                          key="acts"
                          channel={channel}
                          onEdit={() => setForm(channel)}
                          onSecret={setSecret}
                        />,
                      ]
                    : []),
                ])}
              />
            )
          }
        </Loaded>
      </Panel>
      <RecentAlerts />
      <Modal
        opened={form !== undefined}
        onClose={() => setForm(undefined)}
        title={form === 'new' || form === undefined ? texts.addTitle : texts.editTitle(form.name)}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {form === undefined ? null : (
          <Suspense fallback={<Lines count={8} />}>
            <ChannelForm
              channel={form === 'new' ? undefined : form}
              onSaved={(made) => {
                setForm(undefined);
                setSecret(made);
              }}
            />
          </Suspense>
        )}
      </Modal>
      <ShownOnce
        title={texts.secretTitle}
        body={texts.secretBody}
        value={secret}
        copy={texts.copySecret}
        stored={texts.stored}
        onStored={() => setSecret(undefined)}
      />
    </div>
  );
}

function goesTo({ kind, config }: Channel): string {
  const found = config as { url?: string; to?: string[] };
  return kind === 'webhook' ? (found.url ?? '') : (found.to ?? []).join(', ');
}

interface ChannelActsProps {
  channel: Channel;
  onEdit: () => void;
  onSecret: (secret: string | undefined) => void;
}

function ChannelActs({ channel: { id, name, kind }, onEdit, onSecret }: ChannelActsProps) {
  const [asked, setAsked] = useState<'rotate' | 'delete'>();
  const path = { params: { path: { id } } };
  const options = { refresh: ['/api/v1/alert'] };
  const test = useAct(async () => (await api.POST('/api/v1/alert-channels/{id}/test', path)).data, {
    ...options,
    done: (result) => (result?.ok ? texts.tested : undefined),
    after: (result) => {
      if (result && !result.ok) void tellFailure(new Error(texts.testFailed(result.problem ?? '')));
    },
  });
  const refresh = useAct(async () => {}, options);
  const confirms: Record<NonNullable<typeof asked>, Omit<ConfirmProps, 'opened' | 'onClose'>> = {
    rotate: {
      title: texts.rotateTitle(name),
      effect: texts.rotateEffect,
      verb: texts.rotateVerb,
      danger: true,
      onConfirm: async () => onSecret((await api.POST('/api/v1/alert-channels/{id}/secret', path)).data?.secret),
    },
    delete: {
      title: texts.deleteTitle(name),
      effect: texts.deleteEffect,
      verb: texts.deleteVerb,
      danger: true,
      onConfirm: async () => {
        await api.DELETE('/api/v1/alert-channels/{id}', path);
        tellDone(texts.deleted);
        await refresh.run(undefined);
      },
    },
  };
  return (
    <div className="row nowrap" style={{ flexWrap: 'nowrap' }}>
      <Button size="xs" onClick={() => void test.run(undefined)} loading={test.busy}>
        {texts.test}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={texts.acts(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>{texts.edit}</Menu.Item>
          {kind === 'webhook' ? <Menu.Item onClick={() => setAsked('rotate')}>{texts.rotate}</Menu.Item> : null}
          <Menu.Item c="var(--u-bad)" onClick={() => setAsked('delete')}>
            {texts.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked ? <Confirm {...confirms[asked]} opened onClose={() => setAsked(undefined)} /> : null}
    </div>
  );
}

const SHOWN = 100;
const TONES = { info: 'ok', warning: 'wait', critical: 'bad' } as const;

function RecentAlerts() {
  const [open, setOpen] = useState(false);
  const alerts = useQuery(
    read('/api/v1/alerts', { params: { query: { limit: SHOWN, open: open ? 'true' : 'false' } } }),
  );
  return (
    <Panel
      title={texts.recent}
      actions={
        <Switch
          size="xs"
          label={texts.onlyOpen}
          checked={open}
          onChange={(event) => setOpen(event.currentTarget.checked)}
        />
      }
      flush
    >
      <Loaded query={alerts}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="dim" style={{ margin: 0, padding: '1rem' }}>
              {texts.recentNone}
            </p>
          ) : (
            <SimpleTable
              label={texts.recent}
              head={[common.time, texts.recent, texts.columns.state]}
              keys={items.map(({ id }) => id)}
              rows={items.map((alert) => [
                <span key="at" className="nowrap">
                  <Time at={alert.createdAt} />
                </span>,
                <div key="what">
                  <strong className="break">{alert.title}</strong>
                  <div className="break">
                    {alert.message} <span className="dim">{alert.nextStep}</span>
                  </div>
                </div>,
                <TonePill key="state" tone={alert.resolvedAt ? 'ok' : TONES[alert.severity]}>
                  {alert.resolvedAt ? texts.over : texts.open}
                </TonePill>,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
