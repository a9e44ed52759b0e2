import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ProfileName, startFaultTarget } from '../testing/index.ts';
import { createScimClient, findDialect, type ScimTransport, standardDialect, type TargetProbe } from './index.ts';

/** What is seen of a target of this profile, with two users in it. */
const cases: [ProfileName, Partial<TargetProbe>][] = [
  ['strict', { filter: 'works', externalIdFilter: 'taken', caseSensitive: false, paging: 'works', groups: 'present' }],
  ['scimmy-express5', { filter: 'works', caseSensitive: true, paging: 'ignored' }],
  ['polis', { filter: 'works', caseSensitive: true, groups: 'present' }],
  ['github-organization', { groups: 'absent' }],
  ['ibm-verify-access', { versions: false }],
  ['zscaler', { oddities: ['active comes as text'] }],
  ['gitlab', { oddities: ['the parts of a name come as flat members'], groups: 'absent' }],
];

async function probe(profile: ProfileName, more: { users?: number } = {}) {
  const target = await startFaultTarget({ profile });
  for (let n = 0; n < (more.users ?? 2); n++) {
    target.createAccount({ userName: `user${n}@example.com`, active: true, name: { givenName: 'U', familyName: 'N' } });
  }
  const effects: string[] = [];
  const transport: ScimTransport = {
    async request({ method, path, headers = {}, effect }) {
      effects.push(effect);
      const sent = { 'user-agent': 'usher', ...headers };
      const response = await fetch(`${target.url}/${path}`, { method, headers: sent, redirect: 'manual' });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
  };
  const dialect = profile === 'scim-1.1' ? (findDialect('standard-1.1') ?? standardDialect) : standardDialect;
  const client = createScimClient({ transport, now: () => new Date(0), dialect });
  return { client, effects, target, [Symbol.asyncDispose]: () => target.stop() };
}

describe('probing a target', () => {
  for (const [profile, seen] of cases) {
    it(`sees by reading only what ${profile} does`, async () => {
      await using probing = await probe(profile);
      const found = await probing.client.probe();
      for (const [name, value] of Object.entries(seen)) assert.deepEqual(found[name as keyof TargetProbe], value, name);
      assert.ok(probing.effects.every((effect) => effect === 'read') && probing.effects.length <= 16);
    });
  }

  it('claims nothing about a target without users', async () => {
    await using probing = await probe('strict', { users: 0 });
    const { filter, caseSensitive, paging, versions, overrides } = await probing.client.probe();
    assert.deepEqual(
      { filter, caseSensitive, paging, versions },
      {
        filter: 'unknown',
        caseSensitive: undefined,
        paging: 'unknown',
        versions: undefined,
      },
    );
    assert.deepEqual(overrides, {});
  });

  it('throws what would fail every request alike', async () => {
    const request = async () => ({ status: 401, headers: {}, body: '' });
    const client = createScimClient({ transport: { request }, now: () => new Date(0) });
    await assert.rejects(client.probe(), { kind: 'unauthorized' });
  });
});
