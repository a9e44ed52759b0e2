import type { LOG_SEARCH } from '../../shell/page-search.ts';
import type { SearchOf } from '../../shell/search-params.ts';

export type LogSearch = SearchOf<typeof LOG_SEARCH>;

/** What of the view state the server filters by. Times are written as the person's own, without a zone. */
export function filterOf(search: LogSearch, app: string | undefined) {
  const { user, operation, state, cause } = search;
  const named = app ?? search.app;
  const from = instantOf(search.from);
  const to = instantOf(search.to);
  return {
    ...(named === undefined ? {} : { app: named }),
    ...(user === undefined ? {} : { user }),
    ...(operation === undefined ? {} : { operation }),
    ...(state === undefined ? {} : { state }),
    ...(cause === undefined ? {} : { cause }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function instantOf(text: string | undefined): string | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
