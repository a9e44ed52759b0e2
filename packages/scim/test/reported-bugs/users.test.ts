import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyDiscovery, enterpriseUserUrn, ScimError, standardDialect } from '../../src/index.ts';
import { startFaultTarget } from '../../testing/index.ts';
import { clear, connectClient, isKind, json, scriptClient, set } from '../connect-client.ts';

// Bugs that users reported against other clients, each named by its report. What is the engine's to do better (locks, scope,
// order, persistence) is tested with the server.

const ada = { userName: 'ada@example.com', externalId: '005A', active: true };
const department = `${enterpriseUserUrn}:department`;

describe('accounts, as others got them wrong', () => {
  it('authentik#25681: a role that is taken away is sent, not merged with the old ones', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const roles = [{ value: 'admin' }, { value: 'editor' }];
    const { id } = await client.users.create({ ...ada, roles });
    await client.users.update({ id, changes: [set('roles', [{ value: 'editor' }])] });
    assert.deepEqual(target.getAccount(ada.userName).attributes['roles'], [{ value: 'editor' }]);
    await client.users.update({ id, changes: [clear('roles')] });
    assert.equal(target.getAccount(ada.userName).attributes['roles'], undefined);
  });

  it('authentik#12827: a conflict is one account’s, and the next one is created', async () => {
    await using target = await startFaultTarget();
    target.createAccount({ userName: ada.userName });
    const { client } = connectClient(target);
    await assert.rejects(client.users.create(ada), isKind('already_exists'));
    await client.users.create({ ...ada, userName: 'bob@example.com', externalId: '005B' });
    assert.equal(target.accounts().size, 2);
  });

  it('authentik#5396: 404 for an account that is gone is no success', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const { id } = await client.users.create(ada);
    target.deleteAccount(id);
    await assert.rejects(client.users.update({ id, changes: [set('active', false)] }), isKind('not_found'));
    await assert.rejects(client.users.delete(id), isKind('not_found'));
  });

  it('authentik#7711, ServiceNow: several extensions, each named in schemas', async () => {
    const own = 'urn:ietf:params:scim:schemas:extension:own:2.0:User';
    await using target = await startFaultTarget({ profile: { extensions: { [own]: ['badge'] } } });
    const { client, bodies } = connectClient(target);
    await client.users.create({ ...ada, [department]: 'Engines', [`${own}:badge`]: '7' });
    assert.deepEqual(bodies()[0]?.['schemas'], ['urn:ietf:params:scim:schemas:core:2.0:User', enterpriseUserUrn, own]);
    assert.deepEqual(target.getAccount(ada.userName).attributes[own], { badge: '7' });
  });

  it('authentik#11165: an error says what the target said of which request, in words', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const { id } = await client.users.create(ada);
    const error = await client.users.update({ id, changes: [set('shoeSize', '38')] }).catch((caught) => caught);
    assert.ok(error instanceof ScimError);
    assert.match(error.message, new RegExp(`PATCH Users/${id} was answered with 400 invalidPath`));
    assert.match(error.detail ?? '', /shoeSize/);
  });

  it('authentik#13441: an account that deactivating deleted is gone, and that is no failure to read it', async () => {
    await using target = await startFaultTarget({ profile: 'github-organization' });
    const { client } = connectClient(target, 'github-organization');
    const { id } = await client.users.create({ ...ada, 'name.givenName': 'Ada', 'name.familyName': 'L' });
    await client.users.update({ id, changes: [set('active', false)] });
    assert.equal(await client.users.get(id), undefined);
    assert.deepEqual(await client.users.find('userName', ada.userName), []);
  });

  it('scim-for-keycloak#126: externalId is ours and stays, whatever the remote id', async () => {
    await using target = await startFaultTarget();
    const { client, bodies } = connectClient(target, standardDialect, { update: 'put' });
    const { id } = await client.users.create(ada);
    await client.users.update({ id, changes: [set('title', 'Countess')] });
    assert.notEqual(id, '005A');
    assert.deepEqual(
      bodies().map((body) => body['externalId']),
      ['005A', '005A'],
    );
    assert.equal(target.getAccount(ada.userName).externalId, '005A');
  });

  it('scim-for-keycloak#47: a changed userName is sent', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const { id } = await client.users.create(ada);
    await client.users.update({ id, changes: [set('userName', 'countess@example.com')] });
    assert.equal(target.getAccount('countess@example.com').id, id);
  });

  it('keycloak-scim 099fbe8: a create that failed gives no account, and a delete that failed is no success', async () => {
    const { client } = scriptClient([{ status: 500 }, { status: 500 }, { status: 503 }]);
    await assert.rejects(client.users.create(ada), isKind('ambiguous'));
    await assert.rejects(client.users.delete('1'), isKind('ambiguous'));
    await assert.rejects(client.users.delete('1'), isKind('transient'));
  });

  it('authentik groups.py: quotes and backslashes cannot leave the filter', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    target.createAccount({ userName: 'ada@example.com' });
    const value = 'x" or userName pr or userName eq "\\';
    assert.deepEqual(await client.users.find('userName', value), []);
    const odd = target.createAccount({ userName: value });
    assert.deepEqual(
      (await client.users.find('userName', value)).map(({ id }) => id),
      [odd.id],
    );
    assert.deepEqual(target.violations(), []);
  });

  it('SCIM-43: an id is one segment of the path, whatever it holds', async () => {
    await using target = await startFaultTarget({ profile: { ids: 'hostile' } });
    const { client } = connectClient(target);
    const { id } = await client.users.create(ada);
    assert.match(id, /[^\w-]/);
    await client.users.update({ id, changes: [set('title', 'x')] });
    assert.equal((await client.users.get(id))?.id, id);
    await client.users.delete(id);
    assert.equal(target.accounts().size, 0);
  });

  it('scimmy#86: active is a boolean on the wire, and text is read as one', async () => {
    await using target = await startFaultTarget({ profile: { stringBooleansReturned: true } });
    const { client, bodies } = connectClient(target);
    const { id } = await client.users.create(ada);
    await client.users.update({ id, changes: [set('active', false)] });
    assert.deepEqual(bodies()[1]?.['Operations'], [{ op: 'replace', path: 'active', value: false }]);
    const read = await client.users.get(id);
    assert.equal(client.users.read(read?.representation ?? {}, 'active'), false);
  });

  it('directory-scimple#1242: a manager is an object with the remote id', async () => {
    await using target = await startFaultTarget();
    const { client, bodies } = connectClient(target);
    const { id } = await client.users.create(ada);
    await client.users.update({ id, changes: [set(`${enterpriseUserUrn}:manager.value`, id)] });
    assert.deepEqual(bodies()[1]?.['Operations'], [
      { op: 'replace', path: `${enterpriseUserUrn}:manager`, value: { value: id } },
    ]);
    assert.deepEqual(target.violations(), []);
  });

  it('OctopusDeploy#9841: a target that cannot filter by externalId is searched by its list', async () => {
    await using target = await startFaultTarget({ profile: { filterAttributes: ['userName'] } });
    const { client } = connectClient(target);
    const { id } = await client.users.create(ada);
    assert.deepEqual(
      (await client.users.find('externalId', '005A')).map((user) => user.id),
      [id],
    );
  });

  it('okta-blog-archive#1956: PATCH that is answered with 501 goes on as PUT', async () => {
    await using target = await startFaultTarget({ profile: { patch: false, refusedVerbStatus: 501 } });
    const { client } = connectClient(target);
    const { id } = await client.users.create({ ...ada, nickName: 'kept' });
    await client.users.update({ id, changes: [set('active', false)] });
    const { active, attributes } = target.getAccount(ada.userName);
    assert.deepEqual([active, attributes['nickName']], [false, 'kept']);
  });

  it('PingOne limits: an attribute can be cleared, a type has its own value, and no address becomes primary', async () => {
    await using target = await startFaultTarget();
    const { client } = connectClient(target);
    const { id } = await client.users.create({
      ...ada,
      title: 'Countess',
      'emails[type eq "work"].value': 'w@example.com',
      'emails[type eq "home"].value': 'h@example.com',
    });
    await client.users.update({ id, changes: [clear('title')] });
    const { attributes } = target.getAccount(ada.userName);
    assert.equal(attributes['title'], undefined);
    assert.deepEqual(attributes['emails'], [
      { type: 'work', value: 'w@example.com' },
      { type: 'home', value: 'h@example.com' },
    ]);
  });
});

