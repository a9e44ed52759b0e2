import { Select, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiError } from '../../api/problem.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { common } from '../../texts/common.ts';
import { setupTexts as texts } from '../../texts/setup.ts';
import classes from './setup-page.module.css';

/** More than these are folded. */
const MOST_AT_ONCE = 8;

/** The part of JSON Schema that connectors describe their options in. */
interface OptionSchema {
  title?: string;
  description?: string;
  type?: string;
  enum?: unknown[];
  oneOf?: { const: unknown; title?: string }[];
  items?: OptionSchema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  default?: unknown;
}

interface OptionsFormProps {
  schema: { properties?: Record<string, OptionSchema>; required?: string[] };
  options: Record<string, unknown>;
  onChange: (options: Record<string, unknown>) => void;
  refusal: ApiError | undefined;
}

/** A form for whatever options a connector has, from its own description of them. */
export function OptionsForm({ schema, options, onChange, refusal }: OptionsFormProps) {
  const fields = Object.entries(schema.properties ?? {});
  // They stay where they are while one types.
  const [givenAtFirst] = useState(() => new Set(Object.keys(options)));
  if (fields.length === 0) return <p className="dim">{texts.protocol.optionsNone}</p>;
  const set = (name: string, value: unknown) => {
    const { [name]: _before, ...rest } = options;
    onChange(value === undefined ? rest : { ...rest, [name]: value });
  };
  const isRequired = (name: string) => schema.required?.includes(name) ?? false;
  const errorOf = (name: string) => refusal?.fieldText(`connectorOptions.${name}`);
  const show = ([name, field]: (typeof fields)[number]) => (
    <OptionInput
      key={name}
      name={name}
      field={field}
      value={options[name]}
      required={isRequired(name)}
      error={errorOf(name)}
      onChange={(value) => set(name, value)}
    />
  );
  if (fields.length <= MOST_AT_ONCE) return fields.map(show);
  // The first says what the others are by themselves, so that few have to look at those.
  const isMain = ([name]: (typeof fields)[number], index: number) =>
    index === 0 || isRequired(name) || givenAtFirst.has(name);
  const further = fields.filter((field, index) => !isMain(field, index));
  return (
    <>
      {fields.filter(isMain).map(show)}
      <details {...(further.some(([name]) => errorOf(name) !== undefined) ? { open: true } : {})}>
        <summary>{texts.protocol.further(further.length)}</summary>
        <div className={classes['further']}>{further.map(show)}</div>
      </details>
    </>
  );
}

interface OptionInputProps {
  name: string;
  field: OptionSchema;
  value: unknown;
  required: boolean;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

function OptionInput({ name, field, value, required, error, onChange }: OptionInputProps) {
  const shared = { label: field.title ?? name, description: field.description, error, required };
  const choices = choicesOf(field);
  if (choices) {
    const present = choices.findIndex((choice) => choice.value === (value ?? field.default));
    return (
      <Select
        {...shared}
        data={choices.map(({ label }, index) => ({ value: String(index), label }))}
        value={present < 0 ? null : String(present)}
        placeholder={texts.protocol.unset}
        onChange={(index) => onChange(index === null ? undefined : choices[Number(index)]?.value)}
        searchable={choices.length > 8}
        clearable={!required && field.default === undefined}
      />
    );
  }
  if (field.type === 'integer' || field.type === 'number') {
    return (
      <NumberField
        {...shared}
        value={(value as number | undefined) ?? ''}
        placeholder={texts.protocol.unset}
        onChange={(next) => onChange(next === '' ? undefined : Number(next))}
        {...(field.minimum === undefined ? {} : { min: field.minimum })}
        {...(field.maximum === undefined ? {} : { max: field.maximum })}
        allowDecimal={field.type === 'number'}
      />
    );
  }
  if (field.type === 'array') {
    return (
      <TagsInput
        {...shared}
        value={(value as string[] | undefined) ?? []}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      value={typeof value === 'string' ? value : ''}
      placeholder={typeof field.default === 'string' ? field.default : texts.protocol.unset}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      maxLength={field.maxLength}
    />
  );
}

function choicesOf({ oneOf, enum: values, type }: OptionSchema): { value: unknown; label: string }[] | undefined {
  if (oneOf?.every((choice) => 'const' in choice)) {
    return oneOf.map(({ const: value, title }) => ({ value, label: title ?? String(value) }));
  }
  if (values) return values.map((value) => ({ value, label: String(value) }));
  if (type === 'boolean') {
    return [
      { value: true, label: common.on },
      { value: false, label: common.off },
    ];
  }
  return undefined;
}
