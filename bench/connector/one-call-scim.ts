import {
  type AccountOperations,
  type Attributes,
  type AttributeValue,
  buildHttpError,
  type Connector,
  type ConnectorContext,
  type HttpRequest,
  parseJsonBody,
  readAttribute,
  type TargetAccount,
} from '@usher/connector-sdk';

/** A custom connector that makes the same one call for a change as the built-in one for SCIM 2.0: for the bench. */
const connector: Connector = {
  id: 'one-call-scim',
  version: '1',
  label: 'SCIM by one call',
  description: 'Creates by POST, changes by PATCH.',
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  credentialKinds: ['bearer'],
  connect: (context) => ({
    accounts: buildAccounts(context),
    test: async () => ({ steps: [{ step: 'read', ok: true, message: 'Nothing was tried.' }] }),
  }),
};
export default connector;

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function buildAccounts(context: ConnectorContext<Record<string, unknown>>): AccountOperations {
  const patch = async (remoteId: string, operations: object[]) => ({
    account: toAccount(await send(context, 'PATCH', `Users/${remoteId}`, { Operations: operations })),
  });
  return {
    find: async () => ({ accounts: [] }),
    get: async () => ({ found: false }),
    create: async ({ attributes }) => {
      const body = { schemas: [USER, ENTERPRISE], ...nest(attributes) };
      const account = toAccount(await send(context, 'POST', 'Users', body));
      if (!account) throw new Error('The target gave no account');
      return { account };
    },
    update: ({ remoteId, changes }) =>
      patch(
        remoteId,
        changes.map((change) =>
          change.operation === 'set'
            ? { op: 'replace', path: change.path, value: change.value }
            : { op: 'remove', path: change.path },
        ),
      ),
    read: (account, path) => readAttribute(account.representation, path),
  };
}

async function send(
  { http, now }: ConnectorContext<Record<string, unknown>>,
  method: 'POST' | 'PATCH',
  path: string,
  body: object,
): Promise<AttributeValue | undefined> {
  const request: HttpRequest = { method, path, effect: 'write', body: JSON.stringify(body) };
  const response = await http.request(request);
  if (response.status > 299) throw buildHttpError(request, response, now());
  return parseJsonBody(request, response);
}

function nest(attributes: Attributes): Record<string, AttributeValue> {
  const nested: Record<string, AttributeValue> = {};
  const extension: Record<string, AttributeValue> = {};
  const name: Record<string, AttributeValue> = {};
  for (const [path, value] of Object.entries(attributes)) {
    const list = /^(\w+)\[type eq "(\w+)"\]\.value$/.exec(path);
    if (path.startsWith(ENTERPRISE)) extension[path.slice(ENTERPRISE.length + 1)] = value;
    else if (path.startsWith('name.')) name[path.slice(5)] = value;
    else if (list?.[1] && list[2]) nested[list[1]] = [{ type: list[2], value }];
    else nested[path] = value;
  }
  return { ...nested, name, [ENTERPRISE]: extension };
}

function toAccount(answer: AttributeValue | undefined): TargetAccount | undefined {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return undefined;
  return { remoteId: String(answer['id']), active: answer['active'] !== false, representation: answer };
}
