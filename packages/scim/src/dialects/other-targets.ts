import { buildDialect, type Dialect, type DialectOverrides, standardDialect } from '../dialect.ts';

const define = (id: string, label: string, overrides: DialectOverrides): Dialect =>
  buildDialect(standardDialect, { id, label, ...overrides });

const noVerbs = { create: false, get: false, list: false, patch: false, put: false, delete: false };

/** Targets of which a few facts are documented or reported, and the rest is taken to be the standard. */
export const otherTargets: readonly Dialect[] = [
  define('google-cloud-identity', 'Google Cloud Identity', {
    basis: 'assumed',
    notes: ['Nothing that differs from the standard is documented here: start with a dry run and a pilot.'],
    sources: [],
  }),
  define('zscaler', 'Zscaler ZPA', {
    basis: 'documented',
    notes: ['Booleans come back as text. Rate limits exist and are not published.'],
    sources: ['https://help.zscaler.com/unified/scim-api-examples-0'],
  }),
  define('workplace', 'Workplace from Meta (closed in 2025)', {
    basis: 'documented',
    notes: ['Extension attributes are named with a dot.'],
    sources: ['https://developers.secure.facebook.com/docs/workplace/reference/account-management-api/scim-v2'],
    patch: { extensionSeparator: '.' },
  }),
  define('deel', 'Deel', {
    basis: 'documented',
    sources: ['https://developer.deel.com/docs/rate-limits'],
    rateLimits: [{ counts: 'requests', requests: 5, perSeconds: 1 }],
  }),
  define('instaclustr', 'Instaclustr', {
    basis: 'reported',
    notes: ['The rate limit is hearsay: no page of the maker was found for it.'],
    sources: [],
    rateLimits: [{ counts: 'requests', requests: 750, perSeconds: 60 }],
  }),
  define('peakon', 'Workday Peakon', {
    basis: 'documented',
    notes: ['Each operation inside a bulk request counts.'],
    sources: ['https://developer.peakon.com/reference/rate-limiting-1.md'],
    rateLimits: [{ counts: 'operations', requests: 25_000, perSeconds: 3600 }],
  }),
  define('bitwarden', 'Bitwarden', {
    basis: 'reported',
    notes: ['No discovery. Group members of a PUT or POST are honoured for one client only: members go by PATCH.'],
    sources: ['https://github.com/bitwarden/server/issues/2919'],
    groups: { put: false },
  }),
  define('infisical', 'Infisical', {
    basis: 'reported',
    notes: ['The base URL has no /v2. No discovery. A list shows every user twice; members need a display name.'],
    sources: ['https://github.com/Infisical/infisical/issues/6552'],
    members: { sendDisplay: true },
  }),
  define('jfrog', 'JFrog Platform', {
    basis: 'documented',
    notes: ['Users and groups cannot be renamed.'],
    sources: ['https://jfrog.com/help/r/jfrog-platform-administration-documentation/implemented-scim-endpoints'],
    attributes: { immutable: ['userName'] },
  }),
  define('pulumi', 'Pulumi Cloud', {
    basis: 'documented',
    notes: ['An e-mail address that belongs to an unmanaged account is a conflict: its owner has to release it.'],
    sources: ['https://www.pulumi.com/docs/administration/guides/scim/troubleshooting/index.md'],
    uniqueness: { enforced: 'yes', attributes: ['userName', 'emails'] },
  }),
  define('logfire', 'Pydantic Logfire', {
    basis: 'reported',
    notes: ['Accounts can be read and patched only. No discovery.'],
    sources: ['https://github.com/pydantic/logfire/pull/2356'],
    users: { create: false, put: false, delete: false },
    delete: {
      effect: 'refused',
      note: 'This target deletes no accounts.',
      basis: 'reported',
      source: 'https://github.com/pydantic/logfire/pull/2356',
    },
  }),
  define('passbolt', 'Passbolt', {
    basis: 'reported',
    notes: ['Groups are answered with an error, so none are sent.'],
    sources: ['https://github.com/pocket-id/pocket-id/issues/1295'],
    groups: noVerbs,
  }),
  define('fleet', 'Fleet', {
    basis: 'reported',
    sources: ['https://github.com/fleetdm/fleet/pull/52602', 'https://github.com/fleetdm/fleet/issues/50724'],
    deactivate: {
      effect: 'deletes',
      note: 'On this target, deactivating deletes the user.',
      basis: 'reported',
      source: 'https://github.com/fleetdm/fleet/pull/52602',
    },
    delete: {
      effect: 'deletes',
      note: 'Deletes the user.',
      basis: 'reported',
      source: 'https://github.com/fleetdm/fleet/pull/52602',
    },
  }),
  define('fusionauth', 'FusionAuth', {
    basis: 'reported',
    notes: ['A read of a group shows at most 100 members.'],
    sources: ['https://github.com/FusionAuth/fusionauth-issues/issues/2784'],
    members: { readsComplete: false },
  }),
  define('wso2', 'WSO2 Identity Server', {
    basis: 'reported',
    notes: ['Paging was ignored or incorrect in several versions.'],
    sources: [
      'https://github.com/wso2/product-is/issues/16933',
      'https://github.com/wso2/product-is/issues/4601',
      'https://github.com/wso2/product-is/issues/4842',
    ],
  }),
  define('ibm-verify-access', 'IBM Verify Access', {
    basis: 'documented',
    notes: ['Attribute names are case-sensitive; there are no versions and no logical filters.'],
    sources: ['https://www.ibm.com/docs/en/sva/11.0.3?topic=api-limitations'],
  }),
  define('vcenter', 'VMware vCenter', {
    basis: 'reported',
    notes: ['Takes no PATCH: accounts and groups are replaced whole. Answers show no members.'],
    sources: ['https://github.com/goauthentik/authentik/pull/25024'],
    update: 'put',
    users: { patch: false },
    groups: { patch: false },
    members: { readsComplete: false },
  }),
  define('webex', 'Webex', {
    basis: 'reported',
    notes: ['Roles are typed values; taking one away needs the whole account, by PUT.'],
    sources: ['https://github.com/goauthentik/authentik/issues/25681'],
    update: 'put',
  }),
  define('egnyte', 'Egnyte', {
    basis: 'reported',
    notes: ['Refuses attributes= on searches, and schemas or meta inside a PATCH value; neither is sent.'],
    sources: ['https://github.com/Tirasa/ConnIdSCIMBundle'],
  }),
  define('keycloak', 'Keycloak (native SCIM, 26.6 and later)', {
    basis: 'documented',
    notes: ['A preview that is off by default. Its access tokens need the SCIM base URL as audience.'],
    sources: [
      'https://phasetwo.io/tutorials/scim/getting-started/',
      'https://github.com/keycloak/keycloak/issues/52224',
    ],
  }),
  define('1password', '1Password SCIM Bridge', {
    basis: 'reported',
    notes: ['A self-hosted bridge that must be enabled first; it answers 500 until then.'],
    sources: [
      'https://github.com/1Password/scim-examples/issues/247',
      'https://github.com/1Password/scim-examples/issues/399',
    ],
  }),
  define('servicenow', 'ServiceNow', {
    basis: 'reported',
    notes: ['Uses extensions of its own beside the enterprise one: map their attributes by full URN.'],
    sources: ['https://github.com/goauthentik/authentik/issues/7711'],
  }),
];
