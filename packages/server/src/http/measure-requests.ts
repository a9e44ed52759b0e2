import { Histogram, type Registry } from 'prom-client';
import type { HttpApp } from './http-app.ts';

const LONG_MS = 1_000;

/** Counts and times each answer by the route's pattern, never by the path, which names people; and logs it. */
export function measureRequests(app: HttpApp, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'usher_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    const tookMs = Math.round(reply.elapsedTime);
    seconds.observe({ method, route, status }, reply.elapsedTime / 1000);
    const facts = { method, route, status, tookMs, key: request.caller?.name, requestId: request.id };
    if (status >= 500) request.log.warn(facts, 'Answered');
    else if (tookMs >= LONG_MS || (method !== 'GET' && method !== 'HEAD')) request.log.info(facts, 'Answered');
    else request.log.debug(facts, 'Answered');
  });
}
