import type { Role } from './role.ts';

/** Somebody who works with Usher. Whom Usher provisions is a user, which is something else. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  readonly passkeys: number;
  readonly identities: number;
  readonly recoveryCodesLeft: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly lastSignInAt: Date | null;
  readonly disabledAt: Date | null;
  readonly revision: number;
}

export function hasSecondFactor(person: Pick<Person, 'hasTotp' | 'passkeys'>): boolean {
  return person.hasTotp || person.passkeys > 0;
}

/** Whether the person ever can sign in, as an administrator must who is counted on. */
export function canSignIn(person: Person): boolean {
  return person.disabledAt === null && (person.hasPassword || person.passkeys > 0 || person.identities > 0);
}
