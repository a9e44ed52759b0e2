import { hash as digest } from 'node:crypto';
import type { ConfigurationDocument, ConnectedApp } from '../apps/index.ts';
import type { CompiledMapping } from '../mapping/index.ts';
import { type Change, departureCause, hashChange, type Plan } from '../planning/index.ts';
import { type LoadedLink, type PlanningContext, planLoaded } from '../provisioning/index.ts';
import type { PlanChange, PlanCounts, PlannedOperation } from './population-plan.ts';

/** What people are planned under: the configuration in question, and the one in force to tell what it is that changes. */
export interface PeopleContext {
  planned: PlanningContext;
  /** Undefined: the planned configuration is the one in force, or none is yet. */
  present: PlanningContext | undefined;
  /** What causes a change that the configuration in force would make too. */
  isInForce: boolean;
}

export interface PlannedPerson {
  /** Undefined: nothing happens to the user. */
  row: Omit<PlanChange, 'leftOut'> | undefined;
  /** Why nothing is sent, where that is on purpose. */
  waitsFor: string | undefined;
  byConfiguration: boolean;
}

/** Plans one user under the configuration in question, by the code that the pumps plan with. Pure. */
export function planPerson({ planned, present, isInForce }: PeopleContext, loaded: LoadedLink): PlannedPerson {
  const plan = planLoaded(planned, loaded);
  if (plan.kind === 'settled') return { row: undefined, waitsFor: undefined, byConfiguration: false };
  if (plan.kind === 'waiting') return { row: undefined, waitsFor: plan.reason.code, byConfiguration: false };
  const lookedFor = plan.kind === 'correlate' ? whyNotLookedFor(loaded) : undefined;
  if (lookedFor) return { row: undefined, waitsFor: lookedFor, byConfiguration: false };
  const hash = hashPlan(plan, loaded);
  const already = isInForce || (present !== undefined && hashPlan(planLoaded(present, loaded), loaded) === hash);
  const { hold } = loaded;
  const row = {
    userId: loaded.userId,
    username: loaded.record.username,
    operation: operationOf(plan),
    hash,
    cause: causeOf(plan, loaded, already),
    movement: movementOf(plan, loaded),
    held: hold !== null && hold.state !== 'released' && hold.hash === hash,
    changes: plan.kind === 'change' ? plan.change.changes : [],
    paths: plan.kind === 'change' ? plan.change.changes.map(({ path }) => path) : [],
    reason: plan.kind === 'parked' ? plan.reason : null,
  };
  return { row, waitsFor: undefined, byConfiguration: !already };
}

const LOOKED_FOR = ['user_deleted', 'user_inactive', 'not_assigned'];

/** A leaver without a link was searched for since leaving, and is not searched for again; a hold says what was found. */
function whyNotLookedFor({ link, hold }: LoadedLink): string | undefined {
  if (hold) return hold.state === 'released' ? undefined : 'unlinked_account_active';
  const known = link.standing === 'waiting' && link.reasonCode !== null && LOOKED_FOR.includes(link.reasonCode);
  return known && !link.unverified ? (link.reasonCode ?? undefined) : undefined;
}

type Eventful = Exclude<Plan, { kind: 'settled' | 'waiting' }>;

/** The same for plans that do the same; what a plan in force is compared with before it is applied. */
export function hashPlan(plan: Plan, loaded: LoadedLink): string {
  switch (plan.kind) {
    case 'change':
      return hashChange(loaded.link.remoteId, plan.change);
    case 'parked':
      return `parked:${plan.reason.code}:${plan.reason.attribute ?? ''}`;
    case 'unlink':
    case 'correlate':
      return `${plan.kind}:${plan.cause}`;
    default:
      return plan.kind;
  }
}

function operationOf(plan: Eventful): PlannedOperation {
  if (plan.kind === 'change') return plan.change.operation;
  return ({ parked: 'park', unlink: 'unlink', correlate: 'look for' } as const)[plan.kind];
}

function causeOf(plan: Eventful, { entitlement }: LoadedLink, already: boolean): string {
  if (plan.kind === 'parked') return plan.reason.code;
  const cause = plan.kind === 'change' ? plan.change.cause : plan.cause;
  if (cause === 'assignment lost' && entitlement.isAssigned) return 'out of scope';
  return cause ?? (already ? 'due already' : 'configuration');
}

function movementOf(plan: Eventful, { link }: LoadedLink): PlanChange['movement'] {
  if (plan.kind !== 'change') return null;
  const isActive = link.accountState === 'active';
  const willBe = isActiveAfter(plan.change);
  if (isActive === willBe) return null;
  return willBe ? 'enters' : 'leaves';
}

