import { type AppGround, type ConfigurationDocument, getApp } from '../apps/index.ts';
import { loadLinks } from '../provisioning/index.ts';
import { count, planPerson } from './plan-people.ts';
import { buildHeadline, emptyCounts, type PlanCounts } from './population-plan.ts';
import { compilePlan } from './run-plan.ts';
import { samplePopulation } from './sql/plan-population.ts';

/** So many users are looked at, at most, in so long a time, at most: a person waits. */
const MOST_LOOKED_AT = 20_000;
const BUDGET_MS = 3_000;
const BATCH = 500;
/** 95 % of a normal distribution. */
const Z = 1.96;

/** How many users something would happen to: exactly, or within bounds that hold 19 times out of 20. */
export interface Estimate {
  count: number;
  low: number;
  high: number;
}

/** What saving a configuration would do. */
export interface Effect {
  headline: string;
  people: number;
  lookedAt: number;
  /** Everybody was looked at, so that the numbers are exact; else they are counted up from a random sample. */
  isExact: boolean;
  /** Users whose account would be written otherwise than the configuration in force says. */
  changed: Estimate;
  enters: Estimate;
  leaves: Estimate;
  byOperation: Record<string, Estimate>;
}

/** Plans the population, or a random sample of it when it is large, under a configuration that is not saved yet. */
export async function estimateEffect(
  ground: AppGround,
  idOrName: string,
  document: ConfigurationDocument,
): Promise<Effect> {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const startedMs = clock.monotonicMs();
  const plannedAt = clock.now();
  const { total, ids } = await samplePopulation(pool, app.id, plannedAt, MOST_LOOKED_AT);
  const { people, needs } = await compilePlan(ground, app, {
    document,
    version: null,
    baseVersion: app.activeVersion,
    plannedAt,
  });
  const counts = emptyCounts();
  let lookedAt = 0;
  // The order is random, so that what was looked at in the time is a fair sample.
  while (lookedAt < ids.length && (lookedAt === 0 || clock.monotonicMs() - startedMs < BUDGET_MS)) {
    const userIds = ids.slice(lookedAt, lookedAt + BATCH);
    const links = await loadLinks(pool, { appId: app.id, userIds, now: plannedAt, needs });
    for (const link of links) count(counts, planPerson(people, link));
    lookedAt += userIds.length;
  }
  return describeEffect(counts, total, lookedAt);
}

function describeEffect(counts: PlanCounts, people: number, lookedAt: number): Effect {
  const isExact = lookedAt === people;
  const estimate = (found: number) => estimateCount(found, lookedAt, people);
  const byOperation = Object.fromEntries(
    Object.entries(counts.byOperation).map(([operation, found]) => [operation, estimate(found)]),
  );
  const scaled = {
    ...counts,
    byOperation: Object.fromEntries(Object.entries(byOperation).map(([k, v]) => [k, v.count])),
  };
  const headline = buildHeadline(people, scaled);
  return {
    headline: isExact ? headline : `About ${headline} (from ${lookedAt.toLocaleString('en-US')} people at random)`,
    people,
    lookedAt,
    isExact,
    changed: estimate(counts.byConfiguration),
    enters: estimate(counts.enters),
    leaves: estimate(counts.leaves),
    byOperation,
  };
}

/** Wilson's interval: right also for what the sample shows never or always. */
export function estimateCount(found: number, lookedAt: number, people: number): Estimate {
  if (lookedAt === 0 || lookedAt >= people) return { count: found, low: found, high: found };
  const share = found / lookedAt;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * lookedAt)) / (1 + z2 / lookedAt);
  const spread =
    (Z * Math.sqrt((share * (1 - share)) / lookedAt + z2 / (4 * lookedAt * lookedAt))) / (1 + z2 / lookedAt);
  const rest = people - lookedAt;
  return {
    count: Math.round(share * people),
    // What was seen is certain; only the others are estimated.
    low: found + Math.floor(Math.max(0, middle - spread) * rest),
    high: found + Math.ceil(Math.min(1, middle + spread) * rest),
  };
}
