import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTestContext, createTestTransport } from '@usher/connector-sdk/testing';
import { startFaultTarget } from '@usher/scim/testing';
import { scim2 } from './index.ts';

async function detect(profile: 'strict' | 'scimmy-express5' | 'github-organization', baseUrl?: string, options = {}) {
  await using target = await startFaultTarget({ profile });
  for (const n of [1, 2, 3]) target.createAccount({ userName: `user${n}@example.com`, active: true });
  const http = createTestTransport(target.url, { 'user-agent': 'usher' });
  const { detect: run } = scim2.connect(createTestContext(http, options));
  const detection = await run?.({ baseUrl: baseUrl ?? target.url });
  assert.ok(detection);
  return { ...detection, of: (subject: string) => detection.findings.find((finding) => finding.subject === subject) };
}

describe('what scim2 finds out', () => {
  it('says nothing is to be changed where the standard holds', async () => {
    const { suggestions, findings, of } = await detect('strict');
    assert.deepEqual(suggestions, []);
    assert.deepEqual(
      findings.filter(({ options }) => options !== undefined),
      [],
    );
    assert.match(of('Searching')?.observed ?? '', /finds who is there, and nobody else/);
    assert.match(of('Updates')?.declared ?? '', /PATCH is supported/);
  });

  it('says what is declared and not so, and what fits', async () => {
    const { of } = await detect('scimmy-express5');
    assert.match(of('Lists')?.observed ?? '', /every page is the first/);
    assert.deepEqual(of('Lists')?.options, { paging: 'none' });
    const bulk = await detect('github-organization', undefined, { bulk: true });
    assert.deepEqual(bulk.of('Groups')?.options, { groups: false });
    assert.deepEqual(bulk.of('Bulk requests')?.options, { bulk: false });
  });

  it('suggests a kind of target by its address, and says what deactivating does there', async () => {
    const { suggestions } = await detect('github-organization', 'https://api.github.com/scim/v2/organizations/acme');
    const [first] = suggestions;
    assert.deepEqual(first?.options, { dialect: 'github-organization' });
    assert.match(first?.reason ?? '', /removes the member for good/);
  });

  it('shows in the form what each kind of target does with leavers, and on what ground', () => {
    const { properties } = scim2.optionsSchema as { properties: { dialect: { oneOf: Record<string, string>[] } } };
    const sentry = properties.dialect.oneOf.find((kind) => kind['const'] === 'sentry');
    assert.match(sentry?.['description'] ?? '', /deactivating deletes the member\. \(documented\)/);
    const aws = properties.dialect.oneOf.find((kind) => kind['const'] === 'aws-iam-identity-center');
    assert.match(aws?.['description'] ?? '', /\(assumed\)/);
  });
});
