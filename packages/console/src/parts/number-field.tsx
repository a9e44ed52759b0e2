import { TextInput } from '@mantine/core';

interface NumberFieldProps {
  label: React.ReactNode;
  description?: React.ReactNode;
  /** Blank where nothing is entered. */
  value: number | '';
  onChange: (value: number | '') => void;
  min?: number;
  max?: number;
  allowDecimal?: boolean;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  error?: React.ReactNode;
}

/** A number, typed or stepped; the browser's own field, which needs no code. */
export function NumberField({ value, onChange, allowDecimal = true, ...rest }: NumberFieldProps) {
  return (
    <TextInput
      {...rest}
      type="number"
      step={allowDecimal ? 'any' : 1}
      value={value}
      onChange={(event) => {
        const { value: typed, valueAsNumber } = event.currentTarget;
        onChange(typed === '' || Number.isNaN(valueAsNumber) ? '' : valueAsNumber);
      }}
    />
  );
}
