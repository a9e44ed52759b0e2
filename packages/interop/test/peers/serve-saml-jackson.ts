import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { servePeer } from './serve-peer.ts';

// A third of a gigabyte, so it is no dependency: it is looked for in a folder into which somebody installed it.

interface DirectoryRequest {
  method: string;
  body: unknown;
  directoryId: string;
  resourceType: 'users' | 'groups';
  resourceId: string | undefined;
  apiSecret: string;
  query: Record<string, unknown>;
}
interface DirectorySync {
  directories: { create(wanted: object): Promise<{ data: { id: string; scim: { secret: string } } }> };
  requests: { handle(request: DirectoryRequest): Promise<{ status: number; data?: unknown }> };
}
type Start = (options: object) => Promise<{ directorySyncController: DirectorySync }>;

const [token = '', folder = ''] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), 'package.json'));
const { default: start } = require('@boxyhq/saml-jackson') as { default: Start };

await servePeer(async (origin) => {
  const { directorySyncController: sync } = await start({
    externalUrl: origin,
    acsUrl: `${origin}/acs`,
    samlAudience: origin,
    samlPath: '/acs',
    db: { engine: 'mem' },
    noAnalytics: true,
    logger: { info() {}, warn() {}, error: (...said: unknown[]) => console.error(...said) },
  });
  const wanted = { tenant: 'interop', product: 'interop', name: 'interop', type: 'generic-scim-v2' };
  const { data: directory } = await sync.directories.create(wanted);
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin);
    const [kind = '', id] = url.pathname.split('/').slice(3).map(decodeURIComponent);
    const apiSecret = request.headers.authorization === `Bearer ${token}` ? directory.scim.secret : 'refused';
    const known = url.pathname.startsWith('/scim/v2/') && /^(users|groups)$/i.test(kind);
    const body = await readBody(request);
    const { status, data } = known
      ? await sync.requests
          .handle({
            method: request.method ?? 'GET',
            body: body === '' ? undefined : JSON.parse(body),
            directoryId: directory.id,
            resourceType: kind.toLowerCase() as 'users' | 'groups',
            resourceId: id,
            apiSecret,
            query: readQuery(url.searchParams),
          })
          .catch((error: Error) => ({ status: 500, data: { message: error.message } }))
      : { status: 404, data: undefined };
    response.writeHead(status, { 'content-type': 'application/scim+json' }).end(data && JSON.stringify(data));
  };
  return { handle: (request, response) => void handle(request, response), basePath: '/scim/v2' };
});

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** As its own web front hands them on: numbers for paging, text for the filter. */
function readQuery(query: URLSearchParams): Record<string, unknown> {
  const numbers = ['count', 'startIndex'].filter((name) => query.has(name));
  const filter = query.get('filter');
  return {
    ...Object.fromEntries(numbers.map((name) => [name, Number(query.get(name))])),
    ...(filter === null ? {} : { filter }),
  };
}
