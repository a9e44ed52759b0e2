import { z } from 'zod';
import type { AccessGround, OpenedSession, SignedIn, SignInStep, SingleSignOn } from '../access/index.ts';
import type { ListeningPlace } from './check-host.ts';
import type { HttpReply, HttpRequest } from './http-app.ts';
import { setAttemptCookie, setSessionCookie, visitOf } from './session-cookies.ts';
import { describeSession, type SessionOut, type SignInOffer, sessionOfStep } from './session-schemas.ts';

/** What the routes of sessions need. */
export interface SessionDeps {
  readonly ground: AccessGround;
  readonly place: ListeningPlace;
  readonly offer: SignInOffer;
  readonly signOn?: SingleSignOn | undefined;
}

export const TAGS = ['session'];
export const own = { scope: 'session' } as const;

/** What browsers give for a passkey (WebAuthn level 3, section 5.1); the members that count are checked by its library. */
export const credentialResponse = z.looseObject({
  id: z.string().max(2000),
  rawId: z.string().max(2000),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.string().max(20_000) }),
});

export const passwordIn = z.string().min(1).max(1024);
export const emailIn = z
  .string()
  .trim()
  .max(320)
  .regex(/^[^\s@<>"]+@[^\s@<>"]+$/);

export function signedInOf(request: HttpRequest): SignedIn {
  const signedIn = request.caller?.signedIn;
  if (!signedIn) throw new Error('A route of sessions was reached without one');
  return signedIn;
}

export async function sendStep(deps: SessionDeps, request: HttpRequest, reply: HttpReply, step: SignInStep) {
  const opened = sessionOfStep(step);
  if (step.next === 'second factor') setAttemptCookie(reply, deps.place, step.attemptToken);
  return {
    next: step.next,
    methods: step.next === 'second factor' ? [...step.methods] : [],
    session: opened ? await sendSession(deps, request, reply, opened) : null,
  };
}

/** Gives the browser its new session; what was between the steps is over. */
export async function sendSession(
  { ground, place, offer }: SessionDeps,
  request: HttpRequest,
  reply: HttpReply,
  { token, signedIn }: OpenedSession,
): Promise<SessionOut> {
  setSessionCookie(reply, place, token);
  setAttemptCookie(reply, place, null);
  return await describeSession(ground, offer, visitOf(request, place), { signedIn, token });
}
