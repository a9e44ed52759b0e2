import { z } from 'zod';
import {
  beginPasskeySetUp,
  changePassword,
  confirmTotp,
  createKey,
  endOwnSession,
  type FactorChange,
  finishPasskeySetUp,
  listKeys,
  listOwnPasskeys,
  listSessionsOfPerson,
  removePasskey,
  removeTotp,
  renewRecoveryCodes,
  revokeKey,
  setUpTotp,
  signOutEverywhere,
} from '../access/index.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { HttpApp, HttpReply, HttpRequest, RouteFamily } from './http-app.ts';
import { describeKey, keyOut, newKey } from './key-schemas.ts';
import { setAttemptCookie, setSessionCookie, visitOf } from './session-cookies.ts';
import { sessionOut, writeSession } from './session-list.ts';
import {
  credentialResponse,
  own,
  passwordIn,
  type SessionDeps,
  sendSession,
  signedInOf,
  TAGS,
} from './session-reply.ts';
import { factorSchema, sessionSchema } from './session-schemas.ts';
import { timeOut, writeTime } from './wire.ts';

const idParam = z.strictObject({ id: z.uuid() });
const LONGEST_KEY_MS = 366 * 86_400_000;

/** Second factors, password, sessions and keys of the person who is signed in. */
export function ownAccessRoutes(deps: SessionDeps): RouteFamily {
  return (app) => {
    registerTotp(app, deps);
    registerPasskeys(app, deps);
    registerPassword(app, deps);
    registerSessions(app, deps);
    registerKeys(app, deps);
  };
}

async function sendChange(deps: SessionDeps, request: HttpRequest, reply: HttpReply, change: FactorChange) {
  return {
    recoveryCodes: change.recoveryCodes,
    session: await sendSession(deps, request, reply, change.session),
  };
}

