import type { LookupTables } from './compiled.ts';
import { buildSourceSchema, type SourceField, type SourceSchema } from './source-schema.ts';
import type { EvaluationContext, ValueType } from './value.ts';

/** The user that the reference page's and the README's examples are about, by path: type and raw value. */
const sample: Readonly<Record<string, [ValueType, unknown]>> = {
  FirstName: ['text', 'Anna'],
  LastName: ['text', 'Muster'],
  Username: ['text', 'anna.muster@example.com'],
  Email: ['text', 'a.muste@example.com'],
  Title: ['text', 'Senior Analyst'],
  Department: ['text', 'Finance'],
  Country: ['text', 'DE'],
  EmployeeNumber: ['text', '4711'],
  Phone: ['text', '+49 30 12345'],
  MobilePhone: ['text', null],
  UserType: ['text', 'Standard'],
  IsActive: ['boolean', true],
  HireDate__c: ['date', '2024-02-29'],
  EndDate__c: ['date', null],
  Level__c: ['number', 3],
  PermissionSetGroups: ['textList', ['Finance', 'Reporting']],
  'Profile.Name': ['text', 'Standard User'],
  'Manager.Email': ['text', 'b.boss@example.com'],
};

const fields: SourceField[] = Object.entries(sample).map(([path, [type, value]]) => ({
  path,
  type,
  read: () => value,
}));

/** The fields of the sample user. The record that `evaluate` is given does not matter: every field reads the sample. */
export const sampleSchema: SourceSchema = buildSourceSchema(fields);

/** The tables that the examples of LOOKUP use. */
export const sampleTables: LookupTables = { CostCentres: { Finance: 'CC-4100', Sales: 'CC-2000' } };

/** Noon UTC of a fixed day, so that TODAY() has an answer that can be printed. */
export const sampleContext: EvaluationContext = { now: new Date('2024-06-15T12:00:00Z'), timeZone: 'UTC' };

/** The sample user as rows of a table. */
export const sampleRows: readonly { path: string; type: ValueType; value: unknown }[] = Object.entries(sample).map(
  ([path, [type, value]]) => ({ path, type, value }),
);
