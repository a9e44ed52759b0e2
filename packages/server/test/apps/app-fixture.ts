import { randomBytes } from 'node:crypto';
import { builtInConnectors } from '@usher/connectors';
import { type ScimTarget, startScimTarget } from '@usher/sandbox';
import type { AppGround } from '../../src/apps/index.ts';
import { appRoutes } from '../../src/http/app-routes.ts';
import { createVault } from '../../src/vault/index.ts';
import { type Answer, createHttpFixture, type HttpFixture, type SendOptions } from '../http/http-fixture.ts';

export const TOKEN = 'a-token-of-the-sandbox-target';

/** A server with the routes of connected apps, and a real SCIM target on loopback. */
export interface AppFixture extends HttpFixture {
  readonly ground: AppGround;
  readonly target: ScimTarget;
  /** Sends a change with the app's present ETag. */
  change(method: string, app: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Makes an app at the target: a draft, with its credential unless told otherwise. */
  makeApp(name: string, more?: { credential?: false; configured?: boolean; baseUrl?: string }): Promise<void>;
  audit(): Promise<{ action: string; before: unknown; after: unknown; text: string }[]>;
}

export const CONFIGURATION = {
  mapping: [
    { target: 'userName', formula: 'Username', required: true },
    { target: 'externalId', formula: 'Id' },
    { target: 'name.familyName', formula: 'LastName' },
  ],
};

export async function createAppFixture(): Promise<AppFixture> {
  const target = await startScimTarget({ token: TOKEN });
  let appGround: AppGround | undefined;
  const fixture = await createHttpFixture((ground) => {
    appGround = {
      ...ground,
      vault: createVault([{ id: 'test-key', bytes: randomBytes(32) }]),
      connectors: builtInConnectors,
      networkPolicy: { allowHttp: true, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 }] },
      version: '0.0.0',
    };
    return [appRoutes(appGround)];
  }).catch(async (error: unknown) => {
    await target.stop();
    throw error;
  });
  if (!appGround) throw new Error('The routes were not built');
  const ground = appGround;
  const { send } = fixture;

  const change: AppFixture['change'] = async (method, app, path, options = {}) => {
    const found = await send('GET', `/api/v1/apps/${app}`);
    const headers = { 'if-match': String(found.headers['etag']), ...options.headers };
    return send(method, `/api/v1/apps/${app}${path}`, { ...options, headers });
  };
  const expect = async (status: number, answer: Promise<Answer>): Promise<void> => {
    const got = await answer;
    if (got.status !== status) throw new Error(`Expected ${status}, got ${got.status}: ${got.text}`);
  };
  return {
    ...fixture,
    ground,
    target,
    change,
    makeApp: async (name, { credential = true, configured = false, baseUrl = target.url } = {}) => {
      await expect(201, send('POST', '/api/v1/apps', { body: { name, baseUrl } }));
      if (credential) {
        await expect(200, change('PUT', name, '/credential', { body: { kind: 'bearer', token: TOKEN } }));
      }
      if (configured) await expect(201, send('POST', `/api/v1/apps/${name}/configurations`, { body: CONFIGURATION }));
    },
    audit: async () => {
      const { rows } = await ground.pool.query(
        'select action, before, after, row_to_json(audit_event)::text as text from audit_event order by id',
      );
      return rows;
    },
    close: async () => {
      await fixture.close();
      await target.stop();
    },
  };
}

/** A profile with so many active users. Gives their ids. */
export async function addPeople(ground: AppGround, profile: string, count: number): Promise<string[]> {
  const now = ground.clock.now();
  const { rows } = await ground.pool.query(
    `insert into profile (name, created_at, updated_at) values ($1, $2, $2) returning id`,
    [profile, now],
  );
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const id = ground.clock.uuid();
    const fields = { LastName: `Person ${index}`, Email: `p${index}@example.com` };
    await ground.pool.query(
      `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
       values ($1, $2, true, $3, $4, $5, $5)`,
      [id, `${profile.toLowerCase()}${index}@example.com`, rows[0].id, fields, now],
    );
    ids.push(id);
  }
  return ids;
}
