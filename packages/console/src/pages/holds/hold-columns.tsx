import type { Column } from '../../parts/data-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { guardText, holdTexts as texts } from '../../texts/holds.ts';
import { operations } from '../../texts/states.ts';
import classes from '../log/request-list.module.css';
import type { Hold } from './holds-view.tsx';

interface Options {
  withApp: boolean;
  open: boolean;
  onOpen: (id: string) => void;
}

export function buildHoldColumns({ withApp, open, onOpen }: Options): Column<Hold>[] {
  const { columns } = texts;
  return [
    {
      id: 'user',
      header: columns.user,
      width: 'minmax(9rem, 1.5fr)',
      card: 'title',
      cell: ({ id, username }) => (
        <button type="button" className={classes['open']} onClick={() => onOpen(String(id))}>
          {username}
        </button>
      ),
    },
    { id: 'app', header: columns.app, width: 'minmax(6rem, 1fr)', hidden: !withApp, cell: ({ app }) => app },
    {
      id: 'change',
      header: columns.change,
      width: '7rem',
      cell: ({ operation }) => operations[operation] ?? operation,
    },
    { id: 'guard', header: columns.guard, width: 'minmax(9rem, 1.3fr)', cell: ({ guard }) => guardText(guard) },
    { id: 'opened', header: columns.opened, width: '9rem', cell: ({ openedAt }) => <Time at={openedAt} /> },
    {
      id: 'state',
      header: columns.state,
      width: '9rem',
      hidden: open,
      cell: ({ state }) => <StatePill family="hold" state={state} />,
    },
  ];
}
