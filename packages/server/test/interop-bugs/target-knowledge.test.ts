import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type FaultTarget, startFaultTarget } from '@usher/scim/testing';
import { Instance, MAPPING, TARGET_TOKEN } from './instance.ts';

describe('what is known of a target is shown before it is used', () => {
  let instance: Instance;
  let target: FaultTarget;
  before(async () => {
    instance = await Instance.start();
    target = await startFaultTarget({ token: TARGET_TOKEN, profile: 'sentry' });
    for (const n of [1, 2, 3]) target.createAccount({ userName: `user${n}@example.com`, active: true });
    await instance.addApp('Sentry', target, {
      active: false,
      configuration: { connectorOptions: { dialect: 'sentry' } },
    });
  });
  after(async () => {
    await target?.stop();
    await instance?.stop();
  });

  it('says what deactivating really does, how that is known and where it can be read', async () => {
    const { traits, capabilities, hasGroups } = await instance.send('GET', '/apps/Sentry/target');
    assert.deepEqual([traits.deactivate.effect, traits.deactivate.basis], ['deletes', 'documented']);
    assert.match(traits.deactivate.note, /deactivating deletes the member/);
    assert.ok(traits.sources.includes(traits.deactivate.source));
    assert.ok(capabilities.includes('delete'));
    assert.equal(hasGroups, true);
  });

  it('warns when such a configuration is saved', async () => {
    const saved = await instance.send('POST', '/apps/Sentry/configurations', {
      mapping: MAPPING,
      connectorOptions: { dialect: 'sentry' },
      correlation: { matchingAttributes: ['externalId', 'userName'] },
    });
    const warning = saved.warnings.find(({ field }: { field: string }) => field === 'deprovisioning.user deactivated');
    assert.match(
      warning.problem,
      /does more there than its name says: On this target, deactivating deletes the member/,
    );
  });

  it('is in the form that an administrator chooses from', async () => {
    const { items } = await instance.send('GET', '/connectors');
    const scim2 = items.find(({ id }: { id: string }) => id === 'scim2');
    const kinds: { const: string; description: string }[] = scim2.optionsSchema.properties.dialect.oneOf;
    assert.ok(kinds.every(({ description }) => /Deactivating: .*Deleting: /.test(description)));
  });

  it('finds out by reading what the target declares and does, and what fits', async () => {
    const { findings, suggestions } = await instance.send('POST', '/apps/Sentry/detect');
    assert.deepEqual(suggestions, []);
    const of = (subject: string) => findings.find((finding: { subject: string }) => finding.subject === subject);
    assert.match(of('Searching').observed, /finds who is there/);
    assert.match(of('Deactivating and deleting').used, /deletes the member/);
    assert.ok(findings.every(({ used }: { used: string }) => used.length > 10));
    const writes = target.exchanges().filter(({ method }) => method !== 'GET');
    assert.deepEqual(writes, []);
  });

  it('says why it cannot be found out', async () => {
    await instance.send('POST', '/apps', { name: 'Dead', connector: 'scim2', baseUrl: 'http://127.0.0.1:9' });
    await assert.rejects(instance.send('POST', '/apps/Dead/detect'), /could not be asked/);
  });
});
