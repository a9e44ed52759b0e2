import type { FieldValue } from './user-fields.ts';

export type UserFields = Record<string, FieldValue>;

/** A user as it is stored. */
export interface StoredUser {
  readonly id: string;
  readonly username: string;
  readonly isActive: boolean;
  readonly profileId: number;
  readonly managerId: string | null;
  readonly fields: UserFields;
  readonly revision: number | bigint;
  readonly isDeleted: boolean;
}

/**
 * What a caller wants a user to be: members that are absent stay as they are, null clears. References are still names, as they
 * were written.
 */
export interface UserDraft {
  username?: string;
  isActive?: boolean;
  profile?: { name: string } | { id: number };
  manager?: { username: string } | { id: string } | null;
  fields: Record<string, FieldValue | null>;
  /** Whole lists of names. */
  permissionSets?: string[];
  permissionSetGroups?: string[];
}

/** What Usher fills in where a new user leaves it out. */
export interface UserDefaults {
  readonly TimeZoneSidKey: string;
  readonly LocaleSidKey: string;
  readonly LanguageLocaleKey: string;
  readonly EmailEncodingKey: string;
}

/** `FirstName LastName`, as Salesforce shows a person. */
export function fullName(fields: Readonly<Record<string, unknown>>): string {
  return [fields['FirstName'], fields['LastName']].filter((part) => typeof part === 'string').join(' ');
}

/** First letter of the first name and the last name, letters and digits only, at most 8: Salesforce makes it so. */
export function deriveAlias(fields: Readonly<Record<string, unknown>>, username: string): string {
  const first = [...String(fields['FirstName'] ?? '')][0] ?? '';
  const name = `${first}${fields['LastName'] ?? ''}`.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return cut(name || username.replace(/[^A-Za-z0-9]/g, '') || 'user', 8);
}

export function deriveNickname(username: string): string {
  return cut(username.slice(0, username.lastIndexOf('@')) || username, 40);
}

function cut(text: string, length: number): string {
  return [...text].slice(0, length).join('');
}
