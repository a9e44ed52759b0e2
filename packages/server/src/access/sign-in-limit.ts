import type { Queryable } from '../db/index.ts';
import { networkOf } from './network-of.ts';
import { countAttempt, forgiveAttempts, uncountAttempt } from './sql/sign-in.ts';

interface Limit {
  readonly subject: string;
  /** So many at once; then one every `forgiveSeconds`. */
  readonly most: number;
  readonly forgiveSeconds: number;
}

/**
 * By person and network, so that a stranger's guesses do not keep the person out; by network, against one who tries many
 * people; by person, against one who has many networks. The last is wide, for it is also what a stranger could lock a person out by,
 * and passkeys do not come under it.
 */
function limitsOf(email: string, address: string): readonly [Limit, Limit, Limit] {
  const network = networkOf(address);
  const who = email.trim().toLowerCase().slice(0, 320);
  return [
    { subject: `person ${who} from ${network}`, most: 8, forgiveSeconds: 30 },
    { subject: `network ${network}`, most: 40, forgiveSeconds: 5 },
    { subject: `person ${who}`, most: 60, forgiveSeconds: 20 },
  ];
}

export interface CountedAttempt {
  /** Above 0 it is refused without being looked at. */
  readonly waitSeconds: number;
  /** Limits that this attempt was the first to go beyond. */
  readonly reached: readonly string[];
}

/** Counts an attempt as wrong before it is looked at; one that turns out right is taken back by `takeBack`. */
export async function countSignInAttempt(
  db: Queryable,
  email: string,
  address: string,
  now: Date,
): Promise<CountedAttempt> {
  let waitSeconds = 0;
  const reached: string[] = [];
  for (const { subject, most, forgiveSeconds } of limitsOf(email, address)) {
    const counted = await countAttempt(db, subject, now, { forgiveSeconds, most: most + 2 });
    if (counted <= most) continue;
    waitSeconds = Math.max(waitSeconds, Math.ceil((counted - most) * forgiveSeconds));
    if (counted <= most + 1) reached.push(subject);
  }
  return { waitSeconds, reached };
}

/** A step was right: it is not counted, and the steps of the sign-in that follow go on. */
export async function takeBackAttempt(db: Queryable, email: string, address: string): Promise<void> {
  for (const { subject } of limitsOf(email, address)) await uncountAttempt(db, subject);
}

/** After a whole sign-in; what others did from elsewhere stays counted. */
export async function forgiveSignInAttempts(db: Queryable, email: string, address: string): Promise<void> {
  await forgiveAttempts(db, limitsOf(email, address)[0].subject);
}
