import type { entitlementTexts as texts } from '../../texts/entitlements.ts';

export type Kind = keyof typeof texts.kinds;

export interface Entitlement {
  Id: string;
  Name: string;
  Label?: string;
  Description: string | null;
  PermissionSets?: string[];
}

export const LISTS = {
  profile: '/api/v1/profiles',
  'permission-set': '/api/v1/permission-sets',
  'permission-set-group': '/api/v1/permission-set-groups',
} as const;
export const ITEMS = {
  profile: '/api/v1/profiles/{key}',
  'permission-set': '/api/v1/permission-sets/{key}',
  'permission-set-group': '/api/v1/permission-set-groups/{key}',
} as const;
