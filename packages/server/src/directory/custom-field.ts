import type { FieldProblem } from '../refusal.ts';
import { STANDARD_USER_FIELDS, type UserField } from './user-fields.ts';

export const CUSTOM_FIELD_TYPES = [
  'text',
  'number',
  'boolean',
  'date',
  'dateTime',
  'picklist',
  'multipicklist',
] as const;
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** A field that was declared here, `X__c`. */
export interface CustomField {
  readonly name: string;
  readonly label: string;
  readonly type: CustomFieldType;
  /** Of texts, in characters. */
  readonly length: number | null;
  readonly picklistValues: string[] | null;
  readonly required: boolean;
  readonly revision: number | bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CustomFieldDraft {
  readonly label?: string | undefined;
  readonly type?: CustomFieldType | undefined;
  readonly length?: number | undefined;
  readonly picklistValues?: readonly string[] | undefined;
  readonly required?: boolean | undefined;
}

export const DEFAULT_TEXT_LENGTH = 255;
const LONGEST_TEXT = 32_768;
const MOST_PICKLIST_VALUES = 1_000;

export function toUserField(field: CustomField): UserField {
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    custom: true,
    ...(field.length === null ? {} : { length: field.length }),
    ...(field.picklistValues === null ? {} : { picklist: field.picklistValues }),
    ...(field.required ? { required: true as const } : {}),
  };
}

export function checkCustomFieldName(name: string): FieldProblem[] {
  const say = (problem: string, fix: string): FieldProblem[] => [{ field: 'Name', problem, fix }];
  if (!/^[A-Za-z](?:[A-Za-z0-9]|_(?!_))*__c$/.test(name)) {
    const problem = `${JSON.stringify(name.slice(0, 60))} is not the name of a custom field`;
    return say(problem, 'Use letters, digits and single underscores, a letter first and "__c" last: CostCenter__c.');
  }
  if (name.length > 43) return say(`has ${name.length} characters, and 43 are the most`, 'Shorten it.');
  const plain = name.slice(0, -3).toLowerCase();
  const standard = STANDARD_USER_FIELDS.find((field) => field.name.toLowerCase() === plain);
  if (standard) return say(`is like the standard field ${standard.name}`, `Use ${standard.name}, or another name.`);
  return [];
}

/** What is wrong with a whole definition. */
export function checkCustomField(
  field: Pick<CustomField, 'label' | 'type' | 'length' | 'picklistValues'>,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const say = (name: string, problem: string, fix: string) => problems.push({ field: name, problem, fix });
  const { label, type, length, picklistValues } = field;
  if (label.trim() === '') say('Label', 'is blank', 'Give the label that people read.');
  if (label.length > 80 || hasControl(label))
    say('Label', 'is longer than 80 characters or holds a control character', 'Shorten it to plain text.');
  if (type === 'text' && (length === null || length < 1 || length > LONGEST_TEXT)) {
    say('Length', `is not from 1 to ${LONGEST_TEXT}`, `Give a length from 1 to ${LONGEST_TEXT}.`);
  }
  if (type !== 'text' && length !== null) say('Length', `has no meaning for the type ${type}`, 'Leave it out.');
  const isPicklist = type === 'picklist' || type === 'multipicklist';
  if (!isPicklist && picklistValues !== null) {
    say('PicklistValues', `have no meaning for the type ${type}`, 'Leave them out, or make the type picklist.');
  }
  if (isPicklist) problems.push(...checkPicklist(picklistValues ?? []));
  return problems;
}

function checkPicklist(values: readonly string[]): FieldProblem[] {
  const say = (problem: string, fix: string): FieldProblem[] => [{ field: 'PicklistValues', problem, fix }];
  if (values.length === 0) return say('are missing', 'Give at least one value.');
  if (values.length > MOST_PICKLIST_VALUES)
    return say(`are more than ${MOST_PICKLIST_VALUES}`, 'Give fewer, or use a text.');
  const seen = new Set<string>();
  for (const value of values) {
    const shown = JSON.stringify(value.slice(0, 60));
    if (value === '' || value !== value.trim())
      return say(`have ${shown}, which is blank or has spaces around it`, 'Correct it.');
    if (value.includes(';') || hasControl(value)) {
      return say(
        `have ${shown} with a semicolon or a control character`,
        'Semicolons part the values of a list. Take it out.',
      );
    }
    if (value.length > 255) return say('have a value of more than 255 characters', 'Shorten it.');
    if (seen.has(value.toLowerCase()))
      return say(`have ${shown} twice; upper and lower case do not differ`, 'Leave one out.');
    seen.add(value.toLowerCase());
  }
  return [];
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed();
}
