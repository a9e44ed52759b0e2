import assert from 'node:assert/strict';
import { enterpriseUserUrn, ScimError, type ScimResource } from '@usher/scim';
import type { Scenario } from './scenario.ts';
import { readBody, readIds, type Stage } from './stage.ts';

const department = `${enterpriseUserUrn}:department`;
const costCenter = `${enterpriseUserUrn}:costCenter`;
const manager = `${enterpriseUserUrn}:manager.value`;
const work = 'emails[type eq "work"].value';
const home = 'emails[type eq "home"].value';

const set = (path: string, value: string | boolean) => ({ path, operation: 'set', value }) as const;
const clear = (path: string) => ({ path, operation: 'clear' }) as const;
const isKind = (kind: string) => (error: unknown) => error instanceof ScimError && error.kind === kind;

export function describePerson(name: string): Record<string, string | boolean> {
  return {
    userName: `${name}@example.com`,
    externalId: `005-${name}`,
    active: true,
    'name.givenName': 'Ada',
    'name.familyName': "O'Lovelace-Ünï",
    [work]: `${name}@example.com`,
  };
}

/** Each scenario has people of its own, so that one that fails harms no other. */
async function createPerson(stage: Stage, name: string, more: Record<string, string> = {}): Promise<ScimResource> {
  return stage.client.users.create({ ...describePerson(name), ...more });
}

async function readAt(stage: Stage, id: string, path: string) {
  const found = await stage.client.users.get(id);
  assert.ok(found, 'the account is there');
  return stage.client.users.read(found.representation, path);
}

const patchOf = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

