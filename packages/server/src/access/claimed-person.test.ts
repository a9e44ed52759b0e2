import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseRole, parseClaims, type SignOnRules } from './claimed-person.ts';

const rules: SignOnRules = {
  roleClaim: 'groups',
  roles: [
    { value: 'usher-admins', role: 'administrator' },
    { value: 'usher-audit', role: 'auditor' },
  ],
  emailDomains: [],
};
const CASES: ReadonlyArray<readonly [unknown, SignOnRules, string | undefined]> = [
  [['usher-audit', 'usher-admins'], rules, 'administrator'],
  [['all', 'usher-audit'], rules, 'auditor'],
  ['usher-audit', rules, 'auditor'],
  [['all'], rules, undefined],
  [['all'], { ...rules, defaultRole: 'help desk' }, 'help desk'],
  [undefined, rules, undefined],
  [{ 'usher-admins': true }, rules, undefined],
  [[['usher-admins']], rules, undefined],
  ['usher-admins,usher-audit', rules, undefined],
];

for (const [groups, given, expected] of CASES) {
  test(`The groups ${JSON.stringify(groups)} give ${expected ?? 'no role'}`, () => {
    assert.equal(chooseRole(given, { claims: { groups } }), expected);
  });
}

test('A claim that every object has by itself gives no role', () => {
  assert.equal(chooseRole({ ...rules, roleClaim: 'constructor' }, { claims: {} }), undefined);
});

test('Only an address that the provider vouches for counts as verified', () => {
  for (const [claims, email, verified] of [
    [{ sub: '1', email: 'a@example.com', email_verified: true }, 'a@example.com', true],
    [{ sub: '1', email: 'a@example.com', email_verified: 'true' }, 'a@example.com', true],
    [{ sub: '1', email: 'a@example.com' }, 'a@example.com', false],
    [{ sub: '1', email: 'no address' }, undefined, false],
  ] as const) {
    const found = parseClaims(claims, 'https://issuer.example');
    assert.deepEqual([found.email, found.emailVerified], [email, verified]);
  }
  assert.throws(() => parseClaims({ sub: 7 }, 'https://issuer.example'), /names nobody/);
});
