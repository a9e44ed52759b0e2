/** What a caller may do. `all` includes every scope, also those that later versions add. */
export const SCOPES = [
  'directory:read',
  'directory:write',
  'apps:read',
  'apps:operate',
  'apps:write',
  'reasons:read',
  'provision:now',
  'provisioning:read',
  'provisioning:write',
  'exchanges:unmask',
  'exchanges:read',
  'holds:release',
  'status-links:write',
  'audit:read',
  'keys:read',
  'keys:write',
  'people:read',
  'people:write',
  'retention:write',
  'alerts:read',
  'alerts:write',
  'vault:read',
  'vault:write',
  'metrics:read',
] as const;

export type Scope = (typeof SCOPES)[number];
export type GrantedScope = Scope | 'all';

/** Whoever may change a thing may see it, and whoever releases holds sees what is held. Complete: nothing follows from what follows. */
const INCLUDES: Partial<Record<Scope, readonly Scope[]>> = {
  'directory:write': ['directory:read'],
  'apps:operate': ['apps:read'],
  'apps:write': ['apps:read', 'apps:operate'],
  'provisioning:read': ['reasons:read'],
  'provisioning:write': ['provisioning:read', 'reasons:read', 'provision:now'],
  'exchanges:read': ['exchanges:unmask'],
  'holds:release': ['provisioning:read', 'reasons:read'],
  'keys:write': ['keys:read'],
  'people:write': ['people:read'],
  'alerts:write': ['alerts:read'],
  'vault:write': ['vault:read'],
};

export function includesScope(granted: readonly GrantedScope[], needed: GrantedScope): boolean {
  return granted.some(
    (scope) =>
      scope === 'all' || scope === needed || (INCLUDES[scope] as readonly GrantedScope[] | undefined)?.includes(needed),
  );
}

/** Every scope that these include, for a caller that must not know what includes what. */
export function expandScopes(granted: readonly GrantedScope[]): GrantedScope[] {
  const every: GrantedScope[] = SCOPES.filter((scope) => includesScope(granted, scope));
  return granted.includes('all') ? ['all', ...every] : every;
}

/** What both sides allow: a person's key may do what the key says and what the person still may. */
export function intersectScopes(a: readonly GrantedScope[], b: readonly GrantedScope[]): GrantedScope[] {
  if (a.includes('all')) return [...b];
  if (b.includes('all')) return [...a];
  return SCOPES.filter((scope) => includesScope(a, scope) && includesScope(b, scope));
}
