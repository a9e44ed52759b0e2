import { isIP } from 'node:net';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { Refusal } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import type { SignedIn } from './caller.ts';
import type { Person } from './person.ts';
import { assertAnotherFactor, changeFactors, type FactorChange, getOwnPerson } from './second-factors.ts';
import { assertFreshProof } from './session.ts';
import { auditFailure, beginAttempt, findAttemptOf, finishSignIn, type SignInStep } from './sign-in.ts';
import {
  deletePasskey,
  findPasskey,
  insertPasskey,
  listPasskeys,
  notePasskeyUsed,
  type PasskeyRow,
} from './sql/factors.ts';
import { findPerson } from './sql/people.ts';
import { setChallenge, takeAttempt, takeChallenge } from './sql/sign-in.ts';

const TIMEOUT_MS = 300_000;
const MOST_PASSKEYS = 20;

/** Browsers bind passkeys to a name, and to https or this machine (WebAuthn level 3, section 5.1.2). */
export function takesPasskeys(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  const name = hostname.replace(/^\[|\]$/g, '');
  return isIP(name) === 0 && (protocol === 'https:' || name === 'localhost' || name.endsWith('.localhost'));
}

function relyingPartyOf({ origin }: Visit): { rpID: string; expectedOrigin: string } {
  if (!takesPasskeys(origin)) {
    throw new Refusal(
      'conflict',
      `Passkeys need a name and https, and this is ${origin}. Set USHER_PUBLIC_URL to an https address, or open Usher at localhost; or use an authenticator app.`,
    );
  }
  return { rpID: new URL(origin).hostname, expectedOrigin: origin };
}

export async function beginPasskeySetUp(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; attemptToken: string }> {
  assertFreshProof(signedIn, ground.clock.now());
  const { rpID } = relyingPartyOf(visit);
  const person = await getOwnPerson(ground.pool, signedIn);
  const known = await listPasskeys(ground.pool, person.id);
  if (known.length >= MOST_PASSKEYS)
    throw new Refusal('conflict', `You have ${known.length} passkeys. Remove one first.`);
  const options = await generateRegistrationOptions({
    rpName: 'Usher',
    rpID,
    userName: person.email,
    userDisplayName: person.name,
    userID: new Uint8Array(Buffer.from(person.id.replaceAll('-', ''), 'hex')),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    excludeCredentials: known.map(toDescriptor),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  const attemptToken = await beginAttempt(ground, {
    personId: person.id,
    challenge: options.challenge,
    payload: { purpose: 'passkey set-up', session: signedIn.sessionId },
  });
  return { options, attemptToken };
}

export async function finishPasskeySetUp(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
  { response, name }: { response: RegistrationResponseJSON; name: string },
): Promise<FactorChange> {
  assertFreshProof(signedIn, ground.clock.now());
  const { rpID, expectedOrigin } = relyingPartyOf(visit);
  const attempt = await findAttemptOf(ground, visit);
  const isOurs = attempt?.personId === signedIn.personId && attempt.payload?.['session'] === signedIn.sessionId;
  const taken = attempt && isOurs ? await takeAttempt(ground.pool, attempt.hash) : undefined;
  if (!taken?.challenge) throw new Refusal('conflict', 'The set-up of this passkey has ended. Begin it anew.');
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: taken.challenge,
    expectedOrigin,
    expectedRPID: rpID,
    requireUserVerification: false,
  }).catch((error: unknown) => refuseResponse(ground, error));
  if (!verified.verified) return refuseResponse(ground, 'not verified');
  const { credential, credentialBackedUp } = verified.registrationInfo;
  return await changeFactors(ground, visit, signedIn, 'person.passkey_added', 'passkey', async (db, person) => {
    if (await findPasskey(db, credential.id))
      throw new Refusal('already_exists', 'This passkey is known here already.');
    await insertPasskey(db, {
      id: ground.clock.uuid(),
      personId: person.id,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      name,
      backedUp: credentialBackedUp,
      createdAt: ground.clock.now(),
    });
  });
}

export async function removePasskey(
  ground: AccessGround,
  visit: Visit,
  signedIn: SignedIn,
  id: string,
): Promise<FactorChange> {
  assertFreshProof(signedIn, ground.clock.now());
  return await changeFactors(ground, visit, signedIn, 'person.passkey_removed', undefined, async (db, person) => {
    if (!(await deletePasskey(db, id, person.id))) throw new Refusal('not_found', `You have no passkey ${id}.`);
    assertAnotherFactor({ ...person, passkeys: person.passkeys - 1 });
  });
}

