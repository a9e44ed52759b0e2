import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import {
  ConfigError,
  findUnknownVariables,
  parseNetwork,
  readApiAccess,
  readConfig,
  VARIABLE_NAMES,
} from './config.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64');
const OLDER_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index)).toString('base64');

test('without any variable Usher runs alone, on this machine only', () => {
  const config = readConfig({});
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.dataDir, resolve('data'));
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 4780);
  assert.equal(config.allowHttpTargets, false);
  assert.deepEqual(config.allowedNetworks, []);
  assert.deepEqual([config.connectorPaths, config.watchConnectors], [[], false]);
  assert.deepEqual(config.masterKey, { kind: 'file', path: resolve('data/master.key'), mustExist: false });
  assert.ok(config.replica.length > 0);
});

test('every variable is read', () => {
  const config = readConfig({
    DATABASE_URL: 'postgres://u:p@h:5/d',
    USHER_DATABASE_POOL_SIZE: '8',
    USHER_SHARE_DATABASE: 'yes',
    USHER_DATA_DIR: '/var/lib/usher',
    USHER_HOST: '[::]',
    USHER_PORT: '0',
    USHER_PUBLIC_URL: 'https://usher.example.com/base/',
    USHER_LOG_LEVEL: 'DEBUG',
    USHER_ADMIN_KEY: 'a'.repeat(24),
    USHER_MASTER_KEY: KEY,
    USHER_MASTER_KEY_OLDER: OLDER_KEY,
    USHER_METRICS: 'key',
    USHER_ALLOW_HTTP_TARGETS: 'true',
    USHER_ALLOW_PRIVATE_NETWORKS: '10.0.0.0/8, 127.0.0.1:9000',
    USHER_CONNECTORS: '/opt/connectors, acme.ts,',
    USHER_WATCH_CONNECTORS: 'on',
    USHER_REPLICA: 'eu-1',
    USHER_CRASH_POINT: 'after-claim:3',
  });
  assert.deepEqual(config, {
    databaseUrl: 'postgres://u:p@h:5/d',
    databasePoolSize: 8,
    shareDatabase: true,
    dataDir: '/var/lib/usher',
    host: '::',
    port: 0,
    publicUrl: 'https://usher.example.com/base',
    logLevel: 'debug',
    adminKey: 'a'.repeat(24),
    masterKey: {
      kind: 'value',
      key: Buffer.from(KEY, 'base64'),
      olderKeys: [Buffer.from(OLDER_KEY, 'base64')],
    },
    metricsNeedKey: true,
    allowHttpTargets: true,
    allowedNetworks: [
      { address: '10.0.0.0', prefix: 8, family: 4 },
      { address: '127.0.0.1', prefix: 32, family: 4, port: 9000 },
    ],
    connectorPaths: [resolve('/opt/connectors'), resolve('acme.ts')],
    watchConnectors: true,
    replica: 'eu-1',
    crashPoint: { name: 'after-claim', pass: 3 },
  });
});

test('the master key may come from a command, and from one place only', () => {
  const { masterKey } = readConfig({ USHER_MASTER_KEY_COMMAND: 'vault read key' });
  assert.deepEqual(masterKey, { kind: 'command', command: 'vault read key' });
  assert.throws(() => readConfig({ USHER_MASTER_KEY_COMMAND: 'x', USHER_MASTER_KEY: KEY }), /Set only one of the two/);
  assert.throws(() => readConfig({ USHER_MASTER_KEY_OLDER: KEY }), /is set without USHER_MASTER_KEY/);
  assert.throws(() => readConfig({ USHER_METRICS: 'yes' }), /neither open nor key/);
});

test('a key file that a person named must exist', () => {
  const { masterKey } = readConfig({ USHER_MASTER_KEY_FILE: '/run/secrets/usher' });
  assert.deepEqual(masterKey, { kind: 'file', path: '/run/secrets/usher', mustExist: true });
});

test('an option goes before its variable, and an error names the option', () => {
  assert.equal(readConfig({ USHER_PORT: '1' }, { port: '2' }).port, 2);
  assert.throws(() => readConfig({}, { dataDir: 'x', logLevel: 'loud' }), /^ConfigError: --log-level: "loud" is not/);
});

test('an empty variable is an absent one', () => {
  assert.equal(readConfig({ DATABASE_URL: '', USHER_PORT: ' ' }).databaseUrl, undefined);
});

