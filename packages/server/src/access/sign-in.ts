import { writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import { hashPassword, isOutdated, verifyPassword } from './password.ts';
import { hasSecondFactor, type Person } from './person.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { actorOf, type OpenedSession, openSession } from './session.ts';
import { countSignInAttempt, forgiveSignInAttempts, takeBackAttempt } from './sign-in-limit.ts';
import { useRecoveryCode, useTotpStep } from './sql/factors.ts';
import { findPasswordHash, findPerson, findPersonByEmail, setPasswordHash } from './sql/people.ts';
import { type Attempt, findAttempt, insertAttempt, noteAttemptFailed, takeAttempt } from './sql/sign-in.ts';
import { hashToken, isTokenText, makeToken } from './token.ts';
import { openTotpStep } from './totp-secret.ts';

export type SecondFactor = 'totp' | 'passkey' | 'recovery code';

/** What comes after a step of a sign-in. */
export type SignInStep =
  | { readonly next: 'done'; readonly session: OpenedSession }
  | { readonly next: 'set up a second factor'; readonly session: OpenedSession }
  | { readonly next: 'second factor'; readonly methods: readonly SecondFactor[]; readonly attemptToken: string };

export const ATTEMPT_LASTS_MS = 10 * 60_000;
const MOST_FAILURES = 8;

/** A sign-in was not let through for too many that failed. */
export class TooManyAttempts extends Refusal {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super('rate_limited', `Too many sign-ins failed. Wait ${retryAfterSeconds} seconds, then try again.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The same words whether the person is not known here, is disabled, has no password or gave a wrong one. */
const WRONG = 'The e-mail address or the password is wrong.';

export async function signInByPassword(
  ground: AccessGround,
  visit: Visit,
  { email, password }: { email: string; password: string },
): Promise<SignInStep> {
  await admitAttempt(ground, visit, email);
  const person = await findPersonByEmail(ground.pool, email);
  const stored = person && (await findPasswordHash(ground.pool, person.id));
  const right = await verifyPassword(password, stored);
  if (!person || stored === undefined || !right || person.disabledAt !== null) {
    const reason = !person
      ? 'Nobody has this address'
      : person.disabledAt !== null
        ? 'The person is disabled'
        : 'The password is wrong';
    await auditFailure(ground, visit, person, reason);
    throw new Refusal('unauthenticated', WRONG);
  }
  await takeBackAttempt(ground.pool, email, visit.address);
  if (isOutdated(stored)) await renewHash(ground, person, password);
  return await continueAfterPassword(ground, visit, person);
}

/** Whoever has a second factor is asked for it; who has none gets a session in which one can be set up, and nothing else. */
export async function continueAfterPassword(ground: AccessGround, visit: Visit, person: Person): Promise<SignInStep> {
  if (!hasSecondFactor(person)) {
    const session = await inTransaction(ground.pool, (db) =>
      openSession(ground, db, person, visit, { stage: 'enrolling', method: 'password' }),
    );
    return { next: 'set up a second factor', session };
  }
  const attemptToken = await beginAttempt(ground, { personId: person.id, proved: 'password' });
  return { next: 'second factor', methods: methodsOf(person), attemptToken };
}

function methodsOf(person: Person): SecondFactor[] {
  const methods: SecondFactor[] = [];
  if (person.passkeys > 0) methods.push('passkey');
  if (person.hasTotp) methods.push('totp');
  if (person.recoveryCodesLeft > 0) methods.push('recovery code');
  return methods;
}

/** Remembers what was proved so far, under a token that only this browser gets. */
export async function beginAttempt(
  ground: AccessGround,
  attempt: Partial<Pick<Attempt, 'personId' | 'proved' | 'challenge' | 'payload'>>,
): Promise<string> {
  const token = makeToken();
  const now = ground.clock.now();
  const { personId = null, proved = null, challenge = null, payload = null } = attempt;
  const expiresAt = new Date(now.getTime() + ATTEMPT_LASTS_MS);
  await insertAttempt(ground.pool, hashToken(token), { personId, proved, challenge, payload, expiresAt }, now);
  return token;
}

/** What this browser's attempt has proved so far; undefined when there is none, or it came too late. */
export async function findAttemptOf(
  ground: AccessGround,
  { attemptToken }: Visit,
): Promise<(Attempt & { readonly hash: Buffer }) | undefined> {
  if (attemptToken === undefined || !isTokenText(attemptToken)) return undefined;
  const hash = hashToken(attemptToken);
  const attempt = await findAttempt(ground.pool, hash);
  return attempt && attempt.expiresAt > ground.clock.now() ? { ...attempt, hash } : undefined;
}

export async function signInByTotp(ground: AccessGround, visit: Visit, code: string): Promise<SignInStep> {
  return await secondStep(ground, visit, 'password and authenticator app', async (person) => {
    const step = await openTotpStep(ground, person.id, code);
    return step !== undefined && (await useTotpStep(ground.pool, person.id, step));
  });
}

export async function signInByRecoveryCode(ground: AccessGround, visit: Visit, code: string): Promise<SignInStep> {
  return await secondStep(ground, visit, 'password and recovery code', async (person) => {
    const now = ground.clock.now();
    return await useRecoveryCode(ground.pool, person.id, hashRecoveryCode(person.id, code), now);
  });
}

async function secondStep(
  ground: AccessGround,
  visit: Visit,
  method: string,
  check: (person: Person) => Promise<boolean>,
): Promise<SignInStep> {
  const attempt = await findAttemptOf(ground, visit);
  const person = attempt?.personId ? await findPerson(ground.pool, attempt.personId) : undefined;
  if (attempt?.proved !== 'password' || !person || person.disabledAt !== null) {
    throw new Refusal('unauthenticated', 'This sign-in has ended, or was begun in another browser. Start anew.');
  }
  if (attempt.failures >= MOST_FAILURES) {
    await takeAttempt(ground.pool, attempt.hash);
    throw new Refusal('unauthenticated', 'Too many codes were wrong. Start the sign-in anew.');
  }
  await admitAttempt(ground, visit, person.email);
  if (!(await check(person))) {
    await noteAttemptFailed(ground.pool, attempt.hash);
    await auditFailure(ground, visit, person, 'The second factor is wrong');
    throw new Refusal('unauthenticated', 'The code is wrong, or was used already. Wait for the next one.');
  }
  return await finishSignIn(ground, visit, person, method, attempt.hash);
}

/** Everything is proved: one session a sign-in, however many answers come at once. */
export async function finishSignIn(
  ground: AccessGround,
  visit: Visit,
  person: Person,
  method: string,
  attemptHash: Buffer | undefined,
): Promise<SignInStep> {
  const session = await inTransaction(ground.pool, async (db) => {
    if (attemptHash && !(await takeAttempt(db, attemptHash))) {
      throw new Refusal('unauthenticated', 'This sign-in has ended. Start anew.');
    }
    const opened = await openSession(ground, db, person, visit, { stage: 'full', method });
    const actor = {
      ...actorOf(opened.signedIn, visit.address),
      userAgent: visit.userAgent,
      requestId: visit.requestId,
    };
    await writeAudit(db, ground.clock.now(), actor, [
      { action: 'person.signed_in', entityKind: 'person', entityId: person.id, after: { method } },
    ]);
    return opened;
  });
  await forgiveSignInAttempts(ground.pool, person.email, visit.address);
  return { next: 'done', session };
}

/** Counts the attempt; throws when too many came before it. */
export async function admitAttempt(ground: AccessGround, visit: Visit, email: string): Promise<void> {
  const { waitSeconds, reached } = await countSignInAttempt(ground.pool, email, visit.address, ground.clock.now());
  for (const subject of reached) {
    ground.log.warn({ subject }, 'Too many sign-ins failed; further ones have to wait');
    await writeSystemAudit(ground, visit, { action: 'access.limited', entityKind: 'sign-in', entityId: subject });
  }
  if (waitSeconds > 0) throw new TooManyAttempts(waitSeconds);
}

/** Of strangers only that somebody tried: what they typed may be a password in the wrong field. */
export async function auditFailure(
  ground: AccessGround,
  visit: Visit,
  person: Person | undefined,
  reason: string,
): Promise<void> {
  const entityId = person?.id ?? 'unknown';
  await writeSystemAudit(ground, visit, { action: 'person.sign_in_failed', entityKind: 'person', entityId, reason });
}

async function writeSystemAudit(
  ground: AccessGround,
  visit: Visit,
  entry: Parameters<typeof writeAudit>[3][number],
): Promise<void> {
  const { address: origin, userAgent, requestId } = visit;
  const actor = { kind: 'system', name: 'access', origin, userAgent, requestId, through: 'console' } as const;
  await inTransaction(ground.pool, (db) => writeAudit(db, ground.clock.now(), actor, [entry]));
}

async function renewHash(ground: AccessGround, person: Person, password: string): Promise<void> {
  await setPasswordHash(ground.pool, person.id, await hashPassword(password), ground.clock.now());
}
