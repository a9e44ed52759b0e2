import type { LdapOptions } from './ldap-options.ts';

/** The object class that tells accounts from other entries below the same base. */
export function accountClassOf({ objectClasses }: LdapOptions): string {
  return objectClasses.at(-1) ?? 'inetOrgPerson';
}
