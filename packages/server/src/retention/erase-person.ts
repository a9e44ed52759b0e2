import type { Actor } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { markReportsOf, markUsers } from '../marking/index.ts';
import { REASON_CODES, type Reason } from '../planning/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import {
  eraseMentions,
  eraseOwn,
  eraseOwnAudit,
  listIdentifyingValues,
  listUnfinished,
  lockPerson,
  recordErasure,
} from './sql/erasure.ts';

export interface Erasure {
  readonly userId: string;
  readonly reason: string;
  /** Also while the user is not deleted, or something is still to be done at a target. */
  readonly force: boolean;
  /** Does everything and takes it back: what it says is what would happen. */
  readonly dryRun: boolean;
}

export interface ErasureResult {
  readonly dryRun: boolean;
  readonly rows: {
    user: number;
    assignments: number;
    links: number;
    requests: number;
    logLines: number;
    holds: number;
    /** What rollouts kept of their accounts goes with them. */
    dismissals: number;
    planned: number;
    audit: number;
    /** Rows of others that named the person. */
    mentions: number;
  };
  /** What was still to be done at targets, and went on because of `force`. */
  readonly unfinished: { app: string; why: string }[];
}

/**
 * Erases what Usher stores of one person, everywhere but in backups: their record, what was sent and read of their
 * accounts, and where others' records name them. What happened, when and by whom stays, under an id that says nothing.
 */
export async function erasePerson(ground: Ground, actor: Actor, erasure: Erasure): Promise<ErasureResult> {
  let result: ErasureResult | undefined;
  await inTransaction(ground.pool, async (db) => {
    const now = ground.clock.now();
    const { userId, force, dryRun, reason } = erasure;
    const person = await lockPerson(db, userId);
    if (!person) throw new Refusal('not_found', `There is no user ${userId}.`);
    const unfinished = await listUnfinished(db, userId);
    if (!force) assertFinished(person.isDeleted, unfinished);
    const pattern = buildPattern(await listIdentifyingValues(db, userId));
    const erasureId = await recordErasure(db, { now, actor, userId, reason, after: { force, unfinished } });
    if (!person.isDeleted) await markReportsOf(db, now, [userId]);
    const audit = await eraseOwnAudit(db, userId, erasureId, pattern);
    const own = await eraseOwn(db, userId, now, DEPARTED);
    const mentions = await eraseMentions(db, userId, erasureId, pattern);
    // What is still to be done at targets is planned anew, from what is left.
    if (!person.isDeleted || unfinished.length > 0) await markUsers(db, now, [userId]);
    result = { dryRun, unfinished, rows: { ...(own as ErasureResult['rows']), audit, mentions } };
    if (dryRun) throw new TakenBack();
  }).catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
  if (!result) throw new Error('An erasure gives its result');
  if (!erasure.dryRun) ground.log.info({ user: erasure.userId, rows: result.rows }, 'Erased a person');
  return result;
}

/** As the engine leaves a link whose user is deleted and has no account: nothing is searched at the target any more. */
const DEPARTED: Reason = {
  code: 'user_deleted',
  message: REASON_CODES.user_deleted,
  nextStep: 'Nothing to do: the person was erased',
};

class TakenBack extends Error {}

function assertFinished(isDeleted: boolean, unfinished: { app: string; why: string }[]): void {
  const problems: FieldProblem[] = unfinished.map(({ app, why }) => ({
    field: app,
    problem: why,
    fix: 'Wait until it is done, or erase with force and see to the account yourself.',
  }));
  if (!isDeleted) {
    problems.unshift({
      field: 'path.user',
      problem: 'is not deleted',
      fix: 'Delete the user first, so that their accounts are deprovisioned, or erase with force.',
    });
  }
  if (problems.length === 0) return;
  const told = problems.map(({ field, problem }) => `${field} ${problem}`).join('; ');
  throw new Refusal('conflict', `The person is not erased: ${told}.`, problems);
}

/**
 * A regular expression of PostgreSQL that finds these values, also as they stand in URLs and in JSON texts. Whole values only, so
 * that nobody else's longer one is torn apart.
 */
export function buildPattern(values: readonly string[]): string {
  const forms = new Set<string>();
  for (const value of values) {
    forms.add(`(?<![[:alnum:]._+-])${escapePattern(value)}(?![[:alnum:]_-])`);
    const quoted = JSON.stringify(value).slice(1, -1);
    // Bodies are texts of JSON within the JSON of an exchange.
    for (const form of [encodeURIComponent(value), quoted, JSON.stringify(quoted).slice(1, -1)]) {
      if (form !== value) forms.add(escapePattern(form));
    }
  }
  // Without any value it finds nothing: no text goes on after its end.
  return forms.size === 0 ? '$.' : [...forms].join('|');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