const wrong: Array<[string, string, RegExp]> = [
  ['DATABASE_URL', 'mysql://h/d', /PostgreSQL only/],
  ['DATABASE_URL', 'h:5432', /postgres:\/\/name/],
  ['DATABASE_URL', 'postgres://h', /names no database/],
  ['DATABASE_URL', 'postgres://u:p#ss%@h:port/d', /percent-encoded/],
  ['USHER_DATABASE_POOL_SIZE', '1', /from 4 to 200/],
  ['USHER_SHARE_DATABASE', 'maybe', /true or false/],
  ['USHER_HOST', 'http://x', /neither an address/],
  ['USHER_PORT', '65536', /from 0 to 65535/],
  ['USHER_PORT', '-1', /whole number/],
  ['USHER_PORT', '80.5', /whole number/],
  ['USHER_PORT', 'tcp://10.0.0.1:4780', /Kubernetes.*enableServiceLinks/],
  ['USHER_PUBLIC_URL', 'usher.example.com', /not an http or https URL/],
  ['USHER_PUBLIC_URL', 'https://x/?a=1', /query/],
  ['USHER_PUBLIC_URL', 'https://a:b@x/', /password/],
  ['USHER_LOG_LEVEL', 'loud', /Give one of fatal/],
  ['USHER_ADMIN_KEY', 'short', /5 characters/],
  ['USHER_ADMIN_KEY', `${'a'.repeat(30)} b`, /other than letters/],
  ['USHER_MASTER_KEY', 'not base64!', /is not base64.*openssl/],
  ['USHER_MASTER_KEY', Buffer.alloc(16, 1).toString('base64'), /16 bytes/],
  ['USHER_MASTER_KEY', Buffer.alloc(32).toString('base64'), /one byte repeated/],
  ['USHER_ALLOW_HTTP_TARGETS', '2', /neither true nor false/],
  ['USHER_ALLOW_PRIVATE_NETWORKS', '10.0.0.0/33', /prefix length 33/],
  ['USHER_ALLOW_PRIVATE_NETWORKS', '10.0.0.0/8,localhost', /"localhost" is not a range/],
  ['USHER_ALLOW_PRIVATE_NETWORKS', '169.254.169.254', /link-local/],
  ['USHER_ALLOW_PRIVATE_NETWORKS', 'fe80::/10', /link-local/],
  ['USHER_ALLOW_PRIVATE_NETWORKS', '10.0.0.1:99999', /from 1 to 65535/],
  ['USHER_REPLICA', 'a b', /63 letters/],
];
for (const [name, value, message] of wrong) {
  test(`${name}=${value} is refused, and the message names it`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.problems.length, 1);
        assert.ok(error.message.startsWith(`${name}: `));
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('all problems are told at once', () => {
  assert.throws(
    () => readConfig({ USHER_PORT: 'x', USHER_HOST: '//', USHER_LOG_LEVEL: '?' }),
    (error: unknown) => error instanceof ConfigError && error.problems.length === 3,
  );
});

test('no message repeats a secret', () => {
  const secrets = { USHER_ADMIN_KEY: 'hunter2!', USHER_MASTER_KEY: 'hunter2!', DATABASE_URL: 'mysql://a:hunter2!@h/d' };
  assert.throws(
    () => readConfig(secrets),
    (error: unknown) => error instanceof ConfigError && !error.message.includes('hunter2'),
  );
});

test('the key is given once', () => {
  assert.throws(() => readConfig({ USHER_MASTER_KEY: KEY, USHER_MASTER_KEY_FILE: '/k' }), /only one of the two/);
});

const networks: Array<[string, object]> = [
  ['10.1.2.3', { address: '10.1.2.3', prefix: 32, family: 4 }],
  ['10.0.0.0/8:443', { address: '10.0.0.0', prefix: 8, family: 4, port: 443 }],
  ['fd00::/8', { address: 'fd00::', prefix: 8, family: 6 }],
  ['[fd00::/8]:443', { address: 'fd00::', prefix: 8, family: 6, port: 443 }],
  ['[::1]:80', { address: '::1', prefix: 128, family: 6, port: 80 }],
  ['::1', { address: '::1', prefix: 128, family: 6 }],
];
for (const [text, expected] of networks) {
  test(`the network ${text} is understood`, () => {
    assert.deepEqual(parseNetwork(text), { ok: true, value: expected });
  });
}

test('misspelt variables are found, those of Kubernetes are not', () => {
  const env = { USHER_PROT: '1', USHER_PORT: '1', USHER_SERVICE_HOST: 'x', USHER_PORT_4780_TCP: 'y', PATH: 'z' };
  assert.deepEqual(findUnknownVariables(env), ['USHER_PROT']);
});

test('the command line finds the server on this machine unless told otherwise', () => {
  assert.deepEqual(readApiAccess({}), { url: 'http://127.0.0.1:4780' });
  assert.throws(() => readApiAccess({ USHER_URL: 'nowhere' }), /USHER_URL/);
});

test('docs/configuration.md describes every variable and no other', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const described = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);
  assert.deepEqual(described.toSorted(), VARIABLE_NAMES.toSorted());
});
