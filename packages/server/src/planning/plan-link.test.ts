import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Desired } from '../mapping/index.ts';
import type { LinkFacts } from './link-facts.ts';
import { type Plan, type PlanInput, planLink } from './plan-link.ts';

const NOW = new Date('2026-03-01T00:00:00Z');
const DAYS_30 = new Date('2026-03-31T00:00:00Z');
const absent: LinkFacts = { remoteId: null, accountState: 'absent', applied: null, deleteAt: null, recreatedAt: null };
const active: LinkFacts = {
  ...absent,
  remoteId: 'r1',
  accountState: 'active',
  applied: { userName: 'ada', active: true, title: 'Countess' },
};
const deactivated: LinkFacts = {
  ...active,
  accountState: 'deactivated',
  applied: { ...active.applied, active: false },
};
const says = (always: Record<string, never | string | boolean | null>, onCreate = {}): Desired => ({
  ok: true,
  always,
  onCreate,
});
const ada = says({ userName: 'ada', title: 'Countess' });

function plan(change: Partial<PlanInput> & { says?: Desired } = {}): Plan {
  const { says: desired = ada, ...rest } = change;
  return planLink({
    link: absent,
    entitlement: { isActive: true, isDeleted: false, isAssigned: true, nextExpiryAt: null },
    triggers: { create: true, update: true, deactivate: true, reactivate: true },
    deprovisioning: {
      'user deleted': { action: 'deactivate' },
      'user deactivated': { action: 'deactivate' },
      'assignment lost': { action: 'deactivate' },
    },
    desired: () => desired,
    now: NOW,
    ...rest,
  });
}

const on = { create: true, update: true, deactivate: true, reactivate: true };
const here = { isActive: true, isDeleted: false, isAssigned: true, nextExpiryAt: null };
const left = { ...here, isActive: false };
const deleteLater = { action: 'deactivate', deleteAfterDays: 30 } as const;
const policy = (rule: { action: 'deactivate' | 'delete' | 'unlink' | 'leave'; deleteAfterDays?: number }) => ({
  'user deleted': rule,
  'user deactivated': rule,
  'assignment lost': rule,
});

const out = () => ({ kind: 'out' }) as const;
const blank = () => ({ kind: 'undecided', code: 'filter_blank', message: 'blank' }) as const;
const failed = () => ({ kind: 'undecided', code: 'filter_failed', message: 'failed' }) as const;

/** What matters of a plan, in one line. */
function told(found: Plan): string {
  if (found.kind === 'change') {
    const paths = found.change.changes.map(({ path, after }) => `${path}=${JSON.stringify(after)}`).join(' ');
    return `${found.change.operation}: ${paths}`;
  }
  return 'reason' in found ? `${found.kind}: ${found.reason.code}` : found.kind;
}

