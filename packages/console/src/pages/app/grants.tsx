import { ActionIcon, Button, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { appTexts as texts } from '../../texts/apps.ts';
import classes from './app-overview.module.css';
import type { App } from './use-app.ts';

type Kind = keyof typeof texts.grantKinds;

interface Grant {
  kind: Kind;
  name: string;
}

/** Who gets the app: everyone with one of these. */
export function Grants({ app }: { app: App }) {
  const { can } = useSession();
  const [asked, setAsked] = useState<Grant>();
  const grants = useQuery(read('/api/v1/apps/{app}/assignments', { params: { path: { app: app.name } } }));
  const refresh = useAct(async () => {}, {});
  return (
    <Panel title={texts.grants}>
      <Loaded query={grants}>
        {({ items }) => (
          <>
            {items.length === 0 ? (
              <Notice tone="wait">{texts.grantsNone}</Notice>
            ) : (
              <ul className={classes['grants']}>
                {items.map(({ kind, name }) => (
                  <li key={`${kind} ${name}`}>
                    <span className="break">
                      <span className="dim">{texts.grantKinds[kind]}</span> {name}
                    </span>
                    {can('apps:write') ? (
                      <ActionIcon aria-label={texts.ungrantTitle(name)} onClick={() => setAsked({ kind, name })}>
                        <IconX size={16} />
                      </ActionIcon>
                    ) : null}
                  </li>
                ))}
              </ul>
            )}
            {can('apps:write') ? <AddGrant app={app} present={items} /> : null}
          </>
        )}
      </Loaded>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={texts.ungrantTitle(asked?.name ?? '')}
        effect={texts.ungrantEffect(asked?.name ?? '', app.label)}
        verb={texts.ungrantVerb}
        danger
        onConfirm={async () => {
          if (!asked) return;
          const { data } = await api.DELETE('/api/v1/apps/{app}/assignments', {
            params: { path: { app: app.name }, query: asked },
          });
          tellDone(texts.ungranted(data?.links ?? 0));
          await refresh.run(undefined);
        }}
      />
    </Panel>
  );
}

const LISTS = {
  profile: '/api/v1/profiles',
  'permission set': '/api/v1/permission-sets',
  'permission set group': '/api/v1/permission-set-groups',
} as const;

function AddGrant({ app, present }: { app: App; present: readonly Grant[] }) {
  const [kind, setKind] = useState<Kind>('permission set');
  const [name, setName] = useState<string | null>(null);
  const found = useQuery({ ...read(LISTS[kind], { params: { query: { limit: 500 } } }), staleTime: 10_000 });
  const taken = new Set(present.filter((grant) => grant.kind === kind).map((grant) => grant.name));
  const names = (found.data?.items ?? [])
    .map((item) => (item as { Name: string }).Name)
    .filter((candidate) => !taken.has(candidate));
  const grant = useAct(
    async (body: Grant) =>
      (await api.POST('/api/v1/apps/{app}/assignments', { params: { path: { app: app.name } }, body })).data,
    { done: (result) => texts.granted(result?.links ?? 0), after: () => setName(null) },
  );
  return (
    <div className="row" style={{ alignItems: 'flex-end', marginTop: '0.75rem' }}>
      <Select
        label={texts.addGrant}
        data={Object.entries(texts.grantKinds).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(value) => {
          setKind((value ?? 'permission set') as Kind);
          setName(null);
        }}
        allowDeselect={false}
        w={190}
      />
      <Select
        className="grow"
        miw={160}
        aria-label={texts.grantName}
        placeholder={texts.grantName}
        data={names}
        value={name}
        onChange={setName}
        searchable
        limit={50}
      />
      <Button disabled={name === null} loading={grant.busy} onClick={() => name && void grant.run({ kind, name })}>
        {texts.grant}
      </Button>
    </div>
  );
}
