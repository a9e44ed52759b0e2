import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import type { paths } from '../api/generated/openapi.ts';
import { read } from '../api/read.ts';

type SaveBody = paths['/api/v1/apps/{app}/configurations']['post']['requestBody']['content']['application/json'];
/** What is versioned of an app, as it can be saved. */
export type Configuration = Omit<SaveBody, 'note' | 'force' | 'withoutRollout' | 'baseVersion'>;
export type Rule = Configuration['mapping'][number];
export type MappingTest = NonNullable<Configuration['mappingTests']>[number];
export type Saved = NonNullable<
  paths['/api/v1/apps/{app}/configurations']['post']['responses'][201]['content']['application/json']
>;

export interface Newest {
  version: number;
  isActive: boolean;
  author: string;
  note: string | null;
  createdAt: string;
  configuration: Configuration;
}

/** The newest configuration of an app, or null before the first was saved. */
export function useNewestConfiguration(app: string) {
  return useQuery({
    queryKey: ['/api/v1/apps/{app}/configurations', app, 'newest'],
    queryFn: async ({ signal }): Promise<Newest | null> => {
      const { data } = await api.GET('/api/v1/apps/{app}/configurations', { params: { path: { app } }, signal });
      const newest = data?.items[0];
      if (!newest) return null;
      const path = { app, version: newest.version };
      const found = await api.GET('/api/v1/apps/{app}/configurations/{version}', { params: { path }, signal });
      return found.data as unknown as Newest;
    },
  });
}

export function useVersions(app: string) {
  return useQuery(read('/api/v1/apps/{app}/configurations', { params: { path: { app } } }));
}

interface SaveOptions {
  note?: string | undefined;
  force?: string | undefined;
  withoutRollout?: string | undefined;
  /** The version that it was made of: another that was saved meanwhile is not taken back unseen. */
  baseVersion?: number | undefined;
}

export async function saveConfiguration(
  app: string,
  configuration: Configuration,
  options: SaveOptions,
): Promise<Saved> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== ''));
  const { data } = await api.POST('/api/v1/apps/{app}/configurations', {
    params: { path: { app } },
    body: { ...configuration, ...given },
  });
  return data as Saved;
}

/** What a save would find and do; nothing is kept. */
export async function checkConfiguration(
  app: string,
  configuration: Configuration,
  signal?: AbortSignal,
): Promise<Saved> {
  const { data } = await api.POST('/api/v1/apps/{app}/configurations', {
    params: { path: { app }, query: { dryRun: 'true' } },
    body: configuration,
    ...(signal ? { signal } : {}),
  });
  return data as Saved;
}

/** What the target's attributes suggest, as the first mapping. */
export async function proposeMapping(
  app: string,
  options?: Record<string, unknown>,
): Promise<{ first: Pick<Configuration, 'mapping' | 'correlation'>; missing: string[]; notes: string[] }> {
  const { data } = await api.GET('/api/v1/apps/{app}/mapping/proposal', {
    params: { path: { app }, query: options ? { connectorOptions: JSON.stringify(options) } : {} },
  });
  const mapping = (data?.mapping ?? []) as Rule[];
  const { correlation } = data ?? {};
  return {
    first: correlation ? { mapping, correlation } : { mapping },
    missing: data?.missing ?? [],
    notes: data?.notes ?? [],
  };
}
