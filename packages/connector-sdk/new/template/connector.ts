import {
  type AccountOperations,
  type AttributeChange,
  type Attributes,
  type AttributeValue,
  buildHttpError,
  type ConnectionReport,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type HttpRequest,
  parseJsonBody,
  readAttribute,
  type TargetAccount,
} from '@usher/connector-sdk';

/** What an administrator may set for an app; `optionsSchema` below is the form and the check. */
interface Options {
  peoplePath: string;
}

/** The target's own field names are the attribute paths; `active` is `status` there. */
const FIELDS = ['email', 'first_name', 'last_name', 'title', 'department', 'employee_number'] as const;

const connector: Connector<Options> = {
  id: 'connector-name',
  version: '0.1.0',
  label: 'Connector Name',
  description: 'People of Connector Name, over its JSON API.',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      peoplePath: { title: 'Path of people', type: 'string', pattern: '^[a-z][a-z0-9/-]*$', default: 'people' },
    },
  },
  credentialKinds: ['bearer', 'header', 'oauth'],
  connect: (context) => ({ accounts: buildAccounts(context), test: () => testConnection(context) }),
};
export default connector;

function buildAccounts(context: ConnectorContext<Options>): AccountOperations {
  const people = context.options.peoplePath ?? 'people';
  const one = (remoteId: string) => `${people}/${encodeURIComponent(remoteId)}`;
  const patch = async (remoteId: string, fields: Record<string, AttributeValue>) => ({
    account: toAccount(await send(context, { method: 'PATCH', path: one(remoteId), effect: 'write' }, fields)),
  });
  return {
    schema: async () => ({
      source: 'connector',
      attributes: FIELDS.map((path) => ({
        path,
        type: 'text',
        multiValued: false,
        required: path === 'email' || path === 'last_name',
        mutability: 'readWrite',
        uniqueness: path === 'email' ? 'server' : 'none',
        caseExact: path !== 'email',
      })),
    }),

    // The engine asks for accounts with this value and believes the answer, so what the target found is looked at again.
    find: async ({ path, value }) => {
      const query = `${people}?${encodeURIComponent(path)}=${encodeURIComponent(value)}`;
      const { accounts } = toPage(await send(context, { method: 'GET', path: query, effect: 'read' }));
      const same = (found: AttributeValue | undefined) => String(found).toLowerCase() === value.toLowerCase();
      return { accounts: accounts.filter(({ representation }) => same(readAttribute(representation, path))) };
    },

    get: async ({ remoteId }) => {
      try {
        const answer = await send(context, { method: 'GET', path: one(remoteId), effect: 'read' });
        return { found: true, account: toAccount(answer, 'transient') };
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not_found') return { found: false };
        throw error;
      }
    },

    create: async ({ attributes }) => {
      const answer = await send(context, { method: 'POST', path: people, effect: 'write' }, toFields(attributes));
      const account = toAccount(answer);
      if (attributes['active'] !== false) return { account };
      // This target creates active accounts only, so an inactive one takes two calls, and may be left half done.
      try {
        return await patch(account.remoteId, { status: 'suspended' });
      } catch (error) {
        const { remoteId } = account;
        throw new ConnectorError('partially_created', 'The account is created, but not suspended.', {
          remoteId,
          cause: error,
        });
      }
    },

    update: ({ remoteId, changes }) => patch(remoteId, toFields(Object.fromEntries(changes.map(toEntry)))),
    deactivate: ({ remoteId }) => patch(remoteId, { status: 'suspended' }),
    delete: async ({ remoteId }) => {
      await send(context, { method: 'DELETE', path: one(remoteId), effect: 'write' });
    },

    list: async ({ cursor, limit }) => {
      const after = cursor === undefined ? '' : `&after=${encodeURIComponent(cursor)}`;
      return toPage(await send(context, { method: 'GET', path: `${people}?limit=${limit}${after}`, effect: 'read' }));
    },

    read: (account, path) => readAttribute(account.representation, path),
  };
}

/** One request and its JSON. The host adds base URL and credential; every failure leaves as a ConnectorError. */
async function send(
  { http, now }: ConnectorContext<Options>,
  request: HttpRequest,
  fields?: Record<string, AttributeValue>,
): Promise<AttributeValue | undefined> {
  const body = fields && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) };
  const response = await http.request({ ...request, ...body });
  if (response.status < 200 || response.status > 299) throw buildHttpError(request, response, now());
  return parseJsonBody(request, response);
}

function toEntry(change: AttributeChange): [string, AttributeValue] {
  return [change.path, change.operation === 'set' ? change.value : null];
}

function toFields(attributes: Attributes): Record<string, AttributeValue> {
  const fields: Record<string, AttributeValue> = {};
  for (const [path, value] of Object.entries(attributes)) {
    if (path !== 'active') fields[path] = value;
    else if (value === false) fields['status'] = 'suspended';
    else fields['status'] = 'active';
  }
  return fields;
}

/** After a write the change may have been made all the same: `ambiguous` has the engine read before it writes again. */
function toAccount(answer: AttributeValue | undefined, kind: 'ambiguous' | 'transient' = 'ambiguous'): TargetAccount {
  const record = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : {};
  const { id, status } = record;
  if (typeof id !== 'string' || id === '') {
    throw new ConnectorError(kind, 'The target answered without the account. Check the base URL.');
  }
  return { remoteId: id, active: typeof status === 'string' ? status === 'active' : undefined, representation: record };
}

function toPage(answer: AttributeValue | undefined): { accounts: TargetAccount[]; nextCursor?: string } {
  const page = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : {};
  const { items, next } = page;
  // A page of something else is no empty page: the engine would create a second account.
  if (!Array.isArray(items)) throw new ConnectorError('transient', 'The target answered without a list of people.');
  const accounts = items.map((item) => toAccount(item, 'transient'));
  return typeof next === 'string' && next !== '' ? { accounts, nextCursor: next } : { accounts };
}

async function testConnection(context: ConnectorContext<Options>): Promise<ConnectionReport> {
  try {
    const people = context.options.peoplePath ?? 'people';
    const page = toPage(await send(context, { method: 'GET', path: `${people}?limit=1`, effect: 'read' }));
    return { steps: [{ step: 'read', ok: true, message: `People can be read: ${page.accounts.length} came.` }] };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { steps: [{ step: 'read', ok: false, message: error.message, detail: error.detail }] };
  }
}
