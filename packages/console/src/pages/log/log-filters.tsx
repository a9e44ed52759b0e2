import { Button, Pill, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/read.ts';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { useSession } from '../../session/session.tsx';
import { LOG_SEARCH } from '../../shell/page-search.ts';
import { common } from '../../texts/common.ts';
import { reasonText, logTexts as texts } from '../../texts/log.ts';
import { operations, requestStates } from '../../texts/states.ts';
import type { LogSearch } from './log-search.ts';

interface LogFiltersProps {
  withApp: boolean;
  search: LogSearch;
  onSearch: (search: LogSearch) => void;
}

export function LogFilters({ withApp, search, onSearch }: LogFiltersProps) {
  const { can } = useSession();
  const apps = useQuery({ ...read('/api/v1/apps', {}), enabled: withApp && can('apps:read') });
  const set = (name: keyof LogSearch, value: string | null | undefined) => {
    const { [name]: _before, ...rest } = search;
    onSearch(value ? { ...rest, [name]: value } : rest);
  };
  const { view: _view, live: _live, ...filters } = search;
  return (
    <FilterBar>
      {withApp ? (
        <Select
          aria-label={texts.filters.app}
          data={[
            { value: '', label: texts.anyApp },
            ...(apps.data?.items ?? []).map(({ name, label }) => ({ value: name, label })),
          ]}
          value={search.app ?? ''}
          onChange={(value) => set('app', value)}
          allowDeselect={false}
          searchable
        />
      ) : null}
      <PersonSelect
        ariaLabel={texts.filters.user}
        placeholder={texts.filters.user}
        value={search.user ?? null}
        onChange={(value) => set('user', value)}
      />
      <Select
        aria-label={texts.filters.operation}
        data={[
          { value: '', label: texts.anyOperation },
          ...LOG_SEARCH.operation.map((value) => ({ value, label: operations[value] ?? value })),
        ]}
        value={search.operation ?? ''}
        onChange={(value) => set('operation', value)}
        allowDeselect={false}
      />
      <Select
        aria-label={texts.filters.state}
        data={[
          { value: '', label: texts.anyState },
          ...LOG_SEARCH.state.map((value) => ({ value, label: requestStates[value] })),
        ]}
        value={search.state ?? ''}
        onChange={(value) => set('state', value)}
        allowDeselect={false}
      />
      <TextInput
        aria-label={texts.filters.from}
        title={texts.filters.from}
        type="datetime-local"
        value={search.from ?? ''}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        aria-label={texts.filters.to}
        title={texts.filters.to}
        type="datetime-local"
        value={search.to ?? ''}
        onChange={(event) => set('to', event.currentTarget.value)}
      />
      {search.cause ? (
        <div data-fit>
          <Pill
            size="md"
            withRemoveButton
            onRemove={() => set('cause', null)}
            removeButtonProps={{ 'aria-label': common.remove, tabIndex: 0, 'aria-hidden': false }}
          >
            {texts.cause(reasonText(search.cause))}
          </Pill>
        </div>
      ) : null}
      {Object.keys(filters).length > 0 ? (
        <Button variant="subtle" onClick={() => onSearch(search.view ? { view: search.view } : {})}>
          {common.clearFilters}
        </Button>
      ) : null}
    </FilterBar>
  );
}
