import type { Connector } from '@usher/connector-sdk';
import { dialects as all } from '@usher/scim';
import { connectScim } from '../scim/scim-connection.ts';
import { buildOptionsSchema, type ScimOptions } from '../scim/scim-options.ts';

const dialects = all.filter(({ scimVersion }) => scimVersion === '2.0');

/** Targets that speak SCIM 2.0 (RFC 7643, RFC 7644). */
export const scim2: Connector<ScimOptions> = {
  id: 'scim2',
  version: '1.0.0',
  label: 'SCIM 2.0',
  description: 'Any target that speaks SCIM 2.0, with settings for those that speak it in their own way.',
  optionsSchema: buildOptionsSchema(dialects),
  credentialKinds: ['bearer', 'basic', 'header', 'oauth', 'none'],
  connect: (context) => connectScim(context, dialects),
};
