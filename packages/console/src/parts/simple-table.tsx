import { common } from '../texts/common.ts';
import classes from './simple-table.module.css';

interface SimpleTableProps {
  label: string;
  head: readonly React.ReactNode[];
  rows: readonly (readonly React.ReactNode[])[];
  /** Columns whose values stand at the end, as numbers do. */
  ends?: readonly number[];
  keys?: readonly string[];
}

/** A short table; where the page is narrow, each row is a card whose lines bear the names of the columns. */
export function SimpleTable({ label, head, rows, ends = [], keys }: SimpleTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <fieldset className={classes['scroll']} aria-label={label} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            {head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
              <th key={index} scope="col" data-end={ends.includes(index) || undefined}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keys?.[at] ?? at}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                <td key={index} data-end={ends.includes(index) || undefined} data-name={nameOf(head[index])}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}

/** What stands before the value where the row is a card. */
function nameOf(head: React.ReactNode): string | undefined {
  return typeof head === 'string' && head !== '' ? head : undefined;
}

/** The heading of a column of buttons, for those who hear it. */
export function ActsHead() {
  return <span className="only-screen-reader">{common.more}</span>;
}
