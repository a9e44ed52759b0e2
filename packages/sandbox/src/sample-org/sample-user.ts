/** A row of `users.csv`: the fields of the Salesforce User object by name, references by the name of what they refer to. */
export interface SampleUser {
  Username: string;
  FirstName: string;
  LastName: string;
  Email: string;
  Alias: string;
  CommunityNickname: string;
  Title: string;
  Department: string;
  Division: string;
  CompanyName: string;
  EmployeeNumber: string;
  Phone: string;
  MobilePhone: string;
  Street: string;
  City: string;
  State: string;
  PostalCode: string;
  Country: string;
  TimeZoneSidKey: string;
  LocaleSidKey: string;
  LanguageLocaleKey: string;
  EmailEncodingKey: string;
  FederationIdentifier: string;
  IsActive: boolean;
  /** By name. */
  Profile: string;
  /** By Username; blank for nobody. */
  Manager: string;
  PermissionSets: string[];
  PermissionSetGroups: string[];
  CostCenter__c: string;
  /** yyyy-mm-dd */
  StartDate__c: string;
}

export type SampleUserField = keyof SampleUser;

/** What the Salesforce User object takes, in characters; the custom text field's is the sample org's own. */
export const fieldLengths = {
  Username: 80,
  FirstName: 40,
  LastName: 80,
  Email: 128,
  Alias: 8,
  CommunityNickname: 40,
  Title: 80,
  Department: 80,
  Division: 80,
  CompanyName: 80,
  EmployeeNumber: 20,
  Phone: 40,
  MobilePhone: 40,
  Street: 255,
  City: 40,
  State: 80,
  PostalCode: 20,
  Country: 80,
  TimeZoneSidKey: 40,
  LocaleSidKey: 40,
  LanguageLocaleKey: 40,
  EmailEncodingKey: 40,
  FederationIdentifier: 512,
  CostCenter__c: 40,
} satisfies Partial<Record<SampleUserField, number>>;

export const sampleUserFields: SampleUserField[] = [
  'Username',
  'FirstName',
  'LastName',
  'Email',
  'Alias',
  'CommunityNickname',
  'Title',
  'Department',
  'Division',
  'CompanyName',
  'EmployeeNumber',
  'Phone',
  'MobilePhone',
  'Street',
  'City',
  'State',
  'PostalCode',
  'Country',
  'TimeZoneSidKey',
  'LocaleSidKey',
  'LanguageLocaleKey',
  'EmailEncodingKey',
  'FederationIdentifier',
  'IsActive',
  'Profile',
  'Manager',
  'PermissionSets',
  'PermissionSetGroups',
  'CostCenter__c',
  'StartDate__c',
];

export interface SampleProfile {
  Name: string;
  Description: string;
}

export interface SamplePermissionSet {
  Name: string;
  Label: string;
  Description: string;
}

export interface SamplePermissionSetGroup {
  Name: string;
  Label: string;
  Description: string;
  PermissionSets: string[];
}

export interface SampleOrg {
  users: SampleUser[];
  profiles: SampleProfile[];
  permissionSets: SamplePermissionSet[];
  permissionSetGroups: SamplePermissionSetGroup[];
}

/** The active users whom a permission set reaches, by itself or through a group. */
export function listHolders(org: SampleOrg, permissionSet: string): SampleUser[] {
  const groups = new Set(
    org.permissionSetGroups.filter((group) => group.PermissionSets.includes(permissionSet)).map(({ Name }) => Name),
  );
  return org.users.filter(
    (user) =>
      user.IsActive &&
      (user.PermissionSets.includes(permissionSet) || user.PermissionSetGroups.some((group) => groups.has(group))),
  );
}
