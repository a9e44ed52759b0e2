import type { Actor } from '../audit/index.ts';
import type { GrantedScope } from './scope.ts';

/** Who sent a request, as found from its credential, never from its body. */
export interface Caller {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly GrantedScope[];
  readonly expiresAt: Date | null;
  readonly actor: Actor;
}

export type RefusedCredential = 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked';

export type Authentication =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly why: RefusedCredential }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** Decides who a request comes from. `address` is the peer's, never one that a header claims. */
export interface Access {
  authenticate(authorization: string | undefined, address: string): Promise<Authentication>;
  /** Whether a key that was accepted earlier still is, for answers that last. */
  isUsable(keyId: string): Promise<boolean>;
}
