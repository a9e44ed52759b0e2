import type {
  AccountOperations,
  AccountSchema,
  AttributeSchema,
  ConnectorContext,
  TargetAccount,
} from '@usher/connector-sdk';
import {
  buildStandardUserSchema,
  parseAttributePath,
  readActive,
  type ScimAttribute,
  type ScimClient,
  type ScimResource,
  translatePath,
} from '@usher/scim';
import { callTarget } from './connector-failure.ts';
import { findDiscovery } from './target-memory.ts';

/** The account operations over a {@link ScimClient}: one translation of shapes and errors, no decisions. */
export function buildScimAccounts(client: ScimClient, context: ConnectorContext<unknown>): AccountOperations {
  const { users, dialect } = client;
  const accounts: AccountOperations = {
    schema: () => callTarget(() => readSchema(client, context)),
    find: ({ path, value }) =>
      callTarget(async () => ({ accounts: (await users.find(path, value)).map(buildAccount) }), [path]),
    get: ({ remoteId }) =>
      callTarget(async () => {
        const found = await users.get(remoteId);
        return found === undefined ? { found: false } : { found: true, account: buildAccount(found) };
      }),
    create: ({ attributes }) =>
      callTarget(async () => ({ account: buildAccount(await users.create(attributes)) }), Object.keys(attributes)),
    update: ({ remoteId, changes, desired, version }) =>
      callTarget(
        async () => buildUpdateResult(await users.update({ id: remoteId, changes, desired, version })),
        changes.map(({ path }) => path),
      ),
    // Nothing but `active`: a blank or refused attribute elsewhere must not keep a leaver inside.
    deactivate: ({ remoteId, desired }) =>
      callTarget(async () => {
        const changes = [{ path: 'active', operation: 'set', value: false } as const];
        return buildUpdateResult(await users.update({ id: remoteId, changes, desired }));
      }, ['active']),
    read: (account, path) => users.read(account.representation, path),
  };
  if (dialect.users.delete) accounts.delete = ({ remoteId }) => callTarget(() => users.delete(remoteId));
  if (dialect.users.list) {
    accounts.list = (request) =>
      callTarget(async () => {
        const { resources, nextCursor } = await users.list(request);
        return { accounts: resources.map(buildAccount), nextCursor };
      });
  }
  return accounts;
}

/** An account as the SDK has it, from a SCIM resource. */
export function buildAccount({ id, version, representation }: ScimResource): TargetAccount {
  return { remoteId: id, active: readActive(representation), representation, version };
}

function buildUpdateResult(resource: ScimResource | undefined): { account: TargetAccount | undefined } {
  return { account: resource === undefined ? undefined : buildAccount(resource) };
}

async function readSchema(client: ScimClient, context: ConnectorContext<unknown>): Promise<AccountSchema> {
  const { dialect } = client;
  const { userAttributes } = await findDiscovery(client, context);
  const attributes = userAttributes ?? buildStandardUserSchema(dialect.scimVersion);
  const { unsupported, immutable } = dialect.attributes;
  return {
    source: userAttributes === undefined ? 'default' : 'target',
    attributes: attributes
      .filter(({ path }) => !isNamed(unsupported, path))
      .map((attribute) => buildAttributeSchema(attribute, isNamed(immutable, attribute.path))),
  };
}

/** `photos` names everything below it. */
function isNamed(names: readonly string[], path: string): boolean {
  return names.some((name) => {
    const isSame = name.toLowerCase() === path.toLowerCase();
    return isSame || parseAttributePath(path).attribute.toLowerCase() === name.toLowerCase();
  });
}

const attributeTypes = {
  string: 'text',
  boolean: 'boolean',
  decimal: 'number',
  integer: 'number',
  dateTime: 'dateTime',
  reference: 'reference',
  binary: 'binary',
  complex: 'complex',
} as const;

function buildAttributeSchema(
  { returned: _returned, ...attribute }: ScimAttribute,
  isImmutable: boolean,
): AttributeSchema {
  const mutability = isImmutable && attribute.mutability === 'readWrite' ? 'immutable' : attribute.mutability;
  // Mappings are written in the words of 2.0, whichever version the target speaks.
  const path = translatePath(attribute.path, '2.0');
  return { ...attribute, path, type: attributeTypes[attribute.type], mutability };
}
