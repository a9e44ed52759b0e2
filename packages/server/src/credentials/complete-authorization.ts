import { timingSafeEqual } from 'node:crypto';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { attemptContextOf, hashSettings, hashText, writeBeginner } from './begin-authorization.ts';
import type { CredentialChange } from './credential-change.ts';
import type { CredentialGround } from './credential-ground.ts';
import { type OpenedOAuth, openOAuth } from './open-oauth.ts';
import { type AnswerRefusalReason, RefusedAnswer } from './refused-answer.ts';
import { requestTokens } from './request-tokens.ts';
import { type AuthorizationAttempt, findAttempt, takeAttempt } from './sql/attempts.ts';
import { findCredentialApp } from './sql/find-app.ts';
import { storeAuthorization } from './store-authorization.ts';
import type { TokenFailure } from './token-failure.ts';

/** Who brings the answer: the browser it came to, by its cookie, or whoever began it and pastes it. */
export type AnswerBearer =
  | { readonly kind: 'browser'; readonly secret: string | undefined }
  | { readonly kind: 'caller'; readonly actor: Pick<Actor, 'kind' | 'name'> };

export interface ReceivedAnswer {
  /** The path that it came to, with what precedes it left out: `/oauth/callback/Chat`. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly bearer: AnswerBearer;
  /** The app that the answer is given for, where that is said beside it. */
  readonly appId?: number | undefined;
  /** Who it is written down as: the browser's request, or the caller. */
  readonly actor: Actor;
}

/** Runs a change of an app in a transaction, on behalf of who began the authorization. */
export type ChangeApp = <Result>(
  appId: number,
  onBehalfOf: Pick<Actor, 'kind' | 'name'>,
  work: (change: CredentialChange) => Promise<Result>,
) => Promise<Result>;

export interface CompletedAuthorization {
  readonly appId: number;
  readonly appName: string;
  readonly returnTo: string | null;
}

const EXCHANGE_MS = 25_000;

/**
 * Takes the answer of an authorization: checks that it is one that was begun here, in this browser, with these settings,
 * by this authorization server, and not used before; exchanges its code, and stores the tokens. Throws a RefusedAnswer,
 * written down, for everything else.
 */
export async function completeAuthorization(
  ground: CredentialGround,
  received: ReceivedAnswer,
  changeApp: ChangeApp,
): Promise<CompletedAuthorization> {
  try {
    return await complete(ground, received, changeApp);
  } catch (error) {
    if (error instanceof RefusedAnswer) await writeDown(ground, received.actor, error);
    throw error;
  }
}

async function complete(
  ground: CredentialGround,
  received: ReceivedAnswer,
  changeApp: ChangeApp,
): Promise<CompletedAuthorization> {
  const { pool, clock, vault } = ground;
  const parameters = readParameters(received.parameters);
  const attempt = await findAttempt(pool, hashText(parameters.state));
  if (!attempt) throw new RefusedAnswer('unknown_state');
  const { appId } = attempt;
  const refuse = (reason: AnswerRefusalReason, particulars?: string) =>
    new RefusedAnswer(reason, { particulars, appId });
  const misfit = checkBearer(attempt, received) ?? checkAttempt(attempt, received, clock.now());
  if (misfit) throw refuse(misfit);
  const opened = await openOAuth(ground, pool, appId);
  const { stored } = opened;
  if (hashSettings(stored, attempt.callbackUrl) !== attempt.settingsHash) throw refuse('settings_changed');
  // Before anything is sent: of two answers with one state, one goes on.
  if (!(await takeAttempt(pool, attempt.id, clock.now()))) throw refuse('used_state');
  checkIssuer(opened, parameters.iss, refuse);
  if (parameters.error !== undefined) throw refuse('denied', quote(parameters.error, parameters.errorDescription));
  if (parameters.code === undefined) throw refuse('malformed', 'It has neither a code nor an error.');
  const { verifier, nonce } = JSON.parse(vault.open(attempt.sealed, attemptContextOf(appId, attempt.id)).reveal()) as {
    verifier: string;
    nonce?: string;
  };
  const answerUrl = new URL(attempt.callbackUrl);
  answerUrl.search = received.parameters.toString();
  const request = { kind: 'code', answerUrl, state: parameters.state, verifier, nonce } as const;
  const result = await requestTokens(ground, opened, request, { totalMs: EXCHANGE_MS });
  if (!result.ok) throw refuse(reasonOf(result.failure), result.failure.targetSaid ?? result.failure.message);
  const appName = await changeApp(appId, readBeginner(attempt.begunBy), async (change) => {
    const again = await openOAuth(ground, change.db, appId);
    if (hashSettings(again.stored, attempt.callbackUrl) !== attempt.settingsHash) throw refuse('settings_changed');
    await storeAuthorization(ground, change, again, result);
    return change.app.name;
  });
  return { appId, appName, returnTo: attempt.returnTo };
}

