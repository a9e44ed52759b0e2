import type { Attributes } from '@usher/connector-sdk';
import type { EvaluationContext } from '@usher/formula';
import type { AppRuntime, ConfigurationDocument, ConnectedApp } from '../apps/index.ts';
import type { CompiledMapping, Desired } from '../mapping/index.ts';
import {
  type Change,
  type DepartureCause,
  departureCause,
  hashChange,
  isBlank,
  type Operation,
  type Plan,
  planLink,
  REASON_CODES,
  type Reason,
} from '../planning/index.ts';
import type { DueLink } from './sql/claim-links.ts';
import type { Dismissed, LoadedLink } from './sql/load-links.ts';

/** The configuration that a plan is made under. */
export interface PlanningContext {
  app: ConnectedApp;
  document: ConfigurationDocument;
  mapping: CompiledMapping;
  evaluation: EvaluationContext;
  now: Date;
  /** No version serves the user yet: only a departure is worked. */
  waits?: boolean | undefined;
  /** What else the account is to have after a version was rolled back that wrote more than this one says. */
  restored?: ((loaded: LoadedLink) => Attributes | undefined) | undefined;
}

/** What is to be done about a claimed link. */
export interface PlannedItem {
  due: DueLink;
  loaded: LoadedLink;
  wakeAt: Date | null;
  /** The link is planned again as soon as the change is made. Until then, as while a guard holds it, it rests. */
  planAgain?: true | undefined;
  task:
    | { kind: 'change'; change: Change }
    | { kind: 'correlate'; cause: DepartureCause; desired: Change['desired'] }
    | Verify;
  /** 0 takes access away, 1 a person waits, 2 the rest. */
  lane: 0 | 1 | 2;
  /** The hold that lets this very change through. */
  releasedHoldId: number | null;
  /** A hold of a change that is no longer planned. */
  staleHoldId: number | null;
  /** The guards that people let this very change through. */
  passed: readonly string[];
}

/** A link in a pump's hand, planned and waiting for its turn. */
export interface Item extends PlannedItem {
  /** The app under the configuration version that serves this link: what planned it also sends it. */
  served: AppRuntime;
}

/** The account is read before anything is decided about it, and the link is planned anew from what was found. */
export interface Verify {
  kind: 'verify';
  cause: string;
  /** What the reading is for, as far as it is known before it. */
  operation: Operation;
  /** What finds the account again where its remote id does not. */
  desired: Change['desired'];
  /** Where our word counts; edits elsewhere are people's own. */
  paths: string[];
  /** An account that turned out to be deactivated or gone would be brought back by the plan. */
  wouldBringBack: boolean;
}

/** What planning a claimed link came to. */
export type Claimed =
  | { kind: 'settle'; due: DueLink; wakeAt: Date | null }
  | { kind: 'conclude'; due: DueLink; loaded: LoadedLink; plan: Exclude<Plan, { kind: 'change' | 'correlate' }> }
  | { kind: 'work'; item: PlannedItem };

/** Plans one claimed link. Pure: the same call makes previews, plans and the real thing. */
export function planClaimed(context: PlanningContext, due: DueLink, loaded: LoadedLink): Claimed {
  const plan = withLook(context, due, loaded, planLoaded(context, asLookedAt(loaded)));
  const verify = planVerification(context, due, loaded, plan);
  if (verify) return { kind: 'work', item: toItem(due, loaded, plan.wakeAt, verify, laneOf(due, plan)) };
  switch (plan.kind) {
    case 'settled':
      return isQuiet(loaded, 'settled', null)
        ? { kind: 'settle', due, wakeAt: plan.wakeAt }
        : { kind: 'conclude', due, loaded, plan };
    case 'waiting':
      return isQuiet(loaded, 'waiting', plan.reason) && sameTime(loaded.link.deleteAt, plan.deleteAt)
        ? { kind: 'settle', due, wakeAt: plan.wakeAt }
        : { kind: 'conclude', due, loaded, plan };
    case 'parked':
      // An on-demand attempt is answered anew, even with the same reason.
      return due.urgency !== 1 && loaded.link.standing === 'parked' && loaded.link.reasonCode === plan.reason.code
        ? { kind: 'settle', due, wakeAt: plan.wakeAt }
        : { kind: 'conclude', due, loaded, plan };
    case 'unlink':
      return { kind: 'conclude', due, loaded, plan };
    case 'correlate':
      if (wasLookedFor(due, loaded)) return { kind: 'settle', due, wakeAt: plan.wakeAt };
      return { kind: 'work', item: toItem(due, loaded, plan.wakeAt, plan, 0) };
    case 'change':
      return planChange(due, loaded, plan);
  }
}

