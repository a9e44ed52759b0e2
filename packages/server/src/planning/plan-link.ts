import type { Attributes, AttributeValue } from '@usher/connector-sdk';
import type { Desired, ScopeVerdict } from '../mapping/index.ts';
import { diffAttributes, type PlannedChange, sameValue } from './diff-attributes.ts';
import type {
  DepartureCause,
  DeprovisioningPolicy,
  DeprovisioningRule,
  EntitlementFacts,
  LinkFacts,
  Triggers,
} from './link-facts.ts';
import { REASON_CODES, type Reason, type ReasonCode } from './reason.ts';

export type Operation = 'create' | 'update' | 'deactivate' | 'reactivate' | 'delete' | 'link';

/** A change that shall be sent. */
export interface Change {
  operation: Exclude<Operation, 'link'>;
  changes: PlannedChange[];
  /** Complete desired attributes after the change, `null`s left out. */
  desired: Attributes;
  /** Attributes of which an account that exists keeps its own values. */
  initialPaths: string[];
  cause: DepartureCause | null;
  /** When a deactivated account is to be deleted. */
  deleteAt: Date | null;
}

export type Plan =
  /** The account is as desired: nothing to send. */
  | { kind: 'settled'; wakeAt: Date | null }
  /** Nothing is sent on purpose; a switch, a policy or time says so. */
  | { kind: 'waiting'; reason: Reason; wakeAt: Date | null; deleteAt: Date | null }
  /** A person or a changed input is needed. */
  | { kind: 'parked'; reason: Reason; wakeAt: Date | null }
  /** A departed user without a link: does an account of theirs exist at the target? */
  | { kind: 'correlate'; cause: DepartureCause; desired: Attributes; wakeAt: Date | null }
  | { kind: 'unlink'; cause: DepartureCause; wakeAt: Date | null }
  /** `planAgain`: as soon as it is made. */
  | { kind: 'change'; change: Change; wakeAt: Date | null; planAgain?: true };

export interface PlanInput {
  link: LinkFacts;
  entitlement: EntitlementFacts;
  triggers: Triggers;
  deprovisioning: DeprovisioningPolicy;
  /** The mapping's result, computed only when it is needed. */
  desired(): Desired;
  /** Whether the scoping filter leaves the user in; absent: there is none. */
  scope?: (() => ScopeVerdict) | undefined;
  now: Date;
}

const DAY_MS = 86_400_000;

/** What to do with one link, from the present state alone. Pure: events, retries, previews and plans all come here. */
export function planLink(input: PlanInput): Plan {
  const { entitlement, link } = input;
  const cause = departureCause(entitlement);
  if (cause) return planDeparture(input, cause);
  const wakeAt = entitlement.nextExpiryAt;
  const scope = input.scope?.() ?? { kind: 'in' };
  if (scope.kind !== 'in') return planOutside(input, scope);
  const desired = input.desired();
  if (!desired.ok) {
    const { attribute, code, message } = desired.problem;
    const nextStep = desired.problem.nextStep ?? `Correct the user's fields or the rule for ${attribute}`;
    return { kind: 'parked', wakeAt, reason: { code, message, nextStep, attribute } };
  }
  const said = desired.always['active'];
  if (said !== undefined && typeof said !== 'boolean') {
    // A comparison with a blank is blank: neither yes nor no, and guessing would lock out or let in.
    const message = 'The rule for active gives neither true nor false for this user';
    const nextStep = 'Fill the field that the rule reads, or write what a blank means into the rule with ISBLANK';
    return { kind: 'parked', wakeAt, reason: { code: 'required_blank', message, nextStep, attribute: 'active' } };
  }
  switch (link.accountState) {
    case 'absent':
    case 'deleted':
      return planCreate(input, desired, wakeAt);
    case 'deactivated':
      return planReactivate(input, desired, wakeAt);
    case 'active':
      return planUpdate(input, desired, wakeAt);
  }
}

/**
 * A user whom the scoping filter leaves out has lost the app, as one who lost the assignment. Where the filter cannot say,
 * an account that is used stays as it is and a person is asked: guessing would lock out or let in.
 */
