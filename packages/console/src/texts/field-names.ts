import { alertTexts } from './alerts.ts';
import { appTexts } from './apps.ts';
import { guardTexts } from './guards.ts';
import { matchingTexts } from './matching.ts';
import { oauthTexts } from './oauth.ts';
import { peopleTexts } from './people.ts';
import { rolloutTexts } from './rollout.ts';
import { organizationTexts, retentionTexts } from './settings.ts';
import { setupTexts } from './setup.ts';

const { credential } = setupTexts;

/**
 * What the pages call the fields that a refusal names: by the path of the field, a member of a list as `[]`, its number told
 * behind the name. Fields of users have the names that everybody knows them by, and are not here.
 */
export const fieldNames: Record<string, string> = {
  app: 'The app',
  user: 'The user',
  users: 'The users',
  plan: 'The plan',
  report: 'The matching report',
  drill: 'The drill',
  rollout: 'The rollout',
  rollback: 'The way back',
  version: 'The version',
  note: 'Note',
  reason: 'Reason',
  label: appTexts.label,
  name: 'Name',
  description: appTexts.description,
  baseUrl: appTexts.baseUrl,
  connector: appTexts.connector,
  maxConcurrency: appTexts.maxConcurrency,
  maxPerSecond: appTexts.maxPerSecond,
  withoutRollout: 'Everyone at once',
  credential: setupTexts.steps.credential,
  token: credential.token,
  username: credential.username,
  password: credential.password,
  value: credential.value,
  certificate: credential.certificate.certificate,
  privateKey: credential.certificate.privateKey,
  clientCertificate: credential.certificate.title,
  consumer: oauthTexts.consumer,
  consumerKey: oauthTexts.consumerKey,
  consumerSecret: oauthTexts.consumerSecret,
  authorization: oauthTexts.authorization,
  issuer: oauthTexts.issuer,
  grant: oauthTexts.grant,
  scopes: oauthTexts.scopes,
  'scopes[]': 'Scope',
  origins: oauthTexts.origins,
  'origins[]': 'Further origin',
  tokenEndpointAuth: oauthTexts.auth,
  'assertion.subject': oauthTexts.subject,
  ...Object.fromEntries(
    Object.entries(oauthTexts.endpointNames).map(([name, label]) => [`endpoints.${name}`, label] as const),
  ),
  logo: appTexts.presentation.logo,
  contactName: appTexts.presentation.contactName,
  contactEmail: appTexts.presentation.contactEmail,
  contactPhone: appTexts.presentation.contactPhone,
  infoUrl: appTexts.presentation.infoUrl,
  mapping: setupTexts.steps.mapping,
  'mapping[]': 'Rule',
  'mapping[].target': 'Attribute of rule',
  'mapping[].formula': 'Formula of rule',
  'mapping[].default': 'Default of rule',
  'mapping[].blank': 'Blank policy of rule',
  scopingFilter: 'Scoping filter',
  correlation: matchingTexts.attributes.title,
  'correlation.matchingAttributes': matchingTexts.attributes.title,
  'correlation.matchingAttributes[]': 'Matching attribute',
  'mappingTests[]': 'Test',
  'mappingTests[].expect': 'What is expected by test',
  connectorOptions: setupTexts.protocol.options,
  'rules[].filter': 'Filter of decision',
  'rules[].note': 'Note of decision',
  'rules[].filter.name': 'Name of decision',
  'filter.category': matchingTexts.itemColumns.category,
  'filter.standing': matchingTexts.standingLabel,
  'filter.name': matchingTexts.filter,
  decision: matchingTexts.decidedLabel,
  ...Object.fromEntries(
    Object.entries(setupTexts.policies.causes).map(([cause, label]) => [`deprovisioning.${cause}`, label] as const),
  ),
  ...Object.fromEntries(Object.entries(rolloutTexts.gateNames).map(([gate, label]) => [`gates.${gate}`, label])),
  ...pieces(''),
  ...pieces('readiness.'),
  pilot: rolloutTexts.pilot,
  'pilot.users': 'Users of the pilot',
  'pilot.profiles': 'Profiles of the pilot',
  'pilot.permissionSets': 'Permission sets of the pilot',
  'protectedUsers.users': guardTexts.protectedUsers,
  email: peopleTexts.email,
  role: peopleTexts.role,
  code: 'The code',
  current: 'Present password',
  next: 'New password',
  'config.url': alertTexts.url,
  'config.host': alertTexts.host,
  'config.port': alertTexts.port,
  'config.from': alertTexts.from,
  'config.to': alertTexts.to,
  'config.password': alertTexts.password,
  'config.username': alertTexts.username,
  days: retentionTexts.days,
  bodyDays: retentionTexts.bodyDays,
  ...organizationTexts,
};

/** The six pieces of readiness, as the steps of the set-up call them. */
function pieces(prefix: string): Record<string, string> {
  const { app, protocol, credential: step, mapping, policies, start } = setupTexts.steps;
  return Object.fromEntries(
    Object.entries({ app, protocol, credential: step, mapping, triggers: policies, trial: start }).map(
      ([piece, label]) => [`${prefix}${piece}`, label],
    ),
  );
}
