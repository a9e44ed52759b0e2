import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's OpenLDAP server. Elsewhere the tests that need it say that they were left out, and why. */
const SLAPD = '/usr/sbin/slapd';
export const noSlapd = existsSync(SLAPD) ? false : `there is no ${SLAPD}: install Debian's package slapd`;

export const SUFFIX = 'dc=example,dc=com';
export const PEOPLE = `ou=people,${SUFFIX}`;
export const GROUPS = `ou=groups,${SUFFIX}`;
export const FORMER = `ou=former,${SUFFIX}`;
export const BIND_DN = `cn=usher,${SUFFIX}`;
export const BIND_PASSWORD = 'the password of the bind';

export interface Slapd extends AsyncDisposable {
  readonly port: number;
  /** Where TLS begins with the first byte. */
  readonly tlsPort: number;
  /** Without TLS, as the tests' network policy allows it. */
  readonly url: string;
  stop(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
}

export interface SlapdSettings {
  /** PEM files of a certificate and its key. */
  readonly tls?: { certificate: string; key: string };
  /** Lines of slapd.conf(5) within the database. */
  readonly database?: readonly string[];
  readonly withoutPolicy?: boolean;
}

export async function startSlapd({ tls, database = [], withoutPolicy = false }: SlapdSettings = {}): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-slapd-'));
  const [port, tlsPort] = await findPorts();
  mkdirSync(join(folder, 'db'));
  const configuration = join(folder, 'slapd.conf');
  writeFileSync(configuration, buildConfiguration(folder, tls, database, withoutPolicy), { mode: 0o600 });
  const added = spawnSync('/usr/sbin/slapadd', ['-f', configuration], {
    input: withoutPolicy ? BASE.replace(POLICY, '') : BASE,
    encoding: 'utf8',
  });
  if (added.status !== 0) throw new Error(`slapadd: ${added.stderr}`);
  const addresses = tls ? `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}` : `ldap://127.0.0.1:${port}`;
  let end: (() => Promise<void>) | undefined;
  const start = async () => {
    const child = spawn(SLAPD, ['-f', configuration, '-h', addresses, '-d', '0'], { stdio: 'ignore' });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    end = async () => {
      child.kill('SIGKILL');
      await exited;
    };
    await waitUntilOpen(port);
  };
  const stop = async () => {
    await end?.();
    end = undefined;
  };
  await start();
  return {
    port,
    tlsPort,
    url: `ldap://127.0.0.1:${port}?tls=off`,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function buildConfiguration(
  folder: string,
  tls: SlapdSettings['tls'],
  database: readonly string[],
  withoutPolicy: boolean,
): string {
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    ...['back_mdb', 'unique', 'memberof', ...(withoutPolicy ? [] : ['ppolicy'])].map((name) => `moduleload ${name}`),
    `pidfile ${folder}/slapd.pid`,
    ...(tls ? [`TLSCertificateFile ${tls.certificate}`, `TLSCertificateKeyFile ${tls.key}`] : []),
    'sizelimit 500',
    'database mdb',
    `suffix ${SUFFIX}`,
    `rootdn ${BIND_DN}`,
    `rootpw "${BIND_PASSWORD}"`,
    `directory ${folder}/db`,
    'maxsize 268435456',
    'dbnosync',
    'index objectClass,uid,mail,entryUUID,member eq',
    'access to attrs=userPassword by * auth',
    'access to * by dn.exact="cn=reader,dc=example,dc=com" read by * none',
    'overlay unique',
    'unique_uri ldap:///?mail?sub',
    'overlay memberof',
    ...(withoutPolicy ? [] : ['overlay ppolicy', `ppolicy_default cn=policy,${SUFFIX}`]),
    ...database,
    '',
  ].join('\n');
}

const POLICY = `dn: cn=policy,${SUFFIX}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE

`;

const BASE = `dn: ${SUFFIX}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ${PEOPLE}
objectClass: organizationalUnit
ou: people

dn: ${FORMER}
objectClass: organizationalUnit
ou: former

dn: ${GROUPS}
objectClass: organizationalUnit
ou: groups

${POLICY}dn: cn=reader,${SUFFIX}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: only for reading
`;

/** Two at once, so that they differ. */
async function findPorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports as [number, number];
}

async function waitUntilOpen(port: number): Promise<void> {
  for (const until = Date.now() + 30_000; ; ) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (isOpen) return;
    if (Date.now() > until) throw new Error('slapd did not start');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
