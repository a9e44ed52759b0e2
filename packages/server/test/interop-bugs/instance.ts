import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountSnapshot, FaultTarget } from '@usher/scim/testing';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/serve.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestLog } from '../support/test-log.ts';

const ADMIN_KEY = 'an-admin-key-of-this-test-only';
const TOKEN = 'secret-token-of-the-target';

export { TOKEN as TARGET_TOKEN };

export const MAPPING = [
  { target: 'externalId', formula: 'Id', required: true },
  { target: 'userName', formula: 'Username', required: true },
  { target: 'name.familyName', formula: 'LastName' },
  { target: 'title', formula: 'Title' },
  { target: 'roles', formula: 'PermissionSetGroups' },
];

/** A whole server over its API, as an administrator uses it; what came of it is seen at the target. */
export class Instance {
  readonly database: TestDatabase;
  readonly #server: RunningServer;
  readonly #folder: string;

  private constructor(database: TestDatabase, server: RunningServer, folder: string) {
    this.database = database;
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<Instance> {
    const folder = mkdtempSync(join(tmpdir(), 'usher-bugs-'));
    const database = await createTestDatabase();
    const config = readConfig({
      DATABASE_URL: database.url,
      USHER_DATA_DIR: join(folder, 'data'),
      USHER_MASTER_KEY: randomBytes(32).toString('base64'),
      USHER_ADMIN_KEY: ADMIN_KEY,
      USHER_PORT: '0',
      USHER_ALLOW_HTTP_TARGETS: 'true',
      USHER_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8',
    });
    const instance = new Instance(database, await startServer(config, createTestLog()), folder);
    await instance.send('POST', '/profiles', { Name: 'Staff' });
    return instance;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  async send(method: string, path: string, body?: unknown, headers = {}): Promise<any> {
    const response = await fetch(`${this.#server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  /** A change of what may have changed meanwhile, with its present version. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  async change(method: string, path: string, below: string, body?: unknown): Promise<any> {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const present = await fetch(`${this.#server.url}/api/v1${path}`, { headers });
    await present.body?.cancel();
    return this.send(method, path + below, body, { 'if-match': present.headers.get('etag') ?? '' });
  }

  /** An app at this target, granted to the profile Staff and at work, unless told otherwise. */
  async addApp(
    name: string,
    target: FaultTarget,
    more: { configuration?: object; active?: boolean; assigned?: boolean } = {},
  ): Promise<void> {
    await this.send('POST', '/apps', { name, connector: 'scim2', baseUrl: target.url });
    await this.change('PUT', `/apps/${name}`, '/credential', { kind: 'bearer', token: TOKEN });
    const correlation = { matchingAttributes: ['externalId', 'userName'] };
    await this.send('POST', `/apps/${name}/configurations`, { mapping: MAPPING, correlation, ...more.configuration });
    if (more.assigned !== false) {
      await this.send('POST', `/apps/${name}/assignments`, { kind: 'profile', name: 'Staff' });
    }
    if (more.active !== false) await this.activate(name);
  }

  activate(name: string): Promise<unknown> {
    return this.send('POST', `/apps/${name}/activate`, { withoutRollout: 'a test' });
  }

  /** A person, by user name without the domain. Gives the id. */
  async addPerson(name: string, more: object = {}): Promise<string> {
    const person = { Username: `${name}@example.com`, Email: `${name}@example.com`, LastName: name, Profile: 'Staff' };
    return (await this.send('POST', '/users', { ...person, ...more })).Id;
  }

  changePerson(name: string, fields: object): Promise<void> {
    return this.change('PATCH', `/users/${name}@example.com`, '', fields);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadline = performance.now() + 30_000; !(await holds()); ) {
      if (performance.now() > deadline) assert.fail(`${what} did not come about`);
      await systemClock.sleep(20);
    }
  }
}

/** The account of a person at a target, by the name that the test gave them. */
export function accountOf(target: FaultTarget, name: string): AccountSnapshot | undefined {
  return [...target.accounts().values()].find(({ userName }) => userName === `${name}@example.com`);
}

export function isActive(target: FaultTarget, name: string): boolean {
  return accountOf(target, name)?.active === true;
}
