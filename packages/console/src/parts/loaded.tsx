import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { common } from '../texts/common.ts';
import { Failure } from './failure.tsx';
import classes from './loaded.module.css';

interface LoadedProps<Value> {
  query: Pick<UseQueryResult<Value, Error>, 'data' | 'error'> & { refetch: () => unknown };
  children: (value: Value) => ReactNode;
  /** Of the geometry of what will come. */
  skeleton?: ReactNode;
}

/** What a query found; before, a skeleton of its form; after a failure, what failed. What was found stays when a later try fails. */
export function Loaded<Value>({ query, children, skeleton }: LoadedProps<Value>) {
  const { data, error, refetch } = query;
  if (data === undefined && error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Delayed>{skeleton ?? <Lines count={4} />}</Delayed>;
  return (
    <>
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {children(data)}
    </>
  );
}

const SHOW_AFTER_MS = 150;

/** Takes the room at once, and shows itself only when the wait is long enough to be seen. */
function Delayed({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={shown ? undefined : classes['waiting']} aria-busy="true">
      <span className="only-screen-reader" role="status">
        {common.loading}
      </span>
      {children}
    </div>
  );
}

const WIDTHS = ['92%', '74%', '83%', '61%', '88%', '70%'];

export function Lines({ count, height = 14 }: { count: number; height?: number }) {
  return (
    <div className={classes['lines']}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are alike, and never move
        <Skeleton key={index} height={height} width={WIDTHS[index % WIDTHS.length]} />
      ))}
    </div>
  );
}