describe('the connection, as others got it wrong', () => {
  it('authentik#21075, #16976: without ServiceProviderConfig the administrator’s switches stand', async () => {
    await using target = await startFaultTarget({ profile: { discovery: false } });
    const { client } = connectClient(target, 'salesforce');
    const discovery = await client.discover();
    assert.equal(discovery.problems.length, 3);
    const dialect = applyDiscovery(client.dialect, discovery, { update: 'put', filter: { supported: false } });
    assert.deepEqual(
      [dialect.update, dialect.filter.supported, dialect.paths.serviceProviderConfig],
      ['put', false, 'ServiceProviderConfigs'],
    );
  });

  it('authentik#14129, SCIM-42: no request carries a credential of the library’s own choosing', async () => {
    await using target = await startFaultTarget();
    const { client, sent } = connectClient(target);
    await client.users.create(ada);
    await client.users.find('userName', ada.userName);
    for (const { headers = {} } of sent)
      assert.deepEqual(
        Object.keys(headers).filter((name) => /auth/i.test(name)),
        [],
      );
  });

  it('SCIM-39: a wrong credential is named as such', async () => {
    await using target = await startFaultTarget({ token: 'right' });
    const { client } = connectClient(target);
    const error = await client.users.find('userName', 'x').catch((caught: unknown) => caught);
    assert.ok(error instanceof ScimError);
    assert.equal(error.kind, 'unauthorized');
    assert.match(error.message, /credential is not accepted/);
  });

  it('ssosync#2, #13: 429 is not tried again at once and never ends as a conflict', async () => {
    await using target = await startFaultTarget({
      profile: { rateLimit: { perSecond: 0.1, burst: 1, retryAfter: true } },
    });
    const { client, lines } = connectClient(target);
    await client.users.create(ada);
    const error = await client.users.create({ ...ada, userName: 'b', externalId: 'b' }).catch((caught) => caught);
    assert.ok(error instanceof ScimError);
    assert.equal(error.kind, 'rate_limited');
    assert.ok((error.retryAfterMs ?? 0) > 0);
    assert.equal(lines().length, 2);
    assert.equal(target.accounts().size, 1);
  });

  it('ssosync#1, #65, #81: a target that pages by 50 and gives the page’s size as total is read whole', async () => {
    await using target = await startFaultTarget({ profile: { maxPageSize: 50, totalIsPageSize: true } });
    for (let index = 0; index < 130; index++) target.createAccount({ userName: `user${index}` });
    const { client } = connectClient(target);
    const ids = new Set<string>();
    for await (const { id } of client.users.iterate()) ids.add(id);
    assert.equal(ids.size, 130);
  });

  it('authentik’s discovery: an empty page ends a list, whatever the total says', async () => {
    const { client, lines } = scriptClient([
      json({ totalResults: 9, Resources: [{ id: '1' }] }),
      json({ totalResults: 9, Resources: [] }),
    ]);
    for await (const { id } of client.users.iterate()) assert.equal(id, '1');
    assert.equal(lines().length, 2);
  });

  it('authentik#6335: a reading that was cut off goes on at its cursor, in another process too', async () => {
    await using target = await startFaultTarget();
    for (let index = 0; index < 25; index++) target.createAccount({ userName: `user${index}` });
    const first = await connectClient(target).client.users.list({ limit: 10 });
    const cursor = JSON.parse(JSON.stringify(first.nextCursor)) as string;
    const second = await connectClient(target).client.users.list({ cursor, limit: 10 });
    assert.equal(new Set([...first.resources, ...second.resources].map(({ id }) => id)).size, 20);
  });

  it('keycloak-scim#161: a list that cannot be read is an error, not nobody', async () => {
    for (const answer of [{ body: '<html>Sign in</html>' }, { status: 404 }, json({ message: 'moved' })]) {
      await assert.rejects(scriptClient([answer]).client.users.list({ limit: 10 }), ScimError);
    }
  });

  it('pocket-id#1295: a target without groups still takes accounts', async () => {
    await using target = await startFaultTarget({ profile: { groups: false } });
    const { client } = connectClient(target);
    assert.equal((await client.discover()).hasGroups, false);
    await assert.rejects(client.groups.create({ displayName: 'x' }), isKind('unsupported'));
    await client.users.create(ada);
    assert.equal(target.accounts().size, 1);
  });
});
