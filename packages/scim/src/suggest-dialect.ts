import type { Dialect } from './dialect.ts';
import { dialects } from './dialects/index.ts';

/** What is known of a target before anything was set: its address, and answers that were seen. */
export interface TargetClues {
  baseUrl: string;
  /** Headers of any of its answers, lower-case names. */
  headers?: Readonly<Record<string, string>>;
}

/** Documented hosts and paths. A pattern is tried on host and path, lower-case, without the query. */
const addresses: readonly [RegExp, string][] = [
  [/^scim\.[\w-]+\.amazonaws\.com(\.cn)?\//, 'aws-iam-identity-center'],
  [/^api\.slack\.com\/scim\/v2/, 'slack'],
  [/^api\.slack\.com\/scim\/v1/, 'slack-1.1'],
  [/^(api\.)?github\.com\/scim\/v2\/organizations\//, 'github-organization'],
  [/^api\.([\w-]+\.)?(github|ghe)\.com\/scim\/v2\/enterprises\//, 'github-emu'],
  [/^api\.atlassian\.com\/(scim|admin)\//, 'atlassian'],
  [/^api\.zoom\.us\/scim2/, 'zoom'],
  [/\.salesforce\.com\/services\/scim/, 'salesforce'],
  [/(databricks\.(com|us)|azuredatabricks\.net)\/(api\/2\.\d|api\/2\.1)\/.*scim/, 'databricks'],
  [/\.snowflakecomputing\.com\/scim/, 'snowflake'],
  [/sentry\.io\/api\/0\/organizations\/.*\/scim/, 'sentry'],
  [/^www\.figma\.com\/scim/, 'figma'],
  [/^miro\.com\/api\/v1\/scim/, 'miro'],
  [/\/api\/scim\/v2\/groups\//, 'gitlab'],
  [/scim\.bitwarden\.(com|eu)\//, 'bitwarden'],
  [/\/api\/auth\/scim\/v2/, 'better-auth'],
  [/\/api\/v1\/scim\b.*infisical|infisical.*\/api\/v1\/scim/, 'infisical'],
  [/\.(service-now|servicenow)\.com\/api\/now\/scim/, 'servicenow'],
  [/\.zsapi\.net|\.zscaler\w*\.(com|net)\//, 'zscaler'],
  [/\/realms\/[^/]+\/scim/, 'keycloak'],
];

/**
 * The dialects that a target's address and answers speak for, likeliest first; empty when nothing does. A suggestion
 * for the administrator, never applied by itself: an address says which product it is, not which version.
 */
export function suggestDialects({ baseUrl, headers = {} }: TargetClues): Dialect[] {
  const ids = new Set<string>();
  const address = readAddress(baseUrl);
  for (const [pattern, id] of addresses) if (address !== undefined && pattern.test(address)) ids.add(id);
  if (headers['x-slack-req-id'] !== undefined) ids.add('slack');
  if (headers['x-github-request-id'] !== undefined) ids.add('github-organization').add('github-emu');
  if (headers['x-zm-trackingid'] !== undefined) ids.add('zoom');
  if (headers['x-databricks-org-id'] !== undefined) ids.add('databricks');
  return dialects.filter(({ id }) => ids.has(id));
}

function readAddress(baseUrl: string): string | undefined {
  try {
    const { hostname, pathname } = new URL(baseUrl);
    return `${hostname}${pathname}`.slice(0, 2000).toLowerCase();
  } catch {
    return undefined;
  }
}
