import { useQuery } from '@tanstack/react-query';
import { type Answer, read } from '../../api/read.ts';
import { useNewestConfiguration } from '../../configuration/use-configuration.ts';
import type { App } from '../app/use-app.ts';

export type Readiness = Answer<'/api/v1/apps/{app}/readiness'>;

const FRESH_MS = 60_000;

/** What the server finds of the six pieces; the target is asked, so it is kept for a minute. */
export function useReadiness(app: App) {
  const newest = useNewestConfiguration(app.name);
  // A draft has no version in force: what is looked at is the newest.
  const version = app.state === 'draft' ? newest.data?.version : undefined;
  const credential = app.credential?.enteredAt ?? null;
  const base = read('/api/v1/apps/{app}/readiness', {
    params: { path: { app: app.name }, query: version === undefined ? {} : { version } },
  });
  return useQuery({
    queryKey: [...base.queryKey, credential, app.updatedAt],
    queryFn: base.queryFn as () => Promise<Readiness>,
    enabled: newest.data !== undefined,
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
  });
}
