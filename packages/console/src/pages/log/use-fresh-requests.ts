import { startTransition, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { followStream, type StreamState } from '../../api/event-stream.ts';
import type { Request, RequestFilter } from './request-list.tsx';

interface Fresh {
  /** Read since the page was opened, newest first. */
  rows: readonly Request[];
  keys: ReadonlySet<string>;
  /** Events that came and are not shown. */
  waiting: number;
  state: StreamState;
  show: () => void;
}

const MOST_AT_ONCE = 100;
const MOST_KEPT = 2_000;
/** However many events come: so often is asked, and so often drawn. */
const READ_EVERY_MS = 1_000;
const NONE: ReadonlySet<string> = new Set();

/**
 * Requests that came while one looks. The stream only says that there is news; the rows are read with the filter of the page, at
 * most once a second, so that a hundred events a second cost no more than one.
 */
export function useFreshRequests({
  filter,
  live,
  enabled,
}: {
  filter: RequestFilter;
  live: boolean;
  enabled: boolean;
}): Fresh {
  const [rows, setRows] = useState<readonly Request[]>([]);
  const [keys, setKeys] = useState(NONE);
  const [waiting, setWaiting] = useState(0);
  const [state, setState] = useState<StreamState>('connecting');
  const key = JSON.stringify(filter);
  const wanted = useRef(false);
  const asLive = useRef(live);
  asLive.current = live;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter by its text, for it is made anew at each drawing
  const stable = useMemo(() => filter, [key]);

  useEffect(() => {
    setRows([]);
    setWaiting(0);
    if (!enabled) return;
    const ended = new AbortController();
    const since = new Date().toISOString();
    let counted = 0;
    const onEvents = (events: readonly unknown[]) => {
      counted += events.length;
      if (asLive.current) wanted.current = true;
    };
    void followStream(streamPath(stable), { onEvents, onState: setState }, ended.signal);
    const tick = setInterval(() => {
      if (counted > 0 && !asLive.current) setWaiting((before) => before + counted);
      counted = 0;
      if (!wanted.current || document.hidden) return;
      wanted.current = false;
      setWaiting(0);
      void readFresh(stable, since, ended.signal).then((found) => {
        if (found.length === 0) return;
        // Drawn in slices: whoever types or scrolls meanwhile does not wait for a hundred new rows.
        startTransition(() => {
          setRows((before) => place(found, before));
          setKeys(new Set(found.map(({ id }) => id)));
        });
      });
    }, READ_EVERY_MS);
    return () => {
      ended.abort();
      clearInterval(tick);
    };
  }, [stable, enabled]);

  useEffect(() => {
    if (live) wanted.current = true;
  }, [live]);
  const show = () => {
    wanted.current = true;
    setWaiting(0);
  };
  return { rows, keys, waiting, state, show };
}

function streamPath({ app, user }: RequestFilter): string {
  const query = new URLSearchParams({ ...(app ? { app } : {}), ...(user ? { user } : {}) }).toString();
  return `/api/v1/log/stream${query === '' ? '' : `?${query}`}`;
}

async function readFresh(filter: RequestFilter, since: string, signal: AbortSignal): Promise<Request[]> {
  const from = filter['from'] !== undefined && filter['from'] > since ? filter['from'] : since;
  const query = { ...filter, from, limit: MOST_AT_ONCE };
  const { data } = await api.GET('/api/v1/requests', { params: { query }, signal }).catch(() => ({ data: undefined }));
  return data?.items ?? [];
}

function place(found: readonly Request[], before: readonly Request[]): readonly Request[] {
  const known = new Set(found.map(({ id }) => id));
  return [...found, ...before.filter(({ id }) => !known.has(id))].slice(0, MOST_KEPT);
}
