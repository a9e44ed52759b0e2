import type { Actor } from '../audit/index.ts';
import type { Role } from './role.ts';
import type { GrantedScope } from './scope.ts';

/** Who is signed in, for the length of one request. */
export interface SignedIn {
  readonly sessionId: string;
  readonly tokenHash: Buffer;
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** `enrolling`: has no second factor yet, and may only set one up. */
  readonly stage: 'enrolling' | 'full';
  readonly method: string;
  /** When the person last proved who they are. */
  readonly provedAt: Date;
  readonly expiresAt: Date;
  readonly idleExpiresAt: Date;
}

/** Who sent a request, as found from its credential, never from its body. */
export interface Caller {
  /** The key's, or the session's. */
  readonly id: string;
  readonly kind: 'key' | 'person';
  readonly name: string;
  readonly scopes: readonly GrantedScope[];
  readonly expiresAt: Date | null;
  readonly actor: Actor;
  /** Only for requests of a session; a key of a person has none. */
  readonly signedIn?: SignedIn | undefined;
}

export type RefusedCredential = 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked' | 'signed out';

export type Authentication =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly why: RefusedCredential }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** Decides who a request comes from. `address` is the peer's, never one that a header claims. */
export interface Access {
  authenticate(authorization: string | undefined, address: string): Promise<Authentication>;
  /** By the token in a session's cookie. */
  authenticateSession(token: string, address: string): Promise<Authentication>;
  /** Whether a caller that was accepted earlier still would be, for answers that last. */
  isStillAllowed(caller: Caller): Promise<boolean>;
}
