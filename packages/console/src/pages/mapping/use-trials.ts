import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { paths } from '../../api/generated/openapi.ts';
import type { Configuration, Rule } from '../../configuration/use-configuration.ts';

export type Trial = paths['/api/v1/apps/{app}/mapping/check']['post']['responses'][200]['content']['application/json'];

const DEBOUNCE_MS = 200;

export interface Trials {
  /** Of the formula itself. */
  readonly trial: Trial | undefined;
  /** By Username. */
  readonly values: ReadonlyMap<string, Trial>;
  /** They are of an earlier text. */
  readonly stale: boolean;
}

/** Tries a formula on people while it is written: nothing is saved and the target is not asked. The last answers stay until new ones come. */
export function useTrials(
  app: string,
  rule: Rule | undefined,
  configuration: Configuration,
  usernames: readonly string[],
): Trials {
  const [asked] = useDebouncedValue(rule, DEBOUNCE_MS);
  const body = asked && {
    formula: asked.formula,
    target: asked.target,
    ...(configuration.tables ? { tables: configuration.tables } : {}),
  };
  const people = usernames.length === 0 ? [undefined] : usernames;
  const answers = useQueries({
    queries: people.map((user) => ({
      queryKey: ['trial', app, body, user],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Trial> => {
        const { data } = await api.POST('/api/v1/apps/{app}/mapping/check', {
          params: { path: { app } },
          body: { formula: '', ...body, ...(user === undefined ? {} : { user }) },
          signal,
        });
        return data as Trial;
      },
      enabled: body !== undefined,
      placeholderData: keepPreviousData,
      staleTime: 30_000,
      retry: false,
    })),
  });
  const values = new Map(
    people.flatMap((user, index) => {
      const data = answers[index]?.data;
      return user !== undefined && data ? [[user, data] as const] : [];
    }),
  );
  const sameRow = asked?.target === rule?.target;
  return {
    trial: sameRow ? answers[0]?.data : undefined,
    values: sameRow ? values : new Map(),
    stale: asked !== rule || answers.some(({ isPlaceholderData }) => isPlaceholderData),
  };
}
