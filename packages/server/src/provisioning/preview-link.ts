import { type AccountOperations, type AttributeValue, ConnectorError, type TargetAccount } from '@usher/connector-sdk';
import type { AppRuntime } from '../apps/index.ts';
import type { Clock } from '../clock.ts';
import type { Pool } from '../db/pool.ts';
import { type Change, hashChange, type Plan, planDeletion, planDeparted, type Reason } from '../planning/index.ts';
import { createPreviewTransport, type DescribedRequest, type Exchange, PreviewStop } from '../transport/index.ts';
import { listBlankPaths } from './blank-paths.ts';
import { chooseServing, loadingNeeds } from './choose-serving.ts';
import { type ExplainedAttribute, explainAttributes } from './explain-attributes.ts';
import type { LinkSituation } from './explain-link.ts';
import { holdWave } from './hold-wave.ts';
import { performWork } from './perform-operation.ts';
import { type Item, type PlanningContext, planLoaded } from './plan-claimed.ts';
import { planningContextOf } from './planning-context.ts';
import { findOwners } from './sql/link-lookups.ts';
import { findSituation } from './sql/link-situation.ts';
import { type LoadedLink, loadLinks } from './sql/load-links.ts';
import type { Target } from './work.ts';

export type PreviewOperation = 'create' | 'update' | 'deactivate' | 'reactivate' | 'delete';

export interface Preview {
  /** What would happen: an operation, or why nothing is sent. */
  plan: Plan['kind'];
  operation: Change['operation'] | null;
  /** The configuration that it is made under. */
  version: number;
  /** What grants the app to the user now. */
  grants: LinkSituation['grants'];
  reason: Reason | null;
  changes: Change['changes'];
  /** The write exactly as it would be sent, the credential redacted. */
  request: DescribedRequest | null;
  /** Reads that were really made on the way to it. */
  reads: Exchange[];
  /** Searches for an existing account, and what they found. */
  matches: { attribute: string; value: string; remoteIds: string[] }[];
  /** What would keep it from being sent now, besides the plan itself: the app's state, a hold, a guard. */
  obstacles: string[];
  /** What else a person should know: why a way could not be walked to its end, what was supposed. */
  notes: string[];
  attributes: ExplainedAttribute[];
}

/**
 * What would be sent for one user, made by the code that sends: plan, work and connector are the same, and only the
 * transport stops at the first write. `operation` asks what it would be if the account stood so.
 */
export async function previewLink(
  ground: { pool: Pool; clock: Clock },
  opened: AppRuntime,
  userId: string,
  operation?: PreviewOperation,
): Promise<Preview | undefined> {
  const { pool, clock } = ground;
  const now = clock.now();
  // The explanation shows every source, so everything is loaded, whatever the mapping needs.
  const needs = { manager: true, entitlements: true };
  const wanted = { ...loadingNeeds(opened), appId: opened.app.id, userIds: [userId], now, needs };
  const [found] = await loadLinks(pool, wanted);
  const situation = await findSituation(pool, opened.app.id, userId, now);
  if (!found || !situation) return undefined;
  const { runtime, waits } = chooseServing(opened, found);
  const context = { ...planningContextOf(opened, runtime, now), waits };
  const { loaded, plan, notes } = planPreview(context, found, operation, situation.schedule !== null);
  const preview: Preview = {
    plan: plan.kind,
    operation: plan.kind === 'change' ? plan.change.operation : null,
    version: runtime.version,
    grants: situation.grants,
    reason: plan.kind === 'waiting' || plan.kind === 'parked' ? plan.reason : null,
    changes: plan.kind === 'change' ? plan.change.changes : [],
    request: null,
    reads: [],
    matches: [],
    obstacles: await listObstacles(pool, { ...runtime, guards: opened.guards }, found, plan, now),
    notes,
    attributes: [],
  };
  const readTarget = await rehearse(ground, runtime, loaded, plan, preview);
  preview.attributes = explainAttributes(runtime.mapping.explain(loaded.record, runtime.evaluationContext()), {
    record: loaded.record,
    plan,
    applied: found.link.applied,
    readTarget,
  });
  return preview;
}

interface Previewed {
  loaded: LoadedLink;
  plan: Plan;
  notes: string[];
}

