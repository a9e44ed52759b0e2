import { dateFunctions } from './date.ts';
import { encodingFunctions } from './encoding.ts';
import type { FunctionEntry, Parameter, Type } from './entry.ts';
import { extensionFunctions } from './extensions.ts';
import { logicalFunctions } from './logical.ts';
import { mathFunctions } from './math.ts';
import { regexFunctions } from './regex.ts';
import { textFunctions } from './text.ts';

/** Every function of the language, by family and name. */
export const allFunctions: readonly FunctionEntry[] = [
  ...[...textFunctions, ...encodingFunctions, ...regexFunctions].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ...logicalFunctions,
  ...dateFunctions,
  ...mathFunctions,
  ...extensionFunctions,
];

const byName: ReadonlyMap<string, FunctionEntry> = new Map(allFunctions.map((entry) => [entry.name, entry]));

/** Finds a function whatever the case of its name. */
export const findFunction = (name: string): FunctionEntry | undefined => byName.get(name.toUpperCase());

/** How a type is called in messages and in the reference. */
export const typeNames: Readonly<Record<Type, string>> = {
  text: 'text',
  number: 'number',
  boolean: 'true/false',
  date: 'date',
  dateTime: 'date/time',
  time: 'time',
  textList: 'list',
  location: 'location',
  blank: 'NULL',
  unknown: 'unknown',
};

/** The call as it is written: `CASE(expression, value, result, …, else)`, optional parameters in brackets. */
export function spellSignature({ name, parameters }: { name: string; parameters: readonly Parameter[] }): string {
  const parts: string[] = [];
  parameters.forEach((parameter, index) => {
    parts.push(parameter.optional ? `[${parameter.name}]` : parameter.name);
    if (parameter.repeats && !parameters[index + 1]?.repeats) parts.push('…');
  });
  return `${name}(${parts.join(', ')})`;
}
