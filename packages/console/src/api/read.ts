import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { FetchOptions, FetchResponse } from 'openapi-fetch';
import { api, bodyOf, type Tagged } from './api.ts';
import type { paths } from './generated/openapi.ts';

export type ReadPath = {
  [Path in keyof paths]: paths[Path] extends { get: object } ? Path : never;
}[keyof paths];
type Operation<Path extends ReadPath> = NonNullable<paths[Path]['get']>;
type Init<Path extends ReadPath> = FetchOptions<Operation<Path>>;
/** What a GET of a path answers. */
export type Answer<Path extends ReadPath> = NonNullable<
  FetchResponse<Operation<Path> & Record<string | number, unknown>, Init<Path>, 'application/json'>['data']
>;
/** One item of a list. */
export type Item<Path extends ReadPath> = Answer<Path> extends { items: (infer Row)[] } ? Row : never;

type Read = (path: string, init: object) => Promise<{ data?: unknown; response: Response }>;
const get = api.GET as unknown as Read;

/** A GET as a query: its key is the path with its parameters, so that what changes a thing can name whom it concerns. */
export function read<Path extends ReadPath>(path: Path, init: Init<Path> & { params?: object }) {
  return queryOptions({
    queryKey: [path, init.params ?? {}] as const,
    queryFn: async ({ signal }): Promise<Tagged<Answer<Path>>> =>
      bodyOf((await get(path, { ...init, signal })) as { data: Answer<Path>; response: Response }),
  });
}

/** A list that is paged by `cursor`, page after page. */
export function readPages<Path extends ReadPath>(path: Path, init: { params?: { query?: object; path?: object } }) {
  return infiniteQueryOptions({
    queryKey: [path, init.params ?? {}, 'pages'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ signal, pageParam }): Promise<Answer<Path>> => {
      const query = { ...init.params?.query, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      const answer = await get(path, { params: { ...init.params, query }, signal });
      return answer.data as Answer<Path>;
    },
    getNextPageParam: (page) => (page as { nextCursor?: string | null }).nextCursor ?? undefined,
  });
}