const cases: [name: string, change: Parameters<typeof plan>[0], told: string][] = [
  ['a new user gets an account', {}, 'create: active=true userName="ada" title="Countess"'],
  [
    'first values go along with a create',
    { says: says({ userName: 'ada' }, { title: 'New' }) },
    'create: active=true userName="ada" title="New"',
  ],
  ['nothing differs', { link: active }, 'settled'],
  ['one value differs', { link: active, says: says({ userName: 'ada', title: 'Lady' }) }, 'update: title="Lady"'],
  ['a value became blank', { link: active, says: says({ userName: 'ada', title: null }) }, 'update: title=null'],
  ['a value that is not ours to say stays', { link: active, says: says({ userName: 'ada' }) }, 'settled'],
  [
    'a formula that turns active off is a deactivation',
    { link: active, says: says({ active: false }) },
    'deactivate: active=false',
  ],
  [
    'which the deactivate trigger governs, not the update trigger',
    { link: active, says: says({ active: false }), triggers: { ...on, deactivate: false } },
    'waiting: deactivate_off',
  ],
  ['a leaver is deactivated', { link: active, entitlement: left }, 'deactivate: active=false'],
  [
    'so is one without a grant',
    { link: active, entitlement: { ...here, isAssigned: false } },
    'deactivate: active=false',
  ],
  ['so is a deleted user', { link: active, entitlement: { ...here, isDeleted: true } }, 'deactivate: active=false'],
  [
    'an inactive account gets no updates',
    { link: deactivated, entitlement: left, says: says({ title: 'X' }) },
    'waiting: user_inactive',
  ],
  ['a return sends everything', { link: deactivated }, 'reactivate: active=true userName="ada" title="Countess"'],
  [
    'a return with the trigger off waits',
    { link: deactivated, triggers: { ...on, reactivate: false } },
    'waiting: reactivate_off',
  ],
  ['whom the filter leaves out loses the account', { link: active, scope: out }, 'deactivate: active=false'],
  ['one without an account is not even looked for', { scope: out }, 'waiting: out_of_scope'],
  ['who was left out before stays so', { link: deactivated, scope: out }, 'waiting: out_of_scope'],
  [
    'the policy for lost assignments holds for the filter',
    { link: active, scope: out, deprovisioning: policy({ action: 'leave' }) },
    'waiting: left_in_place',
  ],
  [
    'and the deactivate trigger',
    { link: active, scope: out, triggers: { ...on, deactivate: false } },
    'waiting: deactivate_off',
  ],
  ['a filter that cannot say takes nothing away', { link: active, scope: blank }, 'parked: filter_blank'],
  ['and gives nothing', { scope: blank }, 'waiting: out_of_scope'],
  ['and brings nothing back', { link: deactivated, scope: blank }, 'waiting: out_of_scope'],
  ['a filter that fails parks', { scope: failed }, 'parked: filter_failed'],
  [
    'a leaver is a leaver whatever the filter says',
    { link: active, entitlement: left, scope: blank },
    'deactivate: active=false',
  ],
  ['a leaver who was never linked is looked for', { entitlement: left }, 'correlate'],
  [
    'a leaver whose policy is to leave',
    { link: active, entitlement: left, deprovisioning: policy({ action: 'leave' }) },
    'waiting: left_in_place',
  ],
  [
    'a leaver whose policy is to unlink',
    { link: active, entitlement: left, deprovisioning: policy({ action: 'unlink' }) },
    'unlink',
  ],
  [
    'a leaver whose policy is to delete',
    { link: active, entitlement: left, deprovisioning: policy({ action: 'delete' }) },
    'delete: account=null',
  ],
  [
    'deletion after 30 days begins with a deactivation',
    { link: active, entitlement: left, deprovisioning: policy(deleteLater) },
    'deactivate: active=false',
  ],
  [
    'and waits until then',
    { link: { ...deactivated, deleteAt: DAYS_30 }, entitlement: left, deprovisioning: policy(deleteLater) },
    'waiting: deletion_pending',
  ],
  [
    'and deletes then',
    { link: { ...deactivated, deleteAt: NOW }, entitlement: left, deprovisioning: policy(deleteLater) },
    'delete: account=null',
  ],
  [
    'but not after a return',
    { link: { ...deactivated, deleteAt: NOW }, deprovisioning: policy(deleteLater) },
    'reactivate: active=true userName="ada" title="Countess"',
  ],
  [
    'nor after the policy changed to plain deactivation',
    { link: { ...deactivated, deleteAt: NOW }, entitlement: left },
    'waiting: user_inactive',
  ],
  [
    'a leaver with the trigger off is told so',
    { link: active, entitlement: left, triggers: { ...on, deactivate: false } },
    'waiting: deactivate_off',
  ],
  ['a hire with the create trigger off waits', { triggers: { ...on, create: false } }, 'waiting: create_off'],
  [
    'an update with the trigger off waits',
    { link: active, says: says({ title: 'X' }), triggers: { ...on, update: false } },
    'waiting: update_off',
  ],
  [
    'a rule for active that is blank parks, and locks nobody out',
    { link: active, says: says({ active: null }) },
    'parked: required_blank',
  ],
  [
    'a blank required attribute parks',
    { says: { ok: false, problem: { attribute: 'title', code: 'required_blank', message: 'title is blank' } } },
    'parked: required_blank',
  ],
  [
    'but never keeps a leaver inside',
    {
      link: active,
      entitlement: left,
      says: { ok: false, problem: { attribute: 'title', code: 'required_blank', message: '' } },
    },
    'deactivate: active=false',
  ],
];

describe('the plan of a link', () => {
  for (const [name, change, expected] of cases) test(name, () => assert.equal(told(plan(change)), expected));

  test('wakes when the next grant ends', () => {
    const entitlement = { ...here, nextExpiryAt: DAYS_30 };
    assert.deepEqual(plan({ link: active, entitlement }).kind === 'settled' && plan({ link: active, entitlement }), {
      kind: 'settled',
      wakeAt: DAYS_30,
    });
  });

  test('of a delayed deletion names the day, counted from the deactivation', () => {
    const found = plan({ link: active, entitlement: left, deprovisioning: policy(deleteLater) });
    assert.equal(found.kind === 'change' && found.change.deleteAt?.toISOString(), DAYS_30.toISOString());
  });
});
