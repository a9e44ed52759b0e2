import { Button, MultiSelect, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { type ApiError, isApiError } from '../../api/problem.ts';
import { read } from '../../api/read.ts';
import { FailureText } from '../../parts/failure.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { useAct } from '../../parts/use-act.ts';
import { common } from '../../texts/common.ts';
import { userTexts as texts, usersTexts } from '../../texts/users.ts';
import { groupFields, type UserField } from './field-groups.ts';
import classes from './user-form.module.css';
import type { User } from './user-page.tsx';

type Values = Record<string, unknown>;

/** Asked first: what a new user needs, and what most mappings look at. */
const FIRST = new Set([
  'Username',
  'FirstName',
  'LastName',
  'Email',
  'Profile',
  'Manager',
  'Title',
  'Department',
  'EmployeeNumber',
]);
const NOT_HERE = new Set(['PermissionSets', 'PermissionSetGroups', 'ProfileId', 'ManagerId', 'IsActive']);

export function NewUserPage() {
  const navigate = useNavigate();
  const create = async (values: Values) => {
    const user = bodyOf(await api.POST('/api/v1/users', { body: values as never }));
    await navigate({ to: '/users/$user', params: { user: String(user.Id) } });
    return texts.created(String(user.Name || user.Username));
  };
  return (
    <Page title={texts.newTitle} lead={texts.newLead} above={<Link to="/users">{usersTexts.title}</Link>}>
      <UserForm
        initial={{}}
        verb={texts.create}
        onSave={create}
        back={<LinkButton to="/users">{common.cancel}</LinkButton>}
      />
    </Page>
  );
}

const route = getRouteApi('/shell/users/$user/edit');

export function EditUserPage() {
  const { user: key } = route.useParams();
  const user = useQuery({ ...read('/api/v1/users/{user}', { params: { path: { user: key } } }), staleTime: 0 });
  return (
    <Loaded query={user}>
      {(found) => (
        <Page
          title={texts.editTitle(String(found.Name || found.Username))}
          above={
            <Link to="/users/$user" params={{ user: key }}>
              {String(found.Name || found.Username)}
            </Link>
          }
        >
          <EditForm user={found} />
        </Page>
      )}
    </Loaded>
  );
}

function EditForm({ user }: { user: User }) {
  const navigate = useNavigate();
  const id = String(user.Id);
  // The ETag that the form began with: another person's change in between is refused, not overwritten.
  const [etag] = useState(user.etag ?? '*');
  const save = async (values: Values) => {
    await api.PATCH('/api/v1/users/{user}', {
      params: { path: { user: id } },
      headers: { 'if-match': etag },
      body: values as never,
    });
    await navigate({ to: '/users/$user', params: { user: id } });
    return texts.saved;
  };
  return (
    <UserForm
      initial={user as Values}
      verb={common.save}
      onSave={save}
      back={
        <LinkButton to="/users/$user" params={{ user: id }}>
          {common.cancel}
        </LinkButton>
      }
    />
  );
}

interface UserFormProps {
  initial: Values;
  verb: string;
  /** Gets what was changed only. */
  onSave: (changed: Values) => Promise<string>;
  back: React.ReactNode;
}

function UserForm({ initial, verb, onSave, back }: UserFormProps) {
  const fields = useQuery({ ...read('/api/v1/user-fields', {}), staleTime: 60_000 });
  const [changed, setChanged] = useState<Values>({});
  const [all, setAll] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const save = useAct(onSave, { done: (message) => message, failed: setFailure });
  const refusal = isApiError(failure) ? failure : undefined;
  return (
    <Loaded query={fields}>
      {({ items }) => {
        const writable = items.filter(({ name, readOnly }) => !readOnly && !NOT_HERE.has(name));
        const shown = writable.filter(({ name, required, custom }) => all || required || custom || FIRST.has(name));
        return (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              setFailure(undefined);
              void save.run(changed);
            }}
          >
            {failure === undefined ? null : (
              <Notice tone="bad" live>
                <FailureText error={failure} />
              </Notice>
            )}
            <Panel>
              {groupFields(shown).map(({ group, fields: members }) => (
                <fieldset key={group} className={classes['group']}>
                  <legend>{texts.groups[group]}</legend>
                  <div className={classes['grid']}>
                    {members.map((field) => (
                      <FieldInput
                        key={field.name}
                        field={field}
                        value={field.name in changed ? changed[field.name] : initial[field.name]}
                        refusal={refusal}
                        onChange={(value) => setChanged({ ...changed, [field.name]: value })}
                      />
                    ))}
                  </div>
                </fieldset>
              ))}
              <Switch
                label={texts.showAllFields}
                checked={all}
                onChange={(event) => setAll(event.currentTarget.checked)}
              />
            </Panel>
            <div className="row">
              <Button type="submit" variant="filled" loading={save.busy}>
                {verb}
              </Button>
              {back}
            </div>
          </form>
        );
      }}
    </Loaded>
  );
}

interface FieldInputProps {
  field: UserField;
  value: unknown;
  refusal: ApiError | undefined;
  onChange: (value: unknown) => void;
}

/** The input that fits a field's type. A blank is sent as null, which clears. */
function FieldInput({ field, value, refusal, onChange }: FieldInputProps) {
  const { name, label, type, required, picklistValues, length } = field;
  const error = refusal?.fieldText(name);
  const shared = { label, required, error, withAsterisk: required };
  const text = typeof value === 'string' ? value : '';
  const onText = (next: string | null) => onChange(next === '' ? null : next);
  if (name === 'Profile') return <ProfileSelect {...shared} value={text} onChange={onText} />;
  if (name === 'Manager') return <PersonSelect label={label} value={text || null} onChange={onText} error={error} />;
  switch (type) {
    case 'boolean':
      return (
        <div className={classes['switch']}>
          <Switch
            label={label}
            checked={value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
            error={error}
          />
        </div>
      );
    case 'number':
      return (
        <NumberField {...shared} value={value as number} onChange={(next) => onChange(next === '' ? null : next)} />
      );
    case 'picklist':
      return (
        <Select
          {...shared}
          data={picklistValues ?? []}
          value={text || null}
          onChange={onText}
          searchable
          clearable={!required}
        />
      );
    case 'multipicklist':
      return (
        <MultiSelect
          {...shared}
          data={picklistValues ?? []}
          value={(value as string[] | undefined) ?? []}
          onChange={onChange}
        />
      );
    case 'textarea':
      return <Textarea {...shared} value={text} onChange={(event) => onText(event.currentTarget.value)} />;
    default:
      return (
        <TextInput
          {...shared}
          type={type === 'date' ? 'date' : type === 'email' ? 'email' : 'text'}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          maxLength={length ?? undefined}
          autoComplete="off"
        />
      );
  }
}

interface ProfileSelectProps {
  label: string;
  required: boolean;
  error: string | undefined;
  value: string;
  onChange: (name: string | null) => void;
}

function ProfileSelect({ value, onChange, ...shared }: ProfileSelectProps) {
  const profiles = useQuery({ ...read('/api/v1/profiles', { params: { query: { limit: 500 } } }), staleTime: 60_000 });
  const names = (profiles.data?.items ?? []).map((profile) => (profile as { Name: string }).Name);
  return (
    <Select
      nothingFoundMessage={texts.noProfiles}
      {...shared}
      data={[...new Set([...names, ...(value ? [value] : [])])]}
      value={value || null}
      onChange={onChange}
      searchable
    />
  );
}
