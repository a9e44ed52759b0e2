import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { PersonSelect } from '../../parts/person-select.tsx';
import { rolloutTexts } from '../../texts/rollout.ts';
import classes from './rollout.module.css';

const texts = rolloutTexts.form;

interface PilotUsersProps {
  label?: string;
  users: readonly string[];
  onChange: (users: string[]) => void;
  error?: string | undefined;
}

/** Users that are named one by one. */
export function PilotUsers({ label = texts.users, users, onChange, error }: PilotUsersProps) {
  return (
    <div>
      <PersonSelect
        label={label}
        placeholder={texts.addUser}
        value={null}
        keep={false}
        onChange={(user) => user && !users.includes(user) && onChange([...users, user])}
        error={error}
      />
      {users.length === 0 ? null : (
        <ul className={classes['chosen']}>
          {users.map((user) => (
            <li key={user} className={classes['chip']}>
              {user}
              <ActionIcon
                size="sm"
                aria-label={texts.remove(user)}
                onClick={() => onChange(users.filter((other) => other !== user))}
              >
                <IconX size={14} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
