import { createHash } from 'node:crypto';
import type { ConfigurationDocument, ConnectedApp } from '../apps/index.ts';
import type { Exchange } from '../transport/index.ts';

export type DrillState = 'waiting' | 'running' | 'passed' | 'failed' | 'cancelled';

/** The steps of a drill, in their order. */
export const DRILL_STEPS = [
  'look',
  'create',
  'verify created',
  'deactivate',
  'verify deactivated',
  'reactivate',
  'verify reactivated',
  'clean up',
  'verify cleaned up',
] as const;
export type DrillStepName = (typeof DRILL_STEPS)[number];

/** A trial on a test user: can an account be taken away and given back? */
export interface Drill {
  id: string;
  appId: number;
  userId: string;
  username: string;
  version: number;
  fingerprint: string;
  connector: string;
  baseUrl: string;
  state: DrillState;
  createdAt: Date;
  createdBy: string;
  startedAt: Date | null;
  finishedAt: Date | null;
  remoteId: string | null;
  problem: string | null;
  nextStep: string | null;
  cancelRequested: boolean;
}

export interface DrillStep {
  ordinal: number;
  step: DrillStepName;
  state: 'running' | 'passed' | 'failed' | 'skipped';
  message: string;
  startedAt: Date;
  finishedAt: Date | null;
  /** What was sent and answered. */
  exchanges: Exchange[] | null;
}

/**
 * What a drill proves something about: the target, the connector's options, and what the mapping says of `active`. The same
 * for configurations that take accounts away in the same manner; another one expires the drill.
 */
export function fingerprintOf(
  { connector, baseUrl }: Pick<ConnectedApp, 'connector' | 'baseUrl'>,
  { connectorOptions, mapping, privateCa }: Pick<ConfigurationDocument, 'connectorOptions' | 'mapping' | 'privateCa'>,
): string {
  const active = mapping.filter(({ target }) => target.toLowerCase() === 'active');
  const options = Object.entries(connectorOptions).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([connector, baseUrl, options, active, privateCa ?? null]))
    .digest('base64url');
}
