import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type ArmedCrash, CRASH_POINTS } from './crash-point.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';

/** A range of addresses that connected apps may be at although it is private; on every port, or on one. */
export interface AllowedNetwork {
  readonly address: string;
  readonly prefix: number;
  readonly family: 4 | 6;
  readonly port?: number;
}

/** Where the key that seals credentials comes from. A `file` that must exist was named by a person; the default one may be made. */
export type MasterKeySource =
  | { readonly kind: 'value'; readonly key: Buffer; readonly olderKeys?: readonly Buffer[] }
  | { readonly kind: 'file'; readonly path: string; readonly mustExist: boolean }
  | { readonly kind: 'command'; readonly command: string };

/** The roles that people of the console have. */
const PERSON_ROLES = ['administrator', 'operator', 'help desk', 'auditor'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

export interface SingleSignOnConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly roleClaim?: string;
  readonly roles: ReadonlyArray<{ readonly value: string; readonly role: PersonRole }>;
  readonly defaultRole?: PersonRole;
  readonly emailDomains: readonly string[];
}

export interface Config {
  /** Without it the embedded PostgreSQL runs on the data folder. */
  readonly databaseUrl?: string;
  readonly databasePoolSize: number;
  /** Several servers may use one embedded PostgreSQL. */
  readonly shareDatabase: boolean;
  /** Absolute. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Without a slash at its end. */
  readonly publicUrl?: string;
  /** Sign-in to the console by the organisation's OpenID provider. */
  readonly singleSignOn?: SingleSignOnConfig;
  readonly logLevel: LogLevel;
  /** The first admin key, given rather than made. */
  readonly adminKey?: string;
  readonly masterKey: MasterKeySource;
  /** Whether `/metrics` asks for a key with the scope metrics:read. */
  readonly metricsNeedKey: boolean;
  readonly allowHttpTargets: boolean;
  readonly allowedNetworks: readonly AllowedNetwork[];
  /** Absolute: modules of custom connectors, or folders that hold some. */
  readonly connectorPaths: readonly string[];
  /** Changes of custom connectors are taken up at once: for those who write them. */
  readonly watchConnectors: boolean;
  /** Names this process among those that share a database. */
  readonly replica: string;
  /** For tests of crashes only: where this process kills itself. */
  readonly crashPoint?: ArmedCrash;
}

export interface ConfigProblem {
  readonly setting: string;
  readonly problem: string;
  readonly fix: string;
}

/** Everything that is wrong with the configuration, at once. Values of secrets are never repeated in it. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map((p) => `${p.setting}: ${p.problem}. ${p.fix}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Options of the command line that go before the environment. */
export interface ConfigOverrides {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: string;
  readonly publicUrl?: string;
  readonly logLevel?: string;
  readonly databaseUrl?: string;
}

/*
 * The file is long because a setting is whole here: its name, what it is read into, and how a wrong one is refused. The
 * environment is read nowhere else.
 */
const VARIABLES = {
  databaseUrl: 'DATABASE_URL',
  databasePoolSize: 'USHER_DATABASE_POOL_SIZE',
  shareDatabase: 'USHER_SHARE_DATABASE',
  dataDir: 'USHER_DATA_DIR',
  host: 'USHER_HOST',
  port: 'USHER_PORT',
  publicUrl: 'USHER_PUBLIC_URL',
  logLevel: 'USHER_LOG_LEVEL',
  adminKey: 'USHER_ADMIN_KEY',
  oidcIssuer: 'USHER_OIDC_ISSUER',
  oidcClientId: 'USHER_OIDC_CLIENT_ID',
  oidcClientSecret: 'USHER_OIDC_CLIENT_SECRET',
  oidcLabel: 'USHER_OIDC_LABEL',
  oidcScopes: 'USHER_OIDC_SCOPES',
  oidcRoleClaim: 'USHER_OIDC_ROLE_CLAIM',
  oidcRoles: 'USHER_OIDC_ROLES',
  oidcDefaultRole: 'USHER_OIDC_DEFAULT_ROLE',
  oidcEmailDomains: 'USHER_OIDC_EMAIL_DOMAINS',
  masterKey: 'USHER_MASTER_KEY',
  masterKeyFile: 'USHER_MASTER_KEY_FILE',
  masterKeyCommand: 'USHER_MASTER_KEY_COMMAND',
  olderMasterKeys: 'USHER_MASTER_KEY_OLDER',
  metrics: 'USHER_METRICS',
  allowHttpTargets: 'USHER_ALLOW_HTTP_TARGETS',
  allowedNetworks: 'USHER_ALLOW_PRIVATE_NETWORKS',
  connectorPaths: 'USHER_CONNECTORS',
  watchConnectors: 'USHER_WATCH_CONNECTORS',
  replica: 'USHER_REPLICA',
  crashPoint: 'USHER_CRASH_POINT',
  apiUrl: 'USHER_URL',
  apiKey: 'USHER_API_KEY',
} as const;
type SettingName = keyof typeof VARIABLES;

