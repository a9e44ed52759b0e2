import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CONSUMER, createOAuthFixture, type OAuthFixture } from './oauth-fixture.ts';

let fixture: OAuthFixture;
before(async () => {
  fixture = await createOAuthFixture();
});
after(() => fixture.close());

type Step = (app: string) => Promise<{ status: number; text: string }>;

const SETTINGS = () => ({ issuer: fixture.server.issuer, scopes: ['api'], grant: 'client_credentials' });
const STEPS: Record<string, Step> = {
  settings: (app) => fixture.change('PUT', app, '/oauth', { body: SETTINGS() }),
  consumer: (app) =>
    fixture.change('PUT', app, '/oauth/consumer', {
      body: { consumerKey: CONSUMER.key, consumerSecret: CONSUMER.secret },
    }),
  authorize: (app) => fixture.change('POST', app, '/authorize'),
  activate: (app) => fixture.change('POST', app, '/activate', { body: { withoutRollout: 'nobody is granted it' } }),
};

/** What each step says when the piece before it is missing. */
const MISSING: Record<string, RegExp> = {
  consumer: /no OAuth settings/,
  authorize: /no OAuth settings|no consumer key/,
  activate: /no configuration|no credential|not authorized/,
};

function* orders(names: readonly string[]): Generator<string[]> {
  if (names.length === 0) yield [];
  for (const name of names) for (const rest of orders(names.filter((other) => other !== name))) yield [name, ...rest];
}

const NEEDS: Record<string, string[]> = {
  settings: [],
  consumer: ['settings'],
  authorize: ['settings', 'consumer'],
  activate: ['settings', 'consumer', 'authorize'],
};

describe('the pieces wired in any order: the one that is missing is named where the next one needs it', {
  concurrency: 1,
}, () => {
  let count = 0;
  for (const order of orders(Object.keys(STEPS))) {
    it(order.join(', '), async () => {
      count += 1;
      const app = `App${count}`;
      const { send } = fixture;
      await send('POST', '/api/v1/apps', { body: { name: app, baseUrl: fixture.target.url, connector: 'scim2' } });
      const { CONFIGURATION } = await import('../apps/app-fixture.ts');
      await send('POST', `/api/v1/apps/${app}/configurations`, { body: CONFIGURATION });
      const done = new Set<string>();
      for (const name of order) {
        const answer = await (STEPS[name] as Step)(app);
        const isReady = (NEEDS[name] ?? []).every((needed) => done.has(needed));
        // A target without a credential may be meant so: activating then warns rather than refuses.
        if (name === 'activate' && !isReady) {
          if (answer.status === 200) assert.match(answer.text, /"credential".*there is none/);
          else assert.match(answer.text, MISSING['activate'] as RegExp);
          continue;
        }
        if (isReady) {
          assert.ok(answer.status < 300, `${name}: ${answer.text}`);
          done.add(name);
        } else {
          assert.equal(answer.status, 409, `${name}: ${answer.text}`);
          assert.match(answer.text, MISSING[name] as RegExp);
          assert.ok(JSON.parse(answer.text).errors[0].fix.length > 10);
        }
      }
    });
  }

  it('other pieces that do not fit each other are named too', async () => {
    const { makeApp, change } = fixture;
    await makeApp('Chat', {}, { consumer: false });
    const cases: [path: string, method: string, body: object | undefined, says: RegExp][] = [
      ['/authorize', 'POST', undefined, /no consumer key/],
      ['/oauth/staged', 'POST', {}, /no consumer key/],
      ['/oauth/staged/apply', 'POST', undefined, /no staged pair/],
      ['/authorization/refresh', 'POST', undefined, /not authorized/],
      ['/oauth', 'PUT', { scopes: ['api'] }, /issuer/],
      ['/oauth', 'PUT', { endpoints: { token: `${fixture.server.issuer}/token` } }, /endpoints.authorization/],
      ['/oauth', 'PUT', { issuer: fixture.server.issuer, grant: 'jwt_bearer' }, /assertion.subject/],
      [
        '/oauth',
        'PUT',
        { issuer: fixture.server.issuer, tokenEndpointAuth: 'tls_client_auth' },
        /does not offer tls_client_auth/,
      ],
      ['/oauth', 'PUT', { issuer: 'https://login.example.invalid' }, /issuer/],
      ['/credential', 'PUT', { kind: 'oauth' }, /must be one of/],
    ];
    for (const [path, method, body, says] of cases) {
      const answer = await change(method, 'Chat', path, body === undefined ? {} : { body });
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.text}`);
      assert.match(answer.text, says, path);
    }
  });
});
