import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AccountOperations, type Attributes, ConnectorError, createLdapTransport } from '@usher/connector-sdk';
import { createTestContext, describeConnectorContract } from '@usher/connector-sdk/testing';
import { ldap } from '@usher/connectors';
import { createTargetTransport, originOf, type TargetTransport } from '../../src/transport/index.ts';
import { openLoopback } from './local-target.ts';
import { BIND_DN, BIND_PASSWORD, FORMER, GROUPS, noSlapd, PEOPLE, type Slapd, startSlapd } from './slapd.ts';

function openDirectory(url: string): TargetTransport {
  const authorization = `Basic ${Buffer.from(`${BIND_DN}:${BIND_PASSWORD}`).toString('base64')}`;
  const headers = { authorization };
  return createTargetTransport({
    baseUrl: url,
    policy: openLoopback,
    concurrency: 8,
    version: '0.0.0-test',
    authorize: () => headers,
    credentialOrigins: [originOf(url)],
  });
}

const account = (n: number): Attributes => ({
  uid: `person${n}`,
  cn: `Ada Lovelace ${n}`,
  sn: 'Lovelace, "the" <first>',
  mail: `person${n}@example.com`,
  title: 'Countess #1 \\ of + Lovelace; ünï ',
});

const options = { base: PEOPLE, groupBase: GROUPS };
const waysToDisable = {
  'the lock of the password policy': options,
  'an attribute of its own': {
    ...options,
    disableAttribute: 'employeeType',
    disabledValue: 'former',
    enabledValue: 'present',
  },
  'moving the entry': { ...options, disableBy: 'move', formerBase: FORMER },
} as const;

