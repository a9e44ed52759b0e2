import { findNearestName } from '../assignments/index.ts';
import type { FieldProblem } from '../refusal.ts';
import { parseFieldValue, quote, type ValueSource } from './parse-field-value.ts';
import type { UserDraft } from './user.ts';
import { type FieldValue, isStoredInFields, type UserField, type UserFieldCatalog } from './user-fields.ts';

export interface ParsedDraft {
  draft: UserDraft;
  problems: FieldProblem[];
}

/** Reads the members of a request's body. All that is wrong is told at once. */
export function parseUserDraft(body: Readonly<Record<string, unknown>>, catalog: UserFieldCatalog): ParsedDraft {
  const parsed: ParsedDraft = { draft: { fields: {} }, problems: [] };
  for (const [name, raw] of Object.entries(body)) {
    const field = catalog.find(name);
    const problem = field ? findWriteProblem(field) : describeUnknownField(name, catalog);
    if (problem || !field) parsed.problems.push({ field: name, ...(problem ?? describeUnknownField(name, catalog)) });
    else readIntoDraft(parsed, field, raw, 'json');
  }
  checkDraft(parsed);
  return parsed;
}

/**
 * Makes the reader of a file's rows, whose cells stand in the order of these columns. V8 turns an object that gets more than a
 * dozen members one by one into a hash table, which is three times as large and as slow: a row begins as a copy of one that
 * has all of them.
 */
export function createRowReader(columns: readonly UserField[]): (cells: readonly string[]) => ParsedDraft {
  const names = columns.filter(isStoredInFields).map((field) => field.name);
  const blank: UserDraft['fields'] = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null]))));
  return (cells) => {
    const parsed: ParsedDraft = { draft: { fields: { ...blank } }, problems: [] };
    for (let index = 0; index < columns.length; index++) {
      const field = columns[index] as UserField;
      if (!readIntoDraft(parsed, field, cells[index] ?? '', 'csv')) delete parsed.draft.fields[field.name];
    }
    checkDraft(parsed);
    return parsed;
  };
}

export function describeUnknownField(name: string, catalog: UserFieldCatalog): Omit<FieldProblem, 'field'> {
  const nearest = findNearestName(
    name,
    catalog.fields.filter((field) => !field.readOnly).map((field) => field.name),
  );
  const declare = 'Leave it out, or declare it as a custom field.';
  return {
    problem: 'is not a field of users',
    fix: nearest ? `Did you mean ${nearest}? Correct it, or declare a custom field.` : declare,
  };
}

export function findWriteProblem(field: UserField): Omit<FieldProblem, 'field'> | undefined {
  if (!field.readOnly) return undefined;
  const instead = field.name === 'Name' ? 'Send FirstName and LastName instead.' : 'Leave it out.';
  return { problem: 'is set by Usher and cannot be written', fix: instead };
}

/** False when the field stays as it is. */
function readIntoDraft(parsed: ParsedDraft, field: UserField, raw: unknown, source: ValueSource): boolean {
  const result = parseFieldValue(field, raw, source);
  if (!result.ok) {
    parsed.problems.push({ field: field.name, problem: result.problem, fix: result.fix });
    return false;
  }
  const { value } = result;
  if (value === null && cannotBeBlank(field)) {
    if (!isKept(field, source)) parsed.problems.push({ field: field.name, ...CANNOT_CLEAR });
    return false;
  }
  const fault = place(parsed.draft, field, value);
  if (fault) parsed.problems.push({ field: field.name, ...fault });
  return fault === undefined;
}

const CANNOT_CLEAR = { problem: 'is blank, and every user has one', fix: 'Give it, or leave it out.' };

function cannotBeBlank(field: UserField): boolean {
  return field.required || field.defaulted || field.name === 'ProfileId';
}

/**
 * A blank cell of what cannot be blank leaves the user as it is: a column with gaps must neither lock people out nor let leavers
 * in. In JSON, whoever writes null means it, and is told that it cannot be.
 */
function isKept(field: UserField, source: ValueSource): boolean {
  return source === 'csv' && field.name !== 'Username' && field.name !== 'LastName' && field.name !== 'Email';
}

/** Puts a value where it belongs. */
function place(draft: UserDraft, field: UserField, value: FieldValue | null): Omit<FieldProblem, 'field'> | undefined {
  if (isStoredInFields(field)) {
    draft.fields[field.name] = value;
    return undefined;
  }
  switch (field.name) {
    case 'Username':
      draft.username = value as string;
      break;
    case 'IsActive':
      draft.isActive = value as boolean;
      break;
    case 'Profile':
    case 'ProfileId':
      if (draft.profile)
        return { problem: 'is sent together with the other form of it', fix: 'Send Profile or ProfileId.' };
      draft.profile = field.name === 'Profile' ? { name: value as string } : { id: Number(value) };
      break;
    case 'Manager':
    case 'ManagerId':
      if (draft.manager)
        return { problem: 'is sent together with the other form of it', fix: 'Send Manager or ManagerId.' };
      if (value === null) draft.manager ??= null;
      else draft.manager = field.name === 'Manager' ? { username: value as string } : { id: value as string };
      break;
    case 'PermissionSets':
      draft.permissionSets = (value as string[] | null) ?? [];
      break;
    case 'PermissionSetGroups':
      draft.permissionSetGroups = (value as string[] | null) ?? [];
      break;
    default:
      throw new Error(`The field ${field.name} has no place in a draft`);
  }
  return undefined;
}

/** What can be judged by the draft alone. */
function checkDraft({ draft, problems }: ParsedDraft): void {
  const manager = draft.manager;
  if (!manager || !('username' in manager) || draft.username === undefined) return;
  if (manager.username.toLowerCase() !== draft.username.toLowerCase()) return;
  problems.push({
    field: 'Manager',
    problem: `${quote(manager.username)} is the user themselves`,
    fix: 'Name somebody else, or leave it blank.',
  });
}