export const accountScenarios: readonly Scenario[] = [
  {
    name: 'create',
    promise: 'An account is created with one request, and reads back as it was written.',
    async run(stage) {
      const wanted = describePerson('create');
      const { id } = await stage.client.users.create(wanted);
      stage.prove();
      for (const [path, value] of Object.entries(wanted)) stage.keeps(await readAt(stage, id, path), value, path);
    },
  },
  {
    name: 'match',
    promise: 'An account is found by externalId, by user name in other letters and by address; nobody else is.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'match');
      const ids = async (path: string, value: string) => (await users.find(path, value)).map((user) => user.id);
      assert.deepEqual(await ids('externalId', '005-match'), [id]);
      stage.prove('exchange');
      assert.deepEqual(await ids('userName', 'MATCH@example.com'), [id]);
      stage.prove('exchange');
      assert.deepEqual(await ids(work, 'match@example.com'), [id]);
      assert.deepEqual(await ids('externalId', '005-MATCH'), [], 'externalId is case-exact');
      assert.deepEqual(await ids('userName', 'no "body" \\ here'), []);
      const search = (filter: string) => stage.send('GET', `Users?filter=${encodeURIComponent(filter)}`);
      stage.note(
        'compares user names by letter case, so a search in other letters finds nobody; the client asks again in lower case',
        await search('userName eq "MATCH@example.com"'),
        (seen) => seen.status === 200 && readIds(seen).length === 0,
      );
      stage.note(
        'refuses or ignores a search by address; the client reads the list instead',
        await search('emails[type eq "work"].value eq "match@example.com"'),
        (seen) => seen.status !== 200 || !readIds(seen).includes(id),
      );
      stage.note(
        'refuses an escaped quote in a filter; the client takes that for a refusal of this one value',
        await search('userName eq "no \\"body\\""'),
        (seen) => seen.status === 400,
      );
    },
  },
  {
    name: 'adopt',
    promise:
      'A create that meets an account of somebody else is a conflict; the account is found, taken over and kept.',
    async run(stage) {
      const { users } = stage.client;
      const { externalId: _, ...theirs } = describePerson('adopt');
      const { id } = await users.create(theirs);
      await assert.rejects(createPerson(stage, 'adopt'), isKind('already_exists'));
      stage.prove();
      const [found] = await users.find('userName', 'adopt@example.com');
      assert.equal(found?.id, id);
      await users.update({ id, changes: [set('externalId', '005-adopt'), set('name.givenName', 'Augusta')] });
      stage.prove();
      stage.keeps(await readAt(stage, id, 'externalId'), '005-adopt', 'externalId');
      stage.keeps(await readAt(stage, id, 'name.givenName'), 'Augusta', 'name.givenName');
      const twin = await stage.send('POST', 'Users', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'ADOPT@example.com',
      });
      stage.note(
        'makes a second account for the same user name in other letters; the dialect says so, and a match comes first',
        twin,
        ({ status }) => status === 201,
      );
    },
  },
  {
    name: 'rename',
    promise: 'A new user name keeps the id; the account is found under the new name, and nobody under the old one.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'before-rename');
      await users.update({ id, changes: [set('userName', 'after-rename@example.com')] });
      stage.prove();
      stage.keeps(await readAt(stage, id, 'userName'), 'after-rename@example.com', 'the new user name');
      const [stale] = await users.find('userName', 'before-rename@example.com');
      stage.keeps(stale?.id, undefined, 'the old name out of its searches');
      const [found] = await users.find('userName', 'after-rename@example.com');
      stage.keeps(found?.id, id, 'the new name in its searches');
    },
  },
  {
    name: 'clear a value',
    promise: 'A cleared attribute is gone, and its neighbours stay.',
    async run(stage) {
      const { id } = await createPerson(stage, 'clear', { 'name.middleName': 'King' });
      await stage.client.users.update({ id, changes: [clear('name.middleName')] });
      stage.prove();
      assert.equal(await readAt(stage, id, 'name.middleName'), undefined);
      assert.equal(await readAt(stage, id, 'name.givenName'), 'Ada');
      assert.equal(await readAt(stage, id, work), 'clear@example.com');
    },
  },
  {
    name: 'second address',
    promise: 'An address that was not there is added beside the first, changed, and taken away alone.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'address');
      const through = patchOf({ op: 'add', path: home, value: 'probe@home.example' });
      const probed = await createPerson(stage, 'address-probe');
      stage.note(
        'refuses to make an element through a value path; the client reads the account and adds the element itself',
        await stage.send('PATCH', `Users/${encodeURIComponent(probed.id)}`, through),
        ({ status }) => status === 400,
      );
      await users.update({ id, changes: [set(home, 'ada@home.example')] });
      stage.prove();
      stage.keeps(await readAt(stage, id, home), 'ada@home.example', 'the second address');
      await users.update({ id, changes: [set(home, 'augusta@home.example')] });
      stage.keeps(await readAt(stage, id, home), 'augusta@home.example', 'the changed address');
      assert.equal(await readAt(stage, id, work), 'address@example.com');
      await users.update({ id, changes: [clear(home)] });
      assert.equal(await readAt(stage, id, home), undefined);
      assert.equal(await readAt(stage, id, work), 'address@example.com');
    },
  },
  {
    name: 'extension',
    promise: 'An attribute of the enterprise extension is set, changed and cleared, and its neighbour stays.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'extension', { [department]: 'Engines', [costCenter]: '42' });
      const probed = await createPerson(stage, 'extension-probe', { [department]: 'Engines' });
      await stage.send(
        'PATCH',
        `Users/${encodeURIComponent(probed.id)}`,
        patchOf({ op: 'replace', path: department, value: 'Probe' }),
      );
      const write = stage.last;
      const kept = await readAt(stage, probed.id, department);
      if (write !== undefined) {
        stage.note(
          'answers 200 to a path into an extension and ignores it; the dialect replaces the account whole',
          write,
          ({ status }) => status < 300 && kept !== 'Probe',
        );
      }
      await users.update({ id, changes: [set(department, 'Computing')] });
      stage.prove();
      stage.keeps(await readAt(stage, id, department), 'Computing', 'the changed department');
      stage.keeps(await readAt(stage, id, costCenter), '42', 'the cost centre beside it');
      await users.update({ id, changes: [clear(department)] });
      stage.keeps(await readAt(stage, id, department), undefined, 'the clearing of the department');
      stage.keeps(await readAt(stage, id, costCenter), '42', 'the cost centre beside it');
    },
  },
  {
    name: 'manager',
    promise: 'A manager is set by remote id, replaced and cleared.',
    async run(stage) {
      const { users } = stage.client;
      const boss = await createPerson(stage, 'boss');
      const other = await createPerson(stage, 'other-boss');
      const { id } = await createPerson(stage, 'report');
      const path = `Users/${encodeURIComponent(other.id)}`;
      stage.note(
        'refuses the path manager.value; the client writes the manager as an object',
        await stage.send('PATCH', path, patchOf({ op: 'add', path: manager, value: boss.id })),
        ({ status }) => status === 400,
      );
      await users.update({ id, changes: [set(manager, boss.id)] });
      stage.prove();
      stage.keeps(await readAt(stage, id, manager), boss.id, 'the manager');
      await users.update({ id, changes: [set(manager, other.id)] });
      stage.keeps(await readAt(stage, id, manager), other.id, 'the new manager');
      await users.update({ id, changes: [clear(manager)] });
      stage.keeps(await readAt(stage, id, manager), undefined, 'the clearing of the manager');
    },
  },
  {
    name: 'deactivate, reactivate',
    promise: 'active turns false and true by one request each, and nothing else changes.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'active');
      await users.update({ id, changes: [set('active', false)] });
      stage.prove();
      assert.equal(await readAt(stage, id, 'active'), false);
      await users.update({ id, changes: [set('active', true)] });
      stage.prove();
      assert.equal(await readAt(stage, id, 'active'), true);
      assert.equal(await readAt(stage, id, 'name.givenName'), 'Ada');
      const probed = await createPerson(stage, 'active-probe');
      const text = patchOf({ op: 'replace', path: 'active', value: 'False' });
      const seen = await stage.send('PATCH', `Users/${encodeURIComponent(probed.id)}`, text);
      stage.note(
        'keeps the text "False" as it came; the client writes booleans',
        await stage.send('GET', `Users/${encodeURIComponent(probed.id)}`),
        (read) => seen.status < 300 && readBody(read)['active'] === 'False',
      );
    },
  },
  {
    name: 'rehire after delete',
    promise: 'A deleted account is gone, deleting it again says so, and the same person gets a new account.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'rehire');
      await users.delete(id);
      stage.prove();
      assert.equal(await users.get(id), undefined);
      await assert.rejects(users.delete(id), isKind('not_found'));
      await assert.rejects(users.update({ id, changes: [set('active', true)] }), isKind('not_found'));
      const again = await createPerson(stage, 'rehire');
      stage.prove();
      assert.notEqual(again.id, id);
      assert.deepEqual(
        (await users.find('externalId', '005-rehire')).map((user) => user.id),
        [again.id],
      );
    },
  },
  {
    name: 'errors',
    promise:
      'A refused value, an account that is not there and a taken name are told apart, and none is taken for done.',
    async run(stage) {
      const { users } = stage.client;
      const { id } = await createPerson(stage, 'errors');
      await createPerson(stage, 'taken');
      assert.equal(await users.get('no-such-account'), undefined);
      await assert.rejects(
        users.update({ id: 'no-such-account', changes: [set('active', false)] }),
        isKind('not_found'),
      );
      const outcome = await users.update({ id, changes: [set('shoeSize', '38')] }).then(
        () => 'done',
        (error: unknown) => (error instanceof ScimError ? error.kind : error),
      );
      if (outcome === 'done') {
        stage.deviations.push({ text: 'stores an attribute that no schema has', exchange: stage.lastWrite });
      } else assert.equal(outcome, 'invalid_request');
      stage.prove();
      const rename = await users.update({ id, changes: [set('userName', 'taken@example.com')] }).then(
        () => 'done',
        (error: unknown) => (error instanceof ScimError ? error.kind : error),
      );
      if (rename === 'done') {
        stage.deviations.push({ text: 'lets two accounts have one user name', exchange: stage.lastWrite });
      } else assert.ok(rename === 'already_exists' || rename === 'invalid_request', String(rename));
    },
  },
];
