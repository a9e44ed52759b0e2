import { ConnectorError, type HttpRequest, type HttpResponse } from '@usher/connector-sdk';
import { buildCore, type Outcome, type TargetCore } from '@usher/scim/testing';
import type { SendOptions, TargetTransport } from '../../src/transport/index.ts';
import { never, type SimulatedProcess } from './simulated-process.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** The longest that a request may last, as the transport has it. */
const TOTAL_MS = 60_000;

/** The fault-injecting target in this process, under simulated time. */
export function openSimulatedTarget(
  time: SimulatedTime,
  options: Pick<Parameters<typeof buildCore>[0], 'profile' | 'seed'>,
): TargetCore {
  const core = buildCore({ ...options, now: () => time.nowMs });
  core.options.clock.sleep = (ms, signal) => time.sleep(ms, signal);
  return core;
}

/** How one process reaches the target: what its transport makes of each way in which an answer does not come. */
export function openSimulatedTransport(
  process: SimulatedProcess,
  time: SimulatedTime,
  core: TargetCore,
  more: { latencyMs: () => number; sent: (request: HttpRequest) => Promise<void>; trace: (line: string) => void },
): TargetTransport {
  async function exchange(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
    const gone = new AbortController();
    const headers = { accept: 'application/scim+json', 'user-agent': 'Usher', ...request.headers };
    const url = `${core.basePath}/${request.path}`;
    const arrived = { method: request.method, url, headers, body: request.body ?? '' };
    await more.sent(request);
    await time.sleep(more.latencyMs());
    const arrival = core.arrive();
    const leave = () => {
      core.leave(arrival);
      gone.abort();
    };
    const onDeath = process.onDeath;
    process.onDeath = () => {
      onDeath();
      leave();
    };
    const limit = Promise.withResolvers<'given up'>();
    const cancel = time.after(TOTAL_MS, () => {
      leave();
      limit.resolve('given up');
    });
    const abort = () => {
      leave();
      limit.resolve('given up');
    };
    signal?.addEventListener('abort', abort, { once: true });
    const served = core.serve(arrived as never, arrival, gone.signal).then((outcome) => deliver(outcome, gone.signal));
    const response = await Promise.race([served, limit.promise]);
    cancel();
    signal?.removeEventListener('abort', abort);
    more.trace(`${process.name} ${request.method} ${request.path} → ${describe(response)}`);
    if (response === 'given up' || response === 'broken') throw unfinished(request, response);
    return response;
  }

  async function deliver(outcome: Outcome, gone: AbortSignal): Promise<HttpResponse | 'broken'> {
    const { answer, delivery } = outcome;
    if (delivery.kind === 'hang') await time.sleep(delivery.ms, gone);
    const whole = delivery.kind === 'whole';
    core.finish(outcome, whole && !process.isDead);
    if (!whole) return 'broken';
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    return { status: answer.status, headers, body: answer.body };
  }

  return {
    baseUrl: {} as never,
    close: async () => {},
    describe: () => Promise.reject(new Error('Nothing is previewed here')),
    request: async (request: HttpRequest, { signal, sink }: SendOptions = {}) => {
      if (!process.passes('before a request')) return never();
      if (signal?.aborted) throw new ConnectorError('transient', 'The request was given up before it was sent.');
      const startMs = time.nowMs;
      const note = (response?: HttpResponse) =>
        sink?.({
          method: request.method,
          url: request.path,
          status: response?.status,
          latencyMs: time.nowMs - startMs,
          requestHeaders: {},
          requestBody: request.body,
          responseHeaders: response?.headers,
          responseBody: response?.body,
        });
      try {
        const response = await process.deliver(exchange(request, signal));
        if (!process.passes('after a request')) return never();
        note(response);
        return response;
      } catch (error) {
        note();
        throw error;
      }
    },
  };
}

function unfinished({ method, path, effect }: HttpRequest, how: string): ConnectorError {
  return new ConnectorError(effect === 'read' ? 'transient' : 'ambiguous', `${method} ${path} was ${how}`);
}

function describe(response: HttpResponse | string): string {
  return typeof response === 'string' ? response : String(response.status);
}
