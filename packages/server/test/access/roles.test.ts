import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROLES, type Role } from '../../src/access/index.ts';
import { totpCode, totpStepAt } from '../../src/access/totp.ts';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/serve.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';
import { decodeBase32, PASSWORD } from './people-fixture.ts';

/*
 * The whole server, with every route that it describes, asked by people of every role, by keys and by nobody. What each may do
 * is told here anew, and not taken from the table that decides it.
 */

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly scope: string;
  readonly roles: readonly string[];
}
interface Answer {
  readonly status: number;
  readonly text: string;
}
interface Visitor {
  readonly cookie: string;
  readonly csrf: string;
}

const SOME_ID = '0198c5a2-7d3e-7000-8000-000000000000';
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let dir: string;
let database: TestDatabase;
let server: RunningServer;
let operations: Operation[];
const visitors = new Map<Role, Visitor>();

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'usher-roles-'));
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, USHER_DATA_DIR: dir, USHER_PORT: '0', USHER_LOG_LEVEL: 'fatal' };
  server = await startServer(readConfig(env), createTestLog());
  const token = server.firstAdministrator?.link?.split('#')[1];
  const first = await joinBy({ token, email: 'administrator@example.com', name: 'The first', password: PASSWORD });
  visitors.set('administrator', first);
  for (const role of ROLES.filter((each) => each !== 'administrator')) {
    const body = { email: `${role.replace(' ', '')}@example.com`, name: role, role };
    const { link } = JSON.parse((await send('POST', '/api/v1/people', first, body)).text);
    visitors.set(role, await joinBy({ token: link.url.split('#')[1], password: PASSWORD }));
  }
  operations = readOperations(JSON.parse((await send('GET', '/api/v1/openapi.json')).text));
});
after(async () => {
  agent.destroy();
  await server?.stop();
  await database?.close();
  await rm(dir, { recursive: true, force: true });
});

function readOperations(document: { paths: Record<string, Record<string, Record<string, unknown>>> }): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const security = operation['security'] as Array<Record<string, string[]>>;
      const first = security[0] ?? {};
      const scope = security.length === 0 ? 'none' : 'key' in first ? (first['key']?.[0] ?? 'any') : 'session';
      const url = path
        .replace('{user}', SOME_ID)
        .replace(/\{(?:id|plan|person)\}/g, SOME_ID)
        .replace(/\{[^}]+\}/g, 'x1');
      return { method: method.toUpperCase(), path, url, scope, roles: operation['x-roles'] as string[] };
    }),
  );
}

async function joinBy(body: object): Promise<Visitor> {
  const cookies = new Map<string, string>();
  let csrf = '';
  const step = async (path: string, payload: object): Promise<Record<string, never>> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send('POST', path, { cookie, csrf }, payload, (lines) => {
      for (const line of lines) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
    });
    assert.equal(answer.status, 200, answer.text);
    const json = JSON.parse(answer.text);
    csrf = json.session?.csrfToken ?? csrf;
    return json;
  };
  await step('/api/v1/session/link/accept', body);
  const { secret } = await step('/api/v1/session/totp/setup', {});
  const code = totpCode(decodeBase32(secret ?? ''), totpStepAt(new Date()));
  await step('/api/v1/session/totp/confirm', { code });
  return { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), csrf };
}

/** The path goes out as it is written. An answer that lasts is left after its head. */
function send(
  method: string,
  path: string,
  as?: Visitor | { key: string },
  body?: object,
  onCookies?: (lines: readonly string[]) => void,
): Promise<Answer> {
  const base = new URL(server.url);
  const headers: Record<string, string> = { host: base.host, origin: base.origin, 'sec-fetch-site': 'same-origin' };
  if (as && 'key' in as) headers['authorization'] = `Bearer ${as.key}`;
  else if (as) Object.assign(headers, { cookie: as.cookie, 'x-csrf-token': as.csrf });
  const payload = body === undefined ? undefined : JSON.stringify(body);
  if (payload !== undefined) headers['content-type'] = 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: base.hostname, port: base.port, method, path, headers }, (answer) => {
      onCookies?.(answer.headers['set-cookie'] ?? []);
      const status = answer.statusCode ?? 0;
      if (/event-stream/.test(answer.headers['content-type'] ?? '')) {
        answer.destroy();
        return resolve({ status, text: '' });
      }
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status, text })).on('error', reject);
    });
    sent.on('error', reject).end(payload);
  });
}

const visitorOf = (role: Role): Visitor => {
  const visitor = visitors.get(role);
  if (!visitor) throw new Error(`Nobody is ${role}`);
  return visitor;
};
const isChange = ({ method }: Operation): boolean => method !== 'GET' && method !== 'HEAD';
const guarded = (): Operation[] => operations.filter(({ scope }) => !['none', 'any', 'session'].includes(scope));
const isRefused = ({ status, text }: Answer): boolean => status === 403 && text.includes('lacks the scope');
const payloadOf = (operation: Operation) => (['POST', 'PUT', 'PATCH'].includes(operation.method) ? {} : undefined);
const call = (operation: Operation, as?: Visitor | { key: string }, url = operation.url): Promise<Answer> =>
  send(operation.method, url, as, payloadOf(operation));

