import type { HttpRequest, HttpResponse } from '@usher/connector-sdk';
import type { ExchangeSink, OperationTransport } from './operation-transport.ts';

/**
 * The transport of one operation: every exchange on the wire goes to the sink, each hop of a redirect and each try
 * after a refreshed credential as one of its own. The signal, when given, stops all of them.
 */
export function recordExchanges(
  transport: OperationTransport,
  sink: ExchangeSink,
  signal?: AbortSignal,
): OperationTransport {
  return {
    request: (request: HttpRequest): Promise<HttpResponse> => transport.request(request, { sink, signal }),
    describe: (request) => transport.describe(request),
  };
}