function readBeginner(text: string): Pick<Actor, 'kind' | 'name'> {
  const [kind, name] = JSON.parse(text) as [Actor['kind'], string];
  return { kind, name };
}

interface Parameters {
  readonly state: string;
  readonly code: string | undefined;
  readonly iss: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
}

/** RFC 6749 section 3.1: no parameter more than once. */
function readParameters(parameters: URLSearchParams): Parameters {
  const read = (name: string): string | undefined => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw new RefusedAnswer('malformed', { particulars: `It names ${name} more than once.` });
    return values[0] === undefined || values[0] === '' ? undefined : values[0];
  };
  const [state, code, iss, error] = [read('state'), read('code'), read('iss'), read('error')];
  if (state === undefined || state.length > 200)
    throw new RefusedAnswer('malformed', { particulars: 'It has no state.' });
  if ((code?.length ?? 0) > 8_192)
    throw new RefusedAnswer('malformed', { particulars: 'Its code is longer than any.' });
  return { state, code, iss, error, errorDescription: read('error_description') };
}

function checkBearer(attempt: AuthorizationAttempt, { bearer }: ReceivedAnswer): AnswerRefusalReason | undefined {
  if (bearer.kind === 'caller') return writeBeginner(bearer.actor) === attempt.begunBy ? undefined : 'other_caller';
  if (attempt.browserHash === null || bearer.secret === undefined) return 'other_browser';
  return timingSafeEqual(hashText(bearer.secret), attempt.browserHash) ? undefined : 'other_browser';
}

function checkAttempt(
  attempt: AuthorizationAttempt,
  { path, appId }: ReceivedAnswer,
  now: Date,
): AnswerRefusalReason | undefined {
  if (attempt.usedAt !== null) return 'used_state';
  if (attempt.expiresAt <= now) return 'expired_state';
  if (appId !== undefined && attempt.appId !== appId) return 'wrong_callback';
  // Behind a proxy the public URL may have a path of its own in front.
  return new URL(attempt.callbackUrl).pathname.endsWith(path) ? undefined : 'wrong_callback';
}

/** RFC 9207 section 2.4: compared character by character, and missed where it was promised. */
function checkIssuer(
  { stored: { settings } }: OpenedOAuth,
  iss: string | undefined,
  refuse: (reason: AnswerRefusalReason, particulars?: string) => RefusedAnswer,
): void {
  const expected = settings.issuer ?? new URL(settings.endpoints.token).origin;
  if (iss === undefined) {
    if (settings.promises.iss) throw refuse('missing_issuer');
  } else if (iss !== expected) {
    throw refuse('wrong_issuer', `It names ${JSON.stringify(iss.slice(0, 200))}.`);
  }
}

function reasonOf({ kind }: TokenFailure): AnswerRefusalReason {
  if (kind === 'not sent' || kind === 'busy') return 'target_unreachable';
  return kind === 'unknown' ? 'tokens_unusable' : 'code_refused';
}

function quote(error: string, description: string | undefined): string {
  const printable = (text: string): string =>
    text.replace(/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/g, ' ').slice(0, 300);
  return `It says: ${printable(error)}${description === undefined ? '' : `, ${printable(description)}`}.`;
}

/** An answer to a state that was never given out is anybody's noise, and goes to the log alone. */
async function writeDown(ground: CredentialGround, actor: Actor, refused: RefusedAnswer): Promise<void> {
  const { appId, reason, particulars } = refused;
  ground.log.warn({ appId, reason, particulars, origin: actor.origin }, 'Refused the answer of an authorization');
  if (appId === undefined) return;
  const app = await findCredentialApp(ground.pool, appId);
  const entry = {
    ...{ action: `authorization.refused`, entityKind: 'app', entityId: app?.name ?? String(appId), appId },
    ...{ reason, after: { particulars } },
  };
  await inTransaction(ground.pool, (db) => writeAudit(db, ground.clock.now(), actor, [entry]));
}
