import { describeConnectFailure } from './connect-failure.ts';
import { type ResolvedAddress, type ResolveHost, resolveAllowed, resolveBySystem } from './guarded-connect.ts';
import { buildAddressCheck, type NetworkPolicy } from './network-policy.ts';

export type GuardedResolution =
  | { readonly ok: true; readonly addresses: readonly ResolvedAddress[] }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** The addresses of a host that may be connected to, for libraries that open their own sockets, such as a mailer. */
export async function resolveGuarded(
  hostname: string,
  port: number,
  { policy, resolve = resolveBySystem }: { policy: NetworkPolicy; resolve?: ResolveHost | undefined },
): Promise<GuardedResolution> {
  try {
    return { ok: true, addresses: await resolveAllowed(hostname, port, buildAddressCheck(policy), resolve) };
  } catch (error) {
    return { ok: false, ...describeConnectFailure(error, hostname) };
  }
}
