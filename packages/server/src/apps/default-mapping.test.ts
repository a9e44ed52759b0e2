import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import { proposeMapping } from './default-mapping.ts';

const attribute = (path: string, more: Partial<AttributeSchema> = {}): AttributeSchema => ({
  path,
  type: 'text',
  multiValued: false,
  required: false,
  mutability: 'readWrite',
  uniqueness: 'none',
  caseExact: false,
  ...more,
});
const schemaOf = (...attributes: AttributeSchema[]): AccountSchema => ({ source: 'target', attributes });

describe('proposeMapping', () => {
  it('proposes the whole standard where the target does not say what it has', () => {
    const { mapping, missing } = proposeMapping(undefined, { roles: false });
    assert.deepEqual(missing, []);
    assert.deepEqual(
      mapping.filter(({ required }) => required).map(({ target }) => target),
      ['userName'],
    );
    assert.ok(mapping.some(({ target }) => target.endsWith(':User:department')));
    assert.ok(!mapping.some(({ target }) => target === 'roles'));
    assert.ok(mapping.every(({ blank, apply }) => blank === 'clear' && apply === 'always'));
    assert.ok(proposeMapping(undefined, { roles: true }).mapping.some(({ target }) => target === 'roles'));
  });

  it('proposes what the target declares, required where it is required there', () => {
    const schema = schemaOf(
      attribute('userName', { required: true }),
      attribute('name', { type: 'complex', required: true }),
      attribute('name.familyName'),
      attribute('emails', { type: 'complex', multiValued: true, required: true }),
      attribute('title', { mutability: 'readOnly' }),
      attribute('locale', { mutability: 'immutable' }),
      attribute('costCenter', { required: true }),
      attribute('meta', { required: true, mutability: 'readOnly' }),
    );
    const { mapping, missing } = proposeMapping(schema, { roles: true });
    assert.deepEqual(
      mapping.map(({ target, required, apply }) => [target, required, apply]),
      [
        ['userName', true, 'always'],
        ['name.familyName', true, 'always'],
        ['emails[type eq "work"].value', true, 'always'],
        ['locale', false, 'on create'],
      ],
    );
    assert.deepEqual(missing, ['costCenter']);
  });

  it('knows what tables, directories and connectors call the fields', () => {
    const schema = schemaOf(
      attribute('id', { mutability: 'readOnly' }),
      attribute('uid'),
      attribute('cn', { required: true, multiValued: true }),
      attribute('sn', { required: true }),
      attribute('E-Mail', { required: true }),
      attribute('mail'),
      attribute('displayName'),
      attribute('first_name'),
      attribute('title', { mutability: 'immutable' }),
      attribute('login', { type: 'number' }),
      attribute('name.phone'),
      attribute('urn:example:department'),
      attribute('tier', { required: true }),
    );
    const { mapping, missing } = proposeMapping(schema, { roles: undefined });
    assert.deepEqual(
      mapping.map(({ target, formula, required, apply }) => [target, formula, required, apply]),
      [
        ['displayName', 'Name', false, 'always'],
        ['title', 'Title', false, 'on create'],
        ['uid', 'CommunityNickname', false, 'always'],
        ['cn', 'Name', true, 'always'],
        ['sn', 'LastName', true, 'always'],
        ['E-Mail', 'Email', true, 'always'],
        ['first_name', 'FirstName', false, 'always'],
      ],
    );
    assert.deepEqual(missing, ['tier']);
  });

  it('proposes what finds existing accounts where there is no userName', () => {
    const of = (...attributes: AttributeSchema[]) => proposeMapping(schemaOf(...attributes), {}).correlation;
    assert.equal(of(attribute('userName'), attribute('mail', { uniqueness: 'server' })), undefined);
    assert.deepEqual(of(attribute('uid', { uniqueness: 'server' }), attribute('mail')), {
      matchingAttributes: ['uid'],
    });
    assert.deepEqual(of(attribute('uid'), attribute('mail')), { matchingAttributes: ['mail'] });
    assert.equal(of(attribute('title')), undefined);
  });

  it('proposes the groups as roles where the target says that it takes any role', () => {
    const roles = attribute('roles', { type: 'complex', multiValued: true });
    const named = attribute('roles.value', { canonicalValues: ['admin', 'user'] });
    const hasRoles = (schema: AccountSchema | undefined, wanted?: boolean) =>
      proposeMapping(schema, { roles: wanted }).mapping.some(({ target }) => target === 'roles');
    assert.ok(hasRoles(schemaOf(roles)));
    assert.ok(!hasRoles(schemaOf(roles), false));
    assert.ok(!hasRoles(schemaOf(roles, named)));
    assert.ok(!hasRoles(schemaOf(attribute('userName'))));
    assert.ok(!hasRoles({ source: 'default', attributes: [roles] }));
    assert.ok(!hasRoles(undefined));
  });
});
