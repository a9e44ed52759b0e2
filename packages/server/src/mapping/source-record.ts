import { buildSourceSchema, type SourceField, type SourceSchema, type ValueType } from '@usher/formula';

/** The fields of a person that a mapping may read through a relationship. */
export interface SourcePerson {
  id: string;
  username: string;
  isActive: boolean;
  fields: Record<string, unknown>;
}

/** A user as mappings see them. */
export interface SourceRecord extends SourcePerson {
  profile: string;
  /** Absent when there is none, or when the mapping does not read the manager. */
  manager: (SourcePerson & { remoteId: string | null }) | null;
  /** Names, sorted; held directly or through a group. Empty when the mapping does not read them. */
  permissionSets: readonly string[];
  permissionSetGroups: readonly string[];
}

/** One field of the directory, standard or custom. */
export interface SourceFieldDefinition {
  name: string;
  label?: string;
  type: ValueType;
}

/** What a mapping needs to have loaded besides the user's own row. */
export interface SourceNeeds {
  manager: boolean;
  entitlements: boolean;
}

type Read = (record: SourceRecord) => unknown;

const field = (path: string, type: ValueType, read: Read, label?: string): SourceField => ({
  path,
  type,
  read: read as (record: unknown) => unknown,
  ...(label ? { label } : {}),
});

function fullName(person: SourcePerson): string | undefined {
  const { FirstName: first, LastName: last } = person.fields;
  return typeof first === 'string' ? `${first} ${last ?? ''}`.trimEnd() : (last as string | undefined);
}

/** Fields that are columns or derived rather than members of `fields`. */
const DERIVED = new Set(['Id', 'Username', 'IsActive', 'Name', 'ProfileId', 'ManagerId', 'UserType']);

/**
 * The schema that formulas are compiled against: the user's own fields, `Profile.Name`, the manager's fields as
 * `Manager.…` with `Manager.RemoteId` (the manager's account at the same app), and the entitlement lists.
 */
export function buildUserSourceSchema(definitions: readonly SourceFieldDefinition[]): SourceSchema {
  const own = definitions.filter((definition) => !DERIVED.has(definition.name));
  return buildSourceSchema([
    field('Id', 'text', (record) => record.id, 'User ID'),
    field('Username', 'text', (record) => record.username, 'Username'),
    field('IsActive', 'boolean', (record) => record.isActive, 'Active'),
    field('Name', 'text', fullName, 'Full Name'),
    field('Profile.Name', 'text', (record) => record.profile, 'Profile'),
    field('ManagerId', 'text', (record) => record.manager?.id, 'Manager ID'),
    field('PermissionSets', 'textList', (record) => record.permissionSets, 'Permission Sets'),
    field('PermissionSetGroups', 'textList', (record) => record.permissionSetGroups, 'Permission Set Groups'),
    field('Manager.Id', 'text', (record) => record.manager?.id, 'Manager: User ID'),
    field('Manager.RemoteId', 'text', (record) => record.manager?.remoteId, 'Manager: account id at the app'),
    field('Manager.Username', 'text', (record) => record.manager?.username, 'Manager: Username'),
    field('Manager.IsActive', 'boolean', (record) => record.manager?.isActive, 'Manager: Active'),
    field('Manager.Name', 'text', (record) => record.manager && fullName(record.manager), 'Manager: Full Name'),
    ...own.map(({ name, type, label }) => field(name, type, (record) => record.fields[name], label)),
    ...own.map(({ name, type, label }) =>
      field(`Manager.${name}`, type, (record) => record.manager?.fields[name], `Manager: ${label ?? name}`),
    ),
  ]);
}

/** What must be loaded so that these fields can be read. */
export function needsOf(paths: Iterable<string>): SourceNeeds {
  const needs: SourceNeeds = { manager: false, entitlements: false };
  for (const path of paths) {
    if (path.startsWith('Manager')) needs.manager = true;
    if (path.startsWith('PermissionSet')) needs.entitlements = true;
  }
  return needs;
}