function planPreview(
  context: PlanningContext,
  found: LoadedLink,
  operation: PreviewOperation | undefined,
  isScheduled: boolean,
): Previewed {
  const { app } = context;
  const plan = (loaded: LoadedLink, triggers = app.triggers) =>
    planLoaded({ ...context, app: { ...app, triggers } }, loaded);
  const planned = plan(found);
  // Whom the app never concerned is not looked for: no link of theirs is ever due.
  const actual = planned.kind === 'correlate' && !isScheduled ? planDeparted(planned.cause, null, null) : planned;
  const notes: string[] = [];
  if (found.link.unverified) notes.push('What is remembered may be older than the target: the account is read first');
  if (operation === undefined) return { loaded: found, plan: actual, notes };
  const loaded = suppose(found, operation);
  const supposed = operation === 'delete' ? planDeletion(loaded.link, 'user deleted') : plan(loaded, ALL_ON);
  const happens = actual.kind === 'change' && actual.change.operation === operation;
  if (!happens) notes.push(`As if ${operation} came next: really, ${describeNext(actual)}`);
  if (supposed.kind !== 'settled' || operation !== 'update') return { loaded, plan: supposed, notes };
  notes.push('The account has these values already: this is what an update of everything would be');
  const everything = { ...loaded, link: { ...loaded.link, applied: { active: true } } };
  return { loaded: everything, plan: plan(everything, ALL_ON), notes };
}

function describeNext(plan: Plan): string {
  switch (plan.kind) {
    case 'change':
      return `${plan.change.operation} does`;
    case 'settled':
      return 'nothing does, for the account is as desired';
    case 'waiting':
    case 'parked':
      return `nothing does: ${plan.reason.message}`;
    case 'unlink':
      return 'the account is forgotten here';
    case 'correlate':
      return 'the account of a leaver is looked for';
  }
}

/** What stands between a plan and its being sent now. */
async function listObstacles(
  pool: Pool,
  runtime: AppRuntime,
  loaded: LoadedLink,
  plan: Plan,
  now: Date,
): Promise<string[]> {
  const { app } = runtime;
  const { link, hold } = loaded;
  const obstacles: string[] = [];
  if (app.state === 'draft') obstacles.push(`${app.name} is a draft: nothing is sent before it is activated`);
  if (app.state === 'paused') obstacles.push(`${app.name} is paused: it waits until the app is resumed`);
  if (app.quarantine) obstacles.push(`${app.name} is quarantined: ${app.quarantine.detail.message}`);
  if (app.stoppedUntil && app.stoppedUntil > now) {
    obstacles.push(`${app.name} asked to be left alone until ${app.stoppedUntil.toISOString()}`);
  }
  if (plan.kind !== 'change') return obstacles;
  if (hold && hold.state !== 'released' && hold.hash === hashChange(link.remoteId, plan.change)) {
    obstacles.push(`Hold ${hold.id} stops this change: it is ${hold.state}`);
  } else if (hold?.state !== 'released') {
    const guard = await findGuard(pool, runtime, loaded, plan, now);
    if (guard) obstacles.push(`A guard (${guard.guard}) would hold it: ${guard.reason}`);
  }
  return obstacles;
}

/** The guard that would hold the change if it were sent now, asked as the pump asks. */
async function findGuard(
  pool: Pool,
  runtime: AppRuntime,
  loaded: LoadedLink,
  plan: Extract<Plan, { kind: 'change' }>,
  now: Date,
): Promise<{ guard: string; reason: string } | undefined> {
  const { userId } = loaded;
  const due = { userId, wantedRev: 0, urgency: 2, attempts: 0, readFirst: false, dueAt: now } as const;
  const item: Item = {
    ...{ due, loaded, wakeAt: null, task: plan, lane: 2, releasedHoldId: null, staleHoldId: null, passed: [] },
    served: runtime,
  };
  const request = { id: userId, createdAt: now, cause: '', version: runtime.version, parent: null };
  const held = await holdWave(pool, runtime, [item], now, () => request);
  return held?.holds[0];
}

/** Stands in the request of a supposed operation where the id of an account is not known yet. */
const SUPPOSED_REMOTE_ID = '{remote id}';
const ALL_ON = { create: true, update: true, deactivate: true, reactivate: true };

