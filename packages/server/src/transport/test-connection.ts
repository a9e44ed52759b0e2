import { ConnectorError } from '@usher/connector-sdk';
import { describeConnectFailure } from './connect-failure.ts';
import type { ConnectionStep } from './connection-step.ts';
import { type ResolveHost, resolveAllowed, resolveBySystem } from './guarded-connect.ts';
import { inspectCertificate } from './inspect-certificate.ts';
import { buildAddressCheck, type NetworkPolicy } from './network-policy.ts';
import type { OperationTransport } from './operation-transport.ts';
import { parseTargetUrl, type TargetUrl } from './target-url.ts';

export interface ConnectionTestOptions {
  readonly baseUrl: string;
  readonly policy: NetworkPolicy;
  readonly extraCa?: string | undefined;
  /** The present, for the certificate's dates. */
  readonly now: Date;
  readonly connectTimeoutMs: number;
  readonly resolve?: ResolveHost | undefined;
  /** The app's transport, for the steps above TLS. Only made once the steps below it have passed. */
  readonly openTransport: () => OperationTransport;
  readonly hasCredential: boolean;
  /** A harmless path below the base URL that wants the credential, such as `Users?count=1`; absent when none is known. */
  readonly probePath?: string | undefined;
}

/**
 * Tries the way to a target from the bottom up, and stops at the first step that fails: what lies above it cannot be told.
 * Never throws for what the target or the network does.
 */
export async function testConnection(options: ConnectionTestOptions): Promise<ConnectionStep[]> {
  const parsed = parseTargetUrl(options.baseUrl, options.policy);
  if (!parsed.ok) return [{ step: 'address', ok: false, message: parsed.message, fix: parsed.fix }];
  const baseUrl = parsed.url;

  const steps = [await testAddress(baseUrl, options)];
  if (!steps.every((step) => step.ok)) return steps;
  if (baseUrl.tls === 'direct') steps.push(await inspectCertificate(baseUrl, options));
  if (!steps.every((step) => step.ok)) return steps;
  // What lies above is told by the connector, in the words of its protocol.
  if (baseUrl.speaks !== 'http') return steps;
  return [...steps, ...(await testAnswer(baseUrl, options))];
}

async function testAddress(baseUrl: TargetUrl, options: ConnectionTestOptions): Promise<ConnectionStep> {
  const { hostname, port } = baseUrl;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const give = (): void => reject(Object.assign(new Error('DNS is silent.'), { code: 'EAI_AGAIN' }));
    timer = setTimeout(give, options.connectTimeoutMs);
  });
  try {
    const resolving = resolveAllowed(
      hostname,
      port,
      buildAddressCheck(options.policy),
      options.resolve ?? resolveBySystem,
    );
    await Promise.race([resolving, timeout]);
    const unencrypted =
      baseUrl.tls === 'none' ? ' The connection is not encrypted, so nothing sent over it is secret.' : '';
    return { step: 'address', ok: true, message: `${hostname} can be found, and may be sent to.${unencrypted}` };
  } catch (error) {
    const { message, fix } = describeConnectFailure(error, hostname);
    return { step: 'address', ok: false, message, fix };
  } finally {
    clearTimeout(timer);
  }
}

async function testAnswer(baseUrl: TargetUrl, options: ConnectionTestOptions): Promise<ConnectionStep[]> {
  try {
    const transport = options.openTransport();
    const { probePath } = options;
    const response = await transport.request({ method: 'GET', path: probePath ?? '', effect: 'read' });
    if (probePath !== undefined) return judgeAnswer(response, baseUrl, { ...options, probePath });
    // The base URL itself need be nothing at all: what its answer means is the connector's to say.
    return [{ step: 'http', ok: true, message: `${baseUrl.hostname} answers over HTTP.` }];
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const step = error.kind === 'unauthorized' ? 'credential' : 'http';
    return [{ step, ok: false, message: error.message }];
  }
}

type Answer = { status: number; headers: Record<string, string>; body: string };

function judgeAnswer(
  { status, headers, body }: Answer,
  baseUrl: TargetUrl,
  options: ConnectionTestOptions & { readonly probePath: string },
): ConnectionStep[] {
  const host = baseUrl.hostname;
  const asked = `GET ${options.probePath}`;
  const fail = (step: ConnectionStep['step'], message: string, fix: string): ConnectionStep => ({
    step,
    ok: false,
    message,
    fix,
  });
  const reached: ConnectionStep = { step: 'http', ok: true, message: `${host} answers over HTTP.` };

  if (status >= 300 && status < 400) {
    const where = findOrigin(headers['location'], baseUrl);
    return [
      fail(
        'http',
        `${host} answers ${status} and points to ${where}; Usher sends the credential nowhere else than to the base URL.`,
        'Give the address that it points to as the base URL, if that is the API and not a sign-in page.',
      ),
    ];
  }
  if (status === 401 || status === 403) {
    return [reached, judgeRefusal(status, headers, options, fail)];
  }
  if (status === 404) {
    return [
      fail(
        'http',
        `${host} answers 404 to ${asked}: there is no API at this path.`,
        'Check the path of the base URL; some targets want /scim/v2 at its end, some do not.',
      ),
    ];
  }
  if (status === 429 || status === 503) {
    return [fail('http', `${host} answers ${status}: it is too busy.`, "Try again later, and lower the app's rate.")];
  }
  if (status >= 500) {
    return [
      fail(
        'http',
        `${host} answers ${status} to ${asked}: it failed.`,
        "Look at the target's own log, or ask its support.",
      ),
    ];
  }
  if (status >= 400) {
    return [
      fail(
        'http',
        `${host} answers ${status} to ${asked}.`,
        "Check the base URL, and the target's documentation for this status.",
      ),
    ];
  }
  if (/^\s*<(!doctype|html)/i.test(body)) {
    return [
      fail(
        'http',
        `${host} answers with a web page instead of an API.`,
        'Check the base URL: it is likely the address of the website or of a sign-in page.',
      ),
    ];
  }
  if (!options.hasCredential) return [reached];
  return [reached, { step: 'credential', ok: true, message: `${host} accepts the credential.` }];
}

function judgeRefusal(
  status: 401 | 403,
  headers: Record<string, string>,
  options: ConnectionTestOptions,
  fail: (step: ConnectionStep['step'], message: string, fix: string) => ConnectionStep,
): ConnectionStep {
  if (!options.hasCredential) {
    return fail('credential', 'The target wants a credential, and this app has none.', 'Enter one under Credential.');
  }
  if (status === 403) {
    return fail(
      'credential',
      'The target knows the credential and does not allow it to read users (403).',
      'Give its owner the right to provision users at the target, or enter another credential.',
    );
  }
  const scheme = /^\s*([a-z0-9-]{1,30})/i.exec(headers['www-authenticate'] ?? '')?.[1];
  const expired = /expired/i.test(headers['www-authenticate'] ?? '') ? ' It says that it has expired.' : '';
  return fail(
    'credential',
    `The target refuses the credential (401).${expired}${scheme ? ` It asks for the scheme "${scheme}".` : ''}`,
    'Make a new credential at the target and enter it; check that its kind is the one the target asks for.',
  );
}

function findOrigin(location: string | undefined, baseUrl: TargetUrl): string {
  if (location === undefined || !URL.canParse(location, baseUrl.origin)) return 'no address';
  const url = new URL(location, baseUrl.origin);
  return url.origin === baseUrl.origin ? `its own path ${url.pathname}` : url.origin;
}
