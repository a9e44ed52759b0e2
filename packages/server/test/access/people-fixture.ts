import { randomBytes } from 'node:crypto';
import {
  type AccessGround,
  createSingleSignOn,
  ensureFirstAdministratorLink,
  needsFirstAdministrator,
  type Role,
  type SignOnSettings,
} from '../../src/access/index.ts';
import { totpCode, totpStepAt } from '../../src/access/totp.ts';
import type { Ground } from '../../src/ground.ts';
import type { RouteFamily } from '../../src/http/http-app.ts';
import { peopleRoutes } from '../../src/http/people-routes.ts';
import type { HttpServerOptions } from '../../src/http/server.ts';
import { sessionRoutes } from '../../src/http/session-routes.ts';
import { singleSignOnRoutes } from '../../src/http/single-sign-on-routes.ts';
import { createGuardedFetch } from '../../src/transport/index.ts';
import { createVault } from '../../src/vault/index.ts';
import { type Answer, createHttpFixture, type HttpFixture, type SendOptions } from '../http/http-fixture.ts';

export const PASSWORD = 'a sentence that nobody guesses';

export interface PeopleFixture extends HttpFixture {
  /** The token of the first administrator's link. */
  readonly firstToken: string;
  /** A browser without cookies, at its own address. */
  browser(address?: string): Browser;
  /** A browser in which a person of this role is signed in with an authenticator app; made by the first administrator. */
  signedIn(role: Role, email?: string): Promise<SignedInBrowser>;
}

/** Keeps cookies and the CSRF token as a browser with the console does. */
export interface Browser {
  readonly cookies: Map<string, string>;
  csrf: string | undefined;
  send(method: string, url: string, options?: SendOptions): Promise<Answer>;
}

export interface SignedInBrowser extends Browser {
  readonly personId: string;
  readonly email: string;
  /** Base32 bytes of the authenticator app's secret. */
  readonly totp: Buffer;
  readonly recoveryCodes: string[];
}

export async function createPeopleFixture(
  routes: (ground: Ground) => RouteFamily[] = () => [],
  more: Partial<HttpServerOptions> = {},
  signOnSettings?: SignOnSettings,
): Promise<PeopleFixture> {
  const vault = createVault([{ id: 'test', bytes: randomBytes(32) }]);
  const place = more.place ?? { host: '127.0.0.1' };
  const http = await createHttpFixture((ground) => {
    const access: AccessGround = { ...ground, vault };
    const policy = { allowHttp: true, allowedNetworks: [{ address: '127.0.0.1', prefix: 32, family: 4 as const }] };
    const fetch = createGuardedFetch({ policy, version: 'test' });
    const signOn = signOnSettings && createSingleSignOn(access, signOnSettings, fetch);
    const offer = { singleSignOn: null, needsFirstAdministrator: () => needsFirstAdministrator(ground) };
    return [
      sessionRoutes({ ground: access, place, offer, signOn }),
      singleSignOnRoutes(signOnSettings, signOn, place),
      peopleRoutes(access, place),
      ...routes(access),
    ];
  }, more);
  const { made } = await ensureFirstAdministratorLink(http.ground);
  const firstToken = made?.path.split('#')[1];
  if (firstToken === undefined) throw new Error('The first start made no link for an administrator');
  let browsers = 0;
  const browser = (address?: string) => createBrowser(http, address ?? `192.0.2.${++browsers % 250}`);
  let admin: SignedInBrowser | undefined;
  const signedIn = async (role: Role, email = `${role.replace(' ', '.')}.${browsers}@example.com`) => {
    if (!admin) {
      const body = { token: firstToken, email: 'ada@example.com', name: 'Ada Lovelace', password: PASSWORD };
      admin = await join(http, browser(), body);
    }
    if (role === 'administrator' && email.startsWith('administrator.')) return admin;
    // By the key: a test may have ended the session of the first administrator.
    const invited = await http.send('POST', '/api/v1/people', { body: { email, name: `The ${role}`, role } });
    if (invited.status !== 201) throw new Error(`The person was not invited: ${invited.text}`);
    return await join(http, browser(), { token: invited.json.link.url.split('#')[1], password: PASSWORD });
  };
  return { ...http, firstToken, browser, signedIn };
}

/** Uses a link, and sets up an authenticator app. */
export async function join(http: HttpFixture, browser: Browser, body: object): Promise<SignedInBrowser> {
  const accepted = await browser.send('POST', '/api/v1/session/link/accept', { body });
  if (accepted.status !== 200) throw new Error(`The link was not accepted: ${accepted.text}`);
  const begun = await browser.send('POST', '/api/v1/session/totp/setup', { body: {} });
  const totp = decodeBase32(begun.json.secret);
  const code = totpCode(totp, totpStepAt(http.clock.now()));
  const { status, json, text } = await browser.send('POST', '/api/v1/session/totp/confirm', { body: { code } });
  if (status !== 200) throw new Error(`The authenticator app was not confirmed: ${text}`);
  const { id, email } = json.session.person;
  return Object.assign(browser, { personId: id, email, totp, recoveryCodes: json.recoveryCodes });
}

export function createBrowser(http: HttpFixture, address: string): Browser {
  const browser: Browser = {
    cookies: new Map(),
    csrf: undefined,
    send: async (method, url, options = {}) => {
      const host = options.headers?.['host'] ?? 'localhost:4780';
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await http.send(method, url, {
        key: null,
        address,
        ...options,
        headers: {
          ...(cookie === '' ? {} : { cookie }),
          ...(browser.csrf === undefined ? {} : { 'x-csrf-token': browser.csrf }),
          ...(method === 'GET' ? {} : { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }),
          ...options.headers,
        },
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) takeCookie(browser.cookies, String(line));
      const session = answer.json?.session ?? answer.json;
      if (typeof session?.csrfToken === 'string') browser.csrf = session.csrfToken;
      return answer;
    },
  };
  return browser;
}

function takeCookie(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (value === '' || /Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}

export function decodeBase32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
