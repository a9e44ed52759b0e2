import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { read } from '../../api/read.ts';
import { useSession } from '../../session/session.tsx';
import type { App } from '../app/use-app.ts';
import type { ConnectionTest } from './steps.ts';

const TEST_FRESH_MS = 5 * 60_000;

/** The last test of the connection; it asks the target, so it is run when it is wanted and when a step needs it. */
export function useConnectionTest(app: App) {
  const { can } = useSession();
  return useQuery({
    queryKey: ['connection test', app.name, app.credential?.enteredAt ?? null, app.baseUrl],
    queryFn: async (): Promise<ConnectionTest> => {
      const { data } = await api.POST('/api/v1/apps/{app}/test', { params: { path: { app: app.name } } });
      return data as ConnectionTest;
    },
    enabled: app.credential !== null && can('apps:write'),
    staleTime: TEST_FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

export function useTargetSchema(app: App, enabled: boolean) {
  return useQuery({
    ...read('/api/v1/apps/{app}/schema', { params: { path: { app: app.name } } }),
    staleTime: TEST_FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
    enabled,
  });
}
