// biome-ignore-all lint/a11y/useSemanticElements: rows that are drawn where they are looked at cannot be laid out as a table
// biome-ignore-all lint/a11y/useFocusableInteractive: rows take no focus; the link or button in each does
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the link or button in a row is its way by keyboard
import { Button, Checkbox, Loader } from '@mantine/core';
import {
  columnVisibilityFeature,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { usePreferences } from '../session/preferences.ts';
import { useKeys } from '../shell/keys.ts';
import { common } from '../texts/common.ts';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** A track of a CSS grid: `minmax(8rem, 2fr)`, `7rem`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** Where the row is a card, on narrow pages: its title, a line with its name, or not there. */
  readonly card?: 'title' | 'line' | 'hide';
  readonly hidden?: boolean;
  /** Shown only to those who choose it. */
  readonly extra?: boolean;
}

/** The keys of the rows that are chosen. */
export type Chosen = RowSelectionState;

export interface Selection {
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
}

export function toggle(chosen: Chosen, key: string): Chosen {
  const { [key]: was, ...others } = chosen;
  return was ? others : { ...others, [key]: true };
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** How a reader of the screen hears a row named, where it can be chosen. */
  rowName?: (row: Row) => string;
  onOpen?: (row: Row) => void;
  openKey?: string | undefined;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
  empty?: ReactNode;
  selection?: Selection;
  /** Rows that appeared while one looked. */
  freshKeys?: ReadonlySet<string>;
}

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
const ROW_PX = { comfortable: 41, compact: 33 };
const OVERSCAN = 8;
const MORE_BEFORE_END = 15;

/**
 * A long list with columns: drawn only where it is looked at, a list of cards on narrow pages, walked by j and k. The page
 * itself scrolls, so that there is one scroll bar.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, selection, empty } = props;
  const { density } = usePreferences();
  const table = useTable({
    features,
    columns: useMemo(() => columns.map(({ id, header }) => ({ id, header })), [columns]),
    data: rows as Row[] & object[],
    getRowId: rowKey as never,
    state: {
      rowSelection: selection?.chosen ?? NOTHING,
      columnVisibility: useMemo(() => Object.fromEntries(columns.map(({ id, hidden }) => [id, !hidden])), [columns]),
    },
    onRowSelectionChange: ((next: RowSelectionState | ((before: RowSelectionState) => RowSelectionState)) =>
      selection?.onChange(typeof next === 'function' ? next(selection.chosen) : next)) as never,
  });
  const shown = columns.filter(({ hidden }) => !hidden);
  const tracks = [...(selection ? ['2.25rem'] : []), ...shown.map(({ width }) => width)].join(' ');
  const style = { '--tracks': tracks } as CSSProperties;
  return (
    <div className={classes['table']} data-density={density} style={style}>
      <div role="table" aria-label={props.label} aria-rowcount={props.hasMore ? -1 : rows.length + 1}>
        <div role="rowgroup" className={classes['head']}>
          <div role="row" className={classes['row']} aria-rowindex={1}>
            {selection ? (
              <div role="columnheader" className={classes['choose']}>
                <Checkbox
                  size="xs"
                  aria-label={common.all}
                  checked={table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </div>
            ) : null}
            {shown.map(({ id, header, align }) => (
              <div key={id} role="columnheader" className={classes['cell']} data-align={align}>
                {header === '' ? <span className="only-screen-reader">{common.more}</span> : header}
              </div>
            ))}
          </div>
        </div>
        <Rows {...props} shown={shown} rowPx={ROW_PX[density]} />
      </div>
      {rows.length === 0 ? empty : <Foot {...props} />}
    </div>
  );
}

const NOTHING: RowSelectionState = {};

interface RowsProps<Row> extends DataTableProps<Row> {
  shown: readonly Column<Row>[];
  rowPx: number;
}

/** Apart, for what virtualises cannot be compiled or memoised with its surroundings. */
function Rows<Row>(props: RowsProps<Row>) {
  const { rows, rowKey, rowPx, hasMore, loadingMore, onMore } = props;
  const list = useRef<HTMLDivElement>(null);
  const top = useOffsetTop(list);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: top,
    getItemKey: (index) => rowKey(rows[index] as Row),
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && !loadingMore && rows.length > 0 && last >= rows.length - MORE_BEFORE_END) onMore?.();
  }, [hasMore, loadingMore, last, rows.length, onMore]);
  useWalk(rows.length, (index) => virtualizer.scrollToIndex(index), list);
  return (
    <div role="rowgroup" ref={list} className={classes['list']} style={{ height: virtualizer.getTotalSize() }}>
      {items.map(({ index, key, start }) => (
        <div
          key={key}
          data-index={index}
          ref={virtualizer.measureElement}
          role="presentation"
          className={classes['place']}
          style={{ transform: `translateY(${start - top}px)` }}
        >
          <RowView {...props} row={rows[index] as Row} index={index} />
        </div>
      ))}
    </div>
  );
}

function RowView<Row>(props: RowsProps<Row> & { row: Row; index: number }) {
  const { row, index, shown, rowKey, rowName, onOpen, openKey, selection, freshKeys } = props;
  const key = rowKey(row);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes['row']}
      data-open={key === openKey || undefined}
      data-fresh={freshKeys?.has(key) || undefined}
      data-opens={onOpen ? true : undefined}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a, button, input, label')) onOpen?.(row);
      }}
    >
      {selection ? (
        <div role="cell" className={classes['choose']}>
          <Checkbox
            size="xs"
            aria-label={rowName?.(row) ?? key}
            checked={selection.chosen[key] ?? false}
            onChange={() => selection.onChange(toggle(selection.chosen, key))}
          />
        </div>
      ) : null}
      {shown.map(({ id, header, cell, align, card = 'line' }) => (
        <div key={id} role="cell" className={classes['cell']} data-align={align} data-card={card} data-name={header}>
          {cell(row)}
        </div>
      ))}
    </div>
  );
}

function Foot<Row>({ rows, hasMore, loadingMore, onMore }: DataTableProps<Row>) {
  return (
    <div className={classes['foot']}>
      {hasMore ? common.rowsSoFar(rows.length) : common.endOfList(rows.length)}
      {loadingMore ? <Loader size={14} /> : null}
      {hasMore && !loadingMore ? (
        <Button size="xs" onClick={onMore}>
          {common.loadOlder}
        </Button>
      ) : null}
    </div>
  );
}

/** j and k move the focus from row to row; what a row opens is opened by Enter. */
function useWalk(count: number, reveal: (index: number) => void, list: React.RefObject<HTMLDivElement | null>): void {
  const at = useRef(-1);
  const go = (step: number) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]');
    if (focused && list.current?.contains(focused)) at.current = Number(focused.dataset['index']);
    at.current = Math.min(count - 1, Math.max(0, at.current + step));
    reveal(at.current);
    requestAnimationFrame(() => {
      const row = list.current?.querySelector(`[data-index="${at.current}"]`);
      row?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
    });
  };
  useKeys(count === 0 ? {} : { j: () => go(1), k: () => go(-1) });
}

/** Where the list begins on the page, also after what stands above it has changed. */
function useOffsetTop(list: React.RefObject<HTMLDivElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const box = list.current?.getBoundingClientRect();
    const next = box ? Math.round(box.top + window.scrollY) : 0;
    if (next !== top) setTop(next);
  });
  return top;
}
