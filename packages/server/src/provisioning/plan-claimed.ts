import type { EvaluationContext } from '@usher/formula';
import type { ConfigurationDocument, ConnectedApp } from '../apps/index.ts';
import type { CompiledMapping } from '../mapping/index.ts';
import {
  type Change,
  type DepartureCause,
  hashChange,
  type Operation,
  type Plan,
  planLink,
  type Reason,
  withoutBlanks,
} from '../planning/index.ts';
import type { DueLink } from './sql/claim-links.ts';
import type { LoadedLink } from './sql/load-links.ts';

/** The configuration that a plan is made under. */
export interface PlanningContext {
  app: ConnectedApp;
  document: ConfigurationDocument;
  mapping: CompiledMapping;
  evaluation: EvaluationContext;
  now: Date;
}

/** A link in a pump's hand, planned and waiting for its turn. */
export interface Item {
  due: DueLink;
  loaded: LoadedLink;
  wakeAt: Date | null;
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
  | { kind: 'work'; item: Item };

/** Plans one claimed link. Pure: the same call makes previews, plans and the real thing. */
export function planClaimed(context: PlanningContext, due: DueLink, loaded: LoadedLink): Claimed {
  const plan = planLoaded(context, asLookedAt(loaded));
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
      return due.urgency !== 1 &&
        !due.readFirst &&
        loaded.link.standing === 'parked' &&
        loaded.link.reasonCode === plan.reason.code
        ? { kind: 'settle', due, wakeAt: plan.wakeAt }
        : { kind: 'conclude', due, loaded, plan };
    case 'unlink':
      return { kind: 'conclude', due, loaded, plan };
    case 'correlate':
      if (wasLookedFor(loaded)) return { kind: 'settle', due, wakeAt: plan.wakeAt };
      return { kind: 'work', item: toItem(due, loaded, plan.wakeAt, plan, 0) };
    case 'change':
      return planChange(due, loaded, plan);
  }
}

/** The plan of a link from what was loaded, without regard to holds. */
export function planLoaded(context: PlanningContext, loaded: LoadedLink): Plan {
  return planLink({
    link: loaded.link,
    entitlement: loaded.entitlement,
    triggers: context.app.triggers,
    deprovisioning: context.document.deprovisioning,
    desired: () => context.mapping.evaluate(loaded.record, context.evaluation),
    now: context.now,
  });
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
  const desired = context.mapping.evaluate(loaded.record, context.evaluation);
  const ifOff = planLoaded(context, { ...loaded, link: { ...link, accountState: 'deactivated' } });
  return {
    kind: 'verify',
    cause: link.unverified ? 'not verified' : 'outcome unknown',
    operation: plan.kind === 'change' ? plan.change.operation : 'link',
    desired: desired.ok ? withoutBlanks({ ...desired.always, ...desired.onCreate }) : {},
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
  const item = toItem(due, loaded, plan.wakeAt, { kind: 'change', change }, laneOf(due, plan));
  const { hold } = loaded;
  if (!hold) return { kind: 'work', item };
  if (hold.hash !== hashChange(loaded.link.remoteId, change)) {
    return { kind: 'work', item: { ...item, staleHoldId: hold.id } };
  }
  if (hold.state === 'released') return { kind: 'work', item: { ...item, releasedHoldId: hold.id } };
  return { kind: 'settle', due, wakeAt: plan.wakeAt };
}

function laneOf(due: DueLink, plan: Plan): Item['lane'] {
  const { operation } = plan.kind === 'change' ? plan.change : { operation: undefined };
  if (operation === 'deactivate' || operation === 'delete') return 0;
  return due.urgency === 1 ? 1 : 2;
}

function toItem(due: DueLink, loaded: LoadedLink, wakeAt: Date | null, task: Item['task'], lane: Item['lane']): Item {
  return { due, loaded, wakeAt, task: { ...task }, lane, releasedHoldId: null, staleHoldId: null };
}

/** Nothing about the link has to be written but its schedule. */
function isQuiet(loaded: LoadedLink, standing: 'settled' | 'waiting', reason: Reason | null): boolean {
  const { link, openRequest, hold } = loaded;
  return link.standing === standing && link.reasonCode === (reason?.code ?? null) && !openRequest && !hold;
}

/** A leaver without a link was searched for since leaving; each further mark need not ask the target again. */
function wasLookedFor({ link, hold }: LoadedLink): boolean {
  if (hold && hold.state !== 'released') return true;
  if (link.unverified) return false;
  const looked = ['user_deleted', 'user_inactive', 'not_assigned'];
  return !hold && link.standing === 'waiting' && link.reasonCode !== null && looked.includes(link.reasonCode);
}

function sameTime(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
