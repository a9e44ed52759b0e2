import { Button, Menu } from '@mantine/core';
import { IconDots, IconLink, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type Tagged } from '../../api/api.ts';
import { type Answer, read } from '../../api/read.ts';
import { Confirm, type ConfirmProps } from '../../parts/confirm.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { userTexts as texts, usersTexts } from '../../texts/users.ts';
import { LatestRequests } from './latest-requests.tsx';
import { StatusLink } from './status-link.tsx';
import { UserApps } from './user-apps.tsx';
import { UserAssignments } from './user-assignments.tsx';
import { UserFields } from './user-fields.tsx';
import classes from './user-page.module.css';

export type User = Tagged<Answer<'/api/v1/users/{user}'>>;

const route = getRouteApi('/shell/users/$user');

/** One person: where they stand at each app, and everything that decides it. */
export function UserPage() {
  const { user: key } = route.useParams();
  const user = useQuery(read('/api/v1/users/{user}', { params: { path: { user: key } } }));
  return (
    <Loaded query={user}>
      {(found) => (
        <Page
          title={String(found.Name || found.Username)}
          above={<Link to="/users">{usersTexts.title}</Link>}
          beside={<UserPill user={found} />}
          lead={<span className="break">{String(found.Username)}</span>}
          actions={<UserActs user={found} />}
        >
          <Standing user={found} />
          <div className={classes['columns']}>
            <div className="stack">
              <UserApps user={found} />
              <LatestRequests user={found} />
            </div>
            <div className="stack">
              <UserFields user={found} />
              <UserAssignments user={found} />
            </div>
          </div>
        </Page>
      )}
    </Loaded>
  );
}

function UserPill({ user }: { user: User }) {
  if (user.IsDeleted) return <TonePill tone="bad">{usersTexts.deleted}</TonePill>;
  return user.IsActive ? (
    <TonePill tone="ok">{usersTexts.active}</TonePill>
  ) : (
    <TonePill tone="idle">{usersTexts.inactive}</TonePill>
  );
}

function Standing({ user }: { user: User }) {
  if (user.IsDeleted) return <Notice tone="bad" title={texts.isDeleted} />;
  return user.IsActive ? null : <Notice tone="idle" title={texts.isInactive} />;
}

type Asked = 'deactivate' | 'delete' | undefined;

function UserActs({ user }: { user: User }) {
  const { can } = useSession();
  const [asked, setAsked] = useState<Asked>();
  const [linking, setLinking] = useState(false);
  const id = String(user.Id);
  const init = { params: { path: { user: id } }, headers: { 'if-match': user.etag ?? '*' } };
  const change = useAct(
    async (IsActive: boolean) =>
      bodyOf(await api.PATCH('/api/v1/users/{user}', { ...init, body: { IsActive } as never })),
    { done: (_result, active) => (active ? texts.activated : texts.deactivated) },
  );
  const restore = useAct(async () => bodyOf(await api.POST('/api/v1/users/{user}/restore', init)), {
    done: () => texts.restored,
  });
  const mayWrite = can('directory:write');
  return (
    <>
      {can('status-links:write') && !user.IsDeleted ? (
        <Button leftSection={<IconLink size={16} />} onClick={() => setLinking(true)}>
          {texts.statusLink}
        </Button>
      ) : null}
      {mayWrite && !user.IsDeleted ? (
        <LinkButton to="/users/$user/edit" params={{ user: id }} leftSection={<IconPencil size={16} />}>
          {texts.edit}
        </LinkButton>
      ) : null}
      {mayWrite && user.IsDeleted ? (
        <Button onClick={() => void restore.run(undefined)} loading={restore.busy}>
          {texts.restore}
        </Button>
      ) : null}
      {mayWrite && !user.IsDeleted ? (
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <Button aria-label={common.more} px="xs">
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {user.IsActive ? (
              <Menu.Item onClick={() => setAsked('deactivate')}>{texts.deactivate}</Menu.Item>
            ) : (
              <Menu.Item onClick={() => void change.run(true)}>{texts.activate}</Menu.Item>
            )}
            <Menu.Item c="var(--u-bad)" onClick={() => setAsked('delete')}>
              {texts.delete}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <AskedConfirm user={user} asked={asked} onClose={() => setAsked(undefined)} />
      <StatusLink user={user} opened={linking} onClose={() => setLinking(false)} />
    </>
  );
}

/** Leaving is said with the number of accounts that it takes. */
function AskedConfirm({ user, asked, onClose }: { user: User; asked: Asked; onClose: () => void }) {
  const accounts = useCountedAccounts(String(user.Id), asked !== undefined);
  const name = String(user.Name || user.Username);
  const init = { params: { path: { user: String(user.Id) } }, headers: { 'if-match': user.etag ?? '*' } };
  const refresh = useAct(async () => {}, {});
  const options: Record<'deactivate' | 'delete', Omit<ConfirmProps, 'opened' | 'onClose'>> = {
    deactivate: {
      title: texts.deactivateTitle(name),
      effect: texts.deactivateEffect(accounts),
      verb: texts.deactivateVerb,
      danger: true,
      onConfirm: async () => {
        await api.PATCH('/api/v1/users/{user}', { ...init, body: { IsActive: false } as never });
        tellDone(texts.deactivated);
        await refresh.run(undefined);
      },
    },
    delete: {
      title: texts.deleteTitle(name),
      effect: texts.deleteEffect(accounts),
      verb: texts.deleteVerb,
      danger: true,
      onConfirm: async () => {
        await api.DELETE('/api/v1/users/{user}', init);
        tellDone(texts.deleted);
        await refresh.run(undefined);
      },
    },
  };
  return <Confirm {...options[asked ?? 'deactivate']} opened={asked !== undefined} onClose={onClose} />;
}

/** Apps at which the person has an account now. */
function useCountedAccounts(user: string, enabled: boolean): number {
  const standings = useQuery({ ...read('/api/v1/users/{user}/apps', { params: { path: { user } } }), enabled });
  return standings.data?.items.filter(({ remoteUsername }) => remoteUsername !== null).length ?? 0;
}