function isActiveAfter({ operation, desired }: Change): boolean {
  if (operation === 'deactivate' || operation === 'delete') return false;
  return desired['active'] !== false;
}

/** Adds what became of one user. */
export function count(counts: PlanCounts, { row, waitsFor, byConfiguration }: PlannedPerson): void {
  const add = (record: Record<string, number>, key: string) => {
    record[key] = (record[key] ?? 0) + 1;
  };
  if (!row) {
    if (waitsFor === undefined) counts.unchanged += 1;
    else add(counts.waiting, waitsFor);
    return;
  }
  add(counts.byOperation as Record<string, number>, row.operation);
  add(counts.byCause, row.cause);
  for (const path of row.paths) add(counts.byAttribute, path);
  if (row.movement === 'enters') counts.enters += 1;
  if (row.movement === 'leaves') counts.leaves += 1;
  if (row.held) counts.held += 1;
  if (byConfiguration) counts.byConfiguration += 1;
}

/** A value that no two accounts of the target may have. */
export interface UniqueValue {
  path: string;
  value: string;
  /** Of the value as the target compares it. */
  hash: bigint;
}

/** The attributes whose values must differ: those that the target says, userName always (RFC 7643 §4.1.1), and those that find accounts. */
export function listUniquePaths(mapping: CompiledMapping, { correlation }: ConfigurationDocument): string[] {
  const matching = new Set(correlation.matchingAttributes.map((path) => path.toLowerCase()));
  return mapping.rules
    .filter(({ type, attribute }) => type === 'text' && !attribute?.multiValued)
    .filter(({ rule, attribute }) => {
      const path = rule.target.toLowerCase();
      return path === 'username' || matching.has(path) || (attribute !== undefined && attribute.uniqueness !== 'none');
    })
    .map(({ rule }) => rule.target);
}

/** The unique values that the account of a user has or would have, also one that is not used any more. */
export function listUniqueValues(
  { mapping, evaluation }: PlanningContext,
  paths: readonly string[],
  loaded: LoadedLink,
): UniqueValue[] {
  const departed = departureCause(loaded.entitlement) !== undefined;
  if (departed && loaded.link.remoteId === null) return [];
  const desired = departed ? undefined : mapping.evaluate(loaded.record, evaluation);
  const values = desired?.ok ? { ...desired.onCreate, ...desired.always } : loaded.link.applied;
  return paths.flatMap((path) => {
    const value = values?.[path];
    if (typeof value !== 'string' || value === '') return [];
    const exact = mapping.rules.find(({ rule }) => rule.target === path)?.attribute?.caseExact === true;
    return [{ path, value, hash: hashValue(exact ? value : value.toLowerCase()) }];
  });
}

/** 64 bits, signed, as a bigint column holds them. */
function hashValue(value: string): bigint {
  return digest('sha1', value, 'buffer').readBigInt64BE(0);
}

/** How long the changes take at the app's pace. */
export interface Duration {
  calls: number;
  callsPerSecond: number;
  seconds: number;
  /** Whether the pace is the app's limit, what its calls took lately, or a guess of 200 ms a call. */
  basis: 'rate limit' | 'recent latency' | 'assumed latency';
}

const ASSUMED_LATENCY_MS = 200;

/** Calls and time for what a plan counted. Searches before creates and for leavers are calls too. */
export function estimateDuration(
  { byOperation }: PlanCounts,
  { maxPerSecond, maxConcurrency }: Pick<ConnectedApp, 'maxPerSecond' | 'maxConcurrency'>,
  { correlation }: ConfigurationDocument,
  recentLatencyMs: number | null,
): Duration {
  const searches = correlation.matchingAttributes.length;
  const of = (operation: PlannedOperation) => byOperation[operation] ?? 0;
  const calls =
    of('create') * (1 + (correlation.findBeforeCreate ? searches : 0)) +
    of('look for') * searches +
    of('update') +
    of('deactivate') +
    of('reactivate') +
    of('delete');
  const byLatency = (maxConcurrency * 1000) / (recentLatencyMs ?? ASSUMED_LATENCY_MS);
  const limited = maxPerSecond !== null && maxPerSecond <= byLatency;
  const callsPerSecond = limited ? maxPerSecond : byLatency;
  const basis = limited ? 'rate limit' : recentLatencyMs === null ? 'assumed latency' : 'recent latency';
  return { calls, callsPerSecond, seconds: Math.ceil(calls / callsPerSecond), basis };
}
