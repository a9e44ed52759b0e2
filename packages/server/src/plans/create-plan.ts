import {
  type AppGround,
  assertSavable,
  CONFIGURATION_INPUT,
  type ConfigurationInput,
  type ConnectedApp,
  checkConfiguration,
  getApp,
  getVersion,
  toInput,
} from '../apps/index.ts';
import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction } from '../db/index.ts';
import { checkDeactivationThreshold, deactivationLimit } from '../guards/index.ts';
import { type FieldProblem, Refusal, refuseField } from '../refusal.ts';
import { type Duration, estimateDuration } from './plan-people.ts';
import { emptyCounts, type GuardForecast, type PlanScope, type PopulationPlan } from './population-plan.ts';
import {
  cancelPlanRow,
  deleteOldPlans,
  findPlan,
  findRecentLatencyMs,
  insertPlan,
  readDeactivations,
} from './sql/plans.ts';

const KEEP = 20;
const WINDOW_MS = 3_600_000;

/** What is to be planned: a configuration that is not saved yet, a saved version, or (neither) the one in force. */
export interface PlanRequest {
  configuration?: ConfigurationInput | undefined;
  version?: number | undefined;
  /** Another scoping filter (null: none) with everything else as it is in force: who enters, who leaves? */
  scopingFilter?: string | null | undefined;
  scope?: PlanScope | undefined;
  note?: string | undefined;
}

/** Asks for a plan; a runner makes it. Gives its id and the warnings of the configuration. */
export async function createPlan(
  ground: AppGround,
  actor: Actor,
  idOrName: string,
  request: PlanRequest,
): Promise<{ id: string; warnings: FieldProblem[] }> {
  const { pool, clock } = ground;
  const app = await getApp(ground, idOrName);
  const { document, version, warnings } = await findDocument(ground, app, request);
  const id = clock.uuid();
  const now = clock.now();
  await inTransaction(pool, async (db) => {
    await insertPlan(db, {
      id,
      appId: app.id,
      document,
      version,
      baseVersion: app.activeVersion,
      connector: app.connector,
      baseUrl: app.baseUrl,
      scope: hasNames(request.scope) ? (request.scope ?? null) : null,
      createdAt: now,
      createdBy: actor.name,
      note: request.note ?? null,
      counts: emptyCounts(),
    });
    await deleteOldPlans(db, app.id, KEEP);
    const after = { plan: id, version, scope: request.scope };
    await writeAudit(db, now, actor, [
      { action: 'app.planned', entityKind: 'app', entityId: app.name, appId: app.id, after },
    ]);
  });
  return { id, warnings };
}

function hasNames(scope: PlanScope | undefined): boolean {
  return scope !== undefined && Object.values(scope).some((names) => names !== undefined);
}

async function findDocument(
  ground: AppGround,
  app: ConnectedApp,
  request: PlanRequest,
): Promise<Pick<PopulationPlan, 'document' | 'version'> & { warnings: FieldProblem[] }> {
  const { version } = request;
  if (request.configuration && request.scopingFilter !== undefined) {
    const fix = 'Write the filter into the configuration.';
    throw refuseField('invalid_request', 'scopingFilter', 'does not go with a configuration', fix);
  }
  const configuration = request.configuration ?? (await buildWithFilter(ground, app, request));
  if (configuration) {
    const verdict = await checkConfiguration(ground, app, configuration);
    const document = assertSavable(verdict, {});
    return { document, version: null, warnings: verdict.warnings };
  }
  const asked = version ?? app.activeVersion;
  if (asked === null) {
    throw new Refusal('conflict', `${app.name} has no configuration yet. Give one to plan, or save one first.`);
  }
  const { document } = await getVersion(ground, app.id, app.name, asked);
  return { document, version: asked, warnings: [] };
}

/** The configuration in question with another filter. */
async function buildWithFilter(
  ground: AppGround,
  app: ConnectedApp,
  { scopingFilter, version }: PlanRequest,
): Promise<ConfigurationInput | undefined> {
  if (scopingFilter === undefined) return undefined;
  const base = version ?? app.activeVersion;
  if (base === null) throw new Refusal('conflict', `${app.name} has no configuration yet. Save one first.`);
  const { document } = await getVersion(ground, app.id, app.name, base);
  const { scopingFilter: _before, ...rest } = toInput(document);
  return CONFIGURATION_INPUT.parse({ ...rest, ...(scopingFilter === null ? {} : { scopingFilter }) });
}

/** The plan of an app with this id. */
export async function getPlan(ground: Pick<AppGround, 'pool'>, app: ConnectedApp, id: string): Promise<PopulationPlan> {
  const plan = await findPlan(ground.pool, id);
  if (plan && plan.appId === app.id) return plan;
  throw new Refusal('not_found', `${app.name} has no plan ${id}.`, [
    {
      ...{ field: 'path.plan', problem: 'does not exist any more', place: 'plans' },
      fix: `GET /api/v1/apps/${app.name}/plans lists them.`,
    },
  ]);
}

/** Stops a plan that is being made. */
export async function cancelPlan(ground: Pick<AppGround, 'pool' | 'clock'>, plan: PopulationPlan): Promise<void> {
  if ((await cancelPlanRow(ground.pool, plan.id, ground.clock.now())) !== undefined) return;
  throw new Refusal('conflict', `The plan is ${plan.state}: there is nothing to cancel.`);
}

/** What is known of a plan besides what it counted: as of now. */
export interface PlanOutlook {
  duration: Duration;
  guard: GuardForecast;
}

export async function findOutlook(
  { pool, clock }: Pick<AppGround, 'pool' | 'clock'>,
  app: ConnectedApp,
  plan: Pick<PopulationPlan, 'counts' | 'document'>,
): Promise<PlanOutlook> {
  const latencyMs = await findRecentLatencyMs(pool, app.id);
  const since = new Date(clock.now().getTime() - WINDOW_MS);
  const { usable, used } = await readDeactivations(pool, app.id, since);
  const wanted = plan.counts.leaves;
  const window = { population: usable + used, used };
  const verdict = checkDeactivationThreshold(app.deactivationLimit, window, wanted);
  const limit = deactivationLimit(app.deactivationLimit, window.population);
  return {
    duration: estimateDuration(plan.counts, app, plan.document, latencyMs),
    guard: { wouldHold: wanted > 0 && !verdict.ok, wanted, usedInWindow: used, limit },
  };
}
