import {
  buildSourceSchema,
  type EvaluationContext,
  type FormulaValue,
  type SourceField,
  type ValueType,
} from '../src/index.ts';

/** What a case expects: a value, an error of the formula, or an error of the record. */
export type Expectation = FormulaValue | { rejects: string } | { fails: string };
export type Case = readonly [formula: string, expected: Expectation];

export const rejects = (code: string): { rejects: string } => ({ rejects: code });
export const fails = (code: string): { fails: string } => ({ fails: code });

/** One field with a value and one without for each type; reading goes through the record. */
const values: Readonly<Record<string, [ValueType, unknown]>> = {
  T: ['text', 'Anna Muster'],
  Word: ['text', 'banana'],
  Digits: ['text', '0042'],
  Spaced: ['text', '  two words\t'],
  Emoji: ['text', 'a😀b'],
  Markup: ['text', `<a href="x">R&D's</a>`],
  BlankT: ['text', null],
  EmptyT: ['text', ''],
  N: ['number', 42],
  Half: ['number', 2.5],
  Minus: ['number', -2.5],
  Zero: ['number', 0],
  BlankN: ['number', undefined],
  D: ['date', '2024-02-29'],
  Early: ['date', '2023-12-31'],
  BlankD: ['date', null],
  M: ['dateTime', '2024-02-29T23:30:00.500Z'],
  Later: ['dateTime', '2024-03-02T11:30:00.500Z'],
  BlankM: ['dateTime', null],
  C: ['time', '08:05:09.250'],
  Noon: ['time', '12:00'],
  BlankC: ['time', null],
  Yes: ['boolean', true],
  No: ['boolean', false],
  BlankB: ['boolean', null],
  L: ['textList', ['Finance', 'Sales', 'IT']],
  BlankL: ['textList', []],
  'Manager.Email': ['text', 'boss@example.com'],
  $Org: ['text', 'Acme'],
  Custom__c: ['text', 'x'],
};

const fields = Object.entries(values).map(
  ([path, [type]]): SourceField => ({ path, type, read: (record) => (record as Record<string, unknown>)[path] }),
);

export const schema = buildSourceSchema(fields);
export const record: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(values).map(([path, [, value]]) => [path, value]),
);
export const tables = { Sites: { B: 'Berlin', P: 'Paris', constructor: 'own' } };

/** Half past midnight in Berlin, still the day before in UTC. */
export const context: EvaluationContext = { now: new Date('2024-06-14T22:30:15.250Z'), timeZone: 'Europe/Berlin' };
