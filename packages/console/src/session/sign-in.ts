import { useQueryClient } from '@tanstack/react-query';
import { keepApiKey } from '../api/credentials.ts';

/** Ends the session of this browser and forgets what was read. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    keepApiKey(undefined);
    queries.clear();
  };
}
