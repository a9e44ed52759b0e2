import { ActionIcon, Button, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { userTexts as texts } from '../../texts/users.ts';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

interface Asked {
  id: string;
  name: string;
}

/** What a person holds that may grant apps. */
export function UserAssignments({ user }: { user: User }) {
  const { can } = useSession();
  const [asked, setAsked] = useState<Asked>();
  const id = String(user.Id);
  const held = useQuery(read('/api/v1/users/{user}/assignments', { params: { path: { user: id } } }));
  const refresh = useAct(async () => {}, {});
  const may = can('directory:write') && !user.IsDeleted;
  return (
    <Panel title={texts.assignments}>
      <Loaded query={held}>
        {({ items, etag }) => (
          <>
            {items.length === 0 ? <span className="dim">{texts.noAssignments}</span> : null}
            <ul className={classes['list']}>
              {items.map((assignment) => {
                const name = assignment.PermissionSet ?? assignment.PermissionSetGroup ?? '';
                return (
                  <li key={assignment.Id}>
                    <span className="break">
                      {name}
                      {assignment.ExpirationDate ? (
                        <span className="dim">
                          , {texts.until} <Time at={assignment.ExpirationDate} show="exact" seconds={false} />
                        </span>
                      ) : null}
                    </span>
                    {may ? (
                      <ActionIcon
                        aria-label={`${texts.takeAway}: ${name}`}
                        onClick={() => setAsked({ id: assignment.Id, name })}
                      >
                        <IconX size={16} />
                      </ActionIcon>
                    ) : null}
                  </li>
                );
              })}
            </ul>
            {may ? <GiveAssignment user={user} etag={etag} held={items.map(nameOf)} /> : null}
            <Confirm
              opened={asked !== undefined}
              onClose={() => setAsked(undefined)}
              title={texts.takeTitle(asked?.name ?? '')}
              effect={texts.takeEffect(String(user.Name || user.Username), asked?.name ?? '')}
              verb={texts.takeAway}
              danger
              onConfirm={async () => {
                await api.DELETE('/api/v1/users/{user}/assignments/{assignment}', {
                  params: { path: { user: id, assignment: Number(asked?.id) } },
                  headers: { 'if-match': etag ?? '*' },
                });
                tellDone(texts.taken);
                await refresh.run(undefined);
              }}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function nameOf(assignment: { PermissionSet: string | null; PermissionSetGroup: string | null }): string {
  return assignment.PermissionSet ?? assignment.PermissionSetGroup ?? '';
}

function GiveAssignment({ user, etag, held }: { user: User; etag: string | undefined; held: string[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const query = { params: { query: { limit: 500 } } };
  const sets = useQuery({ ...read('/api/v1/permission-sets', query), staleTime: 60_000 });
  const groups = useQuery({ ...read('/api/v1/permission-set-groups', query), staleTime: 60_000 });
  const options = (kind: 'PermissionSet' | 'PermissionSetGroup', items: unknown[] | undefined) =>
    (items ?? [])
      .map((item) => item as { Name: string; Label: string })
      .filter(({ Name }) => !held.includes(Name))
      .map(({ Name, Label }) => ({ value: `${kind} ${Name}`, label: Label === Name ? Name : `${Label} (${Name})` }));
  const give = useAct(
    async (choice: string) => {
      const [kind, name = ''] = choice.split(/ (.*)/);
      await api.POST('/api/v1/users/{user}/assignments', {
        params: { path: { user: String(user.Id) } },
        headers: { 'if-match': etag ?? '*' },
        body: kind === 'PermissionSet' ? { PermissionSet: name } : { PermissionSetGroup: name },
      });
    },
    { done: () => texts.given, after: () => setChosen(null) },
  );
  return (
    <div className="row" style={{ marginTop: '0.75rem', flexWrap: 'nowrap' }}>
      <Select
        className="grow"
        aria-label={texts.addAssignmentLabel}
        placeholder={texts.addAssignment}
        data={[...options('PermissionSet', sets.data?.items), ...options('PermissionSetGroup', groups.data?.items)]}
        value={chosen}
        onChange={setChosen}
        searchable
        clearable
        limit={50}
      />
      <Button disabled={chosen === null} loading={give.busy} onClick={() => chosen && void give.run(chosen)}>
        {texts.give}
      </Button>
    </div>
  );
}
