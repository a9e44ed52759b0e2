import type { Ground } from '../ground.ts';
import type { NetworkPolicy, ResolveHost } from '../transport/index.ts';
import type { Vault } from '../vault/index.ts';

/** What credentials stand on besides the ground of everything. */
export interface CredentialGround extends Ground {
  vault: Vault;
  /** Where this deployment may send. */
  networkPolicy: NetworkPolicy;
  /** Usher's version, for `User-Agent`. */
  version: string;
  /** Where people reach Usher: callback URLs and links in alerts begin with it. Absent: they cannot be made. */
  publicUrl?: string | undefined;
  resolve?: ResolveHost | undefined;
}

/** The app whose credential it is; nothing else of an app matters here. */
export interface CredentialApp {
  readonly id: number;
  readonly name: string;
  readonly label: string;
  readonly baseUrl: string;
}
