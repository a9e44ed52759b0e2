import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconBookmark, IconBookmarkPlus, IconCheck, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { setPreference, type TableName, usePreferences, type View } from '../session/preferences.ts';
import { common } from '../texts/common.ts';
import { tableTexts as texts } from '../texts/table.ts';
import type { Column } from './data-table.tsx';

/** The columns of a table, with those hidden that the person left out. The first one names the row, and stays. */
export function useChosenColumns<Row>(table: TableName, columns: readonly Column<Row>[]): readonly Column<Row>[] {
  const { columns: chosen } = usePreferences();
  const own = chosen[table];
  return useMemo(
    () => columns.map((column) => ({ ...column, hidden: column.hidden || !isShown(column, own) })),
    [columns, own],
  );
}

function isShown(
  { id, card, extra = false }: Pick<Column<never>, 'id' | 'card' | 'extra'>,
  own: Record<string, boolean> | undefined,
): boolean {
  return card === 'title' || (own?.[id] ?? !extra);
}

interface TableMenuProps<Search> {
  table: TableName;
  columns: readonly Pick<Column<never>, 'id' | 'header' | 'card' | 'extra' | 'hidden'>[];
  /** Views that everybody has. */
  shipped: readonly View[];
  search: Search;
  onSearch: (search: Search) => void;
}

/** How a person looks at a table: views kept by name, columns, density. All of it is this browser's. */
export function TableMenu<Search extends Record<string, string | undefined>>(props: TableMenuProps<Search>) {
  const { table, columns, search } = props;
  const { columns: chosen, density, views } = usePreferences();
  const [naming, setNaming] = useState(false);
  const own = chosen[table];
  const show = (id: string, shown: boolean) =>
    setPreference('columns', { ...chosen, [table]: { ...own, [id]: shown } });
  return (
    <>
      <Menu position="bottom-end" width={260} shadow="md">
        <Menu.Target>
          <Button size="xs" leftSection={<IconAdjustmentsHorizontal size={14} />}>
            {texts.view}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <Views {...props} onName={() => setNaming(true)} />
          <Menu.Divider />
          <Menu.Label>{texts.columns}</Menu.Label>
          {columns
            .filter(({ hidden, card }) => !hidden && card !== 'title')
            .map((column) => (
              <Menu.CheckboxItem
                key={column.id}
                checked={isShown(column, own)}
                closeMenuOnClick={false}
                onChange={(shown) => show(column.id, shown)}
              >
                {column.header}
              </Menu.CheckboxItem>
            ))}
          <Menu.Divider />
          <Menu.Label>{texts.density}</Menu.Label>
          <Menu.RadioGroup value={density} onChange={(name) => setPreference('density', name as typeof density)}>
            {(['comfortable', 'compact'] as const).map((name) => (
              <Menu.RadioItem key={name} value={name} closeMenuOnClick={false}>
                {texts.densities[name]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title={texts.keepTitle}
        size="sm"
        closeButtonProps={{ 'aria-label': common.close }}
      >
        <KeepView
          taken={views[table] ?? []}
          onKeep={(name) => {
            const others = (views[table] ?? []).filter((view) => view.name !== name);
            setPreference('views', { ...views, [table]: [...others, { name, search: definedOf(search) }] });
            setNaming(false);
          }}
        />
      </Modal>
    </>
  );
}

function Views<Search extends Record<string, string | undefined>>({
  table,
  shipped,
  search,
  onSearch,
  onName,
}: TableMenuProps<Search> & { onName: () => void }) {
  const { views } = usePreferences();
  const kept = views[table] ?? [];
  const here = keyOf(definedOf(search));
  const known = [...shipped, ...kept].find((view) => keyOf(view.search) === here);
  return (
    <>
      <Menu.Label>{texts.views}</Menu.Label>
      {[...shipped, ...kept].map((view) => (
        <Menu.Item
          key={view.name}
          leftSection={<IconBookmark size={14} aria-hidden />}
          rightSection={view === known ? <IconCheck size={14} aria-hidden /> : undefined}
          aria-current={view === known ? 'true' : undefined}
          onClick={() => onSearch(view.search as Search)}
        >
          {view.name}
        </Menu.Item>
      ))}
      <Menu.Item leftSection={<IconBookmarkPlus size={14} aria-hidden />} onClick={onName}>
        {texts.keep}
      </Menu.Item>
      {known && kept.includes(known) ? (
        <Menu.Item
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() => setPreference('views', { ...views, [table]: kept.filter((view) => view !== known) })}
        >
          {texts.forget(known.name)}
        </Menu.Item>
      ) : null}
    </>
  );
}

function KeepView({ taken, onKeep }: { taken: readonly View[]; onKeep: (name: string) => void }) {
  const [name, setName] = useState('');
  const wanted = name.trim();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== '') onKeep(wanted);
      }}
    >
      <TextInput
        label={texts.name}
        description={texts.nameHint}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={60}
        required
        data-autofocus
      />
      {taken.some((view) => view.name === wanted) ? <p className="dim">{texts.replaces}</p> : null}
      <div className="row">
        <Button type="submit" variant="filled" disabled={wanted === ''}>
          {texts.keepVerb}
        </Button>
      </div>
    </form>
  );
}

/** What a view is, without what is only open at the moment. */
function definedOf(search: Record<string, string | undefined>): Record<string, string> {
  const { request: _request, live: _live, ...rest } = search;
  return Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function keyOf(search: Record<string, string>): string {
  return JSON.stringify(Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1)));
}
