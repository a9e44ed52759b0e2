import { z } from 'zod';
import {
  CUSTOM_FIELD_TYPES,
  type CustomField,
  changeCustomField,
  createCustomField,
  deleteCustomField,
  getCustomField,
  listCustomFields,
  loadUserFieldCatalog,
} from '../directory/index.ts';
import type { Ground } from '../ground.ts';
import { etagOf, requireIfMatch } from './entity-tag.ts';
import type { HttpApp, RouteFamily } from './http-app.ts';
import { timeOut, writeTime } from './wire.ts';

const fieldOut = z
  .object({
    Name: z.string(),
    Label: z.string(),
    Type: z.enum(CUSTOM_FIELD_TYPES),
    Length: z.int().nullable().describe('Most characters of a text'),
    PicklistValues: z.array(z.string()).nullable(),
    Required: z.boolean().describe('A new user must have it, and it cannot be cleared'),
    CreatedDate: timeOut,
    LastModifiedDate: timeOut,
  })
  .meta({ id: 'CustomField' });

const changeable = {
  Label: z.string().max(80).optional(),
  Length: z.int().optional().describe('Texts only; 255 when left out'),
  PicklistValues: z.array(z.string().max(255)).max(1000).optional().describe('Picklists only'),
  Required: z.boolean().optional(),
};
const newField = z.strictObject({
  Name: z.string().max(80).describe('Ends with __c'),
  Type: z.enum(CUSTOM_FIELD_TYPES),
  ...changeable,
});
const fieldChange = z.strictObject({ ...changeable, Type: z.enum(CUSTOM_FIELD_TYPES).optional() });
const params = z.strictObject({ name: z.string().min(1).max(80) });

const describedField = z
  .object({
    name: z.string(),
    label: z.string(),
    type: z.string(),
    length: z.int().nullable(),
    required: z.boolean(),
    readOnly: z.boolean(),
    custom: z.boolean(),
    picklistValues: z.array(z.string()).nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'UserField' });

const read = { scope: 'directory:read' } as const;
const write = { scope: 'directory:write' } as const;
const tags = ['directory'];

export function customFieldRoutes(ground: Ground): RouteFamily {
  return (app) => {
    registerReads(app, ground);
    registerChanges(app, ground);
  };
}

function registerReads(app: HttpApp, ground: Ground): void {
  app.get(
    '/user-fields',
    {
      config: read,
      schema: {
        summary: 'List the fields of users, standard and custom',
        tags,
        response: { 200: z.object({ items: z.array(describedField) }) },
      },
    },
    async () => ({
      items: (await loadUserFieldCatalog(ground.pool)).fields.map((field) => ({
        name: field.name,
        label: field.label,
        type: field.type,
        length: field.length ?? null,
        required: field.required ?? false,
        readOnly: field.readOnly ?? false,
        custom: field.custom ?? false,
        picklistValues: field.picklist ? [...field.picklist] : null,
        note: field.note ?? null,
      })),
    }),
  );
  app.get(
    '/custom-fields',
    {
      config: read,
      schema: { summary: 'List custom fields', tags, response: { 200: z.object({ items: z.array(fieldOut) }) } },
    },
    async () => ({ items: (await listCustomFields(ground.pool)).map(describeCustomField) }),
  );
  app.get(
    '/custom-fields/:name',
    { config: read, schema: { summary: 'Show a custom field', tags, params, response: { 200: fieldOut } } },
    async (request, reply) => {
      const field = await getCustomField(ground, request.params.name);
      reply.header('etag', etagOf(field.revision));
      return describeCustomField(field);
    },
  );
}

function registerChanges(app: HttpApp, ground: Ground): void {
  app.post(
    '/custom-fields',
    { config: write, schema: { summary: 'Declare a custom field', tags, body: newField, response: { 201: fieldOut } } },
    async (request, reply) => {
      const { Name, Type, ...rest } = request.body;
      const field = await createCustomField(ground, request.actor, Name, { ...readDraft(rest), type: Type });
      reply.code(201).header('etag', etagOf(field.revision)).header('location', `/api/v1/custom-fields/${field.name}`);
      return describeCustomField(field);
    },
  );
  app.patch(
    '/custom-fields/:name',
    {
      config: write,
      schema: { summary: 'Change a custom field', tags, params, body: fieldChange, response: { 200: fieldOut } },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const draft = { ...readDraft(request.body), type: request.body.Type };
      const field = await changeCustomField(ground, request.actor, { name: request.params.name, expected, draft });
      reply.header('etag', etagOf(field.revision));
      return describeCustomField(field);
    },
  );
  app.delete(
    '/custom-fields/:name',
    {
      config: write,
      schema: {
        summary: 'Delete a custom field',
        tags,
        params,
        querystring: z.strictObject({
          deleteValues: z.enum(['true', 'false']).default('false').describe('Also delete the values that users have'),
        }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const expected = requireIfMatch(request);
      const deleteValues = request.query.deleteValues === 'true';
      await deleteCustomField(ground, request.actor, { name: request.params.name, expected, deleteValues });
      return reply.code(204).send(null);
    },
  );
}

function readDraft(body: {
  Label?: string | undefined;
  Length?: number | undefined;
  PicklistValues?: string[] | undefined;
  Required?: boolean | undefined;
}) {
  return { label: body.Label, length: body.Length, picklistValues: body.PicklistValues, required: body.Required };
}

function describeCustomField(field: CustomField): z.infer<typeof fieldOut> {
  return {
    Name: field.name,
    Label: field.label,
    Type: field.type,
    Length: field.length,
    PicklistValues: field.picklistValues,
    Required: field.required,
    CreatedDate: writeTime(field.createdAt),
    LastModifiedDate: writeTime(field.updatedAt),
  };
}
