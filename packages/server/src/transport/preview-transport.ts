import type { HttpRequest, HttpResponse } from '@usher/connector-sdk';
import type { DescribedRequest, OperationTransport, SendOptions } from './operation-transport.ts';

/** The end of a dry run: the first write, which was not sent. Not a failure, and not for a connector to catch. */
export class PreviewStop extends Error {
  readonly request: DescribedRequest;
  constructor(request: DescribedRequest) {
    super(`The dry run stopped before ${request.method} ${request.url} was sent.`);
    this.name = 'PreviewStop';
    this.request = request;
  }
}

export interface PreviewTransport extends OperationTransport {
  /** The first write, also when a connector swallowed the PreviewStop. */
  readonly captured: DescribedRequest | undefined;
}

/** Reads pass, and see the target as it is; the first write and all after it stop, and nothing of them is sent. */
export function createPreviewTransport(transport: OperationTransport): PreviewTransport {
  let captured: DescribedRequest | undefined;
  return {
    get captured() {
      return captured;
    },
    async request(request: HttpRequest, options?: SendOptions): Promise<HttpResponse> {
      // Only an outright `read` passes: an effect that is missing or misspelt is taken for a write.
      if (request.effect === 'read') return transport.request(request, options);
      const described = await transport.describe(request);
      captured ??= described;
      throw new PreviewStop(described);
    },
    describe: (request) => transport.describe(request),
  };
}
