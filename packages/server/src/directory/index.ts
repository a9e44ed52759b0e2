export { type AppliedChange, applyUserChanges } from './apply-user-changes.ts';
export { CUSTOM_FIELD_TYPES, type CustomField, type CustomFieldDraft, type CustomFieldType } from './custom-field.ts';
export {
  changeCustomField,
  createCustomField,
  deleteCustomField,
  getCustomField,
  loadUserFieldCatalog,
} from './custom-fields.ts';
export { ensureStandardProfile } from './ensure-standard-profile.ts';
export { exportUsersCsv, exportUsersJsonLines } from './export-users.ts';
export type { ImportProblem } from './import/import-problem.ts';
export type { ImportMode, ImportProgress, ImportReport } from './import/import-report.ts';
export { type ImportRequest, importUsers } from './import/import-users.ts';
export { changeOrganization, loadOrganization, type Organization } from './organization.ts';
export { isUserId } from './parse-field-value.ts';
export { describeUnknownField, type ParsedDraft, parseUserDraft } from './parse-user-draft.ts';
export { listCustomFields } from './sql/custom-fields.ts';
export {
  countUsers,
  type FieldFilter,
  findUser,
  listUsers,
  type UserFilter,
  type UserListRequest,
  type UserOrder,
  type UserView,
} from './sql/list-users.ts';
export type { UserDraft } from './user.ts';
export type { UserChange } from './user-change.ts';
export { buildUserDocument } from './user-document.ts';
export {
  type FieldType,
  type FieldValue,
  STANDARD_USER_FIELDS,
  type UserField,
  type UserFieldCatalog,
} from './user-fields.ts';