/** The link as if the account stood so that `operation` is what comes next. */
function suppose(loaded: LoadedLink, operation: PreviewOperation): LoadedLink {
  const { link, entitlement } = loaded;
  const present = { ...entitlement, isActive: true, isDeleted: false, isAssigned: true };
  const remoteId = link.remoteId ?? SUPPOSED_REMOTE_ID;
  switch (operation) {
    case 'create':
      return {
        ...loaded,
        entitlement: present,
        link: { ...link, remoteId: null, accountState: 'absent', applied: null },
      };
    case 'update':
      return {
        ...loaded,
        entitlement: present,
        link: { ...link, remoteId, accountState: 'active', applied: link.applied ?? {} },
      };
    case 'reactivate':
      return { ...loaded, entitlement: present, link: { ...link, remoteId, accountState: 'deactivated' } };
    case 'deactivate':
      return {
        ...loaded,
        entitlement: { ...entitlement, isActive: false },
        link: { ...link, remoteId, accountState: 'active' },
      };
    case 'delete':
      return {
        ...loaded,
        entitlement: { ...entitlement, isActive: false, isDeleted: true },
        link: { ...link, remoteId, accountState: 'deactivated' },
      };
  }
}

/** Walks the way to the write. Gives a reader of the account as the target shows it now, where it could be read. */
async function rehearse(
  { pool, clock }: { pool: Pool; clock: Clock },
  runtime: AppRuntime,
  loaded: LoadedLink,
  plan: Plan,
  preview: Preview,
): Promise<((path: string) => AttributeValue | undefined) | undefined> {
  const transport = createPreviewTransport(runtime.transport);
  const signal = AbortSignal.timeout(15_000);
  const options = { signal, sink: (exchange: Exchange) => preview.reads.push(exchange) };
  const connection = runtime.connect({ request: (request) => transport.request(request, options) }, signal);
  const { accounts } = connection;
  const seen = await readAccount(accounts, loaded, preview);
  if (plan.kind !== 'change' && plan.kind !== 'correlate') return seen && ((path) => accounts.read(seen, path));
  const found: TargetAccount[] = [];
  const target: Target = {
    connection: { ...connection, accounts: watchSearches(accounts, preview, found) },
    correlation: runtime.document.correlation,
    triggers: runtime.app.triggers,
    ownersOf: (remoteIds) => findOwners(pool, runtime.app.id, loaded.userId, remoteIds),
    lastObserved: async () => null,
    unseenUntil: async () => null,
  };
  const { link } = loaded;
  try {
    const work = {
      userId: loaded.userId,
      blankPaths: () => listBlankPaths(runtime, loaded),
      link,
      task: plan,
      readFirst: false,
      unverified: link.unverified,
      now: clock.now(),
    };
    const performed = await performWork(target, work);
    if (performed.kind === 'parked') preview.reason = performed.reason;
    else if ('message' in performed) preview.notes.push(performed.message);
  } catch (error) {
    if (error instanceof ConnectorError) preview.notes.push(error.message);
    else if (!(error instanceof PreviewStop)) throw error;
  }
  preview.request = transport.captured ?? null;
  const account = seen ?? (found.length === 1 ? found[0] : undefined);
  return account && ((path) => accounts.read(account, path));
}

/** The linked account as the target shows it now. */
async function readAccount(
  accounts: AccountOperations,
  { link }: LoadedLink,
  preview: Preview,
): Promise<TargetAccount | undefined> {
  if (link.remoteId === null || link.remoteId === SUPPOSED_REMOTE_ID) return undefined;
  try {
    const read = await accounts.get({ remoteId: link.remoteId });
    if (read.found) return read.account;
    preview.notes.push(`The target has no account ${link.remoteId} any more`);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    preview.notes.push(`Could not read the account as it is now: ${error.message}`);
  }
  return undefined;
}

/** A target that cannot be asked hides whether the account exists, not what would be sent to create it. */
function watchSearches(accounts: AccountOperations, preview: Preview, found: TargetAccount[]): AccountOperations {
  const find: AccountOperations['find'] = async (request) => {
    try {
      const result = await accounts.find(request);
      const remoteIds = result.accounts.map(({ remoteId }) => remoteId);
      preview.matches.push({ attribute: request.path, value: request.value, remoteIds });
      found.push(...result.accounts);
      return result;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      preview.notes.push(`Could not look for an existing account by ${request.path}: ${error.message}`);
      return { accounts: [] };
    }
  };
  return Object.assign(Object.create(accounts) as AccountOperations, { find });
}