describe('the LDAP connector at slapd', { skip: noSlapd }, () => {
  for (const [name, chosen] of Object.entries(waysToDisable)) {
    describe(`disabling by ${name}`, () => {
      describeConnectorContract({
        connector: ldap,
        options: chosen as never,
        start: async () => {
          const slapd = await startSlapd();
          const transport = openDirectory(slapd.url);
          return {
            http: transport,
            stop: async () => {
              await transport.close();
              await slapd[Symbol.asyncDispose]();
            },
          };
        },
        account,
        matchingAttribute: 'mail',
        update: { path: 'title', value: 'Enchantress of Numbers' },
        clear: 'title',
        groups: { name: (n) => `engineers, ${n} "of" <us>` },
      });
    });
  }

  let slapd: Slapd;
  let transport: TargetTransport;
  let accounts: AccountOperations;
  const directory = () => createLdapTransport(transport);
  const connect = (more: object) =>
    ldap.connect(createTestContext(transport, { ...options, ...more } as never)).accounts;

  before(async () => {
    slapd = await startSlapd();
    transport = openDirectory(slapd.url);
    accounts = connect({});
    for (const cn of ['engineers', 'poets', 'tea, lovers']) {
      const dn = `cn=${cn.replace(',', '\\2c')},${GROUPS}`;
      await directory().request({
        operation: 'add',
        dn,
        attributes: { objectClass: ['groupOfNames'], cn: [cn], member: [dn] },
      });
    }
  });
  after(async () => {
    await transport?.close();
    await slapd?.[Symbol.asyncDispose]();
  });

  const membersOf = async (cn: string) => {
    const { entries } = await directory().request({
      operation: 'search',
      base: GROUPS,
      scope: 'sub',
      filter: { attribute: 'cn', equals: cn },
      attributes: ['member'],
    });
    return entries[0]?.attributes['member'] ?? [];
  };
  const create = async (n: number, more: Attributes = {}) =>
    (await accounts.create({ attributes: { ...account(n), active: true, ...more } })).account;

  it('puts an account into its groups and takes it out, leaves others alone, and empties none', async () => {
    const ada = await create(1, { groups: ['engineers', 'Tea, lovers'] });
    assert.deepEqual(accounts.read(ada, 'groups'), ['engineers', 'tea, lovers']);
    const dn = `uid=person1,${PEOPLE}`;
    assert.deepEqual((await membersOf('engineers')).includes(dn), true);
    const { remoteId } = ada;
    const groups = (value: string[]) => ({
      remoteId,
      changes: [{ path: 'groups', operation: 'set', value } as const],
      desired: {},
    });
    const { account: changed } = await accounts.update(groups(['poets']));
    assert.deepEqual(changed && accounts.read(changed, 'groups'), ['poets']);
    assert.equal((await membersOf('engineers')).includes(dn), false);
    await accounts.update({ remoteId, changes: [{ path: 'groups', operation: 'clear' }], desired: {} });
    assert.equal((await membersOf('poets')).includes(dn), false);
    await assert.rejects(accounts.update(groups(['no such group'])), (error: ConnectorError) => {
      assert.deepEqual([error.kind, error.attribute], ['invalid_request', 'groups']);
      return true;
    });
  });

  it('never leaves a group without the member that its class demands', async () => {
    const dn = `cn=alone,${GROUPS}`;
    const only = await create(2);
    const member = [`uid=person2,${PEOPLE}`];
    await directory().request({
      operation: 'add',
      dn,
      attributes: { objectClass: ['groupOfNames'], cn: ['alone'], member },
    });
    await accounts.delete?.({ remoteId: only.remoteId });
    assert.deepEqual(await membersOf('alone'), [dn]);
  });

  it('renames, keeps the remote id, and follows in the groups', async () => {
    const { remoteId } = await create(3, { groups: ['engineers'] });
    const value = 'grace, "h" + <1>\\ ü';
    const change = { remoteId, changes: [{ path: 'uid', operation: 'set', value } as const], desired: {} };
    const { account: renamed } = await accounts.update(change);
    assert.equal(renamed?.remoteId, remoteId);
    assert.equal(renamed && accounts.read(renamed, 'uid'), value);
    assert.deepEqual(renamed && accounts.read(renamed, 'groups'), ['engineers']);
    assert.equal(
      (await membersOf('engineers')).some((dn) => dn.includes('person3')),
      false,
    );
    // A repeat, as after a lost answer, changes nothing.
    await accounts.update(change);
    const found = await accounts.find({ path: 'uid', value });
    assert.equal(found.accounts.length, 1);
  });

  it('reports a taken name as already_exists, also in a rename, and a taken address by the overlay that keeps it', async () => {
    const { remoteId } = await create(4);
    await create(5);
    const set = (path: string, value: string) =>
      accounts.update({ remoteId, changes: [{ path, operation: 'set', value }], desired: {} });
    await assert.rejects(set('uid', 'person5'), { kind: 'already_exists' });
    await assert.rejects(set('mail', 'person5@example.com'), { kind: 'already_exists', attribute: 'mail' });
    const twice = { ...account(6), mail: 'person5@example.com', active: true };
    await assert.rejects(accounts.create({ attributes: twice }), { kind: 'already_exists', attribute: 'mail' });
    await assert.rejects(set('mail', 'not, allowed ü'), { kind: 'invalid_request' });
  });

  it('gives the remote id of an entry whose groups could not be written', async () => {
    const error = await create(7, { groups: ['no such group'] }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ConnectorError);
    assert.equal(error.kind, 'partially_created');
    assert.ok((await accounts.get({ remoteId: error.remoteId ?? '' })).found);
  });

  it('creates disabled where that is desired, and locks so that a bind is refused', async () => {
    const { remoteId } = await create(8, { userPassword: 'person8 password' });
    const attempt = async () => {
      const authorization = `Basic ${Buffer.from(`uid=person8,${PEOPLE}:person8 password`).toString('base64')}`;
      const headers = { authorization };
      const own = createTargetTransport({
        ...{ baseUrl: slapd.url, policy: openLoopback, concurrency: 1, version: 'x' },
        ...{ authorize: () => headers, credentialOrigins: [originOf(slapd.url)] },
      });
      const anything = { attribute: 'uid', present: true } as const;
      return createLdapTransport(own)
        .request({ operation: 'search', base: PEOPLE, scope: 'base', filter: anything, attributes: ['1.1'] })
        .then(
          () => 'bound',
          (error: ConnectorError) => error.kind,
        )
        .finally(() => own.close());
    };
    assert.equal(await attempt(), 'bound');
    await accounts.deactivate?.({ remoteId, desired: {} });
    assert.equal(await attempt(), 'unauthorized');
    const active = { path: 'active', operation: 'set', value: true } as const;
    await accounts.update({ remoteId, changes: [active], desired: {} });
    assert.equal(await attempt(), 'bound');
    const inactive = await create(9, { active: false });
    assert.equal(inactive.active, false);
  });

  it('reads from the server what attributes there are', async () => {
    const schema = await accounts.schema?.();
    const by = new Map(schema?.attributes.map((attribute) => [attribute.path, attribute]));
    assert.equal(schema?.source, 'target');
    assert.deepEqual([by.get('sn')?.required, by.get('mail')?.required], [true, false]);
    assert.equal(by.get('uid')?.uniqueness, 'server');
    assert.equal(by.get('userPassword')?.mutability, 'writeOnly');
    assert.equal(by.get('groups')?.multiValued, true);
    assert.equal(by.get('telephoneNumber')?.type, 'text');
  });

  it('warns of a lock that the server does not know', async () => {
    const report = await ldap.connect(createTestContext(transport, options as never)).test();
    assert.deepEqual(
      report.steps.map(({ step, ok }) => [step, ok]),
      [
        ['discovery', true],
        ['read', true],
      ],
    );
    assert.match(report.steps[0]?.message ?? '', /pwdLockout/);
    await using bare = await startSlapd({ withoutPolicy: true });
    const other = openDirectory(bare.url);
    const warned = await ldap.connect(createTestContext(other, options as never)).test();
    assert.match(warned.steps.find(({ ok }) => !ok)?.message ?? '', /has no password policy/);
    await other.close();
  });

  it('says that the base is not there, as a fault of the configuration', async () => {
    const lost = connect({ base: 'ou=nowhere,dc=example,dc=com', groupBase: undefined });
    for (const attempt of [
      lost.find({ path: 'uid', value: 'x' }),
      lost.get({ remoteId: 'x' }),
      lost.create({ attributes: account(10) }),
    ]) {
      await assert.rejects(attempt, { kind: 'unsupported', message: /There is no entry ou=nowhere/ });
    }
  });
});
