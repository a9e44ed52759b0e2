import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/read.ts';
import { Facts } from '../../parts/facts.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { common } from '../../texts/common.ts';
import { userTexts as texts } from '../../texts/users.ts';
import { groupFields, type UserField } from './field-groups.ts';
import classes from './user-page.module.css';
import type { User } from './user-page.tsx';

/** The fields that have a value, group by group. */
export function UserFields({ user }: { user: User }) {
  const fields = useQuery({ ...read('/api/v1/user-fields', {}), staleTime: 60_000 });
  return (
    <Panel title={texts.fields}>
      <Loaded query={fields}>
        {({ items }) =>
          groupFields(items.filter(({ name }) => isShown(name, user))).map(({ group, fields: members }) => (
            <div key={group}>
              <h3 className={classes['groupTitle']}>{texts.groups[group]}</h3>
              <Facts facts={members.map((field) => [field.label, <Value key="value" field={field} user={user} />])} />
            </div>
          ))
        }
      </Loaded>
    </Panel>
  );
}

const ELSEWHERE = new Set([
  'Name',
  'PermissionSets',
  'PermissionSetGroups',
  'IsActive',
  'IsDeleted',
  'ProfileId',
  'ManagerId',
]);

function isShown(name: string, user: User): boolean {
  const value = (user as Record<string, unknown>)[name];
  return !ELSEWHERE.has(name) && value !== null && value !== undefined && value !== '';
}

function Value({ field, user }: { field: UserField; user: User }) {
  const value = (user as Record<string, unknown>)[field.name];
  if (typeof value === 'boolean') return value ? common.yes : common.no;
  if (Array.isArray(value)) return value.join(', ');
  if (field.type === 'dateTime') return <Time at={String(value)} show="exact" focusable />;
  return <span className={field.name === 'Id' ? 'mono' : undefined}>{String(value)}</span>;
}
