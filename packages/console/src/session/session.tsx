import { type QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, bodyOf } from '../api/api.ts';
import { keepCsrfToken, onSignedOut } from '../api/credentials.ts';
import type { components } from '../api/generated/openapi.ts';

export type SessionState = components['schemas']['Session'];

/** Who is signed in in this browser, read once and kept with each step. */
export const sessionQuery = queryOptions({
  queryKey: ['/api/v1/session'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<SessionState> => {
    const session = bodyOf(await api.GET('/api/v1/session', { signal })) as SessionState;
    keepCsrfToken(session.csrfToken);
    return session;
  },
});

/** Takes over the session that a step gave. */
export function keepSession(queries: QueryClient, session: SessionState): void {
  keepCsrfToken(session.csrfToken);
  queries.setQueryData(sessionQuery.queryKey, session);
}

/** What the person who looks may do. What is offered depends on it; what is done, the server decides. */
export function useSession() {
  const { data } = useSuspenseQuery(sessionQuery);
  return { ...data, name: data.person?.name ?? '', can: (scope: string) => data.scopes.includes(scope) };
}

/** Leads to the sign-in when the server no longer knows who asks, and forgets what was read. */
export function useSignedOut(leave: () => void): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      onSignedOut(() => {
        keepCsrfToken(null);
        queries.clear();
        leave();
      }),
    [queries, leave],
  );
}