/** As the second factor after a password, or as the whole sign-in, for which the passkey itself asks for a PIN or finger. */
export async function beginPasskeySignIn(
  ground: AccessGround,
  visit: Visit,
): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; attemptToken: string }> {
  const { rpID } = relyingPartyOf(visit);
  const attempt = await findAttemptOf(ground, visit);
  const isSecond = attempt?.proved === 'password' && attempt.personId !== null;
  const known = isSecond && attempt.personId ? await listPasskeys(ground.pool, attempt.personId) : [];
  const options = await generateAuthenticationOptions({
    rpID,
    timeout: TIMEOUT_MS,
    userVerification: isSecond ? 'preferred' : 'required',
    ...(isSecond ? { allowCredentials: known.map(toDescriptor) } : {}),
  });
  if (isSecond && visit.attemptToken !== undefined) {
    await setChallenge(ground.pool, attempt.hash, options.challenge);
    return { options, attemptToken: visit.attemptToken };
  }
  return { options, attemptToken: await beginAttempt(ground, { challenge: options.challenge }) };
}

export async function signInByPasskey(
  ground: AccessGround,
  visit: Visit,
  response: AuthenticationResponseJSON,
): Promise<SignInStep> {
  const { rpID, expectedOrigin } = relyingPartyOf(visit);
  const attempt = await findAttemptOf(ground, visit);
  const challenge = attempt && (await takeChallenge(ground.pool, attempt.hash));
  if (!attempt || challenge === undefined || attempt.payload !== null) {
    throw new Refusal('unauthenticated', 'This sign-in has ended, or was begun in another browser. Start anew.');
  }
  const passkey = await findPasskey(ground.pool, response.id);
  const person = passkey && (await findPerson(ground.pool, passkey.personId));
  const isSecond = attempt.proved === 'password';
  if (!passkey || !person || person.disabledAt !== null || (isSecond && attempt.personId !== person.id)) {
    await auditFailure(ground, visit, person, 'The passkey is not known here');
    throw new Refusal('unauthenticated', 'This passkey is not known here. Use another one, or sign in otherwise.');
  }
  await assertSigned(ground, visit, { passkey, person, response, challenge, rpID, expectedOrigin, isSecond });
  return await finishSignIn(ground, visit, person, isSecond ? 'password and passkey' : 'passkey', attempt.hash);
}

interface SignedResponse {
  readonly passkey: PasskeyRow;
  readonly person: Person;
  readonly response: AuthenticationResponseJSON;
  readonly challenge: string;
  readonly rpID: string;
  readonly expectedOrigin: string;
  readonly isSecond: boolean;
}

async function assertSigned(ground: AccessGround, visit: Visit, signed: SignedResponse): Promise<void> {
  const { passkey, person, response, challenge, rpID, expectedOrigin, isSecond } = signed;
  const fail = async (reason: string): Promise<never> => {
    await auditFailure(ground, visit, person, reason);
    throw new Refusal('unauthenticated', 'The passkey did not sign this. Try again.');
  };
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin,
    expectedRPID: rpID,
    // Alone it stands for both factors: having it, and knowing its PIN or being the one whose finger it knows.
    requireUserVerification: !isSecond,
    credential: {
      id: passkey.credentialId,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
      transports: passkey.transports as never,
    },
  }).catch((error: unknown) => fail(`The passkey's answer is wrong: ${(error as Error).message}`));
  if (!verified.verified) await fail('The signature of the passkey is wrong');
  const { newCounter: counter, credentialBackedUp: backedUp } = verified.authenticationInfo;
  const use = { counter, backedUp, now: ground.clock.now() };
  if (!(await notePasskeyUsed(ground.pool, passkey.id, use)))
    await fail('The counter of the passkey went back: it may be a copy');
}

export async function listOwnPasskeys(ground: AccessGround, signedIn: SignedIn): Promise<PasskeyRow[]> {
  return await listPasskeys(ground.pool, signedIn.personId);
}

function toDescriptor({ credentialId, transports }: PasskeyRow) {
  return { id: credentialId, transports: transports as never };
}

function refuseResponse(ground: AccessGround, error: unknown): never {
  ground.log.info({ err: error }, 'A passkey was not taken');
  throw new Refusal('invalid_value', 'The browser’s answer for this passkey is not valid. Begin its set-up anew.', [
    { field: 'response', problem: 'is not what this set-up asked for', fix: 'Begin the set-up of the passkey anew.' },
  ]);
}
