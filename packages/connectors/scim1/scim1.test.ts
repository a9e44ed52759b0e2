import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectorError, type HttpRequest, type HttpResponse } from '@usher/connector-sdk';
import { createTestContext } from '@usher/connector-sdk/testing';
import { startFaultTarget } from '@usher/scim/testing';
import { scim1 } from './index.ts';

const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department';
const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value';

function connect(send: (request: HttpRequest) => Promise<HttpResponse>, options = {}) {
  return scim1.connect(createTestContext({ request: send }, options));
}

describe('the scim1 connector', () => {
  it('takes an account through its life, in the words of 1.1, from a mapping in those of 2.0', async () => {
    await using target = await startFaultTarget({ profile: 'scim-1.1' });
    const bodies: string[] = [];
    const { accounts, test } = connect(async ({ method, path, headers = {}, body }) => {
      if (body !== undefined) bodies.push(body);
      const response = await fetch(`${target.url}/${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    });
    const desired = {
      userName: 'ada',
      externalId: '005A',
      active: true,
      title: 'Countess',
      [department]: 'Engines',
      [manager]: '7',
    };
    const { account } = await accounts.create({ attributes: desired });
    assert.equal(accounts.read(account, manager), '7');
    assert.match(
      bodies[0] ?? '',
      /"urn:scim:schemas:extension:enterprise:1\.0":\{"department":"Engines","manager":\{"managerId":"7"\}\}/,
    );
    const { remoteId } = account;
    const found = await accounts.find({ path: 'userName', value: 'ADA' });
    assert.deepEqual(
      found.accounts.map((one) => one.remoteId),
      [remoteId],
    );
    const changes = [
      { path: 'title', operation: 'clear' } as const,
      { path: department, operation: 'clear' } as const,
      { path: 'emails[type eq "work"].value', operation: 'set', value: 'ada@example.com' } as const,
    ];
    await accounts.update({ remoteId, changes, desired });
    const read = await accounts.get({ remoteId });
    assert.ok(read.found);
    assert.equal(accounts.read(read.account, 'title'), undefined);
    assert.equal(accounts.read(read.account, department), undefined);
    assert.equal(accounts.read(read.account, 'emails[type eq "work"].value'), 'ada@example.com');
    await accounts.deactivate?.({ remoteId, desired });
    assert.equal(target.getAccount('ada').active, false);
    await accounts.delete?.({ remoteId });
    assert.deepEqual(
      (await test()).steps.map(({ ok }) => ok),
      [true, true],
    );
    assert.deepEqual(target.violations(), []);
  });

  it('reads the errors of 1.1', async () => {
    const body = JSON.stringify({ Errors: [{ description: 'userName is taken', code: '409' }] });
    const { accounts } = connect(async () => ({ status: 409, headers: {}, body }));
    await assert.rejects(accounts.create({ attributes: { userName: 'ada' } }), (error) => {
      return error instanceof ConnectorError && error.kind === 'already_exists' && error.detail === 'userName is taken';
    });
  });

  it('says what is known of its kind of target', () => {
    const { traits } = connect(async () => ({ status: 500, headers: {}, body: '' }), { dialect: 'slack-1.1' });
    assert.equal(traits?.delete.effect, 'deactivates');
    assert.equal(traits?.rateLimits.length, 3);
  });
});
