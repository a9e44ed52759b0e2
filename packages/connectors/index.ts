import type { Connector } from '@usher/connector-sdk';
import { ldap } from './ldap/index.ts';
import { postgresql } from './postgresql/index.ts';
import { scim1 } from './scim1/index.ts';
import { scim2 } from './scim2/index.ts';

/** Every connector that comes with Usher; the engine gives each its own checked options. */
export const builtInConnectors: readonly Connector[] = [
  scim2 as Connector,
  scim1 as Connector,
  ldap as unknown as Connector,
  postgresql as unknown as Connector,
];

export { ldap, postgresql, scim1, scim2 };