/** The plan of a link from what was loaded, without regard to holds. */
export function planLoaded(context: PlanningContext, loaded: LoadedLink): Plan {
  if (context.waits && !departureCause(loaded.entitlement)) return waitForStage(loaded);
  const plan = planPresent(context, loaded);
  return loaded.link.dismissed ? withoutDismissed(plan, loaded.link.dismissed) : plan;
}

/** Nobody was served before the first version's rollout, and it has not reached the user. */
function waitForStage({ entitlement }: LoadedLink): Plan {
  const code = 'rollout_not_reached';
  const nextStep = 'Nothing to do: their turn comes with a later stage of the rollout';
  const reason: Reason = { code, message: REASON_CODES[code], nextStep };
  return { kind: 'waiting', reason, wakeAt: entitlement.nextExpiryAt, deleteAt: null };
}

/** The operation that a person decided not to have is not done; a delayed deletion is not even waited for. */
function withoutDismissed(plan: Plan, dismissed: Dismissed): Plan {
  const isIt = plan.kind === 'change' ? plan.change.operation === dismissed : waitsFor(plan, dismissed);
  if (!isIt) return plan;
  const code = 'dismissed';
  const nextStep = 'Nothing to do: it is looked at again when the user leaves or returns';
  const detail = `${dismissed} was dismissed`;
  const wakeAt = dismissed === 'delete' ? null : plan.wakeAt;
  return { kind: 'waiting', wakeAt, deleteAt: null, reason: { code, message: REASON_CODES[code], nextStep, detail } };
}

/** A trigger that is off would leave it undone anyway: it stays dismissed, for the day on which the trigger is on again. */
function waitsFor(plan: Plan, dismissed: Dismissed): boolean {
  if (plan.kind !== 'waiting') return false;
  return dismissed === 'delete' ? plan.deleteAt !== null : plan.reason.code === `${dismissed}_off`;
}

function evaluate({ mapping, evaluation, restored }: PlanningContext, loaded: LoadedLink): Desired {
  const desired = mapping.evaluate(loaded.record, evaluation);
  const more = desired.ok ? restored?.(loaded) : undefined;
  return desired.ok && more ? { ...desired, always: { ...more, ...desired.always } } : desired;
}

function planPresent(context: PlanningContext, loaded: LoadedLink): Plan {
  const { filter } = context.mapping;
  return planLink({
    link: loaded.link,
    entitlement: loaded.entitlement,
    triggers: context.app.triggers,
    deprovisioning: context.document.deprovisioning,
    desired: () => evaluate(context, loaded),
    scope: filter && (() => filter.judge(loaded.record, context.evaluation)),
    now: context.now,
  });
}

/**
 * A create may have been sent for somebody who has left since, and whose account the plan would not look for: it is
 * looked for by whatever can still be computed, for nobody else would ever find it.
 */
function withLook(context: PlanningContext, due: DueLink, loaded: LoadedLink, plan: Plan): Plan {
  const isOut = plan.kind === 'waiting' && plan.reason.code === 'out_of_scope';
  const cause = departureCause(loaded.entitlement) ?? (isOut ? 'assignment lost' : undefined);
  if (!due.readFirst || loaded.link.remoteId !== null || plan.kind !== 'waiting' || !cause) return plan;
  const desired = matchingValues(context, loaded);
  return Object.keys(desired).length === 0 ? plan : { kind: 'correlate', cause, desired, wakeAt: plan.wakeAt };
}

/** What finds the account of a user, as far as it can be computed: other rules may have a blank where they need none. */
function matchingValues({ mapping, document, evaluation }: PlanningContext, loaded: LoadedLink): Change['desired'] {
  const matching = new Set(document.correlation.matchingAttributes);
  const values: Change['desired'] = {};
  for (const { rule, result } of mapping.explain(loaded.record, evaluation)) {
    if (matching.has(rule.target) && result.ok && !isBlank(result.value)) values[rule.target] = result.value;
  }
  return values;
}

