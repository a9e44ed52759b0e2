import { Refusal } from '../refusal.ts';
import type { Role } from './role.ts';

/** How people of an identity provider become people here. */
export interface SignOnRules {
  /** The claim that holds groups or roles; without it an administrator gives roles here. */
  readonly roleClaim?: string | undefined;
  /** Values of that claim with the role that each gives; the first that is held counts. */
  readonly roles: ReadonlyArray<{ readonly value: string; readonly role: Role }>;
  /** The role of those whom no value gives one; without it they are not let in. */
  readonly defaultRole?: Role | undefined;
  /** Whose addresses may come in uninvited; every domain where it is empty. */
  readonly emailDomains: readonly string[];
}

/** Who somebody is, as their identity provider says. */
export interface ClaimedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly email?: string | undefined;
  readonly emailVerified: boolean;
  readonly name?: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

export function parseClaims(claims: Readonly<Record<string, unknown>>, issuer: string): ClaimedPerson {
  const { sub, email, email_verified: verified, name } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) {
    throw new Refusal('unauthenticated', 'The identity provider names nobody: its answer has no usable "sub".');
  }
  const address =
    typeof email === 'string' && /^[^\s@<>"]+@[^\s@<>"]+$/.test(email) && email.length <= 320 ? email : undefined;
  return {
    issuer,
    subject: sub,
    email: address,
    // Some providers write the boolean as a text.
    emailVerified: verified === true || verified === 'true',
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : undefined,
    claims,
  };
}

/** Pure. The claim may be one text or a list of them; nothing else gives a role. */
export function chooseRole(rules: SignOnRules, { claims }: Pick<ClaimedPerson, 'claims'>): Role | undefined {
  const claim =
    rules.roleClaim !== undefined && Object.hasOwn(claims, rules.roleClaim) ? claims[rules.roleClaim] : undefined;
  const held = (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string');
  return rules.roles.find(({ value }) => held.includes(value))?.role ?? rules.defaultRole;
}
