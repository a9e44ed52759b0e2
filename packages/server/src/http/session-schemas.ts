import { z } from 'zod';
import {
  type AccessGround,
  csrfTokenOf,
  expandScopes,
  getOwnPerson,
  type OpenedSession,
  ROLE_SCOPES,
  ROLES,
  type SignedIn,
  type SignInStep,
  takesPasskeys,
  type Visit,
} from '../access/index.ts';
import { timeOut, writeTime } from './wire.ts';

export const roleSchema = z.enum(ROLES);

export const sessionSchema = z
  .object({
    signedIn: z.boolean(),
    csrfToken: z.string().nullable().describe('To be sent as x-csrf-token with every change; new with each session'),
    person: z.object({ id: z.uuid(), name: z.string(), email: z.string(), role: roleSchema }).nullable(),
    stage: z.enum(['full', 'enrolling']).nullable().describe('enrolling: nothing works but setting up a second factor'),
    scopes: z.array(z.string()).describe('Every single one, so that nobody needs to know what includes what'),
    method: z.string().nullable().describe('How the person signed in'),
    provedAt: timeOut.nullable().describe('When the person last proved who they are'),
    expiresAt: timeOut.nullable(),
    idleExpiresAt: timeOut.nullable().describe('When it ends without another request'),
    secondFactor: z.object({ totp: z.boolean(), passkeys: z.int(), recoveryCodesLeft: z.int() }).nullable(),
    hasPassword: z.boolean().nullable(),
    signIn: z.object({
      password: z.literal(true),
      passkey: z.boolean().describe('false where browsers take none: at an IP address, or without https'),
      singleSignOn: z.object({ label: z.string() }).nullable(),
      firstAdministrator: z
        .boolean()
        .describe('Nobody administers this Usher yet: its terminal shows a link, "usher admin-link" another'),
    }),
  })
  .meta({ id: 'Session' });
export type SessionOut = z.infer<typeof sessionSchema>;

export const stepSchema = z
  .object({
    next: z.enum(['done', 'set up a second factor', 'second factor']),
    methods: z.array(z.enum(['totp', 'passkey', 'recovery code'])).describe('For next "second factor"'),
    session: sessionSchema.nullable().describe('null while a second factor is to come'),
  })
  .meta({ id: 'SignInStep' });

export const factorSchema = z
  .object({
    recoveryCodes: z.array(z.string()).nullable().describe('Only when they were made now; shown once'),
    session: sessionSchema,
  })
  .meta({ id: 'FactorChange' });

/** What the sign-in page offers, whoever asks. */
export interface SignInOffer {
  readonly singleSignOn: { readonly label: string } | null;
  needsFirstAdministrator(): Promise<boolean>;
}

export async function describeSession(
  ground: AccessGround,
  offer: SignInOffer,
  visit: Visit,
  present: { signedIn: SignedIn; token: string } | undefined,
): Promise<SessionOut> {
  const signIn = {
    password: true as const,
    passkey: takesPasskeys(visit.origin),
    singleSignOn: offer.singleSignOn,
    firstAdministrator: present === undefined && (await offer.needsFirstAdministrator()),
  };
  if (!present) return { ...NOBODY, signIn };
  const { signedIn, token } = present;
  const person = await getOwnPerson(ground.pool, signedIn);
  return {
    signedIn: true,
    csrfToken: csrfTokenOf(token),
    person: { id: person.id, name: person.name, email: person.email, role: person.role },
    stage: signedIn.stage,
    scopes: signedIn.stage === 'full' ? expandScopes(ROLE_SCOPES[person.role]) : [],
    method: signedIn.method,
    provedAt: writeTime(signedIn.provedAt),
    expiresAt: writeTime(signedIn.expiresAt),
    idleExpiresAt: writeTime(signedIn.idleExpiresAt),
    secondFactor: {
      totp: person.hasTotp,
      passkeys: person.passkeys,
      recoveryCodesLeft: person.recoveryCodesLeft,
    },
    hasPassword: person.hasPassword,
    signIn,
  };
}

const NOBODY = {
  signedIn: false,
  csrfToken: null,
  person: null,
  stage: null,
  scopes: [],
  method: null,
  provedAt: null,
  expiresAt: null,
  idleExpiresAt: null,
  secondFactor: null,
  hasPassword: null,
};

/** The session that a step opened. */
export function sessionOfStep(step: SignInStep): OpenedSession | undefined {
  return step.next === 'second factor' ? undefined : step.session;
}
