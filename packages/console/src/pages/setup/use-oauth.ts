import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { isApiError } from '../../api/problem.ts';
import type { Answer } from '../../api/read.ts';

export type OAuth = Answer<'/api/v1/apps/{app}/oauth'>;
export type Shown = { consumerKey: string; consumerSecret: string | null };

/** The OAuth settings, or null where there are none. */
export function useOAuth(app: string) {
  return useQuery({
    queryKey: ['/api/v1/apps/{app}/oauth', app],
    queryFn: async ({ signal }): Promise<OAuth | null> => {
      try {
        const { data } = await api.GET('/api/v1/apps/{app}/oauth', { params: { path: { app } }, signal });
        return data ?? null;
      } catch (error) {
        if (isApiError(error) && error.status === 404) return null;
        throw error;
      }
    },
  });
}
