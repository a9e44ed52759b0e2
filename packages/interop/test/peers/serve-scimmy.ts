import { randomUUID } from 'node:crypto';
import { registerHooks } from 'node:module';
import { servePeer } from './serve-peer.ts';

const [token = '', expressMajor = '4'] = process.argv.slice(2);

// The router asks for "express" by itself: under Express 5 it has to get that one, as in an application that has it.
if (expressMajor === '5') {
  registerHooks({ resolve: (name, context, next) => next(name === 'express' ? 'express5' : name, context) });
}
const { default: express } = await import('express');
const { default: SCIMMY } = await import('scimmy');
const { default: SCIMMYRouters } = await import('scimmy-routers');

type Stored = { [name: string]: unknown; id: string };
interface Wanted {
  id?: string;
  filter?: { match(records: Stored[]): Stored[] };
}

/** The least that the router's documentation asks of an application: a map, unique user names, `filter.match`. */
function declare(kind: typeof SCIMMY.Resources.User, unique: string | undefined, more: object): void {
  const records = new Map<string, Stored>();
  const owners = new Map<string, string>();
  const nameOf = (record: Stored | undefined) => String(record?.[unique ?? ''] ?? '').toLowerCase();
  const missing = () => new SCIMMY.Types.Error(404, '', 'There is no such record');
  SCIMMY.Resources.declare(kind, {
    ...more,
    egress: ({ id, filter }: Wanted) => {
      if (id === undefined) return filter?.match([...records.values()]) ?? [...records.values()];
      const found = records.get(id);
      if (found === undefined) throw missing();
      return found;
    },
    ingress: ({ id: known }: Wanted, instance: object) => {
      const id = known ?? randomUUID();
      if (known !== undefined && !records.has(known)) throw missing();
      const record: Stored = { ...(JSON.parse(JSON.stringify(instance)) as object), id };
      const owner = unique === undefined ? undefined : owners.get(nameOf(record));
      if (owner !== undefined && owner !== id) throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} is taken`);
      owners.delete(nameOf(records.get(id)));
      owners.set(nameOf(record), id);
      records.set(id, record);
      return record;
    },
    degress: ({ id = '' }: Wanted) => {
      const record = records.get(id);
      if (record === undefined) throw missing();
      owners.delete(nameOf(record));
      records.delete(id);
    },
  } as never);
}

declare(SCIMMY.Resources.User, 'userName', {
  extensions: [{ schema: SCIMMY.Schemas.EnterpriseUser, required: false }],
});
declare(SCIMMY.Resources.Group as unknown as typeof SCIMMY.Resources.User, undefined, {});

await servePeer(async (origin) => {
  const app = express();
  const handler = (request: { header(name: string): string | undefined }) => {
    if (request.header('authorization') === `Bearer ${token}`) return 'interop';
    throw new Error('The credential is not accepted');
  };
  const router = new SCIMMYRouters({ type: 'bearer', handler: handler as never, baseUri: () => origin });
  app.use('/scim/v2', router as never);
  return { handle: app as never, basePath: '/scim/v2' };
});