/** An account that was deleted may have come back since what is remembered: it is looked for. */
function asLookedAt(loaded: LoadedLink): LoadedLink {
  const { link } = loaded;
  if (!link.unverified || link.accountState !== 'deleted') return loaded;
  return { ...loaded, link: { ...link, accountState: 'absent' } };
}

/**
 * Whether the account must be read first: where what is remembered may be older than the target, and where the outcome
 * of a write is unknown, since any of it may have arrived, a deactivation that is no longer wanted included.
 */
function planVerification(context: PlanningContext, due: DueLink, loaded: LoadedLink, plan: Plan): Verify | undefined {
  const { link, hold } = loaded;
  if (link.remoteId === null || plan.kind === 'parked' || plan.kind === 'unlink') return undefined;
  if (!link.unverified && !due.readFirst) return undefined;
  const held = hold && hold.state !== 'released' && plan.kind === 'change';
  if (held && hold.hash === hashChange(link.remoteId, plan.change)) return undefined;
  const ifOff = planLoaded(context, { ...loaded, link: { ...link, accountState: 'deactivated' } });
  return {
    kind: 'verify',
    cause: link.unverified ? 'not verified' : 'outcome unknown',
    operation: plan.kind === 'change' ? plan.change.operation : 'link',
    desired: matchingValues(context, loaded),
    paths: assertedPaths(context.mapping),
    wouldBringBack: ifOff.kind === 'change' && ifOff.change.operation === 'reactivate',
  };
}

/** What is asserted again where the target has other values. */
function assertedPaths({ rules }: CompiledMapping): string[] {
  return rules
    .filter(({ rule }) => rule.apply === 'always' && rule.authority !== 'initial')
    .map(({ rule }) => rule.target);
}

/** A change that takes away what the person can use now. */
export function takesAccess(change: Change, loaded: LoadedLink): boolean {
  return (change.operation === 'deactivate' || change.operation === 'delete') && loaded.link.accountState === 'active';
}

function planChange(due: DueLink, loaded: LoadedLink, plan: Extract<Plan, { kind: 'change' }>): Claimed {
  const { change } = plan;
  const task = { kind: 'change', change } as const;
  const item = { ...toItem(due, loaded, plan.wakeAt, task, laneOf(due, plan)), planAgain: plan.planAgain };
  const { hold } = loaded;
  if (!hold) return { kind: 'work', item };
  if (hold.hash !== hashChange(loaded.link.remoteId, change)) {
    return { kind: 'work', item: { ...item, staleHoldId: hold.id } };
  }
  if (hold.state === 'released') {
    return { kind: 'work', item: { ...item, releasedHoldId: hold.id, passed: [...hold.passed, hold.guard] } };
  }
  return { kind: 'settle', due, wakeAt: plan.wakeAt };
}

function laneOf(due: DueLink, plan: Plan): Item['lane'] {
  const { operation } = plan.kind === 'change' ? plan.change : { operation: undefined };
  if (operation === 'deactivate' || operation === 'delete') return 0;
  return due.urgency === 1 ? 1 : 2;
}

function toItem(
  due: DueLink,
  loaded: LoadedLink,
  wakeAt: Date | null,
  task: PlannedItem['task'],
  lane: PlannedItem['lane'],
): PlannedItem {
  return { due, loaded, wakeAt, task: { ...task }, lane, releasedHoldId: null, staleHoldId: null, passed: [] };
}

/** Nothing about the link has to be written but its schedule. */
function isQuiet(loaded: LoadedLink, standing: 'settled' | 'waiting', reason: Reason | null): boolean {
  const { link, openRequest, hold } = loaded;
  return link.standing === standing && link.reasonCode === (reason?.code ?? null) && !openRequest && !hold;
}

/** A leaver without a link was searched for since leaving; each further mark need not ask the target again. */
function wasLookedFor(due: DueLink, { link, hold }: LoadedLink): boolean {
  if (hold && hold.state !== 'released') return true;
  if (link.unverified || due.readFirst) return false;
  const looked = ['user_deleted', 'user_inactive', 'not_assigned'];
  return !hold && link.standing === 'waiting' && link.reasonCode !== null && looked.includes(link.reasonCode);
}

function sameTime(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