/** What changes something, or costs something, and yet is for more than administrators and operators. */
const CHANGES_OF: Record<Exclude<Role, 'administrator' | 'operator'>, readonly string[]> = {
  'help desk': [
    'POST /api/v1/apps/{app}/provision',
    'POST /api/v1/users/{user}/status-link',
    'DELETE /api/v1/users/{user}/status-link',
  ],
  // All only look: what is sent along is judged or computed with; the last leaves its trace in the audit.
  auditor: [
    'POST /api/v1/apps/{app}/mapping/check',
    'POST /api/v1/apps/{app}/mapping/test',
    'POST /api/v1/apps/{app}/preview',
    'POST /api/v1/requests/{id}/unmask',
  ],
};
const HELP_DESK_READS =
  /^\/api\/v1\/(?:users|test-users|profiles|permission-sets|permission-set-groups|custom-fields|user-fields|organization|requests)(?:\/|$)|\/users\/\{user\}\/why$|\/rollouts\/\{rollout\}\/users\/\{user\}$/;
const SECRETS_AND_CONFIGURATION =
  /\/(?:credential|configurations|mapping|keys|people|oauth|certificate|retention|personal-data|custom-fields|profiles|permission-sets?|permission-set-groups|organization|assignments|alert|schedule|sources)/;

test('Every route refuses who is not signed in, and every role but those that it names', async () => {
  assert.ok(guarded().length >= 60, `only ${guarded().length} guarded routes are described`);
  for (const operation of guarded()) {
    const name = `${operation.method} ${operation.path}`;
    assert.equal((await call(operation)).status, 401, `${name} without a session`);
    for (const role of ROLES) {
      const answer = await call(operation, visitorOf(role));
      const expected = operation.roles.includes(role);
      assert.equal(!isRefused(answer), expected, `${name} as ${role}: ${answer.status} ${answer.text.slice(0, 200)}`);
      assert.notEqual(answer.status, 401, `${name} as ${role}`);
    }
  }
});

test('Administrators may everything; auditors and the help desk change nothing beyond what is named here', () => {
  for (const operation of guarded()) {
    const name = `${operation.method} ${operation.path}`;
    assert.ok(operation.roles.includes('administrator'), name);
    for (const role of ['help desk', 'auditor'] as const) {
      if (isChange(operation) && operation.roles.includes(role))
        assert.ok(CHANGES_OF[role].includes(name), `${role}: ${name}`);
    }
  }
  for (const [role, changes] of Object.entries(CHANGES_OF)) {
    for (const change of changes) {
      const found = guarded().find(({ method, path }) => `${method} ${path}` === change);
      assert.ok(found?.roles.includes(role), `${role} may ${change}`);
    }
  }
});

test('Auditors read all; the help desk reads users and reasons; operators have neither secrets nor configuration', () => {
  for (const operation of guarded()) {
    const name = `${operation.method} ${operation.path}`;
    if (!isChange(operation)) assert.ok(operation.roles.includes('auditor'), `auditors read ${name}`);
    if (operation.roles.includes('help desk') && !isChange(operation)) assert.match(operation.path, HELP_DESK_READS);
    if (operation.roles.includes('operator') && isChange(operation) && !CHANGES_OF.auditor.includes(name)) {
      assert.doesNotMatch(operation.path, SECRETS_AND_CONFIGURATION, name);
    }
  }
});

test('No way of writing a path goes around a role', async () => {
  for (const operation of guarded().filter(({ roles }) => !roles.includes('help desk'))) {
    const { url } = operation;
    for (const variant of [
      url.replace('/api', '//api'),
      url.replace('/v1/', '/v1//'),
      url.replace('/v1/', '/v1%2F'),
      url.replace('/api', '/%61pi'),
      url.replace('/api', '/API'),
      url.replace('/v1/', '/x/../v1/'),
      url.replace('/v1/', '/v1/%2e%2e/v1/'),
      url.replace('/v1/', '/v1;a=b/'),
      `${url}/`,
      `${url}%00`,
      `${url}%09`,
      `${url};x`,
      `${url}%3Fx`,
    ]) {
      const { status, text } = await call(operation, visitorOf('help desk'), variant);
      const isPage = status === 503 || text.startsWith('<!doctype');
      assert.ok(
        [400, 403, 404, 405].includes(status) && !isPage,
        `${operation.method} ${variant}: ${status} ${text.slice(0, 99)}`,
      );
    }
  }
});

test('Routes of sessions are for people: no key opens them, and neither does nobody', async () => {
  const key = { key: server.adminKey ?? '' };
  const own = operations.filter(({ scope }) => scope === 'session');
  assert.ok(own.length >= 14);
  for (const operation of own) {
    assert.equal((await call(operation)).status, 401, operation.path);
    assert.equal((await call(operation, key)).status, 403, operation.path);
  }
});

test('What is open tells nothing about anybody without a secret of its own', async () => {
  const open = operations.filter(({ scope }) => scope === 'none').map(({ method, path }) => `${method} ${path}`);
  const expected = [
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'GET /api/v1/session',
    'POST /api/v1/session/link',
    'POST /api/v1/session/link/accept',
    'POST /api/v1/session/passkey',
    'POST /api/v1/session/passkey/options',
    'POST /api/v1/session/password',
    'POST /api/v1/session/recovery-code',
    'POST /api/v1/session/totp',
    'POST /api/v1/status',
  ];
  const unknown = open.filter(
    (name) => !expected.includes(name) && !/single-sign-on|oauth|callback|authorize/.test(name),
  );
  assert.deepEqual(unknown, []);
  const { text } = await send('GET', '/api/v1/session');
  assert.doesNotMatch(text, /example\.com/);
});
