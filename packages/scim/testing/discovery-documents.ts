import { describeAttribute, ENTERPRISE_URN, GROUP_URN, LIST_URN, USER_URN } from './attribute-definitions.ts';
import type { JsonObject } from './json.ts';
import { ScimFailure } from './scim-failure.ts';
import type { TargetAnswer, TargetState } from './target-state.ts';

/** Answers discovery (RFC 7644 section 4, RFC 7643 sections 5 to 7; SCIM 1.1 section 5). Throws ScimFailure 404. */
export function answerDiscovery(state: TargetState, segments: string[], isFiltered: boolean): TargetAnswer {
  const [name = '', second] = segments;
  if (!state.profile.discovery) throw new ScimFailure(404, `There is no ${name} here`);
  // RFC 7644 section 4: a filter on discovery is refused
  if (isFiltered) throw new ScimFailure(403, `${name} takes no filter`);
  const document = state.profile.scimVersion === '1.1' ? buildV1(state, name, second) : buildV2(state, name, second);
  if (document === undefined) throw new ScimFailure(404, `There is no ${segments.join('/')} here`);
  return { status: 200, headers: { 'content-type': state.profile.responseType }, body: JSON.stringify(document) };
}

function buildV2(state: TargetState, name: string, second: string | undefined): JsonObject | undefined {
  const configName = state.profile.pluralConfigPath ? 'ServiceProviderConfigs' : 'ServiceProviderConfig';
  if (name === configName && second === undefined) return buildConfig(state);
  const documents = name === 'ResourceTypes' ? buildTypes(state) : name === 'Schemas' ? buildSchemas(state) : undefined;
  if (documents === undefined || second === undefined) return documents === undefined ? undefined : listOf(documents);
  return documents.find(({ id }) => id === second);
}

function listOf(documents: JsonObject[]): JsonObject {
  const total = documents.length;
  return { schemas: [LIST_URN], totalResults: total, itemsPerPage: total, startIndex: 1, Resources: documents };
}

function buildConfig({ profile, store }: TargetState): JsonObject {
  const { bulk, cursor } = profile;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: profile.patch },
    bulk: {
      supported: bulk !== undefined,
      maxOperations: bulk?.maxOperations ?? 0,
      maxPayloadSize: bulk?.maxPayloadSize ?? 0,
    },
    filter: { supported: profile.filter !== 'off', maxResults: profile.maxPageSize },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: profile.etag !== 'none' },
    pagination: {
      cursor: cursor !== 'off',
      index: cursor !== 'forced',
      defaultPaginationMethod: cursor === 'forced' ? 'cursor' : 'index',
      defaultPageSize: profile.defaultPageSize,
      maxPageSize: profile.maxPageSize,
      cursorTimeout: Math.floor(profile.cursorTimeoutMs / 1000),
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A bearer token in the Authorization header',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${store.baseUrl}/ServiceProviderConfig` },
  };
}

function buildTypes({ profile, schemas, store }: TargetState): JsonObject[] {
  const schemaExtensions = [...schemas.User.extensions.keys()].map((schema) => ({ schema, required: false }));
  const type = (id: string, schema: string, extensions: JsonObject[]): JsonObject => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint: `/${id}s`,
    description: `${id}s of this target`,
    schema,
    schemaExtensions: extensions,
    meta: { resourceType: 'ResourceType', location: `${store.baseUrl}/ResourceTypes/${id}` },
  });
  return [type('User', USER_URN, schemaExtensions), ...(profile.groups ? [type('Group', GROUP_URN, [])] : [])];
}

function buildSchemas({ profile, schemas, store }: TargetState): JsonObject[] {
  const schema = (id: string, name: string, definitions: Parameters<typeof describeAttribute>[0][]): JsonObject => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description: `The attributes of ${name}`,
    attributes: definitions.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${store.baseUrl}/Schemas/${encodeURIComponent(id)}` },
  });
  // RFC 7643 section 3.1: the common attributes are of no schema
  const own = (definitions: Parameters<typeof describeAttribute>[0][]) =>
    definitions.filter(({ name }) => !['id', 'externalId', 'meta'].includes(name));
  const extensions = [...schemas.User.extensions].map(([urn, definitions]) =>
    schema(urn, urn === ENTERPRISE_URN ? 'EnterpriseUser' : (urn.split(':').at(-2) ?? urn), definitions),
  );
  const groups = profile.groups ? [schema(GROUP_URN, 'Group', own(schemas.Group.core))] : [];
  return [schema(USER_URN, 'User', own(schemas.User.core)), ...extensions, ...groups];
}

/** SCIM 1.1 knows `/ServiceProviderConfigs`, `/Schemas/Users` and `/Schemas/Groups`. */
function buildV1(state: TargetState, name: string, second: string | undefined): JsonObject | undefined {
  const { profile, schemas } = state;
  if (name === 'ServiceProviderConfigs' && second === undefined) {
    const { schemas: _schemas, pagination: _pagination, meta: _meta, ...config } = buildConfig(state);
    return { schemas: [schemas.User.coreUrn], ...config, xmlDataFormat: { supported: false } };
  }
  if (name !== 'Schemas') return undefined;
  const kind = second === 'Users' ? 'User' : second === 'Groups' && profile.groups ? 'Group' : undefined;
  if (kind === undefined) return undefined;
  const describe = (schema: string, definitions: Parameters<typeof describeAttribute>[0][]) =>
    definitions.map((definition) => ({
      ...describeAttribute(definition),
      schema,
      readOnly: definition.mutability === 'readOnly',
    }));
  const attributes = [
    ...describe(schemas[kind].coreUrn, schemas[kind].core),
    ...[...schemas[kind].extensions].flatMap(([urn, definitions]) => describe(urn, definitions)),
  ];
  return {
    id: `${schemas[kind].coreUrn}:${kind}`,
    name: kind,
    endpoint: `/${kind}s`,
    schema: schemas[kind].coreUrn,
    attributes,
  };
}
