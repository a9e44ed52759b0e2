import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  type AuthorizationServer,
  createBrowser,
  type ScimTarget,
  startAuthorizationServer,
  startScimTarget,
} from '../src/index.ts';

const REDIRECT = 'http://127.0.0.1:9/callback';
const VERIFIER = 'a-verifier-of-more-than-forty-three-characters-1';

let server: AuthorizationServer;
let target: ScimTarget;
before(async () => {
  server = await startAuthorizationServer({
    clients: [
      {
        client_id: 'usher',
        client_secret: 'a-secret-of-the-sandbox',
        redirect_uris: [REDIRECT],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        scope: 'openid api refresh_token email profile',
      },
    ],
  });
  target = await startScimTarget({ token: 'static', checkAccess: (header) => server.checkAccess(header) });
});
after(async () => {
  await target.stop();
  await server.stop();
});

async function ask(params: Record<string, string>): Promise<{ status: number; json: Record<string, string> }> {
  const authorization = `Basic ${Buffer.from('usher:a-secret-of-the-sandbox').toString('base64')}`;
  const answer = await fetch(`${server.issuer}/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams(params),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, string> };
}

const read = async (token: string) =>
  (await fetch(`${target.url}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } })).status;

test('the whole flow of a browser gives tokens that open the SCIM server; a reused refresh token ends all of them', async () => {
  const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
  const query = new URLSearchParams({
    ...{ client_id: 'usher', response_type: 'code', redirect_uri: REDIRECT, state: 's1', nonce: 'n1' },
    ...{ scope: 'openid api refresh_token', code_challenge: challenge, code_challenge_method: 'S256' },
  });
  const back = await createBrowser().authorize(`${server.issuer}/auth?${query}`, 'svc-usher', REDIRECT);
  const answer = new URL(back).searchParams;
  assert.deepEqual([answer.get('state'), answer.get('iss')], ['s1', server.issuer]);
  const code = answer.get('code') ?? '';
  const first = await ask({
    ...{ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: VERIFIER },
  });
  assert.equal(first.status, 200, JSON.stringify(first.json));
  assert.equal(await read(first.json['access_token'] ?? ''), 200);
  assert.equal(await read('something else'), 401);

  const old = first.json['refresh_token'] ?? '';
  const second = await ask({ grant_type: 'refresh_token', refresh_token: old });
  assert.equal(second.status, 200);
  assert.notEqual(second.json['refresh_token'], old);
  assert.deepEqual(server.records.revokedGrants, []);
  assert.equal((await ask({ grant_type: 'refresh_token', refresh_token: old })).json['error'], 'invalid_grant');
  assert.equal(server.records.revokedGrants.length, 1);
  assert.equal(await read(second.json['access_token'] ?? ''), 401);
});

test('client credentials give an access token, and faults of the token endpoint can be set', async () => {
  const got = await ask({ grant_type: 'client_credentials', scope: 'api' });
  assert.equal(got.status, 200, JSON.stringify(got.json));
  assert.equal(await read(got.json['access_token'] ?? ''), 200);
  server.setTokenFault(() => ({ kind: 'lose answer' }));
  await assert.rejects(ask({ grant_type: 'client_credentials', scope: 'api' }));
  server.setTokenFault(() => ({ kind: 'answer', status: 503, body: '{}' }));
  assert.equal((await ask({ grant_type: 'client_credentials' })).status, 503);
  server.setTokenFault(undefined);
  assert.equal((await ask({ grant_type: 'client_credentials', scope: 'api' })).status, 200);
});
