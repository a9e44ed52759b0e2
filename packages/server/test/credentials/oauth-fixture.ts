import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { builtInConnectors } from '@usher/connectors';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Browser,
  createBrowser,
  type ScimTarget,
  startAuthorizationServer,
  startScimTarget,
} from '@usher/sandbox';
import type { AppGround } from '../../src/apps/index.ts';
import { systemClock } from '../../src/clock.ts';
import { alertRoutes } from '../../src/http/alert-routes.ts';
import { appRoutes } from '../../src/http/app-routes.ts';
import { authorizationRoutes, callbackRoutes } from '../../src/http/authorization-routes.ts';
import { vaultRoutes } from '../../src/http/vault-routes.ts';
import { createVault } from '../../src/vault/index.ts';
import { CONFIGURATION } from '../apps/app-fixture.ts';
import { type Answer, createHttpFixture, type HttpFixture, type SendOptions } from '../http/http-fixture.ts';

export const CONSUMER = { key: 'usher-at-the-sandbox', secret: 'a-consumer-secret-of-the-sandbox-canary' };

/** Usher listening, a real authorization server, and a real SCIM target that it protects. */
export interface OAuthFixture extends HttpFixture {
  readonly ground: AppGround;
  readonly server: AuthorizationServer;
  readonly target: ScimTarget;
  readonly url: string;
  change(method: string, app: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Makes an app whose consumer the authorization server knows, not authorized yet. */
  makeApp(name: string, settings?: object, more?: { baseUrl?: string; consumer?: false }): Promise<void>;
  /** Authorizes an app as a browser would. Gives the last page. */
  authorize(name: string, person?: string): Promise<Authorized>;
  /** Begins an authorization with this browser, through its cookies, and consents. Gives the callback with the answer. */
  consent(name: string, browser: Browser, person?: string): Promise<string>;
  authorization(name: string): Promise<Answer['json']>;
  /** Moves the health of an app's credential, in the database alone. */
  setHealth(name: string, values: string): Promise<void>;
  audit(action: string): Promise<{ reason: string | null; after: unknown; before: unknown; actor: string }[]>;
}

export interface Authorized {
  readonly status: number;
  readonly body: string;
}

const REDIRECT_APPS = ['Chat', 'Wiki', 'Mail', 'Desk', 'Vault', 'Crm', 'Erp', 'Lms'];

export async function createOAuthFixture(options: AuthorizationServerOptions = {}): Promise<OAuthFixture> {
  let appGround: (AppGround & { publicUrl: string }) | undefined;
  const place = { host: '127.0.0.1' };
  const getGround = () => {
    if (!appGround) throw new Error('The routes were not built');
    return appGround;
  };
  const fixture = await createHttpFixture(
    (ground) => {
      appGround = {
        ...ground,
        // Its date stands still; waits for each other do not.
        clock: { ...ground.clock, sleep: systemClock.sleep },
        vault: createVault([{ id: 'test-key', bytes: randomBytes(32) }]),
        connectors: builtInConnectors,
        networkPolicy: { allowHttp: true, allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 }] },
        version: '0.0.0',
        publicUrl: '',
      };
      return [
        appRoutes(appGround),
        authorizationRoutes(appGround, place),
        alertRoutes(appGround),
        vaultRoutes(appGround),
      ];
    },
    { rootRoutes: [(root) => callbackRoutes(getGround(), place)(root)] },
  );
  const ground = getGround();
  await fixture.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(fixture.app.server.address() as AddressInfo).port}`;
  ground.publicUrl = url;
  const server = await startAuthorizationServer({
    clients: [
      {
        client_id: CONSUMER.key,
        client_secret: CONSUMER.secret,
        redirect_uris: ['', ...REDIRECT_APPS.map((name) => `/${name}`)].map((path) => `${url}/oauth/callback${path}`),
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        scope: 'openid api refresh_token offline_access email profile scim',
      },
    ],
    ...options,
  });
  const target = await startScimTarget({
    token: 'static-token-of-the-target',
    checkAccess: (header) => server.checkAccess(header),
  });
  const { send } = fixture;
  const change: OAuthFixture['change'] = (method, app, path, given = {}) =>
    send(method, `/api/v1/apps/${app}${path}`, { ...given, headers: { 'if-match': '*', ...given.headers } });
  const expect = async (status: number, answer: Promise<Answer>): Promise<Answer> => {
    const got = await answer;
    if (got.status !== status) throw new Error(`Expected ${status}, got ${got.status}: ${got.text}`);
    return got;
  };
  const consent: OAuthFixture['consent'] = async (name, browser, person = 'svc-usher') => {
    const begun = await expect(200, change('POST', name, '/authorize', { headers: { cookie: browser.cookies(url) } }));
    browser.setCookies(url, [begun.headers['set-cookie'] ?? []].flat() as string[]);
    return await browser.authorize(begun.json.url, person, `${url}/oauth/callback`);
  };
  return {
    ...fixture,
    ground,
    server,
    target,
    url,
    change,
    consent,
    makeApp: async (name, settings = {}, { baseUrl = target.url, consumer } = {}) => {
      await expect(201, send('POST', '/api/v1/apps', { body: { name, baseUrl } }));
      await expect(201, send('POST', `/api/v1/apps/${name}/configurations`, { body: CONFIGURATION }));
      await expect(200, change('PUT', name, '/oauth', { body: { issuer: server.issuer, ...settings } }));
      if (consumer === false) return;
      const body = { consumerKey: CONSUMER.key, consumerSecret: CONSUMER.secret };
      await expect(200, change('PUT', name, '/oauth/consumer', { body }));
    },
    authorize: async (name, person) => {
      const browser = createBrowser();
      const { status, body } = await browser.visit(await consent(name, browser, person));
      return { status, body };
    },
    authorization: async (name) =>
      (await expect(200, send('GET', `/api/v1/apps/${name}/authorization`))).json.authorization,
    setHealth: async (name, values) => {
      await ground.pool.query(
        `update credential_health set ${values} where app_id = (select id from connected_app where name = $1)`,
        [name],
      );
    },
    audit: async (action) => {
      const { rows } = await ground.pool.query(
        'select reason, before, after, actor from audit_event where action = $1 order by id',
        [action],
      );
      return rows;
    },
    close: async () => {
      await target.stop();
      await server.stop();
      await fixture.close();
    },
  };
}
