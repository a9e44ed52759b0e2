import { common } from '../texts/common.ts';
import classes from './value.module.css';

/** One value of an attribute. Blank, empty and absent are three things, and each has its word. */
export function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <span className={classes['blank']}>{common.blank}</span>;
  if (value === '') return <span className={classes['blank']}>“”</span>;
  if (typeof value === 'string') return <span className={classes['text']}>{value}</span>;
  if (typeof value === 'boolean' || typeof value === 'number')
    return <code className={classes['code']}>{String(value)}</code>;
  return <code className={classes['code']}>{JSON.stringify(value)}</code>;
}

export interface Change {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Attribute by attribute, before and after. */
export function Changes({ changes, head }: { changes: readonly Change[]; head: readonly [string, string, string] }) {
  return (
    <table className={classes['changes']}>
      <thead>
        <tr>
          {head.map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{shortPath(path)}</th>
            <td data-side="before" data-name={head[1]}>
              <Value value={before} />
            </td>
            <td data-side="after" data-name={head[2]}>
              <Value value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:';

/** The enterprise extension is known to everyone who maps; its URN only pushes the name out of sight. */
export function shortPath(path: string): string {
  return path.startsWith(ENTERPRISE) ? `enterprise:${path.slice(ENTERPRISE.length)}` : path;
}
