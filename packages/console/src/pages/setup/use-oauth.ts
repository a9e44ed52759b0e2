import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Answer } from '../../api/read.ts';
import type { App } from '../app/use-app.ts';

export type OAuth = Answer<'/api/v1/apps/{app}/oauth'>;
export type Shown = { consumerKey: string; consumerSecret: string | null };

/** The OAuth settings, or null where there are none. */
export function useOAuth(app: App) {
  return useQuery({
    queryKey: ['/api/v1/apps/{app}/oauth', app.name, app.hasOAuth],
    queryFn: async ({ signal }): Promise<OAuth | null> => {
      if (!app.hasOAuth) return null;
      return (await api.GET('/api/v1/apps/{app}/oauth', { params: { path: { app: app.name } }, signal })).data ?? null;
    },
  });
}
