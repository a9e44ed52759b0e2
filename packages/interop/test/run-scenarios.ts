import { ScimError } from '@usher/scim';
import { accountScenarios } from './account-scenarios.ts';
import { groupScenarios, listScenarios } from './list-and-group-scenarios.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import type { Scenario } from './scenario.ts';
import { type Finding, openStages, type RecordedExchange, type Sizes, type Stage } from './stage.ts';

export type Verdict =
  | { kind: 'passed' }
  | { kind: 'worked around'; defects: Finding[] }
  | { kind: 'deviates'; deviations: Finding[]; defects: Finding[] }
  | { kind: 'refused'; reason: string; exchange: RecordedExchange | undefined };

export interface Result {
  scenario: Scenario;
  peer: Peer;
  verdict: Verdict;
  proofs: RecordedExchange[];
  tookMs: number;
}

/** In this order: the groups take their members from the accounts of the list. */
export const scenarios: readonly Scenario[] = [...accountScenarios, ...listScenarios, ...groupScenarios];

export const fullSizes: Sizes = { users: 5000, members: 1000 };
export const smallSizes: Sizes = { users: 120, members: 60 };

/** Runs every scenario against one peer. Throws, naming both, when the client falls short. */
export async function runScenarios(peer: Peer, sizes: Sizes): Promise<Result[]> {
  const running = await startPeer(peer);
  try {
    const openStage = await openStages(peer, running, sizes);
    const results: Result[] = [];
    for (const scenario of scenarios) {
      const stage = openStage();
      const startMs = performance.now();
      const verdict = await judge(scenario, stage);
      results.push({ scenario, peer, verdict, proofs: stage.proofs, tookMs: performance.now() - startMs });
    }
    return results;
  } finally {
    await running.stop();
  }
}

async function judge(scenario: Scenario, stage: Stage): Promise<Verdict> {
  try {
    await scenario.run(stage);
  } catch (error) {
    // Only an answer that says "not here" is the peer's; everything else is the client's to do better.
    if (error instanceof ScimError && (error.kind === 'unsupported' || error.kind === 'invalid_request')) {
      const said = error.detail === undefined ? '' : ` It says: ${error.detail}`;
      return { kind: 'refused', reason: `${error.message}${said}`, exchange: stage.last };
    }
    throw new Error(`The scenario "${scenario.name}" fails against ${stage.peer.id}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const { defects, deviations } = stage;
  if (deviations.length > 0) return { kind: 'deviates', deviations, defects };
  return defects.length > 0 ? { kind: 'worked around', defects } : { kind: 'passed' };
}
