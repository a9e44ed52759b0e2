import { ActionIcon, Button, Menu, Modal, Select, TextInput } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import { type Item, read } from '../../api/read.ts';
import { Confirm, type ConfirmProps } from '../../parts/confirm.tsx';
import { FailureText } from '../../parts/failure.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { ActsHead, SimpleTable } from '../../parts/simple-table.tsx';
import { TonePill } from '../../parts/state-pill.tsx';
import { tellDone } from '../../parts/tell.ts';
import { Time } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useSession } from '../../session/session.tsx';
import { common } from '../../texts/common.ts';
import { roleNames, peopleTexts as texts } from '../../texts/people.ts';
import { settingsTexts } from '../../texts/settings.ts';
import { RolesPanel } from './roles-panel.tsx';

export type Person = Item<'/api/v1/people'>;
interface OneTimeLink {
  url: string;
  expiresAt: string;
}

/** Who works with Usher: invited, given a role, disabled. */
export function PeoplePage() {
  const { can } = useSession();
  const people = useQuery(read('/api/v1/people', { params: { query: { limit: 500 } } }));
  const [inviting, setInviting] = useState(false);
  const [edited, setEdited] = useState<Person>();
  const [link, setLink] = useState<OneTimeLink>();
  const may = can('people:write');
  return (
    <div className="stack">
      <Panel
        title={settingsTexts.tabs.people}
        actions={
          may ? (
            <Button size="xs" variant="filled" leftSection={<IconPlus size={14} />} onClick={() => setInviting(true)}>
              {texts.invite}
            </Button>
          ) : undefined
        }
        flush
      >
        <Loaded query={people}>
          {({ items }) => (
            <SimpleTable
              label={settingsTexts.tabs.people}
              head={[...Object.values(texts.columns), ...(may ? [<ActsHead key="acts" />] : [])]}
              keys={items.map(({ id }) => id)}
              rows={items.map((person) => [
                <PersonName key="name" person={person} />,
                roleNames[person.role] ?? person.role,
                <TonePill key="state" tone={{ active: 'ok', invited: 'wait', disabled: 'idle' }[person.state] as 'ok'}>
                  {texts.states[person.state]}
                </TonePill>,
                texts.factors(person.secondFactor.totp, person.secondFactor.passkeys, person.singleSignOn),
                person.lastSignInAt ? <Time key="seen" at={person.lastSignInAt} /> : texts.never,
                ...(may
                  ? [<PersonActs key="acts" person={person} onEdit={() => setEdited(person)} onLink={setLink} />]
                  : []),
              ])}
            />
          )}
        </Loaded>
      </Panel>
      <RolesPanel />
      <Modal
        opened={inviting}
        onClose={() => setInviting(false)}
        title={texts.invite}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {inviting ? (
          <PersonForm
            onSaved={(made) => {
              setInviting(false);
              setLink(made);
            }}
          />
        ) : null}
      </Modal>
      <Modal
        opened={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={texts.editTitle(edited?.name ?? '')}
        closeButtonProps={{ 'aria-label': common.close }}
      >
        {edited ? <PersonForm key={edited.id} person={edited} onSaved={() => setEdited(undefined)} /> : null}
      </Modal>
      <ShownOnce
        title={texts.linkTitle}
        body={texts.linkBody}
        value={link?.url}
        copy={texts.copyLink}
        stored={texts.handedOver}
        onStored={() => setLink(undefined)}
      >
        {link ? (
          <span className="dim">
            {texts.linkEnds} <Time at={link.expiresAt} show="both" focusable />
          </span>
        ) : null}
      </ShownOnce>
    </div>
  );
}

function PersonName({ person: { id, name, email } }: { person: Person }) {
  const { person } = useSession();
  return (
    <div>
      <strong className="break">{name}</strong> {person?.id === id ? <span className="dim">({texts.you})</span> : null}
      <div className="dim break">{email}</div>
    </div>
  );
}

function PersonForm({ person, onSaved }: { person?: Person; onSaved: (link: OneTimeLink | undefined) => void }) {
  const [name, setName] = useState(person?.name ?? '');
  const [email, setEmail] = useState(person?.email ?? '');
  const [role, setRole] = useState<string>(person?.role ?? 'help desk');
  const [failure, setFailure] = useState<unknown>();
  const roles = useQuery({ ...read('/api/v1/roles', {}), staleTime: 600_000 });
  const save = useAct(
    async (): Promise<OneTimeLink | undefined> => {
      const body = { name, email, role: role as Person['role'] };
      if (person) {
        await changePerson(person.id, body);
        return undefined;
      }
      return (await api.POST('/api/v1/people', { body })).data?.link;
    },
    {
      failed: setFailure,
      after: onSaved,
      done: () => (person ? texts.saved : undefined),
      refresh: ['/api/v1/people'],
    },
  );
  const refusal = isApiError(failure) ? failure : undefined;
  const description = roles.data?.items.find((one) => one.role === role)?.description;
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
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={refusal?.fieldText('name')}
        required
        data-autofocus
      />
      <TextInput
        label={texts.email}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={refusal?.fieldText('email')}
        required
      />
      <Select
        label={texts.role}
        description={description}
        data={Object.entries(roleNames).map(([value, label]) => ({ value, label }))}
        value={role}
        onChange={(value) => setRole(value ?? role)}
        allowDeselect={false}
        error={refusal?.fieldText('role')}
      />
      {failure !== undefined && (refusal?.fields.length ?? 0) === 0 ? (
        <Notice tone="bad" live>
          <FailureText error={failure} />
        </Notice>
      ) : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" variant="filled" loading={save.busy}>
          {person ? common.save : texts.inviteVerb}
        </Button>
      </div>
    </form>
  );
}

type PersonChange = { name?: string; email?: string; role?: Person['role']; disabled?: boolean };

/** Read first: the list has no ETag of each. */
async function changePerson(id: string, body: PersonChange): Promise<void> {
  const params = { path: { person: id } };
  const { response } = await api.GET('/api/v1/people/{person}', { params });
  const header = { 'If-Match': response.headers.get('etag') ?? '*' };
  await api.PATCH('/api/v1/people/{person}', { params: { ...params, header }, body });
}

interface PersonActsProps {
  person: Person;
  onEdit: () => void;
  onLink: (link: OneTimeLink | undefined) => void;
}

function PersonActs({ person, onEdit, onLink }: PersonActsProps) {
  const session = useSession();
  const [asked, setAsked] = useState<'disable' | 'delete' | 'factor'>();
  const { id, name, state } = person;
  const path = { params: { path: { person: id } } };
  const options = { refresh: ['/api/v1/people'] };
  const makeLink = useAct(
    async (body: { kind: 'invitation' | 'reset'; secondFactor?: boolean }) =>
      (await api.POST('/api/v1/people/{person}/link', { ...path, body })).data,
    { ...options, after: onLink },
  );
  const enable = useAct(async () => changePerson(id, { disabled: false }), { ...options, done: () => texts.enabled });
  const signOut = useAct(async () => (await api.DELETE('/api/v1/people/{person}/sessions', path)).data, {
    ...options,
    done: (result) => texts.signedOut(result?.ended ?? 0),
  });
  const refresh = useAct(async () => {}, options);
  const own = session.person?.id === id;
  const confirms: Record<NonNullable<typeof asked>, Omit<ConfirmProps, 'opened' | 'onClose'>> = {
    disable: {
      title: texts.disableTitle(name),
      effect: texts.disableEffect(name),
      verb: texts.disableVerb,
      danger: true,
      onConfirm: async () => {
        await changePerson(id, { disabled: true });
        tellDone(texts.disabled);
        await refresh.run(undefined);
      },
    },
    delete: {
      title: texts.deleteTitle(name),
      effect: texts.deleteEffect(name),
      verb: texts.deleteVerb,
      danger: true,
      onConfirm: async () => {
        await api.DELETE('/api/v1/people/{person}', path);
        tellDone(texts.deleted);
        await refresh.run(undefined);
      },
    },
    factor: {
      title: texts.resetFactorTitle(name),
      effect: texts.resetFactorEffect(name),
      verb: texts.resetFactorVerb,
      danger: true,
      onConfirm: async () => {
        const body = { kind: 'reset' as const, secondFactor: true };
        onLink((await api.POST('/api/v1/people/{person}/link', { ...path, body })).data);
        await refresh.run(undefined);
      },
    },
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={texts.acts(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>{texts.edit}</Menu.Item>
          {state === 'invited' ? (
            <Menu.Item onClick={() => void makeLink.run({ kind: 'invitation' })}>{texts.again}</Menu.Item>
          ) : null}
          {state === 'active' && !own ? (
            <>
              <Menu.Item onClick={() => void makeLink.run({ kind: 'reset' })}>{texts.reset}</Menu.Item>
              <Menu.Item onClick={() => setAsked('factor')}>{texts.resetFactor}</Menu.Item>
              <Menu.Item onClick={() => void signOut.run(undefined)}>{texts.signOut}</Menu.Item>
            </>
          ) : null}
          {state === 'disabled' ? (
            <Menu.Item onClick={() => void enable.run(undefined)}>{texts.enable}</Menu.Item>
          ) : own ? null : (
            <Menu.Item onClick={() => setAsked('disable')}>{texts.disable}</Menu.Item>
          )}
          {own ? null : (
            <Menu.Item c="var(--u-bad)" onClick={() => setAsked('delete')}>
              {texts.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked ? <Confirm {...confirms[asked]} opened onClose={() => setAsked(undefined)} /> : null}
    </>
  );
}