/** By which variable each setting of single sign-on is set, for the page that says so. */
export const SINGLE_SIGN_ON_VARIABLES = {
  issuer: VARIABLES.oidcIssuer,
  clientId: VARIABLES.oidcClientId,
  clientSecret: VARIABLES.oidcClientSecret,
  label: VARIABLES.oidcLabel,
  scopes: VARIABLES.oidcScopes,
  roleClaim: VARIABLES.oidcRoleClaim,
  roles: VARIABLES.oidcRoles,
  defaultRole: VARIABLES.oidcDefaultRole,
  emailDomains: VARIABLES.oidcEmailDomains,
} as const;

/** Every variable that Usher reads, for the documentation's test. */
export const VARIABLE_NAMES: readonly string[] = Object.values(VARIABLES);

type Env = Readonly<Record<string, string | undefined>>;
type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string; fix: string };
const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });
const refuse = (problem: string, fix: string): Parsed<never> => ({ ok: false, problem, fix });

class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #env: Env;
  readonly #overrides: ConfigOverrides;

  constructor(env: Env, overrides: ConfigOverrides) {
    this.#env = env;
    this.#overrides = overrides;
  }

  read<T>(name: SettingName, parse: (text: string) => Parsed<T>): T | undefined {
    const flag = (this.#overrides as Record<string, string | undefined>)[name];
    const text = flag ?? this.#env[VARIABLES[name]];
    // An empty variable is how Compose files and CI say "not set".
    if (text === undefined || text.trim() === '') return undefined;
    const parsed = parse(text.trim());
    if (parsed.ok) return parsed.value;
    const setting = flag === undefined ? VARIABLES[name] : `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
    this.problems.push({ setting, problem: parsed.problem, fix: parsed.fix });
    return undefined;
  }

  refuse(name: SettingName, problem: string, fix: string): void {
    this.problems.push({ setting: VARIABLES[name], problem, fix });
  }
}

/** Reads and checks the whole configuration; throws a ConfigError that lists every problem. */
export function readConfig(env: Env = process.env, overrides: ConfigOverrides = {}): Config {
  const reader = new Reader(env, overrides);
  const dataDir = resolve(reader.read('dataDir', parsePath) ?? 'data');
  const databaseUrl = reader.read('databaseUrl', parseDatabaseUrl);
  const publicUrl = reader.read('publicUrl', parsePublicUrl);
  const adminKey = reader.read('adminKey', parseAdminKey);
  const crashPoint = reader.read('crashPoint', parseCrashPoint);
  const singleSignOn = readSingleSignOn(reader);
  const config: Config = {
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    databasePoolSize: reader.read('databasePoolSize', (text) => parseInteger(text, 4, 200)) ?? 16,
    shareDatabase: reader.read('shareDatabase', parseSwitch) ?? false,
    dataDir,
    host: reader.read('host', parseHost) ?? '127.0.0.1',
    port: reader.read('port', parsePort) ?? 4780,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(singleSignOn === undefined ? {} : { singleSignOn }),
    logLevel: reader.read('logLevel', parseLogLevel) ?? 'info',
    ...(adminKey === undefined ? {} : { adminKey }),
    masterKey: readMasterKey(reader, dataDir),
    metricsNeedKey: reader.read('metrics', parseMetrics) ?? false,
    allowHttpTargets: reader.read('allowHttpTargets', parseSwitch) ?? false,
    allowedNetworks: reader.read('allowedNetworks', parseNetworks) ?? [],
    connectorPaths: reader.read('connectorPaths', parsePaths) ?? [],
    watchConnectors: reader.read('watchConnectors', parseSwitch) ?? false,
    replica: reader.read('replica', parseReplica) ?? `${hostname()}-${process.pid}`,
    ...(crashPoint === undefined ? {} : { crashPoint }),
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** Settings of the command line as the API's caller: where the server is, and the key. */
export interface ApiAccess {
  readonly url: string;
  readonly key?: string;
}

export function readApiAccess(env: Env = process.env): ApiAccess {
  const reader = new Reader(env, {});
  const url = reader.read('apiUrl', parsePublicUrl) ?? 'http://127.0.0.1:4780';
  const key = reader.read('apiKey', parseAdminKey);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return key === undefined ? { url } : { url, key };
}

/**
 * Variables that look like ours and mean nothing, so that a misspelt one is told rather than ignored.
 * Kubernetes makes `USHER_SERVICE_HOST`, `USHER_PORT_4780_TCP` and the like for a Service called usher; those are left out.
 */
export function findUnknownVariables(env: Env = process.env): string[] {
  const known = new Set<string>(VARIABLE_NAMES);
  return Object.keys(env)
    .filter((name) => name.startsWith('USHER_') && !known.has(name))
    .filter((name) => !/^USHER_(SERVICE_|PORT_|TEST_)/.test(name))
    .sort();
}

function readMasterKey(reader: Reader, dataDir: string): MasterKeySource {
  const key = reader.read('masterKey', parseMasterKey);
  const path = reader.read('masterKeyFile', parsePath);
  const command = reader.read('masterKeyCommand', accept);
  const olderKeys = reader.read('olderMasterKeys', parseMasterKeys);
  if (key && path !== undefined) {
    reader.refuse('masterKey', `is set together with ${VARIABLES.masterKeyFile}`, 'Set only one of the two.');
  }
  if (command !== undefined && (key || path !== undefined)) {
    const other = key ? VARIABLES.masterKey : VARIABLES.masterKeyFile;
    reader.refuse('masterKeyCommand', `is set together with ${other}`, 'Set only one of the two.');
  }
  if (olderKeys && !key) {
    const fix = 'Older keys of a file or a command stand on its further lines.';
    reader.refuse('olderMasterKeys', `is set without ${VARIABLES.masterKey}`, fix);
  }
  if (command !== undefined) return { kind: 'command', command };
  if (key) return { kind: 'value', key, ...(olderKeys ? { olderKeys } : {}) };
  if (path !== undefined) return { kind: 'file', path: resolve(path), mustExist: true };
  return { kind: 'file', path: resolve(dataDir, 'master.key'), mustExist: false };
}

function readSingleSignOn(reader: Reader): SingleSignOnConfig | undefined {
  const issuer = reader.read('oidcIssuer', parseIssuer);
  const clientId = reader.read('oidcClientId', accept);
  const clientSecret = reader.read('oidcClientSecret', accept);
  const roleClaim = reader.read('oidcRoleClaim', accept);
  const roles = reader.read('oidcRoles', parseRoles) ?? [];
  const defaultRole = reader.read('oidcDefaultRole', parseRole);
  const label = reader.read('oidcLabel', accept) ?? 'Single sign-on';
  const scopes = reader.read('oidcScopes', (text) =>
    accept(text.split(/[\s,]+/).filter((scope) => scope !== 'openid')),
  );
  const emailDomains = reader.read('oidcEmailDomains', parseDomains) ?? [];
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined) {
    reader.refuse('oidcIssuer', 'is not set', 'Give the address of the OpenID provider, or leave the others out too.');
    return undefined;
  }
  if (clientId === undefined) {
    reader.refuse('oidcClientId', 'is not set', 'Give the id under which the OpenID provider knows Usher.');
    return undefined;
  }
  if (roles.length > 0 && roleClaim === undefined) {
    reader.refuse(
      'oidcRoleClaim',
      'is not set',
      `Name the claim whose values ${VARIABLES.oidcRoles} lists, such as groups.`,
    );
  }
  return {
    issuer,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    label: label.slice(0, 60),
    scopes: scopes ?? ['profile', 'email'],
    ...(roleClaim === undefined ? {} : { roleClaim }),
    roles,
    ...(defaultRole === undefined ? {} : { defaultRole }),
    emailDomains,
  };
}

/** As its document writes it: with or without a slash at the end is another issuer. */
function parseIssuer(text: string): Parsed<string> {
  const parsed = parsePublicUrl(text);
  return parsed.ok
    ? accept(text)
    : refuse(parsed.problem, 'Give the issuer as its metadata does, such as https://login.example.com.');
}

function parseRole(text: string): Parsed<PersonRole> {
  const role = PERSON_ROLES.find((known) => known === text.toLowerCase());
  return role ? accept(role) : refuse(`"${text}" is not a role`, `Give one of ${PERSON_ROLES.join(', ')}.`);
}

/** `usher-admins=administrator, usher-desk=help desk` */
function parseRoles(text: string): Parsed<Array<{ value: string; role: PersonRole }>> {
  const roles: Array<{ value: string; role: PersonRole }> = [];
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const at = item.lastIndexOf('=');
    const role = parseRole(item.slice(at + 1).trim());
    if (at < 1 || !role.ok) {
      return refuse(
        `"${item.trim()}" is not of the form value=role`,
        `Give pairs such as usher-admins=administrator with commas between them; roles are ${PERSON_ROLES.join(', ')}.`,
      );
    }
    roles.push({ value: item.slice(0, at).trim(), role: role.value });
  }
  return accept(roles);
}

function parseDomains(text: string): Parsed<string[]> {
  const domains = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const wrong = domains.find((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain));
  return wrong === undefined
    ? accept(domains)
    : refuse(`"${wrong}" is not a domain`, 'Give domains such as example.com.');
}

function parsePath(text: string): Parsed<string> {
  if (text.includes('\0')) return refuse('contains a NUL character', 'Give a path.');
  return accept(text);
}

function parsePaths(text: string): Parsed<string[]> {
  if (text.includes('\0')) return refuse('contains a NUL character', 'Give paths with commas between them.');
  const paths = text.split(',').map((path) => path.trim());
  return accept(paths.filter(Boolean).map((path) => resolve(path)));
}

function parseDatabaseUrl(text: string): Parsed<string> {
  const form = 'Use the form postgres://name:password@host:5432/database.';
  const url = parseUrl(text);
  if (!url) return refuse('is not a URL (is a special character of the password not percent-encoded?)', form);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    return refuse(`starts with "${url.protocol}//", and Usher stores its records in PostgreSQL only`, form);
  }
  if (url.pathname.length < 2) return refuse('names no database', form);
  return accept(text);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function parsePublicUrl(text: string): Parsed<string> {
  const fix = 'Give the address at which people reach Usher, such as https://usher.example.com.';
  const url = parseUrl(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refuse(`"${text}" is not an http or https URL`, fix);
  }
  if (url.search || url.hash) return refuse(`"${text}" has a query or a fragment`, fix);
  if (url.username || url.password) return refuse('holds a name or a password', fix);
  return accept(url.href.replace(/\/+$/, ''));
}

function parseInteger(text: string, least: number, most: number): Parsed<number> {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < least || value > most) {
    return refuse(`"${text}" is not a whole number from ${least} to ${most}`, `Give one from ${least} to ${most}.`);
  }
  return accept(value);
}

function parsePort(text: string): Parsed<number> {
  if (/^[a-z]+:\/\//i.test(text)) {
    return refuse(
      `"${text}" is a URL; Kubernetes sets this variable for a Service called "usher"`,
      'Give the Service another name, or set enableServiceLinks: false in the pod and USHER_PORT to a port number.',
    );
  }
  const parsed = parseInteger(text, 0, 65_535);
  return parsed.ok ? parsed : refuse(parsed.problem, 'Give a port number, or 0 to let the system choose one.');
}

function parseHost(text: string): Parsed<string> {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return accept(host);
  return refuse(
    `"${text}" is neither an address nor a host name`,
    'Give the address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 or :: for every network.',
  );
}

function parseLogLevel(text: string): Parsed<LogLevel> {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  return level ? accept(level) : refuse(`"${text}" is not a level`, `Give one of ${LOG_LEVELS.join(', ')}.`);
}

function parseAdminKey(text: string): Parsed<string> {
  const fix = 'Give at least 24 letters, digits or the signs - and _, made by a random generator.';
  if (text.length < 24) return refuse(`has ${text.length} characters, too few to resist guessing`, fix);
  if (text.length > 256) return refuse(`has ${text.length} characters, more than 256`, fix);
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return refuse('holds characters other than letters, digits, - and _', fix);
  return accept(text);
}

function parseMasterKey(text: string): Parsed<Buffer> {
  const fix = 'Make one with: openssl rand -base64 32';
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return refuse('is not base64', fix);
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32) return refuse(`is ${key.length} bytes long when decoded, and must be 32`, fix);
  if (key.every((byte) => byte === key[0])) return refuse('is one byte repeated, which anyone can guess', fix);
  return accept(key);
}

function parseMasterKeys(text: string): Parsed<Buffer[]> {
  const keys: Buffer[] = [];
  for (const item of text.split(/[\s,]+/).filter(Boolean)) {
    const parsed = parseMasterKey(item);
    if (!parsed.ok) return refuse(`holds a key that ${parsed.problem}`, parsed.fix);
    keys.push(parsed.value);
  }
  return accept(keys);
}

/** True: a key is asked for. */
function parseMetrics(text: string): Parsed<boolean> {
  if (/^open$/i.test(text)) return accept(false);
  if (/^key$/i.test(text)) return accept(true);
  return refuse(`"${text}" is neither open nor key`, 'Give key to ask for an API key with the scope metrics:read.');
}

function parseSwitch(text: string): Parsed<boolean> {
  if (/^(true|1|yes|on)$/i.test(text)) return accept(true);
  if (/^(false|0|no|off)$/i.test(text)) return accept(false);
  return refuse(`"${text}" is neither true nor false`, 'Give true or false.');
}

function parseReplica(text: string): Parsed<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return accept(text);
  return refuse(
    `"${text}" is not a name of up to 63 letters, digits, dots, - and _`,
    'Give each replica its own short name.',
  );
}

function parseCrashPoint(text: string): Parsed<ArmedCrash> {
  const [, wanted, passText] = /^([a-z-]+)(?::(\d{1,6}))?$/.exec(text) ?? [];
  const name = CRASH_POINTS.find((known) => known === wanted);
  const pass = Number(passText ?? 1);
  if (name !== undefined && pass > 0) return accept({ name, pass });
  return refuse(
    `"${text}" names no place at which a test may kill the process`,
    `Leave it unset outside tests; in one, give name or name:pass with one of ${CRASH_POINTS.join(', ')}.`,
  );
}

function parseNetworks(text: string): Parsed<AllowedNetwork[]> {
  const networks: AllowedNetwork[] = [];
  for (const item of text.split(/[\s,]+/).filter(Boolean)) {
    const parsed = parseNetwork(item);
    if (!parsed.ok) return parsed;
    networks.push(parsed.value);
  }
  return accept(networks);
}

/** `10.0.0.0/8`, `10.1.2.3:8443`, `fd00::/8`, `[fd00::/8]:443`. */
export function parseNetwork(text: string): Parsed<AllowedNetwork> {
  const fix = 'Give ranges such as 10.0.0.0/8, 192.168.1.20:8443 or [fd00::/8]:443, with commas between them.';
  const match =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text) ?? /^([0-9a-f:.]+(?:\/\d+)?)$/i.exec(text);
  const [range, portText] = [match?.[1] ?? text, match?.[2]];
  const [address = '', prefixText, ...more] = range.split('/');
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || more.length > 0 || address.includes('%')) {
    return refuse(`"${text}" is not a range of IP addresses`, fix);
  }
  const bits = family === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefixText !== undefined && (!/^\d{1,3}$/.test(prefixText) || prefix > bits)) {
    return refuse(`"${text}" has the prefix length ${prefixText}, which is not from 0 to ${bits}`, fix);
  }
  if (isAlwaysRefused(address, prefix)) {
    return refuse(
      `"${text}" is link-local, where clouds keep their credentials; Usher never sends there`,
      'Leave it out, and give the target another address.',
    );
  }
  const network = { address, prefix, family } as const;
  if (portText === undefined) return accept(network);
  const port = parseInteger(portText, 1, 65_535);
  return port.ok ? accept({ ...network, port: port.value }) : refuse(`"${text}": ${port.problem}`, fix);
}

function isAlwaysRefused(address: string, prefix: number): boolean {
  if (/^169\.254\./.test(address)) return prefix >= 16;
  return /^fe[89ab][0-9a-f]:/i.test(address) && prefix >= 10;
}
