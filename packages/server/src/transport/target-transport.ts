import { ConnectorError } from '@usher/connector-sdk';
import { CarriedTransport } from './carried-transport.ts';
import { HttpTargetTransport } from './http-target-transport.ts';
import { ldapProtocol } from './ldap/ldap-protocol.ts';
import { sqlProtocol } from './sql/sql-protocol.ts';
import { parseTargetUrl } from './target-url.ts';
import { DEFAULT_LIMITS, type TargetTransport, type TargetTransportOptions } from './transport-options.ts';

/**
 * The only way to one app's target: its connections, its credential, its limits and the network guard. The base URL says
 * what is spoken. Throws a ConnectorError when the base URL or the private CA cannot be used.
 */
export function createTargetTransport(options: TargetTransportOptions): TargetTransport {
  const parsed = parseTargetUrl(options.baseUrl, options.policy);
  if (!parsed.ok) throw new ConnectorError('invalid_request', `${parsed.message} ${parsed.fix}`);
  const { url } = parsed;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  if (url.speaks === 'ldap') return new CarriedTransport(ldapProtocol, url, options, limits);
  if (url.speaks === 'sql') return new CarriedTransport(sqlProtocol, url, options, limits);
  return new HttpTargetTransport(options);
}
