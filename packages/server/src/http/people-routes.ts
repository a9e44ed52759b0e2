import { z } from 'zod';
import {
  type Caller,
  changePerson,
  deletePerson,
  endSessionsOfPerson,
  getPerson,
  invitePerson,
  listPeople,
  listSessionsOfPerson,
  type MadeLink,
  makePersonLink,
  type Person,
} from '../access/index.ts';
import type { Ground } from '../ground.ts';
import type { ListeningPlace } from './check-host.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, HttpReply, HttpRequest, RouteFamily } from './http-app.ts';
import { buildPage, PAGE_QUERY, pageOf, parseCursor } from './page.ts';
import { ownOriginOf } from './session-cookies.ts';
import { sessionOut, writeSession } from './session-list.ts';
import { emailIn } from './session-reply.ts';
import { roleSchema } from './session-schemas.ts';
import { timeOut, writeTime } from './wire.ts';

const tags = ['people'];
const read = { scope: 'people:read' } as const;
const write = { scope: 'people:write' } as const;
const params = z.strictObject({ person: z.uuid() });
const nameIn = z.string().trim().min(1).max(200);

const personOut = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    state: z.enum(['invited', 'active', 'disabled']).describe('invited: has not come in yet'),
    hasPassword: z.boolean(),
    secondFactor: z.object({ totp: z.boolean(), passkeys: z.int(), recoveryCodesLeft: z.int() }),
    singleSignOn: z.boolean(),
    createdAt: timeOut,
    createdBy: z.string(),
    updatedAt: timeOut,
    lastSignInAt: timeOut.nullable(),
    disabledAt: timeOut.nullable(),
  })
  .meta({ id: 'Person' });
const linkOut = z
  .object({ url: z.string().describe('Good once. Shown only now'), expiresAt: timeOut })
  .meta({ id: 'OneTimeLink' });

/** Who works with Usher, and in which role. */
export function peopleRoutes(ground: Ground, place: ListeningPlace): RouteFamily {
  return (app) => {
    registerReads(app, ground);
    registerChanges(app, ground, place);
    registerAccess(app, ground, place);
  };
}

function registerReads(app: HttpApp, ground: Ground): void {
  app.get(
    '/people',
    {
      config: read,
      schema: {
        summary: 'List people',
        tags,
        querystring: z.strictObject({ ...PAGE_QUERY, role: roleSchema.optional(), email: emailIn.optional() }),
        response: { 200: pageOf(personOut) },
      },
    },
    async (request) => {
      const { limit, cursor, role, email } = request.query;
      const after = parseCursor(cursor, 'people', z.tuple([z.uuid()]))?.[0];
      const people = await listPeople(ground, { after, role, email, limit: limit + 1 });
      return buildPage(people.map(writePerson), limit, 'people', (person) => [person.id]);
    },
  );
  app.get(
    '/people/:person',
    { config: read, schema: { summary: 'Show a person', tags, params, response: { 200: personOut } } },
    async (request, reply) => sendPerson(reply, await getPerson(ground.pool, request.params.person)),
  );
  app.get(
    '/people/:person/sessions',
    {
      config: read,
      schema: {
        summary: 'List the sessions of a person',
        tags,
        params,
        response: { 200: z.object({ items: z.array(sessionOut) }) },
      },
    },
    async (request) => {
      const { id } = await getPerson(ground.pool, request.params.person);
      const sessions = await listSessionsOfPerson(ground, id);
      return { items: sessions.map((session) => writeSession(session, request.caller?.signedIn?.sessionId)) };
    },
  );
}

function registerChanges(app: HttpApp, ground: Ground, place: ListeningPlace): void {
  app.post(
    '/people',
    {
      config: write,
      schema: {
        summary: 'Invite a person',
        description:
          'The answer holds the link by which they come in: hand it to them. Nobody gives a role that may do more than they may.',
        tags,
        body: z.strictObject({ email: emailIn, name: nameIn, role: roleSchema }),
        response: { 201: personOut.extend({ link: linkOut }).meta({ id: 'InvitedPerson' }) },
      },
    },
    async (request, reply) => {
      const { person, link } = await invitePerson(ground, callerOf(request), request.body);
      reply.code(201).header('location', `/api/v1/people/${person.id}`);
      return { ...sendPerson(reply, person), link: writeLink(request, place, link) };
    },
  );
  app.patch(
    '/people/:person',
    {
      config: { ...write, ifMatch: true },
      schema: {
        summary: 'Change a person',
        description: 'In force at their next request. The last administrator who can sign in stays one.',
        tags,
        params,
        body: z.strictObject({
          email: emailIn.optional(),
          name: nameIn.optional(),
          role: roleSchema.optional(),
          disabled: z.boolean().optional().describe('Signs them out everywhere, and their keys are refused'),
        }),
        response: { 200: personOut },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { person } = request.params;
      return sendPerson(reply, await changePerson(ground, callerOf(request), person, request.body, expected));
    },
  );
  app.delete(
    '/people/:person',
    {
      config: write,
      schema: {
        summary: 'Delete a person',
        description:
          'With their sessions and keys. What they did stays in the audit. The last administrator cannot be deleted.',
        tags,
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await deletePerson(ground, callerOf(request), request.params.person);
      return reply.code(204).send(null);
    },
  );
}

function registerAccess(app: HttpApp, ground: Ground, place: ListeningPlace): void {
  app.post(
    '/people/:person/link',
    {
      config: write,
      schema: {
        summary: 'Make a one-time link for a person: a new invitation, or one to choose a new password',
        tags,
        params,
        body: z.strictObject({
          kind: z.enum(['invitation', 'reset']),
          secondFactor: z
            .boolean()
            .default(false)
            .describe('Also takes away passkeys, authenticator app and recovery codes, and ends every session'),
        }),
        response: { 201: linkOut },
      },
    },
    async (request, reply) => {
      const link = await makePersonLink(ground, callerOf(request), request.params.person, request.body);
      return reply.code(201).send(writeLink(request, place, link));
    },
  );
  app.delete(
    '/people/:person/sessions',
    {
      config: write,
      schema: {
        summary: 'Sign a person out everywhere',
        tags,
        params,
        response: { 200: z.object({ ended: z.int() }) },
      },
    },
    async (request) => ({ ended: await endSessionsOfPerson(ground, callerOf(request), request.params.person) }),
  );
}

function callerOf(request: HttpRequest): Caller {
  if (!request.caller) throw new Error('A route of people was reached without a caller');
  return request.caller;
}

function sendPerson(reply: HttpReply, person: Person) {
  reply.header('etag', etagOf(person.revision));
  return writePerson(person);
}

function writePerson(person: Person): z.infer<typeof personOut> {
  const { id, email, name, role, hasPassword, createdBy, disabledAt } = person;
  const canEnter = hasPassword || person.passkeys > 0 || person.identities > 0;
  return {
    id,
    email,
    name,
    role,
    state: disabledAt ? 'disabled' : canEnter ? 'active' : 'invited',
    hasPassword,
    secondFactor: { totp: person.hasTotp, passkeys: person.passkeys, recoveryCodesLeft: person.recoveryCodesLeft },
    singleSignOn: person.identities > 0,
    createdAt: writeTime(person.createdAt),
    createdBy,
    updatedAt: writeTime(person.updatedAt),
    lastSignInAt: writeTime(person.lastSignInAt),
    disabledAt: writeTime(disabledAt),
  };
}

function writeLink(request: HttpRequest, place: ListeningPlace, { path, expiresAt }: MadeLink) {
  return { url: `${ownOriginOf(request, place)}${path}`, expiresAt: writeTime(expiresAt) };
}
