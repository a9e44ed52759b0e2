import type { GrantedScope } from './scope.ts';

export const ROLES = ['administrator', 'operator', 'help desk', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a person of each role may do, as scopes; each route names the one scope that it asks for. Between them the two say who may
 * call what, and nothing else does.
 */
export const ROLE_SCOPES: Readonly<Record<Role, readonly GrantedScope[]>> = {
  administrator: ['all'],
  // Neither secrets nor configuration: of apps, only what lets them run or stops them.
  operator: [
    'directory:read',
    'apps:operate',
    'provisioning:write',
    'exchanges:unmask',
    'holds:release',
    'status-links:write',
    'alerts:read',
  ],
  'help desk': ['directory:read', 'reasons:read', 'provision:now', 'status-links:write'],
  auditor: [
    'directory:read',
    'apps:read',
    'provisioning:read',
    'exchanges:unmask',
    'audit:read',
    'keys:read',
    'people:read',
    'alerts:read',
    'vault:read',
  ],
};

export const ROLE_DESCRIPTIONS: Readonly<Record<Role, string>> = {
  administrator: 'Does everything: apps and their credentials, people, keys, retention',
  operator: 'Watches and runs provisioning: retries, releases holds, pauses apps; no secrets, no configuration',
  'help desk': 'Reads users and why they have an account or not, and may provision them now',
  auditor: 'Reads everything but secrets, and changes nothing',
};
