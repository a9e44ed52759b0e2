import { testConnection } from '../transport/index.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import { findReachSettings, type ReachSettings, withTarget } from './reach-target.ts';
import { UnusableAppError } from './unusable-app.ts';

/** One step of "Test connection", from the address up; the first that fails is the last. */
export interface TestStep {
  step: 'address' | 'connect' | 'tls' | 'http' | 'credential' | 'discovery' | 'read';
  ok: boolean;
  message: string;
  fix?: string | undefined;
  /** What the target itself said. */
  detail?: string | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Tries the way to an app's target, whatever its state: address, TLS, credential, discovery and a harmless read. By the
 * settings in force unless others are given.
 */
export async function testApp(ground: AppGround, idOrName: string, given?: ReachSettings): Promise<TestStep[]> {
  const app = await getApp(ground, idOrName);
  const settings = given ?? (await findReachSettings(ground, app));
  try {
    return await withTarget(ground, app, settings, async ({ connector, transport, connection, hasCredential }) => {
      const steps: TestStep[] = await testConnection({
        baseUrl: app.baseUrl,
        policy: ground.networkPolicy,
        extraCa: settings.privateCa,
        now: ground.clock.now(),
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        openTransport: () => transport,
        hasCredential,
        probePath: probePathOf(connector.id, settings.connectorOptions),
      });
      if (steps.some(({ ok }) => !ok)) return steps;
      const report = await connection.test();
      return [...steps, ...report.steps];
    });
  } catch (error) {
    if (!(error instanceof UnusableAppError)) throw error;
    const step = error.blames === 'credential' ? 'credential' : 'address';
    return [{ step, ok: false, message: error.problem, fix: error.fix }];
  }
}

/** A path that every target of the kind has and that wants the credential; undefined where only its connector knows. */
function probePathOf(connectorId: string, options: Record<string, unknown>): string | undefined {
  if (connectorId !== 'scim2' && connectorId !== 'scim1') return undefined;
  const users = options['usersPath'];
  return `${typeof users === 'string' ? users : 'Users'}?count=1`;
}
