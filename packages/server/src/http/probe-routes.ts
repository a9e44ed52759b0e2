import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Ground } from '../ground.ts';
import type { HttpApp } from './http-app.ts';
import { timeOut } from './wire.ts';

/** One thing that must be so before requests are taken. `check` rejects, or gives what is missing. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<string | undefined>;
}

const CHECK_TIMEOUT_MS = 3_000;

export function registerProbeRoutes(
  app: HttpApp,
  ground: Ground,
  checks: readonly ReadinessCheck[],
  metrics: Registry,
  options: { readonly metricsNeedKey: boolean } = { metricsNeedKey: false },
): void {
  const config = { scope: 'none' } as const;
  app.get(
    '/healthz',
    {
      config,
      schema: {
        summary: 'Whether the process answers',
        tags: ['probes'],
        response: { 200: z.object({ status: z.literal('ok'), at: timeOut }) },
      },
    },
    async () => ({ status: 'ok' as const, at: ground.clock.now().toISOString() }),
  );

  const readiness = z.object({
    status: z.enum(['ready', 'not ready']),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), problem: z.string().optional() })),
  });
  app.get(
    '/readyz',
    {
      config,
      schema: {
        summary: 'Whether the database is there with its schema, and the server takes work',
        tags: ['probes'],
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const results = await Promise.all(checks.map((each) => runCheck(each, ground)));
      if (app.stopping.aborted) results.push({ name: 'running', ok: false, problem: 'The server is stopping' });
      const ready = results.every((result) => result.ok);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks: results });
    },
  );

  app.get(
    '/metrics',
    {
      config: { scope: options.metricsNeedKey ? ('metrics:read' as const) : ('none' as const) },
      schema: { summary: 'Metrics for Prometheus', tags: ['probes'], produces: ['text/plain'] },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

async function runCheck(
  check: ReadinessCheck,
  ground: Ground,
): Promise<{ name: string; ok: boolean; problem?: string }> {
  const { name } = check;
  const done = new AbortController();
  const late = ground.clock.sleep(CHECK_TIMEOUT_MS, done.signal).then(
    () => `gave no answer within ${CHECK_TIMEOUT_MS / 1000} s`,
    () => undefined,
  );
  try {
    const problem = await Promise.race([check.check(), late]);
    return problem === undefined ? { name, ok: true } : { name, ok: false, problem };
  } catch (error) {
    // Anybody may ask, so that the cause goes to the log alone.
    ground.log.warn({ err: error, check: name }, 'A readiness check failed');
    return { name, ok: false, problem: 'failed; the log has the cause' };
  } finally {
    done.abort();
  }
}
