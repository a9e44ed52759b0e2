import {
  type Capability,
  ConnectorError,
  capabilitiesOf,
  type Detection,
  type TargetTraits,
} from '@usher/connector-sdk';
import { Refusal } from '../refusal.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { findReachSettings, withTarget } from './reach-target.ts';

/** What is known of an app's target before anything is sent to it. */
export interface DescribedTarget {
  connector: string;
  /** What its connector can do there beyond finding, creating and updating accounts. */
  capabilities: Capability[];
  hasGroups: boolean;
  takesBatches: boolean;
  /** Null: the connector knows nothing of it. */
  traits: TargetTraits | null;
}

/** Of the settings in force, or of the connector's defaults before the first save. Asks the target nothing. */
export async function describeTarget(ground: AppGround, idOrName: string): Promise<DescribedTarget> {
  const app = await getApp(ground, idOrName);
  return withTarget(ground, app, await findReachSettings(ground, app), async ({ connection }) => ({
    connector: app.connector,
    capabilities: capabilitiesOf(connection.accounts),
    hasGroups: connection.groups !== undefined,
    takesBatches: connection.batch !== undefined,
    traits: connection.traits ?? null,
  }));
}

/** What the target says, what it was seen to do by reading, and what follows: advice, applied by nobody. */
export async function detectTarget(ground: AppGround, idOrName: string): Promise<Detection> {
  const app = await getApp(ground, idOrName);
  const settings = await findReachSettings(ground, app);
  return withTarget(ground, app, settings, async ({ connection }) => {
    if (!connection.detect) {
      throw new Refusal('conflict', `The connector ${app.connector} has nothing to find out about its targets.`);
    }
    try {
      return await connection.detect({ baseUrl: app.baseUrl });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const fix = 'Test the connection to see what is wrong, and correct it.';
      throw new Refusal('conflict', `The target could not be asked: ${error.message} ${fix}`);
    }
  });
}
