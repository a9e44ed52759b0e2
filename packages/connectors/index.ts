import type { Connector } from '@usher/connector-sdk';
import { scim1 } from './scim1/index.ts';
import { scim2 } from './scim2/index.ts';

/** Every connector that comes with Usher; the engine gives each its own checked options. */
export const builtInConnectors: readonly Connector[] = [scim2 as Connector, scim1 as Connector];

export { scim1, scim2 };
