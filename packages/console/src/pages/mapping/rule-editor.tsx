import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { read } from '../../api/read.ts';
import type { Rule } from '../../configuration/use-configuration.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useSession } from '../../session/session.tsx';
import { listed } from '../../texts/format.ts';
import { mappingTexts as texts } from '../../texts/mapping.ts';
import type { Finding } from './formula-editor.tsx';
import { FormulaEditor } from './formula-editor.tsx';
import classes from './mapping.module.css';
import type { Row } from './rows.ts';
import type { Trial } from './use-trials.ts';

interface RuleEditorProps {
  app: string;
  row: Row;
  trial: Trial | undefined;
  onChange: (rule: Rule | undefined) => void;
}

/** One attribute: what it may hold, its formula, and what a blank means. */
export function RuleEditor({ app, row, trial, onChange }: RuleEditorProps) {
  const { can } = useSession();
  const completions = useQuery({
    ...read('/api/v1/apps/{app}/mapping/completion', { params: { path: { app } } }),
    staleTime: 60_000,
  });
  const findings = useMemo(() => findingsOf(trial), [trial]);
  const { rule, target, findings: rowFindings } = row;
  const may = can('apps:write');
  return (
    <Panel title={<span className="break">{target}</span>} beside={<AttributeFacts row={row} />}>
      {rule === undefined ? (
        <Button
          onClick={() => onChange({ target, formula: '""', required: false, apply: 'always', blank: 'clear' })}
          disabled={!may}
        >
          {texts.map}
        </Button>
      ) : (
        <div className="stack">
          <div>
            <FormulaEditor
              key={target}
              label={`${texts.formula}: ${target}`}
              value={rule.formula}
              onChange={(formula) => onChange({ ...rule, formula })}
              completions={completions.data}
              findings={findings}
              readOnly={!may}
            />
            <p className={classes['hint']}>{hintOf(trial)}</p>
          </div>
          <ul className={classes['findings']} aria-live="polite">
            {findings.map(({ message, severity, start }) => (
              <li key={`${start} ${message}`} data-severity={severity}>
                {message}
              </li>
            ))}
          </ul>
          {rowFindings.map(({ severity, text }) => (
            <Notice key={text} tone={severity === 'error' ? 'bad' : 'wait'}>
              {text}
            </Notice>
          ))}
          <RuleChoices rule={rule} disabled={!may} onChange={onChange} />
          {may ? (
            <div className="row">
              <Button size="xs" variant="subtle" c="var(--u-bad)" onClick={() => onChange(undefined)}>
                {texts.unmap}
              </Button>
            </div>
          ) : null}
        </div>
      )}
    </Panel>
  );
}

function findingsOf(trial: Trial | undefined): Finding[] {
  if (!trial) return [];
  return [
    ...trial.errors.map((finding) => ({ ...finding, severity: 'error' as const })),
    ...trial.warnings.map((finding) => ({ ...finding, severity: 'warning' as const })),
  ];
}

function hintOf(trial: Trial | undefined): string {
  if (!trial?.ok) return texts.formulaHint;
  const parts = [
    trial.type === null ? '' : texts.type(trial.type),
    trial.fields.length > 0 ? texts.reads(listed(trial.fields)) : '',
    trial.volatile ? texts.volatile : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function AttributeFacts({ row: { attribute } }: { row: Row }) {
  if (!attribute) return null;
  const { facts } = texts;
  const parts = [
    attribute.type,
    attribute.multiValued ? facts.multi : '',
    attribute.required ? facts.required : '',
    attribute.uniqueness === 'none' ? '' : facts.unique,
    attribute.mutability === 'readOnly' ? facts.readOnly : attribute.mutability === 'immutable' ? facts.immutable : '',
  ];
  return <span className="dim">{parts.filter((part) => part !== '').join(' · ')}</span>;
}

interface RuleChoicesProps {
  rule: Rule;
  disabled: boolean;
  onChange: (rule: Rule) => void;
}

function RuleChoices({ rule, disabled, onChange }: RuleChoicesProps) {
  const options = (from: Record<string, string>) => Object.entries(from).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Checkbox
        label={texts.requiredLabel}
        checked={rule.required ?? false}
        disabled={disabled}
        onChange={(event) => onChange({ ...rule, required: event.currentTarget.checked })}
      />
      <div className={classes['choices']}>
        <Select
          label={texts.blank}
          data={options(texts.blanks)}
          value={rule.blank ?? 'clear'}
          disabled={disabled}
          allowDeselect={false}
          onChange={(value) => {
            const { default: _before, ...rest } = rule;
            const blank = (value ?? 'clear') as NonNullable<Rule['blank']>;
            onChange(blank === 'default' ? { ...rest, blank, default: '' } : { ...rest, blank });
          }}
        />
        {rule.blank === 'default' ? (
          <TextInput
            label={texts.defaultValue}
            value={typeof rule.default === 'string' ? rule.default : JSON.stringify(rule.default ?? '')}
            disabled={disabled}
            onChange={(event) => onChange({ ...rule, default: event.currentTarget.value })}
            required
          />
        ) : null}
        <Select
          label={texts.apply}
          data={options(texts.applies)}
          value={rule.apply ?? 'always'}
          disabled={disabled}
          allowDeselect={false}
          onChange={(value) => onChange({ ...rule, apply: (value ?? 'always') as NonNullable<Rule['apply']> })}
        />
        <Select
          label={texts.authority}
          data={options(texts.authorities)}
          value={rule.authority ?? 'ours'}
          disabled={disabled}
          allowDeselect={false}
          onChange={(value) => onChange({ ...rule, authority: (value ?? 'ours') as NonNullable<Rule['authority']> })}
        />
      </div>
    </>
  );
}
