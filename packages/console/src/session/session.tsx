import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onSignedOut } from '../api/credentials.ts';
import { read } from '../api/read.ts';

/** What the person who looks may do. */
export function useSession() {
  const { data } = useSuspenseQuery(read('/api/v1/me', {}));
  return { ...data, can: (scope: string) => includesScope(data.scopes, scope) };
}

const INCLUDES: Record<string, readonly string[]> = {
  'directory:write': ['directory:read'],
  'apps:write': ['apps:read'],
  'provisioning:write': ['provisioning:read'],
  'holds:release': ['provisioning:read'],
};

/** Decides what is offered; the server decides what is done. */
function includesScope(granted: readonly string[], needed: string): boolean {
  return granted.some((scope) => scope === 'all' || scope === needed || INCLUDES[scope]?.includes(needed));
}

/** Leads to the sign-in when the server no longer knows who asks, and forgets what was read. */
export function useSignedOut(leave: () => void): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      onSignedOut(() => {
        queries.clear();
        leave();
      }),
    [queries, leave],
  );
}