function planOutside(input: PlanInput, scope: Exclude<ScopeVerdict, { kind: 'in' }>): Plan {
  const { link, entitlement } = input;
  const wakeAt = entitlement.nextExpiryAt;
  if (scope.kind === 'undecided' && (scope.code === 'filter_failed' || link.accountState === 'active')) {
    const nextStep = 'Correct what the filter reads of the user, or write what a blank means into it with ISBLANK';
    return { kind: 'parked', wakeAt, reason: { code: scope.code, message: scope.message, nextStep } };
  }
  if (link.accountState === 'absent' && link.remoteId === null) {
    // Like somebody who was never assigned, they are not looked for at the target: there may be very many.
    return outOfScope(scope, { kind: 'waiting', wakeAt, deleteAt: null });
  }
  const plan = planDeparture(input, 'assignment lost');
  // Once the change is made it is planned again, which keeps the reason: nothing else of the link tells of the filter.
  if (plan.kind === 'change') return { ...plan, wakeAt: earlier(plan.wakeAt, wakeAt), planAgain: true };
  const told = plan.kind === 'waiting' && plan.reason.code === 'not_assigned';
  return told ? outOfScope(scope, { ...plan, wakeAt: earlier(plan.wakeAt, wakeAt) }) : plan;
}

function outOfScope(
  scope: Exclude<ScopeVerdict, { kind: 'in' }>,
  plan: Pick<Extract<Plan, { kind: 'waiting' }>, 'kind' | 'wakeAt' | 'deleteAt'>,
): Plan {
  const message = scope.kind === 'undecided' ? scope.message : REASON_CODES.out_of_scope;
  const nextStep = 'Nothing to do, unless the user should have the app: look at the scoping filter then';
  return { ...plan, reason: { code: 'out_of_scope', message, nextStep } };
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a < b ? a : b;
}

/** Why the user shall have no usable account; the strongest cause first. Undefined: they shall have one. */
export function departureCause(entitlement: EntitlementFacts): DepartureCause | undefined {
  if (entitlement.isDeleted) return 'user deleted';
  if (!entitlement.isActive) return 'user deactivated';
  if (!entitlement.isAssigned) return 'assignment lost';
  return undefined;
}

type Wanted = Extract<Desired, { ok: true }>;

function planCreate({ triggers }: PlanInput, desired: Wanted, wakeAt: Date | null): Plan {
  if (!triggers.create) return waiting('create_off', 'Turn the create trigger on, or leave it', wakeAt);
  const attributes = withoutBlanks({ active: true, ...desired.always, ...desired.onCreate });
  const changes = diffAttributes({}, attributes);
  const initialPaths = [...Object.keys(desired.onCreate), ...(desired.initial ?? [])];
  return change('create', changes, attributes, wakeAt, initialPaths);
}

function planReactivate({ link, triggers }: PlanInput, desired: Wanted, wakeAt: Date | null): Plan {
  if (!triggers.reactivate) return waiting('reactivate_off', 'Turn the reactivate trigger on, or leave it', wakeAt);
  const wanted: Attributes = { active: true, ...desired.always };
  if (wanted['active'] === false) return { kind: 'settled', wakeAt };
  const before: Attributes = { ...link.applied, active: false };
  const initial = new Set(desired.initial);
  // Everything is sent again: nobody knows what happened to an account while it was off. Edits that may stay, stay.
  const changes = Object.entries(wanted)
    .filter(([path, after]) => after !== null || !isBlank(before[path]))
    .filter(([path, after]) => !initial.has(path) || !sameValue(before[path], after))
    .map(([path, after]) => ({ path, before: before[path] ?? null, after }));
  return change('reactivate', changes, merged(link.applied, wanted), wakeAt);
}

function planUpdate({ link, triggers }: PlanInput, desired: Wanted, wakeAt: Date | null): Plan {
  const wanted: Attributes = { active: true, ...desired.always };
  const changes = diffAttributes(link.applied ?? {}, wanted);
  if (changes.length === 0) return { kind: 'settled', wakeAt };
  // Deactivation is what it does, not what it is called: whatever formula produced it.
  const deactivates = changes.some(({ path, after }) => path === 'active' && after === false);
  if (deactivates) {
    if (!triggers.deactivate) return waiting('deactivate_off', 'Turn the deactivate trigger on', wakeAt);
    return change('deactivate', changes, merged(link.applied, wanted), wakeAt);
  }
  if (!triggers.update) return waiting('update_off', 'Turn the update trigger on, or leave it', wakeAt);
  return change('update', changes, merged(link.applied, wanted), wakeAt);
}

