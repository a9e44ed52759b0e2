/** What a key may do. `all` includes every scope, also those that later versions add. */
export const SCOPES = [
  'directory:read',
  'directory:write',
  'apps:read',
  'apps:write',
  'provisioning:read',
  'provisioning:write',
  'holds:release',
  'audit:read',
  'keys:write',
  'retention:write',
] as const;

export type Scope = (typeof SCOPES)[number];
export type GrantedScope = Scope | 'all';

/** Whoever may change a thing may see it, and whoever releases holds sees what is held. */
const INCLUDES: Partial<Record<Scope, readonly Scope[]>> = {
  'directory:write': ['directory:read'],
  'apps:write': ['apps:read'],
  'provisioning:write': ['provisioning:read'],
  'holds:release': ['provisioning:read'],
};

export function includesScope(granted: readonly GrantedScope[], needed: GrantedScope): boolean {
  return granted.some(
    (scope) =>
      scope === 'all' || scope === needed || (INCLUDES[scope] as readonly GrantedScope[] | undefined)?.includes(needed),
  );
}
