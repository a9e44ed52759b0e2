/** What a user can be given: one profile, many permission sets, many groups of permission sets. */
export type EntitlementKind = 'profile' | 'permission set' | 'permission set group';

export interface Entitlement {
  readonly id: number;
  readonly name: string;
  /** Profiles have none: their name is what people read. */
  readonly label: string | null;
  readonly description: string | null;
  readonly revision: number | bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Names of the components of a group, sorted; null for the other kinds. */
  readonly permissionSets: string[] | null;
  /** The name as the database orders it. */
  readonly orderKey: string;
}

/** Members that are absent stay as they are. */
export interface EntitlementDraft {
  readonly name?: string | undefined;
  readonly label?: string | undefined;
  readonly description?: string | null | undefined;
  /** The whole list of a group's components, by name. */
  readonly permissionSets?: readonly string[] | undefined;
}

/** A permission set or group that a user holds. */
export interface HeldAssignment {
  readonly id: number | bigint;
  readonly userId: string;
  readonly permissionSetId: number | null;
  readonly permissionSetGroupId: number | null;
  readonly name: string;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

/** Which record a path means: by id or by name. */
export function parseEntitlementKey(text: string): { id: number } | { name: string } {
  return /^[1-9]\d{0,8}$/.test(text) ? { id: Number(text) } : { name: text };
}