function planDeparture(input: PlanInput, cause: DepartureCause): Plan {
  const { link, triggers, now } = input;
  const rule = input.deprovisioning[cause];
  if (link.accountState === 'deleted') return planDeparted(cause, null, null);
  if (link.accountState === 'absent') {
    if (link.remoteId === null) return planUnlinkedDeparture(input, cause);
    return planDeparted(cause, null, null);
  }
  if (rule.action === 'leave') {
    return waiting('left_in_place', `The policy for "${cause}" is "leave": change it to act`, null);
  }
  if (rule.action === 'unlink') return { kind: 'unlink', cause, wakeAt: null };
  if (!triggers.deactivate) {
    return waiting('deactivate_off', 'Turn the deactivate trigger on: until then the account stays usable', null);
  }
  if (rule.action === 'delete') return planDeletion(link, cause);
  if (link.accountState === 'active') {
    const desired = { ...link.applied, active: false };
    const deleteAt = laterDeletion(rule, now);
    return {
      kind: 'change',
      wakeAt: deleteAt,
      change: {
        operation: 'deactivate',
        changes: [{ path: 'active', before: true, after: false }],
        desired: withoutBlanks(desired),
        initialPaths: [],
        cause,
        deleteAt,
      },
    };
  }
  const deleteAt = rule.deleteAfterDays === undefined ? null : (link.deleteAt ?? laterDeletion(rule, now));
  if (deleteAt && deleteAt <= now) return planDeletion(link, cause);
  return planDeparted(cause, deleteAt, deleteAt);
}

/** A leaver who was never linked is looked for: silence would leave an account usable that nobody here knows. */
function planUnlinkedDeparture(input: PlanInput, cause: DepartureCause): Plan {
  const desired = input.desired();
  const attributes = desired.ok ? withoutBlanks({ ...desired.always, ...desired.onCreate }) : {};
  if (Object.keys(attributes).length === 0) return planDeparted(cause, null, null);
  return { kind: 'correlate', cause, desired: attributes, wakeAt: null };
}

/** The removal of an account at the target, whatever the policy says: when it comes is decided by {@link planLink}. */
export function planDeletion(link: LinkFacts, cause: DepartureCause): Plan {
  const changes = [{ path: 'account', before: link.remoteId, after: null }];
  return {
    kind: 'change',
    wakeAt: null,
    change: { operation: 'delete', changes, desired: {}, initialPaths: [], cause, deleteAt: null },
  };
}

function laterDeletion(rule: DeprovisioningRule, now: Date): Date | null {
  return rule.deleteAfterDays === undefined ? null : new Date(now.getTime() + rule.deleteAfterDays * DAY_MS);
}

const DEPARTED: Record<DepartureCause, ReasonCode> = {
  'user deleted': 'user_deleted',
  'user deactivated': 'user_inactive',
  'assignment lost': 'not_assigned',
};

/** Nothing is to be done for somebody who shall have no account: it is gone, or there never was one. */
export function planDeparted(cause: DepartureCause, wakeAt: Date | null, deleteAt: Date | null): Plan {
  const code = deleteAt ? 'deletion_pending' : DEPARTED[cause];
  const nextStep = deleteAt
    ? `Nothing to do: it is deleted on ${deleteAt.toISOString()} unless the user returns`
    : 'Nothing to do: access returns with the user or the grant';
  return { kind: 'waiting', wakeAt, deleteAt, reason: { code, message: REASON_CODES[code], nextStep } };
}

function waiting(code: ReasonCode, nextStep: string, wakeAt: Date | null): Plan {
  return { kind: 'waiting', wakeAt, deleteAt: null, reason: { code, message: REASON_CODES[code], nextStep } };
}

function change(
  operation: Change['operation'],
  changes: PlannedChange[],
  desired: Attributes,
  wakeAt: Date | null,
  initialPaths: string[] = [],
): Plan {
  return { kind: 'change', wakeAt, change: { operation, changes, desired, initialPaths, cause: null, deleteAt: null } };
}

/** What the account has after the change: what was applied before, overlaid by what is wanted now. */
function merged(applied: Attributes | null, wanted: Attributes): Attributes {
  return withoutBlanks({ ...applied, ...wanted });
}

export function withoutBlanks(attributes: Attributes): Attributes {
  const kept: Attributes = {};
  for (const path in attributes) {
    const value = attributes[path];
    if (!isBlank(value)) kept[path] = value as AttributeValue;
  }
  return kept;
}

/** RFC 7643 §2.5: unassigned, null and the empty list are the same. */
export function isBlank(value: AttributeValue | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
