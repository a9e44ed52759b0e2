import { type AppGround, type ConnectedApp, compileDocument, findAppById, findConfiguration } from '../apps/index.ts';
import { inTransaction } from '../db/index.ts';
import type { CompiledMapping } from '../mapping/index.ts';
import { departureCause } from '../planning/index.ts';
import { type LoadedLink, loadLinks, type PlanningContext } from '../provisioning/index.ts';
import { count, listUniquePaths, listUniqueValues, type PeopleContext, planPerson } from './plan-people.ts';
import type { Collision, Collisions, PlanCounts, PopulationPlan } from './population-plan.ts';
import { clearChanges } from './sql/plan-changes.ts';
import {
  clearPopulation,
  fixPopulation,
  isPopulationLost,
  listCollidingUsers,
  listPopulation,
} from './sql/plan-population.ts';
import { findPlan, finishPlan, startPlan } from './sql/plans.ts';
import { writePlannedBatch } from './sql/write-batch.ts';

export type PlanGround = Pick<AppGround, 'pool' | 'clock' | 'log'>;

const BATCH = 500;
const MOST_COLLISIONS = 1000;
type Needs = CompiledMapping['needs'];

/** What a population is planned under, compiled. */
export interface CompiledPlan {
  people: PeopleContext;
  needs: Needs;
  uniquePaths: string[];
}

/** Compiles the configuration in question and the one in force. */
export async function compilePlan(
  { pool }: Pick<PlanGround, 'pool'>,
  app: ConnectedApp,
  plan: Pick<PopulationPlan, 'document' | 'version' | 'baseVersion' | 'plannedAt'>,
): Promise<CompiledPlan> {
  const now = plan.plannedAt;
  const asked = await compileDocument(pool, plan.document);
  const context = ({ mapping, evaluationAt }: typeof asked, document: PopulationPlan['document']): PlanningContext => ({
    app,
    document,
    mapping,
    evaluation: evaluationAt(now),
    now,
  });
  const isInForce = plan.version !== null && plan.version === plan.baseVersion;
  const inForce =
    isInForce || plan.baseVersion === null ? undefined : await findConfiguration(pool, app.id, plan.baseVersion);
  // One that does not compile any more makes no changes of its own.
  const before = inForce && (await compileDocument(pool, inForce).catch(() => undefined));
  const present = inForce && before ? context(before, inForce) : undefined;
  const { needs } = asked.mapping;
  return {
    people: { planned: context(asked, plan.document), present, isInForce },
    needs: {
      manager: needs.manager || (before?.mapping.needs.manager ?? false),
      entitlements: needs.entitlements || (before?.mapping.needs.entitlements ?? false),
    },
    uniquePaths: listUniquePaths(asked.mapping, plan.document),
  };
}

/** Plans everybody in batches, each of which is kept before the next: what was interrupted goes on from there. */
export async function runPlan(ground: PlanGround, given: PopulationPlan, signal: AbortSignal): Promise<void> {
  const { pool, clock } = ground;
  const plan = await beginPlan(ground, given);
  const app = await findAppById(pool, plan.appId);
  if (!app) throw new Error(`The app ${plan.appId} is gone, and its plans with it`);
  const compiled = await compilePlan(ground, app, plan);
  const counts = plan.counts;
  let at = plan.atUser;
  let next = loadBatch(ground, plan, compiled, at);
  for (;;) {
    const batch = await next;
    const last = batch.ids.at(-1);
    if (last === undefined) break;
    if (signal.aborted) return;
    // The batch after is read while this one is planned and written.
    next = loadBatch(ground, plan, compiled, last);
    next.catch(() => {});
    at = last;
    const step = await writeBatch(ground, plan, compiled, counts, batch.links, { done: batch.ids.length, atUser: at });
    if (!step) return;
    if (step.cancelled) return await cancel(ground, plan.id);
  }
  const collisions = await findCollisions(ground, plan, compiled);
  await inTransaction(pool, async (db) => {
    await finishPlan(db, plan.id, { state: 'ready', now: clock.now(), collisions });
    await clearPopulation(db, plan.id);
  });
}

