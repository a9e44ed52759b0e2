import type { Ground } from '../ground.ts';
import type { Vault } from '../vault/index.ts';

/** What signing in stands on. */
export interface AccessGround extends Ground {
  /** Seals the secrets of authenticator apps. */
  readonly vault: Pick<Vault, 'seal' | 'open'>;
}

/** The browser that asks, as far as a request tells. */
export interface Visit {
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
  /** Where this browser sees Usher, such as `https://usher.example.com`. */
  readonly origin: string;
  /** Tokens in its cookies. */
  readonly sessionToken?: string | undefined;
  readonly attemptToken?: string | undefined;
}
