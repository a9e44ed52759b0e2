import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { common } from '../texts/common.ts';
import classes from './ordered-list.module.css';

interface OrderedItem {
  readonly key: string;
  /** For those who hear the buttons. */
  readonly name: string;
  readonly body: React.ReactNode;
}

interface OrderedListProps {
  label: string;
  items: readonly OrderedItem[];
  /** Absent: it is only looked at. */
  onMove?: ((from: number, to: number) => void) | undefined;
  onRemove?: ((index: number) => void) | undefined;
  busy?: boolean;
}

/** A list whose order counts, moved by buttons: they work by key, by touch and by hearing, as dragging does not. */
export function OrderedList({ label, items, onMove, onRemove, busy = false }: OrderedListProps) {
  const [told, setTold] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const removedAt = useRef<number>(undefined);
  useFocusKept(list, removedAt, items.length);
  const move = (from: number, to: number) => {
    onMove?.(from, to);
    setTold(common.movedTo(items[from]?.name ?? '', to + 1, items.length));
  };
  return (
    <>
      <ol ref={list} className={classes['list']} aria-label={label}>
        {items.map(({ key, name, body }, index) => (
          <li key={key}>
            <span className={classes['number']} aria-hidden>
              {index + 1}
            </span>
            <div className={classes['body']}>{body}</div>
            {onMove ? (
              <span className={classes['acts']}>
                <ActionIcon
                  aria-label={common.moveUp(name)}
                  aria-disabled={index === 0 || busy || undefined}
                  onClick={() => index > 0 && !busy && move(index, index - 1)}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={common.moveDown(name)}
                  aria-disabled={index === items.length - 1 || busy || undefined}
                  onClick={() => index < items.length - 1 && !busy && move(index, index + 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                {onRemove ? (
                  <ActionIcon
                    aria-label={common.removeItem(name)}
                    onClick={() => {
                      removedAt.current = index;
                      onRemove(index);
                    }}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                ) : null}
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      <span className="only-screen-reader" role="status">
        {told}
      </span>
    </>
  );
}

/** Who removed an item by key goes on with what took its place, rather than at the beginning of the page. */
function useFocusKept(
  list: React.RefObject<HTMLOListElement | null>,
  removedAt: React.RefObject<number | undefined>,
  count: number,
): void {
  const before = useRef(count);
  useEffect(() => {
    const isFewer = count < before.current;
    before.current = count;
    if (!isFewer || removedAt.current === undefined) return;
    const row = list.current?.children[Math.min(removedAt.current, count - 1)];
    removedAt.current = undefined;
    row?.querySelector<HTMLElement>('button:last-of-type')?.focus();
  }, [count, list, removedAt]);
}

/** The same list with one item at another place. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const item = items[from];
  if (item === undefined) return [...items];
  return items.toSpliced(from, 1).toSpliced(to, 0, item);
}
