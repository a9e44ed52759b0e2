import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ProgramHandlers } from '../../src/cli/commands/serve.ts';
import { runProgram } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/serve.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

let database: TestDatabase;
let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), 'usher-cli-'));

before(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    DATABASE_URL: database.url,
    USHER_DATA_DIR: folder,
    USHER_PORT: '0',
    USHER_LOG_LEVEL: 'error',
  });
  server = await startServer(config, createTestLog());
});
after(async () => {
  await server?.stop();
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const noHandlers: ProgramHandlers = { serve: async () => 0, migrate: async () => 0 };

async function usher(args: string[], handlers = noHandlers): Promise<Run> {
  const run = { out: '', err: '' };
  const output = {
    out: (text: string) => {
      run.out += text;
    },
    err: (text: string) => {
      run.err += text;
    },
  };
  const code = await runProgram(['--url', server.url, '--key', server.adminKey ?? '', ...args], handlers, output);
  return { code, ...run };
}

function writeCsv(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const PEOPLE = `Username,FirstName,LastName,Email,ProfileId,IsActive
jo@example.com,Jo,Müller,jo@example.com,Standard User,true
ann@example.com,Ann,O'Neil,ann@example.com,Standard User,true
`;

test('The directory is imported, listed and shown', async () => {
  const file = writeCsv('people.csv', PEOPLE.replace('ProfileId', 'Profile'));
  const dry = await usher(['import', file, '--dry-run']);
  assert.equal(dry.code, 0, dry.out + dry.err);
  assert.match(dry.out, /Created\s+2\n[\s\S]*A dry run: nothing was changed\./);
  const real = await usher(['import', file]);
  assert.match(real.out, /Created\s+2\n[\s\S]*Imported\./, real.out + real.err);
  const list = await usher(['users', 'list']);
  assert.equal(list.code, 0, list.err);
  assert.match(
    list.out,
    /^USERNAME +NAME +ACTIVE +PROFILE +ID\nann@example\.com +Ann O'Neil +yes +Standard User +[0-9a-f-]{36}\njo@/,
  );
  const one = await usher(['users', 'list', '--limit', '1']);
  assert.match(one.out, /There are more: raise --limit above 1/);
  const shown = await usher(['users', 'show', 'jo@example.com']);
  assert.match(shown.out, /^LastName +Müller$/m);
});

test('A bad row is told by line and column, changes nothing, and the command fails', async () => {
  const file = writeCsv(
    'bad.csv',
    'Username,LastName,Email,Profile,IsActive\nx@example.com,X,not-an-address,Standard User,true\n',
  );
  const run = await usher(['import', file]);
  assert.equal(run.code, 1, run.out);
  assert.match(run.out + run.err, /2 +Email|line 2, column Email/);
  const list = await usher(['users', 'list', '--search', 'x@', '--json']);
  assert.deepEqual(JSON.parse(list.out).items, []);
});

test('A snapshot shows who would leave, and lets them go only with its token', async () => {
  const file = writeCsv('snapshot.csv', PEOPLE.replace('ProfileId', 'Profile').split('\n').slice(0, 2).join('\n'));
  const first = await usher(['import', file, '--snapshot', '--allow-leavers', '1']);
  assert.equal(first.code, 0, first.out + first.err);
  assert.match(first.out, /ann@example\.com/);
  const token = /--snapshot-token (\S+)/.exec(first.out)?.[1];
  assert.ok(token, first.out);
  assert.match((await usher(['users', 'show', 'ann@example.com'])).out, /^IsActive +yes$/m);
  const second = await usher(['import', file, '--snapshot', '--allow-leavers', '1', '--snapshot-token', token]);
  assert.match(second.out, /Left +1\n[\s\S]*Imported\./, second.out + second.err);
  assert.match((await usher(['users', 'show', 'ann@example.com'])).out, /^IsActive +no$/m);
});

test('Apps, why, requests and holds are read', async () => {
  const answer = await fetch(`${server.url}/api/v1/apps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Chat', baseUrl: 'https://chat.example.com/scim/v2' }),
  });
  assert.equal(answer.status, 201, await answer.text());
  const apps = await usher(['apps', 'list']);
  assert.match(apps.out, /^APP +STATE +CONNECTOR/);
  assert.match(apps.out, /^Chat +draft +scim2 +0 +0 +0 +0 +0 +https:\/\/chat\.example\.com/m);
  const app = await usher(['apps', 'show', 'Chat']);
  assert.match(app.out, /^Credential +none$/m);
  const why = await usher(['why', 'jo@example.com', 'Chat']);
  assert.equal(why.code, 0, why.err);
  assert.match(why.out, /^jo@example\.com +\S.*\nState +\S/);
  assert.match(
    (await usher(['requests', 'list', '--app', 'Chat', '--state', 'Failed'])).out,
    /^No request is like that/,
  );
  assert.match((await usher(['requests', 'causes'])).out, /^Nothing failed/);
  assert.match((await usher(['holds', 'list'])).out, /^Nothing is held/);
  const preview = await usher(['preview', 'jo@example.com', 'Chat']);
  assert.equal(preview.code, 1);
  assert.match(preview.err, /configuration/);
});

test('A key is made, shown once, used and revoked', async () => {
  const made = await usher([
    'keys',
    'create',
    'help desk',
    '--scope',
    'directory:read',
    'provisioning:read',
    '--expires',
    '2099-01-01',
  ]);
  assert.equal(made.code, 0, made.err);
  const key = /^Key +(ush_\S+)$/m.exec(made.out)?.[1];
  const id = /^Id +(\S+)$/m.exec(made.out)?.[1];
  assert.ok(key && id);
  assert.match(made.err, /shown only now/);
  assert.match((await usher(['--key', key, 'keys', 'me'])).out, /^Scopes +directory:read, provisioning:read$/m);
  const refused = await usher(['--key', key, 'keys', 'list']);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /lacks the scope keys:read/);
  assert.match((await usher(['keys', 'list'])).out, /^help desk +ush_/m);
  assert.equal((await usher(['keys', 'revoke', id])).code, 0);
  assert.match((await usher(['--key', key, 'keys', 'me'])).err, /revoked/);
});

test('--json prints the answer of the API alone, refusals too', async () => {
  const list = await usher(['--json', 'apps', 'list']);
  assert.equal(JSON.parse(list.out).items[0].name, 'Chat');
  const refused = await usher(['apps', 'show', 'Nothing', '--json']);
  assert.equal(refused.code, 1);
  assert.equal(JSON.parse(refused.out).code, 'not_found');
  const made = await usher(['keys', 'create', 'json', '--scope', 'apps:read', '--json']);
  assert.equal(made.err, '');
});

test('A configuration that was made of another version than the newest is not saved', async () => {
  const rules = [
    { target: 'userName', formula: 'Username', required: true },
    { target: 'active', formula: 'IsActive' },
  ];
  const file = writeCsv('mapping.json', JSON.stringify({ mapping: rules }));
  const refused = await usher(['mapping', 'save', 'Chat', file, '--base', '99']);
  assert.equal(refused.code, 1, refused.out + refused.err);
  assert.match(refused.err, /baseVersion: is 99, and no version was saved yet\. Send 0\./);
});

test('Names of every kind reach the route as one part of the path', async () => {
  for (const name of ['a/b', '../keys', 'x?y=1', 'x#y', '%2e%2e', 'Zoë ☃', ';']) {
    const run = await usher(['apps', 'show', name]);
    assert.equal(run.code, 1, name);
    assert.match(run.err, /no (connected )?app/i, `${name}: ${run.err}`);
  }
});

const WRONG_USAGES: ReadonlyArray<readonly [string[], RegExp]> = [
  [['nothing'], /unknown command 'nothing'/],
  [['users', 'list', '--limit', '0'], /whole number/],
  [['users', 'list', '--colour'], /unknown option/],
  [['why', 'jo@example.com'], /missing required argument 'app'/],
  [['requests', 'list', '--state', 'Broken'], /Allowed choices/],
  [['requests', 'list', '--from', 'yesterday'], /Give a date/],
  [['requests', 'retry'], /give a request, or both/],
  [['requests', 'retry', 'x', '--app', 'Chat'], /give a request, or both/],
  [['requests', 'complete', 'x'], /--note/],
  [['holds', 'release'], /ids of holds, or --app/],
  [['provision', 'jo@example.com'], /at least one user/],
  [['users', 'create', 'Username'], /Field=value/],
  [['users', 'give', 'jo@example.com'], /either --permission-set or/],
  [['apps', 'create', 'Board'], /--target/],
  [['mapping', 'save', 'Chat', '/no/such'], /cannot be read as JSON/],
  [['apps', 'change', 'Chat'], /say what to change/],
  [['apps', 'grant', 'Chat'], /give one of/],
  [['apps', 'credential', 'Chat', '--kind', 'basic', '--from', '/no/such'], /needs --name/],
  [['entitlements', 'list', 'roles'], /Allowed choices/],
  [['api', 'GET', 'apps'], /begins with/],
  [['keys', 'create', 'x'], /--scope/],
  [['keys', 'create', 'x', '--scope', 'root'], /Allowed choices/],
  [['import', '/no/such/file.csv'], /cannot be read/],
  [['--url', 'ftp://x', 'apps', 'list'], /not an http or https URL/],
];

for (const [args, expected] of WRONG_USAGES) {
  test(`Wrong usage ends with 2: ${args.join(' ')}`, async () => {
    const run = await usher(args);
    assert.equal(run.code, 2, run.out + run.err);
    assert.match(run.err, expected);
  });
}

test('Help and version end with 0', async () => {
  assert.match((await usher(['--help'])).out, /import.*\n[\s\S]*why[\s\S]*provision/);
  assert.match((await usher(['--version'])).out, /^\d+\.\d+\.\d+/);
  assert.equal((await usher(['--help'])).code, 0);
});

test('A server that is not there, or is another, is told in plain words', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const gone = await usher(['--url', `http://127.0.0.1:${port}`, 'apps', 'list']);
  assert.equal(gone.code, 1);
  assert.match(gone.err, /No Usher answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
  let keySeen: string | undefined;
  const other = createServer((request, response) => {
    keySeen = request.url === '/elsewhere' ? request.headers.authorization : undefined;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const run = await usher(['--url', `http://127.0.0.1:${(other.address() as AddressInfo).port}`, 'apps', 'list']);
    assert.equal(run.code, 1);
    assert.match(run.err, /302 .*redirect, which is not followed/);
    assert.equal(keySeen, undefined);
  } finally {
    other.close();
  }
});

test('serve and migrate go to their handlers with the options that go before the environment', async () => {
  const calls: unknown[] = [];
  const handlers: ProgramHandlers = {
    serve: async (overrides) => {
      calls.push(['serve', { ...overrides }]);
      return 3;
    },
    migrate: async (overrides) => {
      calls.push(['migrate', { ...overrides }]);
      return 0;
    },
  };
  const served = await usher(
    ['serve', '--port', '0', '--host', '::1', '--data-dir', 'x', '--public-url', 'https://u.example.com'],
    handlers,
  );
  assert.equal(served.code, 3);
  assert.equal((await usher(['migrate', '--database-url', 'postgres://x/y', '--log-level', 'warn'], handlers)).code, 0);
  assert.deepEqual(calls, [
    ['serve', { port: '0', host: '::1', dataDir: 'x', publicUrl: 'https://u.example.com' }],
    ['migrate', { databaseUrl: 'postgres://x/y', logLevel: 'warn' }],
  ]);
});

test('An app, what gives it, and a user are set up from nothing', async () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'a-bearer-credential\n');
  const logo = join(folder, 'logo.png');
  writeFileSync(logo, Buffer.from('89504e470d0a1a0a', 'hex'));
  const pair = ['-keyout', join(folder, 'usher.key'), '-out', join(folder, 'usher.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '9', '-subj', '/CN=usher', ...pair],
    {
      stdio: 'ignore',
    },
  );
  const guards = join(folder, 'guards.json');
  const approvals = [{ operation: 'delete', manager: true, named: ['kay@example.com'] }];
  writeFileSync(guards, JSON.stringify({ slowBleed: null, approvals }));
  const steps: ReadonlyArray<readonly [string, RegExp]> = [
    ['entitlements create profile Crew --description Everybody', /^Name +Crew$/m],
    ['entitlements create permission-set Board_Access --label Board', /^Label +Board$/m],
    [
      'entitlements create permission-set-group Office --permission-set Board_Access',
      /^PermissionSets +Board_Access$/m,
    ],
    ['entitlements components Office --remove Board_Access', /^Name +Office$/m],
    ['entitlements list permission-set-group', /^Office/m],
    ['fields list --custom', /There is no custom field/],
    ['fields create Badge__c --type text --length 10', /^Length +10$/m],
    ['fields list --custom', /^Badge__c +text +10/m],
    [
      'users create Username=kay@example.com LastName=Kay Email=kay@example.com Profile=Crew Badge__c=7',
      /^LastName +Kay$/m,
    ],
    ['users change kay@example.com Title=Chief Badge__c=', /^Title +Chief$/m],
    ['users give kay@example.com --permission-set Board_Access --until 2099-01-01', /^Board_Access +2099-01-01/m],
    ['users grants kay@example.com', /^Board_Access/m],
    [
      'apps create Board --target https://board.example.com/scim/v2 --label Boards --max-per-second 5',
      /^State +draft$/m,
    ],
    [`apps credential Board --from ${secret}`, /^Credential +bearer, entered/m],
    ['apps contact Board --name Eva --email eva@example.com', /^E-mail +eva@example.com$/m],
    ['apps contact Board --phone 4711', /^Whom to ask +Eva$/m],
    [`apps logo Board --set ${logo}`, /^Logo +yes$/m],
    ['apps logo Board --remove', /^Logo +none$/m],
    [
      `apps certificate Board --certificate ${join(folder, 'usher.pem')} --private-key ${join(folder, 'usher.key')}`,
      /^Issuer +CN=usher$/m,
    ],
    ['apps certificate Board', /^Subject +CN=usher$/m],
    ['apps certificate Board --forget', /is forgotten/],
    ['single-sign-on show', /^Not set +Set USHER_OIDC_ISSUER/m],
    ['apps change Board --max-per-second none --deactivation-count 3', /^Deactivation limit +3 or/m],
    ['apps grants Board', /Nobody is given Board/],
    ['apps grant Board --permission-set Board_Access', /Board is given by the permission set Board_Access/],
    ['apps grants Board', /^permission set +Board_Access/m],
    ['apps triggers Board --reactivate off', /^reactivate +off: people who return stay locked out$/m],
    ['undone list Board --trigger reactivate', /Nothing\./],
    ['guards show Board', /^deactivation threshold +deactivation +0 +3 +within an hour$/m],
    [`guards set Board --from ${guards}`, /^Approval of delete +the manager or kay@example.com$/m],
    ['holds causes --app Board', /Nothing is held/],
    ['holds release --app Board --cause anything', /Released: 0/],
    ['deletions days --app Board', /No account will be deleted/],
    ['deletions list', /Nothing\./],
    ['deletions keep Board --all --note none', /Kept: 0/],
    ['undone dismissals Board', /Nothing\./],
    ['apps quarantine Board', /It is not/],
    ['api GET /apps/Board', /"label": "Boards"/],
    ['users take kay@example.com --permission-set board_access', /board_access is taken/],
    ['users grants kay@example.com', /was given nothing/],
    ['apps revoke Board --permission-set Board_Access', /given no more by/],
    ['apps credential Board --forget', /is forgotten/],
    ['apps delete Board', /Board is deleted/],
    ['users delete kay@example.com', /is deleted/],
    ['fields delete Badge__c', /is deleted/],
    ['entitlements delete permission-set-group Office', /is deleted/],
  ];
  for (const [command, expected] of steps) {
    const run = await usher(command.split(' '));
    assert.equal(run.code, 0, `${command}: ${run.err}`);
    assert.match(run.out, expected, command);
  }
  const activated = await usher(['apps', 'activate', 'Chat']);
  assert.equal(activated.code, 1);
  assert.match(activated.err, /configuration/);
});
