import { z } from 'zod';
import {
  acceptLink,
  assertFreshProof,
  beginPasskeySignIn,
  describeLink,
  signInByPasskey,
  signInByPassword,
  signInByRecoveryCode,
  signInByTotp,
  signOut,
} from '../access/index.ts';
import { Refusal } from '../refusal.ts';
import { assertCsrfToken } from './check-same-site.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { ownAccessRoutes } from './own-access-routes.ts';
import { sessionTokenOf, setAttemptCookie, setSessionCookie, visitOf } from './session-cookies.ts';
import {
  credentialResponse,
  emailIn,
  own,
  passwordIn,
  type SessionDeps,
  sendStep,
  signedInOf,
  TAGS,
} from './session-reply.ts';
import { describeSession, roleSchema, sessionSchema, stepSchema } from './session-schemas.ts';
import { timeOut, writeTime } from './wire.ts';

const open = { scope: 'none' } as const;
const linkToken = z.string().min(1).max(200).describe('What stands behind # in the link');

/** Signing in step by step, and what a person may change about their own sign-in. */
export function sessionRoutes(deps: SessionDeps): RouteFamily {
  return (app) => {
    registerSession(app, deps);
    registerSteps(app, deps);
    registerPasskeySteps(app, deps);
    registerLinks(app, deps);
    registerSingleSignOn(app, deps);
    ownAccessRoutes(deps)(app);
  };
}

