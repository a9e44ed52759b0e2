import { z } from 'zod';
import {
  type AssignedThing,
  assignToUser,
  changeAssignment,
  type HeldAssignment,
  loadHeldAssignments,
  unassignFromUser,
} from '../assignments/index.ts';
import type { Ground } from '../ground.ts';
import { refuseField } from '../refusal.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { getUser, userParams } from './user-routes.ts';
import { timeIn, timeOut, writeTime } from './wire.ts';

const assignmentOut = z
  .object({
    Id: z.string(),
    PermissionSet: z.string().nullable(),
    PermissionSetGroup: z.string().nullable(),
    ExpirationDate: timeOut.nullable(),
    IsActive: z.boolean().describe('Not expired'),
    CreatedDate: timeOut,
  })
  .meta({ id: 'PermissionSetAssignment' });

const expiration = timeIn.nullable().describe('null: for good');
const newAssignment = z.strictObject({
  PermissionSet: z.string().min(1).max(80).optional().describe('By name'),
  PermissionSetGroup: z.string().min(1).max(80).optional().describe('By name'),
  ExpirationDate: expiration.optional(),
});
const params = userParams.extend({ assignment: z.coerce.number().int().positive() });
const read = { scope: 'directory:read' } as const;
const write = { scope: 'directory:write' } as const;
const tags = ['directory'];

export function userAssignmentRoutes(ground: Ground): RouteFamily {
  return (app) => {
    registerList(app, ground);
    registerChanges(app, ground);
  };
}

function registerList(app: HttpApp, ground: Ground): void {
  app.get(
    '/users/:user/assignments',
    {
      config: read,
      schema: {
        summary: 'List the permission sets and groups of a user',
        description: 'Their ETag is the user’s.',
        tags,
        params: userParams,
        response: { 200: z.object({ items: z.array(assignmentOut) }) },
      },
    },
    async (request, reply) => {
      const user = await getUser(ground, request.params.user);
      const held = await loadHeldAssignments(ground.pool, [user.id]);
      reply.header('etag', etagOf(user.revision));
      return { items: held.map((assignment) => describeAssignment(assignment, ground.clock.now())) };
    },
  );
}

function registerChanges(app: HttpApp, ground: Ground): void {
  app.post(
    '/users/:user/assignments',
    {
      config: write,
      schema: {
        summary: 'Give a permission set or group to a user',
        tags,
        params: userParams,
        body: newAssignment,
        response: { 201: assignmentOut },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id: userId } = await getUser(ground, request.params.user);
      const thing = readThing(request.body);
      const expiresAt = request.body.ExpirationDate ?? null;
      const made = await assignToUser(ground, request.actor, { userId, expected, thing, expiresAt });
      reply.code(201).header('etag', etagOf(made.revision));
      return describeAssignment(made.assignment, ground.clock.now());
    },
  );
  app.patch(
    '/users/:user/assignments/:assignment',
    {
      config: write,
      schema: {
        summary: 'Change until when a user has a permission set or group',
        tags,
        params,
        body: z.strictObject({ ExpirationDate: expiration }),
        response: { 200: assignmentOut },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id: userId } = await getUser(ground, request.params.user);
      const { assignment: assignmentId } = request.params;
      const expiresAt = request.body.ExpirationDate;
      const made = await changeAssignment(ground, request.actor, { userId, expected, assignmentId, expiresAt });
      reply.header('etag', etagOf(made.revision));
      return describeAssignment(made.assignment, ground.clock.now());
    },
  );
  app.delete(
    '/users/:user/assignments/:assignment',
    {
      config: write,
      schema: {
        summary: 'Take a permission set or group from a user',
        tags,
        params,
        response: { 200: assignmentOut },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const { id: userId } = await getUser(ground, request.params.user);
      const { assignment: assignmentId } = request.params;
      const made = await unassignFromUser(ground, request.actor, { userId, expected, assignmentId });
      reply.header('etag', etagOf(made.revision));
      return describeAssignment(made.assignment, ground.clock.now());
    },
  );
}

function readThing(body: z.infer<typeof newAssignment>): AssignedThing {
  const { PermissionSet, PermissionSetGroup } = body;
  if (PermissionSet !== undefined && PermissionSetGroup === undefined) return { permissionSet: PermissionSet };
  if (PermissionSetGroup !== undefined && PermissionSet === undefined)
    return { permissionSetGroup: PermissionSetGroup };
  const problem =
    PermissionSet === undefined ? 'is missing, and so is PermissionSetGroup' : 'is sent with PermissionSetGroup';
  throw refuseField('invalid_request', 'PermissionSet', problem, 'Send one of the two.');
}

function describeAssignment(held: HeldAssignment, now: Date): z.infer<typeof assignmentOut> {
  return {
    Id: String(held.id),
    PermissionSet: held.permissionSetId === null ? null : held.name,
    PermissionSetGroup: held.permissionSetGroupId === null ? null : held.name,
    ExpirationDate: writeTime(held.expiresAt),
    IsActive: held.expiresAt === null || held.expiresAt > now,
    CreatedDate: writeTime(held.createdAt),
  };
}
