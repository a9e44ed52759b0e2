import { Chip, Group, TextInput, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { shortPath } from '../../parts/value.tsx';
import { useKeys } from '../../shell/keys.ts';
import { mappingTexts as texts } from '../../texts/mapping.ts';
import classes from './mapping.module.css';
import type { Row } from './rows.ts';

const FILTERS = ['all', 'mapped', 'required', 'unmapped', 'changed', 'failing'] as const;
type Filter = (typeof FILTERS)[number];

const KEEPS: Record<Filter, (row: Row) => boolean> = {
  all: () => true,
  mapped: ({ rule }) => rule !== undefined,
  required: ({ rule, attribute }) => rule?.required === true || attribute?.required === true,
  unmapped: ({ rule }) => rule === undefined,
  changed: ({ changed }) => changed,
  failing: ({ findings }) => findings.some(({ severity }) => severity === 'error'),
};

interface AttributeListProps {
  rows: readonly Row[];
  here: string | undefined;
  onChoose: (target: string) => void;
}

/** The attributes of the target, with the rule that each has or lacks. */
export function AttributeList({ rows, here, onChoose }: AttributeListProps) {
  const [filter, setFilter] = useState<Filter>('mapped');
  const [typed, setTyped] = useState('');
  const sought = typed.trim().toLowerCase();
  const shown = rows.filter(
    (row) => KEEPS[filter](row) && `${row.target} ${row.rule?.formula ?? ''}`.toLowerCase().includes(sought),
  );
  const walk = (step: number) => {
    const at = shown.findIndex(({ target }) => target === here);
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + step))];
    if (next) onChoose(next.target);
  };
  useKeys({ j: () => walk(1), k: () => walk(-1) });
  return (
    <section className={classes['attributes']} aria-label={texts.views.rules}>
      <div className={classes['filters']}>
        <TextInput
          data-page-filter
          size="xs"
          aria-label={texts.search}
          placeholder={texts.search}
          leftSection={<IconSearch size={14} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Chip.Group value={filter} onChange={(value) => setFilter(value as Filter)}>
          <Group gap={4} role="radiogroup" aria-label={texts.filtersLabel}>
            {FILTERS.map((name) => (
              <Chip key={name} value={name} size="xs" variant="light">
                {texts.filters[name]} {rows.filter(KEEPS[name]).length}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
      <ul className={classes['rows']}>
        {shown.length === 0 ? <li className={`dim ${classes['noRow']}`}>{texts.noneFits}</li> : null}
        {shown.map((row) => (
          <li key={row.target}>
            <AttributeRow row={row} here={row.target === here} onChoose={onChoose} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AttributeRow({ row, here, onChoose }: { row: Row; here: boolean; onChoose: (target: string) => void }) {
  const { target, rule, attribute, changed, findings } = row;
  const wrong = findings.some(({ severity }) => severity === 'error');
  return (
    <UnstyledButton
      className={classes['row']}
      data-here={here || undefined}
      aria-current={here || undefined}
      onClick={() => onChoose(target)}
    >
      <span className={classes['rowHead']}>
        <span className={classes['path']}>{shortPath(target)}</span>
        {rule?.required || attribute?.required ? <span className={classes['star']}>*</span> : null}
        {changed ? <span className={classes['changed']}>{texts.changed}</span> : null}
        {wrong ? (
          <span className={classes['wrong']}>
            <IconAlertTriangle size={13} aria-hidden /> {texts.wrong}
          </span>
        ) : null}
      </span>
      <span className={rule ? classes['formula'] : classes['none']}>{rule?.formula ?? texts.unmapped}</span>
    </UnstyledButton>
  );
}
