import type { Column } from '../../parts/data-table.tsx';
import { StatePill } from '../../parts/state-pill.tsx';
import { Time } from '../../parts/time.tsx';
import { duration, number } from '../../texts/format.ts';
import { reasonText, logTexts as texts } from '../../texts/log.ts';
import { operations } from '../../texts/states.ts';
import classes from './request-list.module.css';
import type { Request } from './request-list.tsx';

/** What may be shown of a request in a line. */
export function buildRequestColumns(withApp: boolean, onOpen: (id: string) => void): Column<Request>[] {
  const { columns } = texts;
  return [
    { id: 'at', header: columns.at, width: '10.5rem', cell: ({ createdAt }) => <Time at={createdAt} show="exact" /> },
    {
      id: 'user',
      header: columns.user,
      width: 'minmax(9rem, 1.6fr)',
      card: 'title',
      cell: (request) => (
        <button type="button" className={classes['open']} onClick={() => onOpen(request.id)}>
          {request.username}
        </button>
      ),
    },
    { id: 'app', header: columns.app, width: 'minmax(6rem, 1fr)', hidden: !withApp, cell: ({ app }) => app },
    {
      id: 'operation',
      header: columns.operation,
      width: '6.5rem',
      cell: ({ operation }) => operations[operation] ?? operation,
    },
    {
      id: 'state',
      header: columns.state,
      width: '7.5rem',
      cell: ({ state }) => <StatePill family="request" state={state} />,
    },
    {
      id: 'reason',
      header: columns.reason,
      width: 'minmax(8rem, 2fr)',
      cell: ({ reason, reasonCode }) =>
        reasonCode ? <span title={reason ?? undefined}>{reasonText(reasonCode)}</span> : null,
    },
    {
      id: 'duration',
      header: columns.duration,
      width: '5rem',
      align: 'end',
      card: 'hide',
      cell: ({ createdAt, completedAt }) => (completedAt ? took(createdAt, completedAt) : ''),
    },
    {
      id: 'attempts',
      header: columns.attempts,
      width: '5rem',
      align: 'end',
      card: 'hide',
      extra: true,
      cell: ({ attempts }) => number(attempts),
    },
    {
      id: 'cause',
      header: columns.cause,
      width: 'minmax(6rem, 1fr)',
      card: 'hide',
      extra: true,
      cell: ({ cause }) => cause,
    },
    {
      id: 'version',
      header: columns.version,
      width: '5rem',
      align: 'end',
      card: 'hide',
      extra: true,
      cell: ({ version }) => version ?? '',
    },
    {
      id: 'nextStep',
      header: columns.nextStep,
      width: 'minmax(8rem, 2fr)',
      extra: true,
      cell: ({ nextStep }) => nextStep ?? '',
    },
  ];
}

function took(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 1000 ? `${ms} ms` : duration(ms);
}
