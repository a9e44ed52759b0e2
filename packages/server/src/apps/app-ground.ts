import type { Connector } from '@usher/connector-sdk';
import type { Ground } from '../ground.ts';
import type { NetworkPolicy } from '../transport/index.ts';
import type { Vault } from '../vault/index.ts';

/** What connected apps stand on besides the ground of everything. */
export interface AppGround extends Ground {
  vault: Vault;
  connectors: readonly Connector[];
  /** Why custom connectors are not among them although they are installed. */
  connectorFailures?: () => readonly string[];
  /** Where this deployment may send. */
  networkPolicy: NetworkPolicy;
  /** Usher's version, for `User-Agent`. */
  version: string;
  /** Where people reach Usher, for callback URLs and links. */
  publicUrl?: string | undefined;
}
