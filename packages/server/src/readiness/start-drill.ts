import { type AppGround, getApp } from '../apps/index.ts';
import type { Actor } from '../audit/index.ts';
import { createDrill, type DrillRequest } from '../drill/index.ts';
import { Refusal } from '../refusal.ts';
import { findBlockers } from './check-readiness.ts';
import { toFieldProblem } from './readiness.ts';

/** Asks for a drill; refused with everything that is red in the five pieces before it. Gives its id. */
export async function startDrill(
  ground: AppGround,
  actor: Actor,
  idOrName: string,
  request: DrillRequest,
): Promise<string> {
  const app = await getApp(ground, idOrName);
  const blockers = await findBlockers(ground, app, 'drill', request.version);
  if (blockers.length > 0) {
    const list = blockers.map(({ piece, problem }) => `${piece}: ${problem}`).join('; ');
    const problems = blockers.map((blocker) => toFieldProblem(blocker, blocker.piece));
    throw new Refusal('conflict', `${app.name} is not ready for a drill. ${list}.`, problems);
  }
  return createDrill(ground, actor, idOrName, request);
}
