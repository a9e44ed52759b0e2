import { assertExpectedRevision, type ExpectedRevision } from '../assignments/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, isUniqueViolation, type PoolClient, type Queryable } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { type FieldProblem, Refusal, refuseField } from '../refusal.ts';
import {
  type CustomField,
  type CustomFieldDraft,
  type CustomFieldType,
  checkCustomField,
  checkCustomFieldName,
  DEFAULT_TEXT_LENGTH,
  toUserField,
} from './custom-field.ts';
import { findPlaces } from './find-places.ts';
import {
  clearFieldOfUsers,
  countUsersWithField,
  countUsersWithUnfitValue,
  deleteCustomFieldRow,
  type FieldReader,
  insertCustomField,
  listCustomFields,
  listFieldReaders,
  lockCustomField,
  updateCustomField,
} from './sql/custom-fields.ts';
import { buildUserFieldCatalog, type UserFieldCatalog } from './user-fields.ts';
import { markTouched } from './write-user-plans.ts';

const MOST_CUSTOM_FIELDS = 500;

/** The fields of users as they are declared now. */
export async function loadUserFieldCatalog(db: Queryable): Promise<UserFieldCatalog> {
  return buildUserFieldCatalog((await listCustomFields(db)).map(toUserField));
}

export async function getCustomField(ground: Ground, name: string): Promise<CustomField> {
  const found = (await listCustomFields(ground.pool)).find((field) => field.name.toLowerCase() === name.toLowerCase());
  return found ?? refuseUnknown(name);
}

export async function createCustomField(
  ground: Ground,
  actor: Actor,
  name: string,
  draft: CustomFieldDraft & { readonly type: CustomFieldType },
): Promise<CustomField> {
  const field = {
    name,
    label: draft.label ?? name.replace(/__c$/, '').replaceAll('_', ' '),
    type: draft.type,
    length: draft.length ?? (draft.type === 'text' ? DEFAULT_TEXT_LENGTH : null),
    picklistValues: draft.picklistValues ? [...draft.picklistValues] : null,
    required: draft.required ?? false,
  };
  refuseFaults([...checkCustomFieldName(name), ...checkCustomField(field)]);
  try {
    await inTransaction(ground.pool, async (tx) => {
      const now = ground.clock.now();
      if ((await listCustomFields(tx)).length >= MOST_CUSTOM_FIELDS) {
        throw new Refusal('conflict', `There are ${MOST_CUSTOM_FIELDS} custom fields, and more are not possible.`);
      }
      await insertCustomField(tx, now, field);
      await writeAudit(tx, now, actor, [
        { action: 'custom-field.created', entityKind: 'custom-field', entityId: name, after: field },
      ]);
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw refuseField('already_exists', 'Name', `${name} exists already`, 'Change that field, or choose another name.');
  }
  return await getCustomField(ground, name);
}

/** Values that users have must still fit; the type stays while anybody has a value. */
export async function changeCustomField(
  ground: Ground,
  actor: Actor,
  request: { name: string; expected: ExpectedRevision; draft: CustomFieldDraft },
): Promise<CustomField> {
  await inTransaction(ground.pool, async (tx) => {
    const now = ground.clock.now();
    const before = await lockAt(tx, request);
    const { draft } = request;
    if (draft.type !== undefined && draft.type !== before.type) {
      const fix = 'Declare a new field, copy the values, and delete this one.';
      throw refuseField('conflict', 'Type', `of ${before.name} cannot be changed`, fix);
    }
    const after = {
      ...before,
      label: draft.label ?? before.label,
      length: draft.length ?? before.length,
      picklistValues: draft.picklistValues ? [...draft.picklistValues] : before.picklistValues,
      required: draft.required ?? before.required,
    };
    refuseFaults(checkCustomField(after));
    await refuseUnfitValues(tx, before, after);
    await updateCustomField(tx, now, after);
    await writeAudit(tx, now, actor, [
      {
        action: 'custom-field.changed',
        entityKind: 'custom-field',
        entityId: before.name,
        before: describe(before),
        after: describe(after),
      },
    ]);
  });
  return await getCustomField(ground, request.name);
}

/** Values are deleted with it only when the caller says so, and never while a mapping reads them. */
export async function deleteCustomField(
  ground: Ground,
  actor: Actor,
  request: { name: string; expected: ExpectedRevision; deleteValues: boolean },
): Promise<void> {
  await inTransaction(ground.pool, async (tx) => {
    const now = ground.clock.now();
    const field = await lockAt(tx, request);
    refuseReaders(field.name, await listFieldReaders(tx, field.name));
    const users = await countUsersWithField(tx, field.name);
    if (users > 0 && !request.deleteValues) {
      throw refuseField(
        'conflict',
        'query.deleteValues',
        `is not true, and ${users} ${users === 1 ? 'user has a value' : 'users have values'} of ${field.name}`,
        'Send deleteValues=true to delete the values with the field.',
      );
    }
    const userIds = users > 0 ? await clearFieldOfUsers(tx, now, field.name) : [];
    await deleteCustomFieldRow(tx, field.name);
    await writeAudit(tx, now, actor, [
      {
        action: 'custom-field.deleted',
        entityKind: 'custom-field',
        entityId: field.name,
        before: { ...describe(field), users },
      },
    ]);
    await markTouched(tx, now, { userIds, managerIds: userIds });
  });
}

/** A mapping whose field is gone would stop its app: the places are named, and the person takes the field out there. */
function refuseReaders(name: string, readers: readonly FieldReader[]): void {
  const problems = readers.flatMap(({ app, version, document }) =>
    findPlaces(document, name).map((place) => ({
      field: `apps.${app}.${place}`,
      problem: `reads ${name} (version ${version})`,
      fix: `Save a version of ${app} without it.`,
    })),
  );
  if (problems.length === 0) return;
  const apps = [...new Set(readers.map(({ app }) => app))].slice(0, 5).join(', ');
  throw new Refusal('conflict', `${name} is used by the configuration of ${apps}. Take it out there first.`, problems);
}

async function refuseUnfitValues(tx: PoolClient, before: CustomField, after: CustomField): Promise<void> {
  const shorter = (after.length ?? 0) < (before.length ?? 0);
  const fewer = before.picklistValues?.some((value) => !after.picklistValues?.includes(value)) ?? false;
  if (!shorter && !fewer) return;
  const users = await countUsersWithUnfitValue(tx, after);
  if (users === 0) return;
  const [field, what] = shorter ? ['Length', 'longer values'] : ['PicklistValues', 'a value that is left out'];
  throw refuseField('conflict', field, `cannot be so, since ${users} users have ${what}`, 'Change those users first.');
}

async function lockAt(tx: PoolClient, request: { name: string; expected: ExpectedRevision }): Promise<CustomField> {
  const found = (await lockCustomField(tx, request.name)) ?? refuseUnknown(request.name);
  assertExpectedRevision(request.expected, found.revision, `The custom field ${found.name}`);
  return found;
}

function describe({ label, type, length, picklistValues, required }: CustomField): Record<string, unknown> {
  return { label, type, length, picklistValues, required };
}

function refuseUnknown(name: string): never {
  throw new Refusal('not_found', `There is no custom field ${JSON.stringify(name.slice(0, 60))}.`);
}

function refuseFaults(problems: FieldProblem[]): void {
  if (problems.length === 0) return;
  throw new Refusal('invalid_value', problems.map((p) => `${p.field} ${p.problem}`).join('; '), problems);
}
