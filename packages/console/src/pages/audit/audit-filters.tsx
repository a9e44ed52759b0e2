import { Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { read } from '../../api/read.ts';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { useSession } from '../../session/session.tsx';
import type { AUDIT_SEARCH } from '../../shell/page-search.ts';
import type { SearchOf } from '../../shell/search-params.ts';
import { auditActions, auditTexts as texts } from '../../texts/audit.ts';

export type AuditSearch = SearchOf<typeof AUDIT_SEARCH>;

const DEBOUNCE_MS = 250;

export function AuditFilters({
  search,
  onSearch,
}: {
  search: AuditSearch;
  onSearch: (change: Partial<AuditSearch>) => void;
}) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: can('apps:read') });
  const [actor, setActor] = useState(search.actor ?? '');
  const [asked] = useDebouncedValue(actor.trim(), DEBOUNCE_MS);
  useEffect(() => {
    if (asked !== (search.actor ?? '')) onSearch({ actor: asked || undefined });
  }, [asked, search.actor, onSearch]);
  return (
    <FilterBar>
      <Select
        aria-label={texts.filterAction}
        placeholder={texts.filterAction}
        data={Object.entries(auditActions).map(([value, label]) => ({ value, label }))}
        value={search.action ?? null}
        onChange={(action) => onSearch({ action: action ?? undefined })}
        searchable
        clearable
      />
      <TextInput
        data-page-filter
        aria-label={texts.filterActor}
        placeholder={texts.filterActor}
        value={actor}
        onChange={(event) => setActor(event.currentTarget.value)}
      />
      <Select
        aria-label={texts.filterApp}
        placeholder={texts.filterApp}
        data={(apps.data?.items ?? []).map(({ name, label }) => ({ value: name, label }))}
        value={search.app ?? null}
        onChange={(app) => onSearch({ app: app ?? undefined })}
        searchable
        clearable
      />
      <TextInput
        aria-label={texts.from}
        title={texts.from}
        type="datetime-local"
        value={search.from ?? ''}
        onChange={(event) => onSearch({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        aria-label={texts.to}
        title={texts.to}
        type="datetime-local"
        value={search.to ?? ''}
        onChange={(event) => onSearch({ to: event.currentTarget.value || undefined })}
      />
    </FilterBar>
  );
}