function registerSession(app: HttpApp, deps: SessionDeps): void {
  const { ground, place, offer } = deps;
  app.get(
    '/session',
    {
      config: open,
      schema: {
        summary: 'Who is signed in in this browser, and how one can sign in',
        description: 'Answers also when nobody is signed in.',
        tags: TAGS,
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const token = sessionTokenOf(request, place);
      const visit = visitOf(request, place);
      const found =
        token === undefined ? undefined : await request.server.access.authenticateSession(token, visit.address);
      const signedIn = found?.kind === 'caller' ? found.caller.signedIn : undefined;
      const present = signedIn && token !== undefined ? { signedIn, token } : undefined;
      return await describeSession(ground, offer, visit, present);
    },
  );
  app.delete(
    '/session',
    { config: own, schema: { summary: 'Sign out in this browser', tags: TAGS, response: { 204: z.null() } } },
    async (request, reply) => {
      await signOut(ground, visitOf(request, place), signedInOf(request));
      setSessionCookie(reply, place, null);
      return reply.code(204).send(null);
    },
  );
}

function registerSteps(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  const response = { 200: stepSchema };
  app.post(
    '/session/password',
    {
      config: open,
      schema: {
        summary: 'First step: e-mail address and password',
        description: 'In a browser that is signed in it is a fresh proof of who one is, and opens the session anew.',
        tags: TAGS,
        body: z.strictObject({ email: emailIn, password: passwordIn }),
        response,
      },
    },
    async (request, reply) => {
      const step = await signInByPassword(ground, visitOf(request, place), request.body);
      return await sendStep(deps, request, reply, step);
    },
  );
  for (const [url, sign, summary] of [
    ['/session/totp', signInByTotp, 'Second step: the code that an authenticator app shows'],
    ['/session/recovery-code', signInByRecoveryCode, 'Second step: a recovery code, each good once'],
  ] as const) {
    app.post(
      url,
      {
        config: open,
        schema: { summary, tags: TAGS, body: z.strictObject({ code: z.string().min(1).max(60) }), response },
      },
      async (request, reply) => {
        const step = await sign(ground, visitOf(request, place), request.body.code);
        return await sendStep(deps, request, reply, step);
      },
    );
  }
}

function registerPasskeySteps(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.post(
    '/session/passkey/options',
    {
      config: open,
      schema: {
        summary: 'What the browser needs to sign by a passkey: as the second step, or instead of a password',
        tags: TAGS,
        body: z.strictObject({}),
        response: { 200: z.object({ options: z.looseObject({}).describe('PublicKeyCredentialRequestOptionsJSON') }) },
      },
    },
    async (request, reply) => {
      const { options, attemptToken } = await beginPasskeySignIn(ground, visitOf(request, place));
      setAttemptCookie(reply, place, attemptToken);
      return { options: { ...options } };
    },
  );
  app.post(
    '/session/passkey',
    {
      config: open,
      schema: {
        summary: 'Sign by a passkey',
        tags: TAGS,
        body: z.strictObject({ response: credentialResponse.describe('AuthenticationResponseJSON') }),
        response: { 200: stepSchema },
      },
    },
    async (request, reply) => {
      const step = await signInByPasskey(ground, visitOf(request, place), request.body.response as never);
      return await sendStep(deps, request, reply, step);
    },
  );
}

function registerLinks(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.post(
    '/session/link',
    {
      config: open,
      schema: {
        summary: 'What a one-time link is for; it is not used up',
        tags: TAGS,
        body: z.strictObject({ token: linkToken }),
        response: {
          200: z.object({
            kind: z.enum(['administrator', 'invitation', 'reset']),
            email: z.string().nullable(),
            name: z.string().nullable(),
            role: roleSchema,
            expiresAt: timeOut,
          }),
        },
      },
    },
    async (request) => {
      const link = await describeLink(ground, visitOf(request, place), request.body.token);
      return { ...link, expiresAt: writeTime(link.expiresAt) };
    },
  );
  app.post(
    '/session/link/accept',
    {
      config: open,
      schema: {
        summary: 'Use a one-time link: choose a password and go on to the second factor',
        tags: TAGS,
        body: z.strictObject({
          token: linkToken,
          password: passwordIn.describe('At least 12 characters'),
          email: emailIn.optional().describe('For the link of an administrator, which names nobody'),
          name: z.string().trim().min(1).max(200).optional(),
        }),
        response: { 200: stepSchema },
      },
    },
    async (request, reply) => {
      const step = await acceptLink(ground, visitOf(request, place), request.body);
      return await sendStep(deps, request, reply, step);
    },
  );
}

/** A path of the console and nothing else: what a browser could take for another host is not one. */
const RETURN_TO = /^\/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*$/;

function registerSingleSignOn(app: HttpApp, deps: SessionDeps): void {
  const { ground, place, signOn } = deps;
  app.post(
    '/session/single-sign-on',
    {
      config: open,
      schema: {
        summary: 'Begin a sign-in by the organisation’s OpenID provider',
        description: 'In a browser that is signed in it adds that identity to the person.',
        tags: TAGS,
        body: z.strictObject({ returnTo: z.string().max(2000).regex(RETURN_TO).default('/') }),
        response: { 200: z.object({ redirectTo: z.string() }) },
      },
    },
    async (request, reply) => {
      if (!signOn)
        throw new Refusal(
          'conflict',
          'Single sign-on is not set up here. Set USHER_OIDC_ISSUER, or sign in by password.',
        );
      const visit = visitOf(request, place);
      const present =
        visit.sessionToken === undefined
          ? undefined
          : await request.server.access.authenticateSession(visit.sessionToken, visit.address);
      const signedIn = present?.kind === 'caller' ? present.caller.signedIn : undefined;
      if (signedIn) {
        assertCsrfToken(request, visit.sessionToken ?? '');
        assertFreshProof(signedIn, ground.clock.now());
      }
      const { redirectTo, attemptToken } = await signOn.begin(visit, request.body.returnTo, signedIn?.personId);
      setAttemptCookie(reply, place, attemptToken);
      return { redirectTo };
    },
  );
  app.get(
    '/session/single-sign-on/callback',
    {
      config: open,
      schema: {
        summary: 'Where the OpenID provider sends the browser back to',
        tags: TAGS,
        querystring: z.object({}).catchall(z.string().max(8000)),
        response: { 303: z.null() },
      },
    },
    async (request, reply) => {
      const at = request.url.indexOf('?');
      try {
        if (!signOn) throw new Refusal('conflict', 'Single sign-on is not set up here.');
        const { step, returnTo } = await signOn.finish(
          visitOf(request, place),
          at < 0 ? '' : request.url.slice(at + 1),
        );
        await sendStep(deps, request, reply, step);
        return reply.redirect(RETURN_TO.test(returnTo) ? returnTo : '/', 303);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        setAttemptCookie(reply, place, null);
        const told = new URLSearchParams({ problem: error.code, detail: error.message });
        return reply.redirect(`/sign-in?${told}`, 303);
      }
    },
  );
}
