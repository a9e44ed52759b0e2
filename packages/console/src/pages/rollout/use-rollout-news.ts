import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followStream, type StreamState } from '../../api/event-stream.ts';

/** However much is worked: so often is a rollout read anew. */
const READ_EVERY_MS = 1_000;

/** Reads a rollout, and whom it reached, anew when the server says that something changed. */
export function useRolloutNews(app: string, rollout: number): StreamState {
  const queries = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    const ended = new AbortController();
    let isNews = false;
    const onEvents = () => {
      isNews = true;
    };
    const path = `/api/v1/apps/${encodeURIComponent(app)}/rollouts/${rollout}/stream`;
    void followStream(path, { onEvents, onState: setState }, ended.signal);
    const tick = setInterval(() => {
      if (!isNews) return;
      isNews = false;
      for (const part of ['', '/users'])
        void queries.invalidateQueries({ queryKey: [`/api/v1/apps/{app}/rollouts/{rollout}${part}`] });
    }, READ_EVERY_MS);
    return () => {
      ended.abort();
      clearInterval(tick);
    };
  }, [app, rollout, queries]);
  return state;
}
