import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../api/read.ts';
import { personTexts as texts } from '../texts/people.ts';

interface PersonSelectProps {
  label?: string;
  ariaLabel?: string;
  placeholder?: string;
  /** A Username. */
  value: string | null;
  onChange: (username: string | null) => void;
  error?: string | undefined;
  clearable?: boolean;
  /** Keep what was chosen shown, or make room for the next. */
  keep?: boolean;
}

const FOUND = 12;
const DEBOUNCE_MS = 150;

/** Finds a user of the directory as one types; also those who have left. */
export function PersonSelect(props: PersonSelectProps) {
  const { label, ariaLabel, placeholder = texts.find, value, onChange, error, clearable = true, keep = true } = props;
  const [typed, setTyped] = useState(keep ? (value ?? '') : '');
  const [asked] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const users = useQuery({
    ...read('/api/v1/users', { params: { query: { search: asked, limit: FOUND } } }),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const found = (asked === '' ? [] : (users.data?.items ?? [])).map((user) => ({
    value: String(user.Username),
    label: user.Name ? `${user.Name}, ${user.Username}` : String(user.Username),
  }));
  const chosen = value !== null && !found.some((option) => option.value === value) ? [{ value, label: value }] : [];
  return (
    <Select
      {...(label === undefined ? {} : { label })}
      {...(ariaLabel === undefined ? {} : { 'aria-label': ariaLabel })}
      placeholder={placeholder}
      data={[...chosen, ...found]}
      value={keep ? value : null}
      onChange={(username) => {
        onChange(username);
        if (!keep) setTyped('');
      }}
      searchable
      clearable={clearable}
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has filtered.
      filter={({ options }) => options}
      nothingFoundMessage={asked === '' ? texts.type : texts.nobody}
      rightSection={users.isFetching ? <Loader size={14} /> : undefined}
      error={error}
    />
  );
}