function registerTotp(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.post(
    '/session/totp/setup',
    {
      config: own,
      schema: {
        summary: 'Begin the set-up of an authenticator app',
        tags: TAGS,
        body: z.strictObject({}),
        response: {
          200: z.object({
            secret: z.string().describe('Base32, to be typed in'),
            uri: z.string().describe('To be shown as a QR code'),
          }),
        },
      },
    },
    async (request) => await setUpTotp(ground, signedInOf(request)),
  );
  app.post(
    '/session/totp/confirm',
    {
      config: own,
      schema: {
        summary: 'End the set-up by a code that the app shows',
        tags: TAGS,
        body: z.strictObject({ code: z.string().min(1).max(20) }),
        response: { 200: factorSchema },
      },
    },
    async (request, reply) => {
      const { code } = request.body;
      const change = await confirmTotp(ground, visitOf(request, place), signedInOf(request), code);
      return await sendChange(deps, request, reply, change);
    },
  );
  app.delete(
    '/session/totp',
    {
      config: own,
      schema: { summary: 'Remove the authenticator app', tags: TAGS, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      const { session } = await removeTotp(ground, visitOf(request, place), signedInOf(request));
      return await sendSession(deps, request, reply, session);
    },
  );
  app.post(
    '/session/recovery-codes',
    {
      config: own,
      schema: {
        summary: 'Make new recovery codes; the ones before are no longer good',
        tags: TAGS,
        body: z.strictObject({}),
        response: { 200: z.object({ recoveryCodes: z.array(z.string()) }) },
      },
    },
    async (request) => {
      const visit = visitOf(request, place);
      return { recoveryCodes: await renewRecoveryCodes(ground, visit, wholeSessionOf(request)) };
    },
  );
}

function registerPasskeys(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.post(
    '/session/passkeys/options',
    {
      config: own,
      schema: {
        summary: 'What the browser needs to make a passkey',
        tags: TAGS,
        body: z.strictObject({}),
        response: { 200: z.object({ options: z.looseObject({}).describe('PublicKeyCredentialCreationOptionsJSON') }) },
      },
    },
    async (request, reply) => {
      const { options, attemptToken } = await beginPasskeySetUp(ground, visitOf(request, place), signedInOf(request));
      setAttemptCookie(reply, place, attemptToken);
      return { options: { ...options } };
    },
  );
  app.post(
    '/session/passkeys',
    {
      config: own,
      schema: {
        summary: 'Keep the passkey that the browser made',
        tags: TAGS,
        body: z.strictObject({
          response: credentialResponse.describe('RegistrationResponseJSON'),
          name: z.string().trim().min(1).max(100).describe('To tell it from others, such as "Laptop"'),
        }),
        response: { 200: factorSchema },
      },
    },
    async (request, reply) => {
      const { response, name } = request.body;
      const made = { response: response as never, name };
      const change = await finishPasskeySetUp(ground, visitOf(request, place), signedInOf(request), made);
      return await sendChange(deps, request, reply, change);
    },
  );
  app.get(
    '/session/passkeys',
    {
      config: own,
      schema: {
        summary: 'List my passkeys',
        tags: TAGS,
        response: {
          200: z.object({
            items: z.array(
              z.object({
                id: z.uuid(),
                name: z.string(),
                createdAt: timeOut,
                lastUsedAt: timeOut.nullable(),
                backedUp: z.boolean().describe('Kept by its maker’s cloud too, rather than on one device alone'),
              }),
            ),
          }),
        },
      },
    },
    async (request) => ({
      items: (await listOwnPasskeys(ground, signedInOf(request))).map(
        ({ id, name, createdAt, lastUsedAt, backedUp }) => ({
          id,
          name,
          createdAt: writeTime(createdAt),
          lastUsedAt: writeTime(lastUsedAt),
          backedUp,
        }),
      ),
    }),
  );
  app.delete(
    '/session/passkeys/:id',
    {
      config: own,
      schema: { summary: 'Remove a passkey of mine', tags: TAGS, params: idParam, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { session } = await removePasskey(ground, visitOf(request, place), wholeSessionOf(request), id);
      return await sendSession(deps, request, reply, session);
    },
  );
}

function registerPassword(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.post(
    '/session/password/change',
    {
      config: own,
      schema: {
        summary: 'Change my password',
        description: 'Ends every other session of mine.',
        tags: TAGS,
        body: z.strictObject({
          current: passwordIn.optional().describe('Left out only by who has none yet'),
          next: passwordIn.describe('At least 12 characters'),
        }),
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const change = await changePassword(ground, visitOf(request, place), wholeSessionOf(request), request.body);
      return await sendSession(deps, request, reply, change.session);
    },
  );
}

function registerSessions(app: HttpApp, deps: SessionDeps): void {
  const { ground, place } = deps;
  app.get(
    '/session/sessions',
    {
      config: own,
      schema: { summary: 'List my sessions', tags: TAGS, response: { 200: z.object({ items: z.array(sessionOut) }) } },
    },
    async (request) => {
      const { personId, sessionId } = signedInOf(request);
      const sessions = await listSessionsOfPerson(ground, personId);
      return { items: sessions.map((session) => writeSession(session, sessionId)) };
    },
  );
  app.delete(
    '/session/sessions/:id',
    {
      config: own,
      schema: { summary: 'End one of my sessions', tags: TAGS, params: idParam, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const signedIn = signedInOf(request);
      await endOwnSession(ground, visitOf(request, place), signedIn, request.params.id);
      if (request.params.id === signedIn.sessionId) setSessionCookie(reply, place, null);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/session/sessions',
    {
      config: own,
      schema: {
        summary: 'Sign out everywhere, here too',
        tags: TAGS,
        response: { 200: z.object({ ended: z.int() }) },
      },
    },
    async (request, reply) => {
      const ended = await signOutEverywhere(ground, visitOf(request, place), signedInOf(request));
      setSessionCookie(reply, place, null);
      return { ended };
    },
  );
}

function registerKeys(app: HttpApp, { ground }: SessionDeps): void {
  app.get(
    '/session/keys',
    {
      config: own,
      schema: {
        summary: 'List my API keys',
        tags: TAGS,
        response: { 200: z.object({ items: z.array(keyOut) }) },
      },
    },
    async (request) => {
      const { personId } = wholeSessionOf(request);
      return { items: (await listKeys(ground, undefined, 500, personId)).map(describeKey) };
    },
  );
  app.post(
    '/session/keys',
    {
      config: own,
      schema: {
        summary: 'Make an API key of mine',
        description: 'It may do what its scopes say, as far as I may do it myself, and ends with me.',
        tags: TAGS,
        body: newKey.required({ expiresAt: true }),
        response: { 201: keyOut.extend({ key: z.string() }).meta({ id: 'NewApiKey' }) },
      },
    },
    async (request, reply) => {
      const { personId } = wholeSessionOf(request);
      const { caller } = request;
      if (!caller) throw new Error('A session without a caller');
      if (request.body.expiresAt.getTime() > ground.clock.now().getTime() + LONGEST_KEY_MS) {
        throw refuseField('invalid_value', 'expiresAt', 'is more than a year away', 'Give a time within a year.');
      }
      const { key, stored } = await createKey(ground, caller, { ...request.body, personId });
      return reply.code(201).send({ ...describeKey(stored), key });
    },
  );
  app.delete(
    '/session/keys/:id',
    {
      config: own,
      schema: { summary: 'Revoke an API key of mine', tags: TAGS, params: idParam, response: { 200: keyOut } },
    },
    async (request) => {
      const { personId } = wholeSessionOf(request);
      const { caller } = request;
      if (!caller) throw new Error('A session without a caller');
      return describeKey(await revokeKey(ground, caller, request.params.id, personId));
    },
  );
}

/** Setting up the first second factor is all that a session without one is for. */
function wholeSessionOf(request: HttpRequest) {
  const signedIn = signedInOf(request);
  if (signedIn.stage === 'full') return signedIn;
  throw new Refusal('forbidden', 'Set up a second factor first: a passkey or an authenticator app.');
}
