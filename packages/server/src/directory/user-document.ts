import type { UserView } from './sql/list-users.ts';
import { fullName } from './user.ts';
import type { UserFieldCatalog } from './user-fields.ts';

/** The user as JSON: the fields of Salesforce by their names, blank ones null, so that every user has the same members. */
export function buildUserDocument(user: UserView, catalog: UserFieldCatalog): Record<string, unknown> {
  const own: Record<string, unknown> = {
    Id: user.id,
    Username: user.username,
    Name: fullName(user.fields),
    IsActive: user.isActive,
    Profile: user.profile,
    ProfileId: String(user.profileId),
    Manager: user.manager,
    ManagerId: user.managerId,
    PermissionSets: user.permissionSets,
    PermissionSetGroups: user.permissionSetGroups,
    UserType: 'Standard',
    IsDeleted: user.deletedAt !== null,
    CreatedDate: user.createdAt.toISOString(),
    LastModifiedDate: user.updatedAt.toISOString(),
  };
  const document: Record<string, unknown> = {};
  for (const { name } of catalog.fields) document[name] = name in own ? own[name] : (user.fields[name] ?? null);
  return document;
}