async function beginPlan({ pool, clock }: PlanGround, plan: PopulationPlan): Promise<PopulationPlan> {
  const lost = plan.state === 'running' && plan.done < plan.total && (await isPopulationLost(pool, plan.id));
  if (plan.state === 'running' && !lost) return plan;
  const now = clock.now();
  await inTransaction(pool, async (db) => {
    if (lost) {
      await clearChanges(db, plan.id);
      await clearPopulation(db, plan.id);
    }
    const total = await fixPopulation(db, plan, now);
    await startPlan(db, plan.id, now, total);
  });
  const begun = await findPlan(pool, plan.id);
  if (!begun) throw new Error(`The plan ${plan.id} is gone`);
  return begun;
}

interface Batch {
  ids: string[];
  links: LoadedLink[];
}

async function loadBatch(
  { pool }: PlanGround,
  plan: PopulationPlan,
  { needs }: CompiledPlan,
  after: string | null,
): Promise<Batch> {
  const ids = await listPopulation(pool, plan.id, after, BATCH);
  if (ids.length === 0) return { ids, links: [] };
  return { ids, links: await loadLinks(pool, { appId: plan.appId, userIds: ids, now: plan.plannedAt, needs }) };
}

async function writeBatch(
  { pool }: PlanGround,
  plan: PopulationPlan,
  { people, uniquePaths }: CompiledPlan,
  counts: PlanCounts,
  links: LoadedLink[],
  step: { done: number; atUser: string },
): Promise<{ cancelled: boolean } | undefined> {
  const persons = links.map((link) => planPerson(people, link));
  for (const person of persons) count(counts, person);
  const values = links.flatMap((link) =>
    listUniqueValues(people.planned, uniquePaths, link).map(({ path, hash }) => ({ path, hash, userId: link.userId })),
  );
  const changes = persons.flatMap(({ row }) => row ?? []);
  return writePlannedBatch(pool, plan.id, { ...step, counts, changes, values });
}

async function cancel({ pool, clock }: PlanGround, id: string): Promise<void> {
  await inTransaction(pool, async (db) => {
    await finishPlan(db, id, { state: 'cancelled', now: clock.now() });
    await clearPopulation(db, id);
    await clearChanges(db, id);
  });
}

/** The groups that share a hash are read again: it is the values that must be the same. */
async function findCollisions(
  { pool }: PlanGround,
  plan: PopulationPlan,
  { people, uniquePaths, needs }: CompiledPlan,
): Promise<Collisions> {
  const { count: groups, groups: found } = await listCollidingUsers(pool, plan.id, MOST_COLLISIONS);
  const items: Collision[] = [];
  for (let start = 0; start < found.length; start += 50) {
    const part = found.slice(start, start + 50);
    const userIds = [...new Set(part.flatMap(({ ids }) => ids))];
    const links = await loadLinks(pool, { appId: plan.appId, userIds, now: plan.plannedAt, needs });
    const byId = new Map(links.map((link) => [link.userId, link]));
    for (const { path, ids } of part) items.push(...groupByValue(people, uniquePaths, path, ids, byId));
  }
  return { count: groups, items };
}

function groupByValue(
  people: PeopleContext,
  paths: readonly string[],
  path: string,
  ids: readonly string[],
  byId: ReadonlyMap<string, LoadedLink>,
): Collision[] {
  const groups = new Map<bigint, Collision>();
  for (const id of ids) {
    const link = byId.get(id);
    const value = link && listUniqueValues(people.planned, paths, link).find((unique) => unique.path === path);
    if (!link || !value) continue;
    const group = groups.get(value.hash) ?? { path, value: value.value, users: [] };
    const departed = departureCause(link.entitlement) !== undefined;
    group.users.push({ userId: id, username: link.record.username, departed });
    groups.set(value.hash, group);
  }
  return [...groups.values()].filter(({ users }) => users.length > 1);
}
